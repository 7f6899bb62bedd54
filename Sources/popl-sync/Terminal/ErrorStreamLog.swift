import Foundation
import JSON
import Logging
import Reporting
import SCIM

/// The log on stderr: a constant message with its facts, as text or as one JSON object a line. It holds ids and
/// counts, no names and no addresses.
struct ErrorStreamLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.notice
    private let format: LogFormat

    init(format: LogFormat) { self.format = format }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        switch format {
        case .text:
            let rest = facts.map { " \($0.key)=\($0.value)" }.joined()
            StandardError.write(TerminalText.visible("\(event.level): \(event.message)\(rest)") + "\n")
        case .json:
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("time", Timestamp.now.iso8601)
            writer.member("level", event.level.rawValue)
            writer.member("message", event.message.description)
            for (key, value) in facts { writer.member(key, value.description) }
            writer.endObject()
            StandardError.write(String(decoding: writer.bytes, as: UTF8.self) + "\n")
        }
    }
}

extension Timestamp {
    /// The system's clock. Judgements never ask it: they are told (`--as-of`).
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(rawValue: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
