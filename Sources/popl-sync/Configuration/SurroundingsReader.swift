import Exports
import Notifications

/// Reads `healthcheck:`, `notify:` and `report-url:`. No message of it quotes a URL that a message could be sent to.
enum SurroundingsReader {
    private enum HookKey: String, CaseIterable { case file, env }

    static func hook(_ node: ConfigurationNode) throws -> HookSource {
        guard node.isMapping else {
            guard let text = try? node.string(), let url = HookURL(text) else {
                throw node.mistake(
                    "must be a whole URL, http or https, or say where it is: `{ file: /run/credentials/hook }` or "
                        + "`{ env: NAME }`.")
            }
            return .url(url)
        }
        var source: HookSource?
        for (key, value) in try node.section(HookKey.self) {
            guard source == nil else { throw node.mistake("must have `file` or `env`, not both.") }
            switch key {
            case .file: source = .file(try value.string())
            case .env: source = .variable(try value.string())
            }
        }
        guard let source else { throw node.mistake("must have `file` or `env`.") }
        return source
    }

    static func targets(_ node: ConfigurationNode) throws -> [NotifyTarget] { try node.elements().map(target) }

    private enum Key: String, CaseIterable { case webhook, shape, sendmail, from, program, attach, on, names }
    private enum Attach: String, CaseIterable { case html, none }

    private static func target(_ node: ConfigurationNode) throws -> NotifyTarget {
        guard node.isMapping else {
            throw node.mistake("must be a list of `{ webhook: URL }` and `{ sendmail: ADDRESS }`.")
        }
        var values: [Key: ConfigurationNode] = [:]
        for (key, value) in try node.section(Key.self) { values[key] = value }
        let way: NotifyTarget.Way
        let unused: [Key]
        switch (values[.webhook], values[.sendmail]) {
        case (let webhook?, nil):
            let shape = try values[.shape]?.choice(WebhookShape.self) ?? .json
            way = .webhook(try hook(webhook), shape)
            unused = [.from, .program, .attach]
        case (nil, let sendmail?):
            way = .mail(
                to: try sendmail.elements().map(address), from: try values[.from].map(address),
                program: try values[.program].map(program) ?? NotifyTarget.defaultProgram,
                attachesPage: try values[.attach]?.choice(Attach.self) == .html)
            unused = [.shape]
        default: throw node.mistake("must have either `webhook` or `sendmail` in each entry.")
        }
        if let stray = unused.lazy.compactMap({ values[$0] }).first {
            throw stray.mistake("does not go with `\(values[.webhook] == nil ? "sendmail" : "webhook")`; take it out.")
        }
        let events = try values[.on].map { try $0.elements().map { try $0.choice(RunNews.Event.self) } }
        return NotifyTarget(
            way: way, events: events.map(Set.init) ?? NotifyTarget.defaultEvents,
            names: try values[.names]?.boolean() ?? false)
    }

    private static func address(_ node: ConfigurationNode) throws -> String {
        let text = try node.string()
        guard Mail.isAddress(text) else {
            throw node.mistake("must be an address alone, such as `it@example.com`, but is `\(text)`.")
        }
        return text
    }

    private static func program(_ node: ConfigurationNode) throws -> String {
        let path = try node.string()
        guard path.hasPrefix("/") else { throw node.mistake("must be a whole path, such as `/usr/sbin/sendmail`.") }
        return path
    }

    /// A pattern for a link, in which `{team}`, `{source}` and `{run}` stand for a run's own.
    static func reportURL(_ node: ConfigurationNode) throws -> String {
        let text = try node.string()
        let filled = ReportLink.filled(text, team: "a", source: "b", run: "c")
        guard HookURL(filled) != nil else {
            throw node.mistake(
                "must be a whole URL, such as `https://reports.example.com/{team}/{run}.html`; it takes {team}, "
                    + "{source} and {run}.")
        }
        return text
    }
}

/// Names of teams, sources and runs put into a pattern of the configuration.
enum ReportLink {
    static func filled(_ pattern: String, team: String, source: String, run: String) -> String {
        put([("{team}", team), ("{source}", source), ("{run}", run)], into: pattern) { value in
            value.utf8.map { byte in
                isPlain(byte)
                    ? String(UnicodeScalar(byte)) : "%" + String(Int(byte) + 0x100, radix: 16).suffix(2).uppercased()
            }.joined()
        }
    }

    /// The same in the name of a file: what is no letter or digit is `_`, so that no name leads elsewhere.
    static func filled(path pattern: String, team: String, source: String) -> String {
        put([("{team}", team), ("{source}", source)], into: pattern) { value in
            String(value.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" })
        }
    }

    private static func put(
        _ values: [(name: String, value: String)], into pattern: String, _ escaped: (String) -> String
    ) -> String {
        values.reduce(pattern) { $0.replacing($1.name, with: escaped($1.value)) }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
