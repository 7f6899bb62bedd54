import Foundation

extension Process {
    /// Starts it. A thread that tests run on may have signals blocked, and what it starts would inherit that.
    package func runWithSignals() throws {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try run()
    }

    /// Whether it stands still (SIGSTOP).
    package var isStopped: Bool {
        let status = try? String(contentsOfFile: "/proc/\(processIdentifier)/stat", encoding: .utf8)
        // proc_pid_stat(5): the state stands after the name in parentheses.
        return status?.split(separator: ")").last?.hasPrefix(" T") == true
    }
}
