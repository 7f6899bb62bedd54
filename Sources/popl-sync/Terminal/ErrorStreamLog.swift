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
        let own = event.metadata ?? [:]
        let facts = (metadata.isEmpty ? own : metadata.merging(own) { $1 }).sorted { $0.key < $1.key }
        switch format {
        case .text:
            // One a request: bytes cost a third of what joining strings does.
            var line: [UInt8] = []
            line.reserveCapacity(256)
            line.append(contentsOf: event.level.rawValue.utf8)
            line.append(contentsOf: ": ".utf8)
            line.append(contentsOf: event.message.description.utf8)
            for (key, value) in facts {
                line.append(UInt8(ascii: " "))
                line.append(contentsOf: key.utf8)
                line.append(UInt8(ascii: "="))
                if case .string(let text) = value {
                    line.append(contentsOf: text.utf8)
                } else {
                    line.append(contentsOf: value.description.utf8)
                }
            }
            StandardError.write(line: TerminalText.visible(line))
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
