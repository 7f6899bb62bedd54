import Foundation
import SCIM

/// One export of users: one file, or the pages of one given together.
package struct UserExport: Sendable {
    package let format: Format
    /// Its files in the order given; ``MappedRecord/file`` counts in them.
    package var files: [String] { sources.map(\.path) }
    /// The compiled mapping; the first rule is `userName`. ``IdentityRecord/values`` are by index of these.
    package var rules: [AttributeRule] { mapping.rules }
    /// Of ``rules``: the primary e-mail, unless the configuration leaves it out.
    package var emailRule: Int? { mapping.emailRule }
    /// SHA-256 of mapping, scope and normaliser version, 64 hex digits.
    package var fingerprint: String { mapping.fingerprint }
    /// There is a column that becomes `externalId`. Without one, people are told apart by userName.
    package var hasAnchor: Bool { !mapping.anchor.isEmpty }
    /// The export says who works there, be it by a column or by who is in it. JSON may still leave the member out of
    /// each record: then every record's activity is unstated, and a warning says so.
    package var statesActivity: Bool { !mapping.status.isEmpty || mapping.presenceMeansActive }
    package let leavers: MappingConfiguration.Leavers
    /// Groups that a column of this export lists are to be synced.
    package var groupsAreEnabled: Bool { mapping.groups != nil }

    let mapping: CompiledMapping
    let sources: [ExportFile]
    let options: ReadingOptions
    let zone: TimeZone

    /// Throws ``ConfigurationError`` or ``Refusal``.
    init(_ files: [SniffedFile], _ format: Format, _ options: ReadingOptions) throws {
        guard let zone = TimeZone(identifier: options.timeZone) else {
            throw ConfigurationError(
                place: Place(file: "configuration"), key: "timezone",
                message: "The time zone \(options.timeZone) is not known: use an IANA name such as Europe/Stockholm.")
        }
        if let trailer = options.trailer, format.container != .csv {
            throw ConfigurationError(
                place: trailer.place, key: "source.trailer",
                message: "Trailer rows are a matter of CSV, and \(files.first?.file.path ?? "the export") is "
                    + "\(format.name): leave it out.")
        }
        self.format = format
        self.options = options
        self.zone = zone
        leavers = options.mapping.leavers ?? format.leavers
        let encoding = options.mapping.encoding.flatMap { SourceEncoding(name: $0.value) }
        sources = files.map { ExportFile($0, format, encoding) }
        mapping = try MappingCompiler.compile(
            format, options.mapping, columns: Columns(files, format), file: files.first?.file.path ?? "")
        let chosen = options.mapping.columnsChosenByNumber
        for source in sources { try Self.refuseSameHeaders(source, chosen) }
    }

    /// Reads all files in order, once through, in constant memory, on as many threads as help.
    ///
    /// `keep` takes from a record what is wanted of it, on any thread, several records at once. `each` gets what was
    /// kept of those that are in scope and usable, `rejected` what is not usable: in the order of the file, one at a
    /// time, though not on the caller's thread. Duplicates are not looked for. A file that turns out to be unusable on
    /// the way ends its own reading: its summary has a `refusal` and no `grade`, and records already delivered from it
    /// stand for nothing that may remove anybody. Nothing is thrown but what `each` and `rejected` throw.
    package func read<Kept>(
        keeping keep: @escaping @Sendable (borrowing MappedRecord) -> Kept, _ each: (Kept) throws -> Void,
        rejected: (RejectedRecord) throws -> Void
    ) throws -> [InputSummary] {
        var reading = UserReading(self, keeping: keep)
        for index in sources.indices { try reading.read(index, each, rejected) }
        return reading.graded()
    }

    /// A header that occurs twice is ambiguous, unless the configuration says which of the two it means.
    private static func refuseSameHeaders(_ file: ExportFile, _ chosen: Set<String>) throws(Refusal) {
        var seen: Set<String> = []
        for header in file.headers {
            let key = HeaderKey(header).text
            if key.isEmpty || seen.insert(key).inserted || chosen.contains(key) { continue }
            throw Refusal(
                code: "duplicate-header", place: Place(file: file.path, line: 1, column: header),
                message:
                    "The header \(header) occurs twice: nothing says which column counts. Remove one, or name it in "
                    + "the mapping as \"\(header) #1\" or \"\(header) #2\".")
        }
    }
}

extension Columns {
    /// The columns that any of the files has.
    fileprivate init(_ files: [SniffedFile], _ format: Format) {
        var headers: [String] = []
        var members: Set<String> = []
        for file in files {
            switch file.content {
            case .csv(let names, _, _):
                for name in names where headers.count < names.count || !headers.contains(name) { headers.append(name) }
            case .json(let shape): members.formUnion(Self.members(shape, format))
            case .ldif(let attributes): members.formUnion(attributes)
            case .metadata, .refused: break
            }
        }
        if format.container == .csv {
            self.init(headers: headers)
        } else {
            self.init(members: members, known: format.memberPaths)
        }
    }

    private static func members(_ shape: JSONShape, _ format: Format) -> Set<String> {
        switch format.container {
        case .jsonMember(let path): shape.array(at: path) ?? []
        case .jsonAnyMember where shape.root == .object: shape.arrays.first { !$0.members.isEmpty }?.members ?? []
        default: shape.members
        }
    }
}

extension Format {
    /// Every member path that its data names.
    var memberPaths: [String] {
        var paths = anchor.flatMap(\.columns) + attributes.flatMap { $0.from.flatMap(\.columns) }
        paths += status.flatMap(\.from) + employment.hire + employment.termination + (groups?.from ?? [])
        if let guests { paths += [guests.column, guests.login].compactMap { $0 } + guests.addresses }
        return paths
    }
}
