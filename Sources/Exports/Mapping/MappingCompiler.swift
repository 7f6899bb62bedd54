import SCIM

/// Turns a format's defaults and the configuration on top of them into a ``CompiledMapping`` for one export, checked
/// against the SCIM schema and against the columns that are there.
struct MappingCompiler {
    let format: Format
    let configuration: MappingConfiguration
    let columns: Columns

    private var mapping = CompiledMapping()
    private var entries = MappingEntries()
    /// The attribute whose sources are being looked up: it does not lead to itself.
    private var resolving: String?
    private var slots: [ColumnID: Int] = [:]
    /// What ``CompiledMapping/fingerprint`` is the digest of: what was asked for, whatever columns are there today.
    private var intent: [String] = []

    /// Throws ``ConfigurationError`` for what the configuration gets wrong, ``Refusal`` when no column tells people
    /// apart: then a mapping is needed.
    static func compile(
        _ format: Format, _ configuration: MappingConfiguration, columns: Columns, file: String
    ) throws -> CompiledMapping {
        var compiler = MappingCompiler(format, configuration, columns)
        try compiler.compile(file: file)
        return compiler.mapping
    }

    private init(_ format: Format, _ configuration: MappingConfiguration, _ columns: Columns) {
        self.format = format
        self.configuration = configuration
        self.columns = columns
    }

    private mutating func compile(file: String) throws {
        entries = try MappingEntries(configuration.entries)
        note("format", [format.name])
        try compileAnchor()
        try compileRules()
        try compileStatus()
        try compileGroups()
        try compileScope()
        mapping.hire = slots(of: format.employment.hire)
        mapping.termination = slots(of: format.employment.termination)
        mapping.dates = configuration.dates ?? format.dates
        mapping.hasTypeNames = format.hasTypeNames
        mapping.isSpreadsheet = format.container == .csv
        note("dates", [mapping.dates.rawValue])
        note("leavers", [(configuration.leavers ?? format.leavers).rawValue])
        if mapping.values[CompiledMapping.userNameRule].sources.isEmpty { throw noUserName(file) }
        finish()
    }

    // MARK: - Attributes

    private mutating func compileRules() throws {
        let preset = configuration.preset ?? format.preset
        var left = entries.attributes
        var attributes = format.attributes.filter { preset == .full || Format.minimalAttributes.contains($0.name) }
        if !attributes.contains(where: { $0.name == "userName" }) { attributes.insert(.init("userName"), at: 0) }
        if !attributes.contains(where: { $0.name == "emails.work" }) { attributes.insert(.init("emails.work"), at: 1) }
        for attribute in attributes {
            let entry = left.firstIndex { $0.name == attribute.name }.map { left.remove(at: $0) }
            if entry?.isOff == true {
                note("rule", [attribute.name, "off"])
                continue
            }
            try addRule(attribute.name, from: attribute.from, entry: entry)
        }
        for entry in left where !entry.isOff {
            // An attribute that the preset leaves out keeps the format's columns when it is only asked for.
            try addRule(entry.name, from: format.attributes.first { $0.name == entry.name }?.from ?? [], entry: entry)
        }
        mapping.emailRule = mapping.rules.firstIndex { $0.name == "emails.work" }
    }

