import Foundation
import SCIM

/// When an export was written, as far as its file tells.
enum FileDate {
    /// The file's modification time; `nil` for a pipe or a file that is gone.
    static func modified(_ path: String) -> Timestamp? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            attributes[.type] as? FileAttributeType == .typeRegular,
            let date = attributes[.modificationDate] as? Date
        else { return nil }
        return Timestamp(rawValue: Int64((date.timeIntervalSince1970 * 1000).rounded()))
    }
}
