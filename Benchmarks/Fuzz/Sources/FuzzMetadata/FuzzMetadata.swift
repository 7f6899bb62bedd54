import Exports
import SCIM

/// The metadata reader on whatever libFuzzer makes: it must take or refuse, and neither crash, hang nor grow.
///
/// The first byte chooses what is asked of the document, the rest is the document.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMetadata(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    var options = MetadataOptions()
    options.allowsHTTP = bytes[0] & 1 != 0
    options.entityID = bytes[0] & 2 != 0 ? "https://idp0.member.example/idp" : nil
    let entityID = bytes[0] & 4 != 0 ? "https://idp.example/metadata" : nil
    let document = Array(bytes.dropFirst())
    // The clock stands still, or a finding could not be found again.
    let now = Timestamp(rawValue: 1_768_435_200_000)
    do throws(Refusal) {
        let metadata = try MetadataReader.read(
            bytes: document, named: "fuzz.xml", entityID: entityID, asOf: now, options: options)
        precondition(MetadataDetection.looksLikeMetadata(document), "read, and not told from an export")
        precondition(metadata.signingCertificates.contains(where: \.isUsable))
        precondition(!metadata.singleSignOnServices.isEmpty && !metadata.entityID.isEmpty)
        _ = MetadataSummary(metadata)
    } catch {
        precondition(!error.code.isEmpty && error.message.hasPrefix("fuzz.xml"))
        precondition(!error.message.utf8.contains { $0 < 0x20 }, "a control character in a message")
    }
    return 0
}
