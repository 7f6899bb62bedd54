import ArgumentParser
import Reporting
import SCIM

struct RosterCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "roster",
        abstract: "List or export the roster of a team.",
        discussion: """
            Members by default, groups with --groups. The JSON form is a SCIM ListResponse; as CSV one line a member. Both \
            are valid exports themselves. In CSV a value that a spreadsheet would take for a formula has an apostrophe in \
            front.

            EXAMPLES
              popl-sync roster --database popl.sqlite --team acme
              popl-sync roster --database popl.sqlite --team acme --active --format csv
              popl-sync roster --database popl.sqlite --team acme --groups --format json
            """)

    @Flag(help: "Groups instead of members.") var groups = false
    @Flag(exclusivity: .exclusive) var selection: RosterSelection = .all
    @Option(help: "The result's form on stdout: text, json (a SCIM ListResponse) or csv.")
    var format: RosterFormat = .text
    @OptionGroup(title: "Roster") var roster: RosterOptions
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var clock: ClockOptions
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { format == .json }

    func validate() throws {
        if groups && selection != .all { throw ValidationError("Groups are neither active nor inactive.") }
    }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        let (store, team) = try RosterLocation(ofAnyTarget: roster, configuration).openForReading()
        // One snapshot for the whole list, so that what it counts is what it lists.
        try store.read { store in
            let listing = RosterListing(store: store, team: team, selection: selection)
            try groups ? listing.writeGroups(as: format.writer) : listing.writeUsers(as: format.writer)
        }
        return .done
    }
}

enum RosterFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv

    fileprivate var writer: any RosterWriter {
        switch self {
        case .text: RosterText()
        case .json: RosterJSON()
        case .csv: RosterCSV()
        }
    }
}

enum RosterSelection: EnumerableFlag {
    case all, active, inactive

    static func help(for value: RosterSelection) -> ArgumentHelp? {
        switch value {
        case .all: "Active and inactive members (the default)."
        case .active: "Active members only."
        case .inactive: "Inactive members only."
        }
    }
}

/// Reads the roster a page at a time and hands each resource on: memory does not grow with it.
private struct RosterListing {
    let store: any StoreReading
    let team: Team
    let selection: RosterSelection

    private static let pageSize = 1000

    func writeUsers(as writer: any RosterWriter) throws {
        var writer = writer
        let counts = try store.counts(source: nil, team: team.id)
        let total =
            switch selection {
            case .all: counts.users
            case .active: counts.activeUsers
            case .inactive: counts.users - counts.activeUsers
            }
        guard try StandardOutput.write(bytes: writer.begin(.user, total: total)) else { return }
        var names: [RowID: ResourceJSON.Membership] = [:]
        try each(.user) { user in
            guard isSelected(user.resource) else { return nil }
            return writer.user(user.resource, groups: try groups(of: user.row, &names))
        }
        try StandardOutput.write(bytes: writer.end())
    }

    func writeGroups(as writer: any RosterWriter) throws {
        var writer = writer
        let total = try store.count(.group, team: team.id)
        guard try StandardOutput.write(bytes: writer.begin(.group, total: total)) else { return }
        try each(.group) { group in
            let members = try store.members(of: group.row, team: team.id).compactMap { row in
                try store.resource(.user, row: row, team: team.id)?.resource
            }
            return writer.group(group.resource, members: members)
        }
        try StandardOutput.write(bytes: writer.end())
    }

    /// Ends early when nobody reads on.
    private func each(_ type: ResourceType, _ text: (StoredResource) throws -> [UInt8]?) throws {
        var last: RowID?
        var buffer: [UInt8] = []
        while true {
            let page = try store.resources(type, after: last, limit: Self.pageSize, team: team.id)
            for resource in page { buffer += try text(resource) ?? [] }
            guard try StandardOutput.write(bytes: buffer) else { return }
            buffer.removeAll(keepingCapacity: true)
            guard page.count == Self.pageSize else { return }
            last = page.last?.row
        }
    }

    private func isSelected(_ user: Resource) -> Bool {
        switch selection {
        case .all: true
        case .active: UserAttributes(user.attributes).isActive
        case .inactive: !UserAttributes(user.attributes).isActive
        }
    }

    private func groups(of user: RowID, _ names: inout [RowID: ResourceJSON.Membership]) throws -> [ResourceJSON
        .Membership]
    {
        try store.groups(of: user, team: team.id).compactMap { row in
            if let known = names[row] { return known }
            guard let group = try store.resource(.group, row: row, team: team.id)?.resource else { return nil }
            names[row] = ResourceJSON.Membership(id: group.id, display: group.attributes["displayName"]?.string)
            return names[row]
        }
    }
}
