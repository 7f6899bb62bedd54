/// A shape of export that a vendor writes: all of it data, so that the next vendor is one small file and one line in
/// ``Format/all``.
package struct Format: Sendable {
    package let name: String
}
