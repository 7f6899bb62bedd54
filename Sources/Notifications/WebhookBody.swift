import JSON

/// What a webhook gets, in the shape that its receiver expects.
package enum WebhookShape: String, CaseIterable, Sendable {
    /// docs/formats.md, "Notification".
    case json
    /// A message of Slack's incoming webhooks, in blocks.
    case slack
    /// A message of Microsoft Teams' workflows, with an Adaptive Card.
    case teams
}

extension RunNews {
    package static let formatVersion = 1

    package func body(as shape: WebhookShape) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        switch shape {
        case .json: encode(&writer)
        case .slack: SlackMessage(NewsText(self)).encode(&writer)
        case .teams: TeamsMessage(NewsText(self)).encode(&writer)
        }
        writer.endObject()
        return writer.bytes
    }

    private func encode(_ writer: inout JSONWriter) {
        func object(_ name: String, _ counts: [Count]) {
            if counts.isEmpty { return }
            writer.name(name)
            writer.beginObject()
            for count in counts { writer.member(count.name, count.count) }
            writer.endObject()
        }
        writer.member("formatVersion", Self.formatVersion)
        writer.array("events", events) { $0.string($1.rawValue) }
        writer.member("title", NewsText(self).title)
        writer.member("command", command)
        writer.optional("team", team)
        writer.optional("source", source)
        writer.optional("run", run)
        writer.member("exitCode", exitCode)
        writer.member("at", at)
        writer.member("host", host)
        object("planned", planned)
        object("outcomes", outcomes)
        object("leftOut", leftOut)
        writer.array("held", held) { writer, hold in
            writer.beginObject()
            writer.member("guard", hold.guardName)
            writer.member("figure", hold.figure)
            writer.member("limit", hold.limit)
            writer.endObject()
        }
        writer.array("certificates", certificates) { writer, certificate in
            writer.beginObject()
            writer.member("level", certificate.level)
            writer.member("code", certificate.code)
            writer.member("message", certificate.message)
            writer.endObject()
        }
        if let problem {
            writer.name("error")
            writer.beginObject()
            writer.member("code", problem.code)
            writer.member("message", problem.message)
            writer.optional("mend", problem.mend)
            writer.endObject()
        }
        writer.optional("next", next)
        writer.optional("reportURL", reportURL)
        if people.isEmpty { return }
        writer.array("people", people.prefix(Self.peopleLimit)) { writer, person in
            writer.beginObject()
            writer.member("kind", person.kind)
            writer.member("name", person.name)
            writer.endObject()
        }
    }
}