    private mutating func addRule(_ name: String, from defaults: [Source], entry: MappingEntries.Attribute?) throws {
        guard let path = try? AttributePath.parseMapping(name, for: .user),
            let definition = path.definition(for: .user)
        else { preconditionFailure("the format \(format.name) maps \(name), which is no attribute") }
        let asked = entry.map { $0.from.map(\.value) } ?? []
        var overwrite = entry?.overwrite ?? .always
        note(
            "rule",
            [name, overwrite.rawValue, entry?.clears == true ? "clears" : "keeps"]
                + (asked.isEmpty ? defaults.map(\.text) : asked))
        resolving = name
        defer { resolving = nil }
        let (texts, sources) = try sources(defaults: defaults, written: entry?.from ?? [])
        let isEmail = name == "emails.work"
        // The login stands in for an address that no column has; it is no reason to replace one that is there.
        if isEmail, sources.isEmpty, entry?.overwrite == nil { overwrite = .ifEmpty }
        if sources.isEmpty, entry == nil, name != "userName", !isEmail { return }
        if sources.isEmpty, let entry, !isEmail, name != "userName" {
            // A column that the format has and this file lacks is a missing column: unmanaged (product.md, rule 3).
            if entry.from.isEmpty, !defaults.isEmpty { return }
            throw ConfigurationError(
                place: entry.place, key: entry.written,
                message: "\(format.title) has no column for \(name): say where it comes from with `from:`.")
        }
        let kind = Self.kind(of: path)
        let isFolded = kind == .userName || kind == .email || kind == .name
        mapping.rules.append(
            AttributeRule(
                name: name, path: path, from: texts, overwrite: overwrite, clears: entry?.clears ?? false,
                comparison: isFolded ? .folded : .exact, configured: entry?.place))
        mapping.values.append(
            CompiledValue(
                kind: kind, sources: sources, isFolded: isFolded,
                lengthLimit: Self.lengthLimit(of: path, definition)))
    }

    private static func kind(of path: AttributePath) -> CompiledValue.Kind {
        switch path.attribute {
        case "userName": .userName
        case "emails": .email
        case "name", "displayName", "nickName": .name
        case "phoneNumbers", "employeeNumber", "externalId": .identifier
        default: .text
        }
    }

    private static func lengthLimit(of path: AttributePath, _ definition: Schema.Attribute) -> Int {
        // RFC 5321 §4.5.3.1.3 lets a path have 256 octets, two of them brackets.
        if path.attribute == "emails" { return 254 }
        let part = path.subAttribute.flatMap { definition.subAttribute(named: $0) } ?? definition
        return part.lengthLimit()
    }

    // MARK: - The special ones

    private mutating func compileAnchor() throws {
        if let entry = entries.anchor {
            guard !entry.isOff else { return note("anchor", ["off"]) }
            let (texts, sources) = try sources(defaults: format.anchor, written: entry.from)
            mapping.anchor = sources
            return note("anchor", texts)
        }
        // Of a generic file's members only those seen at its beginning are known: an id that none has is no anchor.
        let isGuess = format.name.hasPrefix("generic-") && !columns.isComplete
        let anchors = format.anchor.filter { !isGuess || $0.columns.contains(where: columns.hasSeen) }
        mapping.anchor = anchors.compactMap { source($0) }
        note("anchor", anchors.filter { source($0) != nil }.map(\.text))
    }

    private mutating func compileStatus() throws {
        var statusColumns = format.status
        mapping.presenceMeansActive = format.presenceMeansActive
        if let entry = entries.active {
            mapping.presenceMeansActive = false
            statusColumns = []
            if !entry.isOff {
                let words = (format.status.first { $0.unknown == .rejects }?.words ?? [:])
                    .merging(StatusColumn.humanResources) { own, _ in own }
                var column = StatusColumn(words: words)
                column.from = try entry.from.map { try writtenColumn($0) }
                statusColumns = entry.from.isEmpty ? format.status : [column]
            }
            note("active", entry.isOff ? ["off"] : entry.from.map(\.value))
        }
        var overrides: [String: StatusColumn.Meaning] = [:]
        for word in configuration.statusWords {
            let key = HeaderKey(word.word.value).text
            if overrides.updateValue(word.meaning.columnMeaning, forKey: key) != nil {
                throw ConfigurationError(
                    place: word.word.place, key: "status", message: "The word \(word.word.value) is given twice.")
            }
        }
        note(
            "status",
            configuration.statusWords.map { "\(HeaderKey($0.word.value).text)=\($0.meaning.rawValue)" }.sorted())
        for column in statusColumns {
            let slots = slots(of: column.from)
            if slots.isEmpty { continue }
            mapping.status.append(
                CompiledStatus(
                    slots: slots, words: column.words.merging(overrides) { _, override in override },
                    unknown: column.unknown, anything: column.anything, inactiveBit: column.inactiveBit))
        }
    }

