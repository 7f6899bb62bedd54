import Exports
import Foundation
import JSON
import SCIM

/// The whole way of a file, from telling its format to the last mapped value, on whatever libFuzzer makes.
///
/// The first byte chooses options, the rest is the file. It lies in memory (`/dev/shm`), since formats are told from
/// files.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzExport(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 1 else { return 0 }
    let path = "/dev/shm/popl-fuzz-\(getpid())"
    guard let file = fopen(path, "w") else { fatalError("/dev/shm cannot be written") }
    fwrite(start + 1, 1, count - 1, file)
    fclose(file)
    var mapping = MappingConfiguration()
    mapping.preset = start[0] & 1 != 0 ? .full : .minimal
    // The clock stands still, or a finding could not be found again.
    let options = ReadingOptions(mapping: mapping, asOf: Timestamp(rawValue: 1_768_435_200_000))
    let role: InputFile.Role =
        switch start[0] & 6 {
        case 2: .groups
        case 4: .groupMembers(group: "Sales")
        default: .auto
        }
    guard let inputs = try? Inputs.open([InputFile(path, role: role)], options: options) else { return 0 }
    var summaries = inputs.refused
    if let users = inputs.users {
        var records = 0, rejections = 0
        let read = try? users.read(
            { record in
                records += 1
                let person = record.materialise()
                precondition(person.values.count == users.rules.count)
                precondition(person.values[0].string?.isEmpty == false, "a person without a userName")
            }, rejected: { _ in rejections += 1 })
        guard let read else { fatalError("reading threw") }
        for summary in read where summary.refusal == nil {
            precondition(summary.rejected.count == rejections)
            precondition(
                summary.records == summary.active + summary.inactive + summary.undecided + rejections,
                "the counts do not add up")
            precondition(summary.grade != nil)
        }
        summaries += read
    }
    if let groups = inputs.groups {
        guard let read = try? groups.read() else { fatalError("reading groups threw") }
        summaries += read.summaries
    }
    for summary in summaries {
        var writer = JSONWriter()
        InputDocument.encode(summary, &writer)
        precondition((try? JSON.parse(writer.bytes)) != nil, "what is said of a file is no JSON")
    }
    return 0
}
