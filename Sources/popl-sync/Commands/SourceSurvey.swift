import Exports
import Foundation
import SCIM
import SQLiteStorage

/// What can be found out about a source from one of its files, so that nobody need be asked: what lies beside it, whose
/// people they are, and what they are called in a roster that is there.
struct SourceSurvey {
    let inputs: Inputs
    /// The source's name: that of the only one that the team has, else the identity provider's.
    let source: String
    /// By the only team of the roster, else by the people's e-mail domain.
    let team: String?
    /// The teams of the roster.
    let teams: [String]
    /// What stands for the one file of users and those to come, where its name has a date in it.
    let usersPattern: String?
    /// Where no header is known, and the mapping has to say what can be told by the cells alone.
    let addresses: AddressColumn?
    private let given: Set<String>

    /// Throws ``Refusal`` when a file is not one of a source, usage when it cannot be told which group one is about.
    init(_ files: [InputFile], options: ReadingOptions, database: String) throws {
        var options = options
        var inputs = try Inputs.open(files, options: options)
        addresses = Self.addresses(files, inputs, options)
        if let column = addresses?.name {
            let place = Place(file: "init")
            options.mapping.entries = ["userName", "emails.work"].map {
                .init(key: Located($0, at: place), from: [Located(column, at: place)])
            }
            inputs = try Inputs.open(files, options: options)
        }
        if files.count == 1, let users = inputs.users {
            let beside = Self.beside(files[0].path, vendor: Self.vendor(users.format.name), options)
            if !beside.isEmpty { inputs = try Inputs.open(files + beside, options: options) }
        }
        if let refusal = inputs.refused.lazy.compactMap(\.refusal).first { throw refusal }
        try Self.requireNames(of: inputs)
        self.inputs = inputs
        given = Set(files.map(\.path))
        let roster = Self.roster(database)
        teams = roster.map(\.team)
        team = roster.count == 1 ? roster[0].team : inputs.users.flatMap(Self.team)
        let known = roster.count == 1 && roster[0].sources.count == 1 ? roster[0].sources[0] : nil
        source = known ?? inputs.format.flatMap(Self.vendor) ?? "default"
        usersPattern = inputs.users.flatMap { $0.files.count == 1 ? Self.pattern($0.files[0]) : nil }
    }

    /// Each file with its format, and whether nobody named it.
    var found: [(file: String, format: String, isBeside: Bool)] {
        var found = (inputs.users?.files ?? []).map { ($0, inputs.users?.format.name ?? "") }
        if let groups = inputs.groups {
            let members = Dictionary(groups.memberFiles.map { ($0.path, $0.group) }) { first, _ in first }
            found += groups.files.map { file in
                (file, members[file].map { "members of the group \($0)" } ?? groups.format.name)
            }
        }
        found += inputs.metadata.map { ($0, "saml-metadata") }
        return found.map { ($0.0, $0.1, !given.contains($0.0)) }
    }

    /// Groups, lists of members and metadata in the same folder, by content and of the same vendor: of each the newest.
    private static func beside(_ path: String, vendor: String?, _ options: ReadingOptions) -> [InputFile] {
        let folder = (path as NSString).deletingLastPathComponent
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        var newest: [String: (path: String, at: Date)] = [:]
        for name in names.sorted().prefix(500) where [".json", ".csv", ".xml"].contains(where: name.hasSuffix) {
            let file = folder.isEmpty ? name : (folder as NSString).appendingPathComponent(name)
            guard !name.hasSuffix(".manifest.json"), file != path,
                let found = try? Inputs.open([InputFile(file)], options: options), found.refused.isEmpty,
                found.users == nil, let what = role(found, vendor)
            else { continue }
            let attributes = try? FileManager.default.attributesOfItem(atPath: file)
            let at = attributes?[.modificationDate] as? Date ?? .distantPast
            if newest[what].map({ $0.at < at }) ?? true { newest[what] = (file, at) }
        }
        return newest.values.map(\.path).sorted().map { InputFile($0) }
    }

