import Exports
import Reporting
import SCIM

/// A first `popl-sync.yaml` for some files: what must be said is said, everything else stands there as a comment.
struct ConfigurationTemplate {
    let team: String
    let database: String
    let source: String
    let inputs: Inputs
    let preset: MappingConfiguration.Preset?
    let encoding: String?
    /// Of the one file of users, where its name has a date in it.
    let usersPattern: String?
    /// Where no header of the file is known.
    let addresses: AddressColumn?

    var text: String { [head, sourceBlock, mappingBlock, safetyBlock, surroundingsBlock].joined(separator: "\n") }

    private var head: String {
        """
        # What popl-sync does each night; every key is explained in docs/configuration.md.
        # See what it would do:  popl-sync plan
        # Do it:                 popl-sync sync

        # Make the team once:    popl-sync team create \(Shell.quoted(team)) --database \(Shell.quoted(database))
        team: \(Self.scalar(team))
        target:
          database: \(Self.scalar(database))
          # In its place, a SCIM service elsewhere; popl-sync check tells whether it can be used.
          # scim: https://api.example.com/scim/v2/
          # token: { file: token }
          # state: popl-sync-state.sqlite
          # concurrency: 8
          # patience: 300
          # proxy: http://proxy.example.com:3128
          # ca-file: authority.pem
          # client-certificate: client.pem
          # client-key: client.key

        """
    }

    private var sourceBlock: String {
        var lines = [
            "source:", "  # Whoever comes in under this name is managed by it; keep it.",
            "  name: \(Self.scalar(source))",
        ]
        let groupMembers = inputs.groups?.memberFiles ?? []
        let members = Set(groupMembers.map(\.path))
        if let users = inputs.users {
            lines.append("  # A pattern such as exports/users-*.csv takes the newest file that matches.")
            lines += Self.list("users", usersPattern.map { [$0] } ?? users.files)
            lines.append("  # Told by content; named here, any other format is refused.")
            lines.append("  format: \(users.format.name)")
            if users.files.count > 1 { lines.append("  combine: true") }
        }
        if let groups = inputs.groups {
            lines += Self.list("groups", groups.files.filter { !members.contains($0) })
        }
        if !groupMembers.isEmpty {
            lines.append("  group-members:")
            lines += groupMembers.map { "    \(Self.scalar($0.group)): \(Self.scalar($0.path))" }
        }
        lines += Self.list("metadata", inputs.metadata)
        if let encoding { lines.append("  encoding: \(Self.scalar(encoding))") }
        lines += [
            "  # With partial, absence from the files means nothing; incomplete: creates-and-updates belongs to it.",
            "  # snapshot: full",
        ]
        if let users = inputs.users { lines += Self.proof(users) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What tells that somebody left, and that the files are whole.
    private static func proof(_ users: UserExport) -> [String] {
        var lines = [
            "  # How the files show that somebody left: absent, flagged or both.",
            "  # leavers: \(users.leavers.rawValue)",
            "  # How long somebody is absent before they are deactivated; either of the two is enough.",
            "  # grace: { snapshots: 2, hours: 48 }",
            "  # What the job that writes the files can prove: how many records there are (FILE.manifest.json says it too).",
            "  # expect-records: 1234",
        ]
        if users.format.container == .csv {
            lines += ["  # The same in a last row, such as TRAILER,1234.", "  # trailer: TRAILER"]
        }
        return lines + [
            "  # Whose word counts for people whom several sources manage.", "  # precedence: [hr, okta]",
        ]
    }

    private var mappingBlock: String {
        guard let users = inputs.users else { return "" }
        var lines = [
            "# How much of a person is mapped: minimal (names and e-mail) or full.",
            preset.map { "attributes: \($0.rawValue)" } ?? "# attributes: full", "",
        ]
        lines += addresses.map(Self.mapping) ?? []
        lines += [
            "# The mapping in use. Take the # away to change a line; in full, one can be",
            "#   { from: [jobTitle, position], overwrite: if-empty, clear: true }",
            "# mapping:",
        ]
        lines += users.rules.map { "#   \($0.name): \(Self.flow($0.from))" }
        lines += [
            "", "# Only some of the people:", "# scope:", "#   include: { column: department, in: [Sales, Field] }", "",
            "# Groups become subteams: on or off.", "# groups: \(users.groupsAreEnabled ? "on" : "off")",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    /// What could be told by the cells, and what is left for somebody to say.
    private static func mapping(_ addresses: AddressColumn) -> [String] {
        let column = scalar(addresses.name)
        return [
            "# No header of the file is known; this column has the addresses. Say where the rest is, above all what",
            "# never changes of a person (externalId): until then whoever gets another address is somebody else.",
            "# Columns that nothing is taken from yet: \(addresses.others.map(visible).joined(separator: ", "))",
            "mapping:", "  userName: \(column)", "  emails.work: \(column)", "",
        ]
    }

    private static func visible(_ text: String) -> String { TerminalText.visible(text) }

    private var safetyBlock: String {
        """
        # Members that no run touches, and members that count as admins.
        # protect: [ "owner@acme.com", "svc-*@acme.com", { group: "Board" } ]
        # admins: [ "owner@acme.com" ]

        # What an export that is not proved complete may do: refuse, or creates-and-updates.
        # incomplete: refuse

        # When a run stops for a person to look.
        # guards:
        #   floor: 5
        #   deactivations: { count: 25, percent: 10 }
        #   creates: 50
        #   export-age: 72h
        #   export-shrunk: 20

        # How long the journal (so far back a run can be taken back) and the reports are kept.
        # retention: { journal: 400d, reports: 400d }

        # With hashed, digests stand for personal values in journal and reports; undo then has no values to restore.
        # privacy: plain

        """
    }

    private var surroundingsBlock: String {
        """
        # Who is told how a run ended. A monitor such as healthchecks.io hears of its beginning, success and failure.
        # healthcheck: https://hc.example.com/ping/your-uuid
        # Chats (shape: json, slack or teams) and mailboxes; on: change, hold, failure, certificate.
        # notify: [ { webhook: { env: POPL_WEBHOOK }, shape: slack }, { sendmail: it@example.com, attach: html } ]
        # report-url: https://reports.example.com/{team}/{run}.html
        # For Prometheus, by node_exporter's textfile collector.
        # metrics-file: /var/lib/prometheus/node-exporter/popl_sync_{team}_{source}.prom

        """
    }

    private static func list(_ key: String, _ values: [String]) -> [String] {
        switch values.count {
        case 0: []
        case 1: ["  \(key): \(scalar(values[0]))"]
        default: ["  \(key):"] + values.map { "    - \(scalar($0))" }
        }
    }

    private static func flow(_ values: [String]) -> String {
        values.count == 1 ? scalar(values[0]) : "[\(values.map(scalar).joined(separator: ", "))]"
    }

    /// Plain where YAML reads it back as the same text, in double quotes otherwise.
    private static func scalar(_ text: String) -> String {
        let isPlain =
            text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || "0123456789_./ -".unicodeScalars.contains($0)
            }
            && text.first?.isLetter == true && text.last != " "
            && !["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(text.lowercased())
        if isPlain { return text }
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                "\\x" + String(scalar.value + 0x100, radix: 16).suffix(2)
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
