/// How a command ended, for cron and scripts: part of the interface, in this one table (docs/formats.md, "Exit codes").
enum ExitCode: Int32, CaseIterable {
    /// In sync, or everything planned was applied.
    case done = 0
    /// Some operations failed, were superseded or rejected; the rest was applied.
    case incomplete = 1
    /// `plan --detailed-exitcode`: there are changes.
    case changes = 2
    /// A guard refused the plan; nothing was written.
    case held = 3
    /// Wrong command line (EX_USAGE). ArgumentParser gives the same by itself.
    case usage = 64
    /// An input is malformed or partial (EX_DATAERR).
    case badInput = 65
    /// An input is missing or unreadable (EX_NOINPUT).
    case noInput = 66
    /// The roster, or a remote target, cannot be reached (EX_UNAVAILABLE).
    case unavailable = 69
    /// We were wrong (EX_SOFTWARE): what no other code describes.
    case defect = 70
    /// An output cannot be written (EX_CANTCREAT).
    case cannotWrite = 73
    /// Another run holds the lock, or the target asks to wait (EX_TEMPFAIL).
    case busy = 75
    /// The target refused the credentials (EX_NOPERM).
    case refused = 77
    /// The configuration is wrong (EX_CONFIG).
    case configuration = 78
    /// Stopped by SIGINT; what was in flight is finished and reported.
    case interrupted = 130
    /// The same by SIGTERM.
    case terminated = 143
}
