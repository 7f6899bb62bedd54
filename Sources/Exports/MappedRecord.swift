import SCIM

/// One record while it is being read: a view on buffers that the next record overwrites.
///
/// Comparing its two digests with what the last run left is all that an unchanged record costs; ``materialise()``
/// makes the ``IdentityRecord`` of one that differs.
package struct MappedRecord: ~Copyable {
    /// Index into the export's files.
    package internal(set) var file: Int
    /// Where the record starts, from 1.
    package internal(set) var line: Int
    package internal(set) var anchorDigest: Digest128
    package internal(set) var fingerprint: Digest128
    package internal(set) var activity: Activity

    /// Copies everything out. Call it before the next record is read.
    package borrowing func materialise() -> IdentityRecord { fatalError("not yet") }
}
