import SCIM

/// The files of one run, told apart and opened.
package struct Inputs: Sendable {
    package var users: UserExport?
    package var groups: GroupExport?
    /// SAML metadata files, in the order given.
    package var metadata: [String]
    /// Files that cannot be read as anything, each with its `refusal`. A missing file has the code `not-found`.
    package var refused: [InputSummary]

    /// Looks at the beginning of each file to tell what it is, and compiles the mapping against what it finds there.
    ///
    /// Throws ``ConfigurationError`` when the mapping, the scope or the name of the format is wrong; a file that cannot
    /// be believed is in ``refused`` instead.
    package static func open(_ files: [InputFile], options: ReadingOptions) throws -> Inputs {
        var opening = try InputOpening(options)
        for file in files { opening.add(SniffedFile(file, encoding: opening.encoding)) }
        return try opening.finished()
    }
}

/// Inputs while they are being sorted.
private struct InputOpening {
    let options: ReadingOptions
    let encoding: SourceEncoding?
    /// The format that users, or groups, were said to have.
    private let forced: Format?
    private var users: [(file: SniffedFile, format: Format)] = []
    private var groups: [(file: SniffedFile, format: Format)] = []
    private var members: [(file: SniffedFile, format: Format, group: String?)] = []
    /// Empty JSON: the last page of something, or nothing at all.
    private var empty: [SniffedFile] = []
    private var inputs = Inputs(users: nil, groups: nil, metadata: [], refused: [])

    init(_ options: ReadingOptions) throws {
        self.options = options
        forced = try options.inputFormat.flatMap { try Self.format($0) }
        encoding = try options.mapping.encoding.map { name in
            guard let encoding = SourceEncoding(name: name.value) else {
                let known = SourceEncoding.allCases.map(\.rawValue).joined(separator: ", ")
                throw ConfigurationError(
                    place: name.place, key: "encoding",
                    message: "The encoding \(name.value) is not known. Known are: \(known).")
            }
            return encoding
        }
    }

    private static func format(_ name: Located<String>) throws -> Format? {
        if name.value == "auto" { return nil }
        if let format = Format.named(name.value) { return format }
        let nearest = Format.all.map { ($0.name, EditDistance.between($0.name, name.value)) }.min { $0.1 < $1.1 }
        let hint = nearest.flatMap { $0.1 <= name.value.count / 2 ? "Did you mean \($0.0)?" : nil }
        throw ConfigurationError(
            place: name.place, key: "format",
            message: "The format \(name.value) is not known. "
                + (hint ?? "Known are: \(Format.all.map(\.name).joined(separator: ", ")).")
        )
    }

    mutating func add(_ file: SniffedFile) {
        do throws(Refusal) {
            switch file.content {
            case .metadata: inputs.metadata.append(file.file.path)
            case .refused(let refusal): refuse(file, refusal)
            case .csv(let headers, _, _): try add(file, try csvFormat(file, headers))
            case .json(let shape): try addJSON(file, shape)
            case .ldif: try add(file, try ldifFormat(file))
            }
        } catch {
            refuse(file, error)
        }
    }

    mutating func finished() throws -> Inputs {
        try placeEmpty()
        try openUsers()
        openGroups()
        return inputs
    }

    // MARK: - Which is which

    private func csvFormat(_ file: SniffedFile, _ headers: [String]) throws(Refusal) -> Format {
        let detected = FormatDetection.csv(headers, kinds: kinds(file.file.role))
        if let forced = forcedFormat(for: file.file.role, detected) {
            switch forced.container {
            case .csv, .csvOfJSON:
                if let refusal = FormatDetection.mismatch(forced, headers: headers, file: file.file.path) {
                    throw refusal
                }
                return forced
            default: throw FormatDetection.notTheFormat(forced, "It is a CSV.", file.file.path)
            }
        }
        if let detected { return detected }
        throw Refusal(
            code: "no-known-columns", place: Place(file: file.file.path, line: 1),
            message: "These columns list no \(file.file.role.noun): \(headers.joined(separator: ", ")).")
    }

    private func ldifFormat(_ file: SniffedFile) throws(Refusal) -> Format {
        if let forced, forced.container != .ldif {
            throw FormatDetection.notTheFormat(forced, "It is LDIF.", file.file.path)
        }
        guard let format = Format.all.first(where: { $0.container == .ldif && kinds(file.file.role).contains($0.kind) })
        else {
            throw Refusal(
                code: "no-known-columns", place: Place(file: file.file.path, line: 1),
                message: "An LDIF file is read for its people only, and this one was said to list groups.")
        }
        return format
    }

    private mutating func addJSON(_ file: SniffedFile, _ shape: JSONShape) throws(Refusal) {
        let finding = FormatDetection.json(shape, kinds: kinds(file.file.role), file: file.file.path)
        var detected: Format?
        if case .format(let format) = finding { detected = format }
        if let forced = forcedFormat(for: file.file.role, detected) {
            if let text = APIError.text(in: shape) { throw .apiError(file.file.path, text) }
            if let refusal = FormatDetection.mismatch(forced, shape: shape, file: file.file.path) { throw refusal }
            return try add(file, forced)
        }
        switch finding {
        case .format(let format): try add(file, format)
        case .empty: empty.append(file)
        case .refused(let refusal): throw refusal
        }
    }

