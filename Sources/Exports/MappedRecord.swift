import SCIM

/// One record while it is being read: a view on buffers that the next record overwrites.
///
/// Comparing its two digests with what the last run left is all that an unchanged record costs; ``materialise()``
/// makes the ``IdentityRecord`` of one that differs.
package struct MappedRecord: ~Copyable {
    /// Index into the export's files.
    package internal(set) var file: Int
    /// Where the record starts, from 1.
    package internal(set) var line: RecordLine
    package internal(set) var anchorDigest: Digest128
    package internal(set) var fingerprint: Digest128
    package internal(set) var activity: Activity.Kind
    private let mapper: RecordMapper

    init(_ mapper: RecordMapper, file: Int) {
        self.mapper = mapper
        self.file = file
        line = 0
        anchorDigest = Digest128(high: 0, low: 0)
        fingerprint = anchorDigest
        activity = .unstated
    }

    /// Takes over what was mapped last.
    @inline(__always)
    mutating func refresh() {
        line = mapper.buffer.place
        anchorDigest = mapper.anchorDigest
        fingerprint = mapper.fingerprint
        activity = mapper.activityKind
    }

    /// Copies everything out. Call it before the next record is read.
    package borrowing func materialise() -> IdentityRecord { mapper.materialised(file: file) }
}