    private mutating func compileGroups() throws {
        let isEnabled = configuration.groups.isEnabled ?? format.syncsGroupsByDefault
        note("groups", [isEnabled ? "on" : "off", configuration.groups.separator?.rawValue ?? "default"])
        guard isEnabled, entries.groups?.isOff != true else { return }
        var names = format.groups?.from ?? []
        if let entry = entries.groups, !entry.from.isEmpty { names = try entry.from.map { try writtenColumn($0) } }
        let slots = slots(of: names)
        if slots.isEmpty { return }
        let configured = configuration.groups.separator.map { GroupColumn.Separator.configured($0) }
        guard let separator = configured ?? format.groups?.separator else {
            // Never guessed from a cell (idp-exports.md §7).
            mapping.diagnostics.append(
                Diagnostic(
                    code: "groups-separator", place: Place(file: "", column: names.first),
                    message: "Groups are not read: say under `groups:` what separates them in one cell."))
            return
        }
        mapping.groups = CompiledGroups(
            slots: slots, separator: separator,
            blankMeansNone: entries.groups?.clears ?? format.groups?.blankMeansNone ?? false,
            missingMeansNone: format.container == .ldif)
    }

    private mutating func compileScope() throws {
        let scope = configuration.scope
        for condition in scope.include { mapping.include.append(try compiled(condition, "include")) }
        for condition in scope.exclude { mapping.exclude.append(try compiled(condition, "exclude")) }
        guard let rule = format.guests else { return }
        let guestSlots = rule.column.map { slots(of: [$0]) } ?? []
        let asksForColumn = mapping.include.contains { condition in
            condition.alternatives.contains { !Set($0.slots).isDisjoint(with: guestSlots) }
        }
        note("guests", [scope.includesGuests.map { String($0) } ?? "default"])
        mapping.guests = CompiledGuests(
            slot: guestSlots.first, value: Array(TextFolding.key(rule.value).utf8),
            marker: rule.marker.map { Array(TextFolding.key($0).utf8) }, loginSlot: slots(of: [rule.login]).first,
            addresses: rule.addresses.compactMap { source(.column($0)) },
            areIncluded: scope.includesGuests ?? asksForColumn)
    }

    private mutating func compiled(
        _ condition: MappingConfiguration.Scope.Condition, _ side: String
    ) throws -> CompiledCondition {
        let values = Set(condition.values.map { Array(TextFolding.key(Self.trimmed($0)).utf8) })
        note(side, [condition.column.value] + condition.values.map { TextFolding.key($0) }.sorted())
        let (_, alternatives) = try sources(defaults: [], written: [condition.column])
        return CompiledCondition(alternatives: alternatives, values: values)
    }

    // MARK: - Columns

    /// The columns that the configuration names, else the format's own that are there.
    private mutating func sources(
        defaults: [Source], written: [Located<String>]
    ) throws -> (texts: [String], sources: [CompiledSource]) {
        if written.isEmpty {
            var found: [CompiledSource] = []
            var texts: [String] = []
            for candidate in defaults {
                guard let compiled = source(candidate) else { continue }
                found.append(compiled)
                texts.append(candidate.text)
            }
            return (texts, found)
        }
        var texts: [String] = []
        var found: [CompiledSource] = []
        for name in written {
            for (text, compiled) in try writtenSources(name) {
                texts.append(text)
                found.append(compiled)
            }
        }
        return (texts, found)
    }

    /// One entry of `from:`: a column, several joined, or the columns of a SCIM attribute.
    private mutating func writtenSources(_ name: Located<String>) throws -> [(String, CompiledSource)] {
        if let column = columns.writtenColumn(name.value) {
            return [(name.value, CompiledSource(slots: [slot(column)]))]
        }
        if case .joined(let parts) = Source(name.value) {
            let slots = try parts.map { part in
                slot(ColumnID(writing: try writtenColumn(Located(part, at: name.place)), in: columns))
            }
            return [(name.value, CompiledSource(slots: slots))]
        }
        if let path = try? AttributePath.parseMapping(name.value, for: .user) {
            let own = mappedSources(of: path.shortName).compactMap { candidate in
                source(candidate).map { (candidate.text, $0) }
            }
            if !own.isEmpty { return own }
        }
        let column = try writtenColumn(name)
        return [(name.value, CompiledSource(slots: [slot(ColumnID(writing: column, in: columns))]))]
    }

