import JSON
@testable import Reconciliation

/// The decoder of saved plans on whatever libFuzzer makes: it must take or refuse, and a plan that it takes is encoded
/// to the very document that was read. Nothing but an untouched plan passes the digest, so the harness mends the digest
/// and goes behind it as well.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPlan(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? PlanDocument.decode(bytes, file: "fuzz.plan")
    guard let value = try? JSON.parse(bytes), let plan = PlanDecoder.plan(value) else { return 0 }
    var honest = plan
    honest.digest = PlanDocument.digest(of: plan)
    let document = PlanDocument.encode(honest)
    do {
        let again = try PlanDocument.decode(document, file: "fuzz.plan")
        precondition(PlanDocument.encode(again) == document, "read and written again it is another plan")
        _ = try? again.approve(accepting: [])
    } catch {
        preconditionFailure("a plan that was encoded is refused: \(error)")
    }
    return 0
}
