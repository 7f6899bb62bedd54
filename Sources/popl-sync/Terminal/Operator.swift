import Foundation

/// Who runs this process, for the history of runs.
enum Operator {
    /// `user@host`; behind sudo the account that asked.
    static var name: String {
        let environment = ProcessInfo.processInfo.environment
        let account = environment["SUDO_USER"].flatMap { $0.isEmpty ? nil : $0 } ?? NSUserName()
        return "\(account)@\(ProcessInfo.processInfo.hostName)"
    }
}
