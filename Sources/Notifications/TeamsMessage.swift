import JSON

/// A message as a workflow of Microsoft Teams takes it ("When a Teams webhook request is received"): an Adaptive Card in
/// its envelope. Texts are runs of a `RichTextBlock`, in which nothing is Markdown, a link or a mention.
struct TeamsMessage {
    private let text: NewsText

    init(_ text: NewsText) { self.text = text }

    /// What Teams shows of Adaptive Cards at least.
    private static let version = "1.4"
    /// Characters of one paragraph: the whole message may have 28 KB.
    private static let limit = 600

    func encode(_ writer: inout JSONWriter) {
        writer.member("type", "message")
        writer.name("attachments")
        writer.beginArray()
        writer.beginObject()
        writer.member("contentType", "application/vnd.microsoft.card.adaptive")
        writer.name("contentUrl")
        writer.null()
        writer.name("content")
        card(&writer)
        writer.endObject()
        writer.endArray()
    }

    private func card(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
        writer.member("type", "AdaptiveCard")
        writer.member("version", Self.version)
        writer.name("body")
        writer.beginArray()
        paragraph([(text.title, true, false)], &writer)
        for sentence in text.sentences.prefix(12) { paragraph([(sentence, false, false)], &writer) }
        for fact in text.facts { paragraph([("\(fact.name): ", true, false), (fact.value, false, false)], &writer) }
        for person in text.people { paragraph([(person, false, false)], &writer) }
        if let next = text.next { paragraph([("Next: ", true, false), (next, false, true)], &writer) }
        writer.endArray()
        if let url = text.reportURL {
            writer.array("actions", [url]) { writer, url in
                writer.beginObject()
                writer.member("type", "Action.OpenUrl")
                writer.member("title", "Open the report")
                writer.member("url", url)
                writer.endObject()
            }
        }
        writer.endObject()
    }

    private func paragraph(_ runs: [(text: String, isBold: Bool, isCode: Bool)], _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("type", "RichTextBlock")
        writer.array("inlines", runs) { writer, run in
            writer.beginObject()
            writer.member("type", "TextRun")
            writer.member("text", run.text.count > Self.limit ? run.text.prefix(Self.limit - 1) + "…" : run.text)
            if run.isBold { writer.member("weight", "Bolder") }
            if run.isCode { writer.member("fontType", "Monospace") }
            writer.endObject()
        }
        writer.endObject()
    }
}