    /// The format that the source names, unless the file is plainly of another kind: groups beside users.
    private func forcedFormat(for role: InputFile.Role, _ detected: Format?) -> Format? {
        guard let forced, kinds(role).contains(forced.kind) else { return nil }
        if role == .auto, let detected, detected.kind != forced.kind { return nil }
        return forced
    }

    private func kinds(_ role: InputFile.Role) -> Set<Format.Kind> {
        switch role {
        case .auto, .metadata: [.users, .groups, .groupMembers]
        case .users: [.users]
        case .groups: [.groups]
        case .groupMembers: [.groupMembers, .users]
        }
    }

    private mutating func add(_ file: SniffedFile, _ format: Format) throws(Refusal) {
        if case .groupMembers(let group) = file.file.role {
            members.append((file, format, group))
        } else if format.kind == .groupMembers {
            members.append((file, format, GroupFileName.group(in: file.file.path)))
        } else if format.kind == .users, file.file.role == .auto, let group = GroupFileName.group(in: file.file.path) {
            // Okta's list of a group's members is a list of users; only the file's name can say of which group.
            members.append((file, format, group))
        } else if format.kind == .groups {
            groups.append((file, format))
        } else {
            try requireOneFormat(format, file)
            users.append((file, format))
        }
    }

    private func requireOneFormat(_ format: Format, _ file: SniffedFile) throws(Refusal) {
        guard let first = users.first, first.format.name != format.name else { return }
        throw Refusal(
            code: "mixed-formats", place: Place(file: file.file.path),
            message:
                "The file is \(format.name), but \(first.file.file.path) is \(first.format.name): the files of one "
                + "source have one format. Make two sources of them.")
    }

    /// An empty page belongs to the pages it was given with; alone it is an empty export.
    private mutating func placeEmpty() throws {
        for file in empty {
            let format = users.first?.format
            if file.file.role == .auto || file.file.role == .users, let format, format.container.isJSON {
                users.append((file, format))
            } else {
                let kind: InputSummary.Kind = file.file.role == .auto || file.file.role == .users ? .users : .groups
                refuse(file, .emptyExport(file.file.path), kind: kind, format: "generic-json")
            }
        }
    }

    private mutating func refuse(
        _ file: SniffedFile, _ refusal: Refusal, kind: InputSummary.Kind? = nil, format: String? = nil
    ) {
        let isCSV = if case .csv = file.content { true } else { false }
        let isAboutGroups = file.file.role != .auto && file.file.role != .users
        var summary = InputSummary(
            file: file.file.path, kind: kind ?? (isAboutGroups ? .groups : .users),
            format: format ?? forced?.name ?? (isCSV ? "generic-csv" : "unknown"))
        summary.refusal = refusal
        inputs.refused.append(summary)
    }

    // MARK: - Opening

    private mutating func openUsers() throws {
        guard let format = users.first?.format else { return }
        do {
            inputs.users = try UserExport(users.map(\.file), format, options)
        } catch let refusal as Refusal {
            for (file, format) in users { refuse(file, refusal, format: format.name) }
        }
    }

    private mutating func openGroups() {
        guard let format = groups.first?.format ?? members.first?.format else { return }
        let isEnabled = options.mapping.groups.isEnabled ?? format.syncsGroupsByDefault
        inputs.groups = GroupExport(
            listings: groups.map { GroupExport.Listing(ExportFile($0.file, $0.format, encoding), $0.format) },
            memberLists: members.map {
                GroupExport.MemberList(ExportFile($0.file, $0.format, encoding), $0.format, group: $0.group)
            },
            users: inputs.users, isEnabled: isEnabled, options: options)
    }
}

extension InputFile.Role {
    fileprivate var noun: String {
        switch self {
        case .auto, .metadata: "people and no groups"
        case .users: "people"
        case .groups: "groups"
        case .groupMembers: "members of a group"
        }
    }
}

extension ExportFile {
    /// `file` must be what `format` reads.
    init(_ file: SniffedFile, _ format: Format, _ encoding: SourceEncoding?) {
        path = file.file.path
        self.encoding = encoding
        switch file.content {
        case .csv(let headers, let delimiter, let quote):
            self.headers = headers
            if case .csvOfJSON(let column) = format.container {
                access = .csvOfJSON(column: column, delimiter: delimiter, quote: quote)
            } else {
                access = .csv(delimiter: delimiter, quote: quote)
            }
        case .json(let shape): access = .json(Self.layout(format, shape))
        case .ldif, .metadata, .refused: access = .ldif
        }
    }

    private static func layout(_ format: Format, _ shape: JSONShape) -> JSONLayout {
        switch format.container {
        case .jsonMember(let path): .member([path])
        case .ndjson: .lines
        case .jsonAnyMember where shape.root == .object:
            .member((shape.arrays.first { !$0.members.isEmpty } ?? shape.arrays.first).map { [$0.path] } ?? [])
        case .jsonArray, .jsonAnyMember, .csv, .csvOfJSON, .ldif: .array
        }
    }
}

extension Refusal {
    static func emptyExport(_ file: String) -> Refusal {
        Refusal(
            code: "empty-export", place: Place(file: file),
            message: "The export is empty: it lists nobody. That is never a wish to remove everybody: export again.")
    }
}
