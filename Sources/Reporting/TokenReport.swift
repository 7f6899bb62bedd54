import JSON
import Reconciliation
import SCIM

/// A team's tokens: what is known of them, and a new one at the only moment when it can be shown.
package enum TokenReport {
    package static func text(_ issued: IssuedToken, team: String) -> String {
        let end = issued.record.expires.map { "until \($0.iso8601)" } ?? "until it is revoked"
        let sso = issued.record.scopes.contains(.sso) ? "It may change the team's SSO connection.\n" : ""
        return """
            \(issued.token.text)

            This is token \(issued.record.id) of team \(TerminalText.visible(team)), valid \(end).
            \(sso)It is shown this once: give it to the identity provider now (docs/okta.md, docs/entra.md).

            """
    }

    package static func json(_ issued: IssuedToken) -> String {
        var writer = JSONWriter(pretty: true)
        writer.beginObject()
        writer.member("formatVersion", Plan.formatVersion)
        writer.member("id", issued.record.id.rawValue)
        writer.member("token", issued.token.text)
        writer.member("label", issued.record.label)
        writer.member("scopes", scopes(issued.record))
        writer.member("created", issued.record.created.iso8601)
        if let expires = issued.record.expires { writer.member("expires", expires.iso8601) }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Two lines a token.
    package static func text(_ tokens: [TokenRecord], at now: Timestamp) -> String {
        tokens.map { token in
            let state = token.state(at: now)
            let label = TerminalText.truncated(TerminalText.visible(token.label), to: 50)
            let facts =
                [label] + (token.scopes.contains(.sso) ? ["sso"] : []) + (state == .live ? [] : [state.rawValue])
            let margin = String(repeating: " ", count: TerminalText.width(token.id.rawValue))
            return """
                \(token.id)  \(facts.filter { !$0.isEmpty }.joined(separator: "  "))
                \(margin)  created \(day(token.created)), last used \(token.lastUsed.map(day) ?? "never"), \
                expires \(token.expires.map(day) ?? "never")\n
                """
        }.joined()
    }

    package static func json(_ tokens: [TokenRecord], team: String, at now: Timestamp) -> String {
        var writer = JSONWriter(pretty: true)
        writer.beginObject()
        writer.member("formatVersion", Plan.formatVersion)
        writer.member("team", team)
        writer.name("tokens")
        writer.beginArray()
        for token in tokens { members(of: token, at: now, formatVersion: nil, &writer) }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    package static func json(_ token: TokenRecord, at now: Timestamp) -> String {
        var writer = JSONWriter(pretty: true)
        members(of: token, at: now, formatVersion: Plan.formatVersion, &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func members(
        of token: TokenRecord, at now: Timestamp, formatVersion: Int?, _ writer: inout JSONWriter
    ) {
        writer.beginObject()
        if let formatVersion { writer.member("formatVersion", formatVersion) }
        writer.member("id", token.id.rawValue)
        writer.member("label", token.label)
        writer.member("scopes", scopes(token))
        writer.member("state", token.state(at: now).rawValue)
        writer.member("created", token.created.iso8601)
        if let lastUsed = token.lastUsed { writer.member("lastUsed", lastUsed.iso8601) }
        if let expires = token.expires { writer.member("expires", expires.iso8601) }
        if let revoked = token.revoked { writer.member("revoked", revoked.iso8601) }
        writer.endObject()
    }

    private static func scopes(_ token: TokenRecord) -> JSONValue {
        .array(TokenScope.allCases.filter(token.scopes.contains).map { .string($0.rawValue) })
    }

    private static func day(_ moment: Timestamp) -> String { String(moment.iso8601.prefix(10)) }
}
