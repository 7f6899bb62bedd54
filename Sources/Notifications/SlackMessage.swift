import JSON

/// A message as Slack's incoming webhooks take it (Block Kit): texts are `plain_text`, in which nothing is markup, a link
/// or a mention. The one link is ours.
struct SlackMessage {
    private let text: NewsText

    init(_ text: NewsText) { self.text = text }

    /// Slack refuses the whole message for one text that is longer.
    private enum Limit {
        static let header = 150, section = 3000, field = 2000, fields = 10
    }

    func encode(_ writer: inout JSONWriter) {
        // Shown where blocks are not, such as on a locked telephone; there markup counts.
        writer.member("text", Self.escaped(text.title))
        writer.name("blocks")
        writer.beginArray()
        block("header", &writer) { Self.plain("text", text.title, Limit.header, &$0) }
        let said = text.sentences + text.people
        if !said.isEmpty {
            block("section", &writer) { Self.plain("text", said.joined(separator: "\n"), Limit.section, &$0) }
        }
        block("section", &writer) { writer in
            writer.array("fields", text.facts.prefix(Limit.fields)) { writer, fact in
                Self.object(&writer) { Self.plainMembers("\(fact.name)\n\(fact.value)", Limit.field, &$0) }
            }
        }
        if let next = text.next {
            block("section", &writer) { Self.plain("text", "Next:\n\(next)", Limit.section, &$0) }
        }
        if let url = text.reportURL {
            block("section", &writer) { writer in
                writer.name("text")
                Self.object(&writer) {
                    $0.member("type", "mrkdwn")
                    $0.member("text", "<\(Self.escaped(url).replacing("|", with: "%7C"))|Open the report>")
                }
            }
        }
        writer.endArray()
    }

    private func block(_ type: String, _ writer: inout JSONWriter, _ content: (inout JSONWriter) -> Void) {
        Self.object(&writer) { writer in
            writer.member("type", type)
            content(&writer)
        }
    }

    private static func plain(_ name: String, _ text: String, _ limit: Int, _ writer: inout JSONWriter) {
        writer.name(name)
        object(&writer) { plainMembers(text, limit, &$0) }
    }

    private static func plainMembers(_ text: String, _ limit: Int, _ writer: inout JSONWriter) {
        writer.member("type", "plain_text")
        writer.member("text", text.count > limit ? text.prefix(limit - 1) + "…" : text)
        writer.name("emoji")
        writer.boolean(false)
    }

    private static func object(_ writer: inout JSONWriter, _ content: (inout JSONWriter) -> Void) {
        writer.beginObject()
        content(&writer)
        writer.endObject()
    }

    /// The three letters that begin something in Slack's markup.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