    private static func addresses(
        _ files: [InputFile], _ inputs: Inputs, _ options: ReadingOptions
    ) -> AddressColumn? {
        guard files.count == 1, options.mapping.entries.isEmpty,
            inputs.refused.first?.refusal?.code == "needs-mapping"
        else { return nil }
        return AddressColumn(of: files[0], options: options)
    }

    /// What a file would be for this source; two of one role are one too many.
    private static func role(_ inputs: Inputs, _ vendor: String?) -> String? {
        if !inputs.metadata.isEmpty { return "metadata" }
        guard let groups = inputs.groups, let vendor, Self.vendor(groups.format.name) == vendor,
            groups.unnamedMemberFiles.isEmpty
        else { return nil }
        return groups.memberFiles.first.map { "members of \($0.group)" } ?? "groups"
    }

    private static func requireNames(of inputs: Inputs) throws {
        guard let file = inputs.groups?.unnamedMemberFiles.first else { return }
        throw Failure(
            .usage, code: "usage", "\(file) lists the members of a group, and nothing says of which.",
            mend: "Name the group:",
            next: Shell.thisCommand(replacing: [file: "--group-members=GROUP=\(file)"]))
    }

    /// `okta` of `okta-users-json`.
    private static func vendor(_ format: String) -> String? {
        let name = format.split(separator: "-").first.map(String.init) ?? ""
        switch name {
        case "graph", "m365": return "entra"
        case "gam": return "google"
        case "generic", "": return nil
        default: return name
        }
    }

    /// `fernhill`, where most addresses are at `fernhill.example`.
    private static func team(_ users: UserExport) -> String? {
        var counts: [Substring: Int] = [:]
        let email = users.emailRule ?? 0
        _ = try? users.read { record in
            let values = record.materialise().values
            if case .value(let text) = values[email] { return text }
            if case .value(let text) = values[0] { return text }
            return ""
        } _: { address in
            if let at = address.lastIndex(of: "@") { counts[address[address.index(after: at)...], default: 0] += 1 }
        } rejected: { _ in
        }
        let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        return most.flatMap { name(of: $0.key.lowercased()) }
    }

    /// The label that stands for the company: the last one before the suffix, which may have two (`co.uk`).
    private static func name(of domain: String) -> String? {
        var labels = domain.split(separator: ".").map(String.init)
        guard labels.count > 1 else { return nil }
        labels.removeLast()
        if labels.count > 1, ["co", "com", "org", "net", "ac", "gov", "edu"].contains(labels[labels.count - 1]) {
            labels.removeLast()
        }
        guard let name = labels.last, (try? SCIMService.checkTeamName(name)) != nil else { return nil }
        return name
    }

    /// `exports/users-*.csv` of `exports/users-2026-03-02.csv`, where the newest file that it matches is that one.
    private static func pattern(_ path: String) -> String? {
        let name = (path as NSString).lastPathComponent
        guard
            let date = name.firstMatch(
                of: /20\d{2}[-_.]?[01]\d[-_.]?[0-3]\d([-_.T]?\d{2}[-_.:]?\d{2}([-_.:]?\d{2})?Z?)?/)
        else { return nil }
        let folder = path.dropLast(name.count)
        guard !folder.contains(where: { "*?[".contains($0) }) else { return nil }
        let pattern = folder + name.replacingCharacters(in: date.range, with: "*")
        let newest = try? FilePattern.files(Located(String(pattern), at: Place(file: "init")), combines: false)
        return newest == [path] ? String(pattern) : nil
    }

    /// Teams with their sources; none where there is no roster yet.
    private static func roster(_ database: String) -> [(team: String, sources: [String])] {
        guard FileManager.default.fileExists(atPath: database),
            let store = try? SQLiteStore(path: database, mode: .readOnly)
        else { return [] }
        defer { store.close() }
        let teams = try? store.read { store in
            try store.teams().map { team in (team.name, try store.sources(team: team.id).map(\.name)) }
        }
        return teams ?? []
    }
}

extension Inputs {
    /// Of the users, else of the groups.
    fileprivate var format: String? { users?.format.name ?? groups?.format.name }
}