    /// Where a SCIM attribute comes from: what the configuration says, else the format.
    private func mappedSources(of name: String) -> [Source] {
        if name != resolving,
            let entry = (entries.attributes + [entries.anchor].compactMap { $0 }).first(where: { $0.name == name }),
            !entry.from.isEmpty
        {
            return entry.from.map { Source($0.value) }
        }
        return name == "externalId" ? format.anchor : format.attributes.first { $0.name == name }?.from ?? []
    }

    /// `name` itself when it is, or may be, a column; else the error that names the nearest one.
    private mutating func writtenColumn(_ name: Located<String>) throws -> String {
        if let column = columns.writtenColumn(name.value) {
            return columns.isComplete ? name.value : column.key
        }
        if columns.isComplete {
            let hint = columns.nearest(name.value).map { " Did you mean \($0)?" } ?? ""
            throw ConfigurationError(
                place: name.place, key: name.value,
                message:
                    "The export has no column \(name.value).\(hint) It has: \(columns.names.joined(separator: ", ")).")
        }
        let hint = columns.nearest(name.value).map { " Did you mean \($0)?" } ?? ""
        mapping.diagnostics.append(
            Diagnostic(
                code: "unseen-member", place: name.place,
                message: "No record at the beginning of the export has a member \(name.value).\(hint)"))
        return name.value
    }

    private mutating func source(_ source: Source) -> CompiledSource? {
        let wrapping: Source.Wrapping? = if case .unwrapped(let wrapping, _) = source { wrapping } else { nil }
        let slots = source.columns.compactMap { columns.column($0).map { slot($0) } }
        return slots.isEmpty ? nil : CompiledSource(wrapping: wrapping, slots: slots)
    }

    private mutating func slots(of names: [String]) -> [Int] {
        names.compactMap { columns.column($0).map { slot($0) } }
    }

    private mutating func slot(_ column: ColumnID) -> Int {
        if let slot = slots[column] { return slot }
        slots[column] = mapping.columns.count
        mapping.columns.append(column)
        return mapping.columns.count - 1
    }

    // MARK: - Fingerprint

    private mutating func note(_ what: String, _ facts: [String]) {
        intent.append(([what] + facts).joined(separator: "\u{1F}"))
    }

    private mutating func finish() {
        let text = (["\(CompiledMapping.normaliserVersion)"] + intent).joined(separator: "\n")
        mapping.fingerprint = Array(text.utf8).withUnsafeBytes { sha256Hex($0) }
        let effective = mapping.rules.map { "\($0.name)\u{1F}\($0.overwrite.rawValue)\u{1F}\($0.clears)" }
        let version = "\(CompiledMapping.normaliserVersion)\n"
        mapping.seed = Array((version + effective.joined(separator: "\n")).utf8).withUnsafeBytes { Digest128($0) }
    }

    private func noUserName(_ file: String) -> Refusal {
        Refusal(
            code: "needs-mapping", place: Place(file: file),
            message: """
                No column is known to hold a login or an e-mail address. Say under `mapping:` where userName comes from. \
                The columns are: \(columns.names.joined(separator: ", ")).
                """)
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }
}

extension ColumnID {
    fileprivate init(writing name: String, in columns: Columns) { self = columns.column(name) ?? ColumnID(key: name) }
}

extension MappingConfiguration.StatusMeaning {
    var columnMeaning: StatusColumn.Meaning {
        switch self {
        case .active: .active
        case .inactive: .inactive
        case .undecided: .undecided
        case .create: .create
        }
    }
}
