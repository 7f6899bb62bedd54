import SCIM

extension UserExport {
    /// A second pass over the files: every record that may be about whom `query` asks for, used or not, in the order of
    /// the files, `limit` at most. The first pass is as quick as if this one did not exist.
    ///
    package func trace(_ query: RecordQuery, limit: Int = 100) -> [RecordTrace] {
        let tracer = RecordTracer(self, query, limit: limit)
        for index in sources.indices { try? tracer.trace(index) }
        return tracer.records
    }

    /// `records`, of which those that were rejected once all were read have no original yet, with them: in another pass
    /// over the files that they are in. Of a file that cannot be read again they stay without.
    package func addingOriginals(to records: [RejectedRecord]) -> [RejectedRecord] {
        var records = records
        let missing = records.indices.filter { records[$0].original.isEmpty && records[$0].file < sources.count }
        for (file, indexes) in Dictionary(grouping: missing, by: { records[$0].file }) {
            var wanted = Dictionary(grouping: indexes) { records[$0].line }
            guard let source = try? RecordSource(sources[file], columns: mapping.columns) else { continue }
            let buffer = RecordBuffer(slots: mapping.columns.count)
            while !wanted.isEmpty, let outcome = try? source.next(into: buffer), outcome != .end {
                for index in wanted.removeValue(forKey: buffer.place) ?? [] {
                    records[index].original = source.original()
                }
            }
        }
        return records
    }

    /// Every userName and address of the records that are used, in another pass over the files.
    package func eachName(_ body: (String) -> Void) throws {
        let email = emailRule
        _ = try read(keeping: { $0.materialise().values }) { values in
            values[CompiledMapping.userNameRule].string.map(body)
            email.flatMap { values[$0].string }.map(body)
        } rejected: { _ in
        }
    }

    /// Where the configuration says how `attribute` is mapped: for `externalId` and `active`, which no rule is for.
    package func configured(_ attribute: String) -> Place? {
        options.mapping.entries.first { $0.key.value.lowercased() == attribute.lowercased() }?.key.place
    }
}

private final class RecordTracer {
    private(set) var records: [RecordTrace] = []

    private let export: UserExport
    private let mapping: CompiledMapping
    private let query: RecordQuery
    private let limit: Int
    private let mapper: RecordMapper
    private var normaliser: ValueNormaliser
    private let employeeNumber: Int?

    init(_ export: UserExport, _ query: RecordQuery, limit: Int) {
        self.export = export
        mapping = export.mapping
        self.query = query
        self.limit = limit
        mapper = RecordMapper(export.mapping, asOf: export.options.asOf, zone: export.zone)
        normaliser = ValueNormaliser(export.mapping)
        employeeNumber =
            export.hasAnchor ? nil : export.rules.firstIndex { $0.name == "enterprise.employeeNumber" }
    }

    func trace(_ file: Int) throws(Refusal) {
        let source = export.sources[file]
        mapper.columnNames = mapping.columns.map { source.spelling(of: $0) }
        let reader = try RecordSource(source, columns: mapping.columns)
        while records.count < limit {
            switch try reader.next(into: mapper.buffer) {
            case .end: return
            case .rejected(let code, let message, let column):
                let slot = column.flatMap { mapper.columnNames.firstIndex(of: $0) }
                if isMeant { add(file, .rejected(rejected(Rejection(code: code, slot: slot, message: message), file))) }
            case .record:
                if isMeant { add(file, standing(file)) }
            }
        }
    }

    private func standing(_ file: Int) -> RecordTrace.Standing {
        switch mapper.map() {
        case .record: .used(mapper.materialised(file: file))
        case .rejected(let rejection): .rejected(rejected(rejection, file))
        case .outOfScope: .outOfScope(scopeMiss)
        }
    }

    private func rejected(_ rejection: Rejection, _ file: Int) -> RejectedRecord {
        mapper.rejected(rejection, file: file, original: [])
    }

    // MARK: - Whom it is about

    private var isMeant: Bool {
        if let anchor = text(mapping.anchor), query.anchors.contains(AnchorDigest.of(anchor: anchor)) { return true }
        if let name = text(mapping.values[CompiledMapping.userNameRule].sources), isMeant(name) { return true }
        if let rule = mapping.emailRule, let email = text(mapping.values[rule].sources), isMeant(email) { return true }
        guard let employeeNumber, let number = text(mapping.values[employeeNumber].sources) else { return false }
        return query.employeeNumbers.contains(number)
    }

    private func isMeant(_ name: String) -> Bool {
        if query.names.contains(RecordQuery.key(of: name)) { return true }
        guard !export.hasAnchor, let key = try? CanonicalKey.userName(name) else { return false }
        return query.anchors.contains(AnchorDigest.of(userNameKey: key))
    }

    private func text(_ sources: [CompiledSource]) -> String? {
        for source in sources {
            let value = normaliser.picked(source, mapper.buffer, kind: .identifier)
            if !value.isBlank { return value.text }
        }
        return nil
    }

    // MARK: - Where it stands

    private func add(_ file: Int, _ standing: RecordTrace.Standing) {
        let userName = mapping.values[CompiledMapping.userNameRule]
        var trace = RecordTrace(
            file: file, line: mapper.buffer.place, standing: standing,
            anchor: traced(mapping.anchor, kind: .identifier), userName: traced(userName.sources, kind: .userName),
            email: TracedValue(column: nil, written: nil),
            values: mapping.values.map { traced($0.sources, kind: $0.kind) },
            activity: activity)
        if let rule = mapping.emailRule {
            trace.values[rule] = address(rule, trace)
            trace.email = trace.values[rule]
        }
        records.append(trace)
    }

    /// As ``ValueNormaliser`` picks: the first of several columns that is not blank.
    private func traced(_ sources: [CompiledSource], kind: CompiledValue.Kind) -> TracedValue {
        for (index, source) in sources.enumerated()
        where !normaliser.picked(source, mapper.buffer, kind: kind).isBlank {
            return TracedValue(column: name(of: source), written: written(source), isFallback: index > 0)
        }
        return TracedValue(column: sources.first.map(name), written: nil)
    }

    /// An address that no column has is a guest's other one, or the login.
    private func address(_ rule: Int, _ trace: RecordTrace) -> TracedValue {
        let own = trace.values[rule]
        guard own.written == nil, let record = trace.record, let address = record.values[rule].string else {
            return own
        }
        if address == record.values[CompiledMapping.userNameRule].string {
            return TracedValue(column: trace.userName.column, written: trace.userName.written, isLogin: true)
        }
        return traced(mapping.guests?.addresses ?? [], kind: .email)
    }

    private var activity: [TracedValue] {
        let columns = mapping.status.map(\.slots) + [mapping.hire, mapping.termination]
        return columns.compactMap { slots in
            slots.lazy.map { CompiledSource(slots: [$0]) }.first { self.written($0) != nil }
                .map { TracedValue(column: name(of: $0), written: written($0)) }
        }
    }

    private func name(of source: CompiledSource) -> String {
        let columns = source.slots.map { mapper.columnNames[$0] }.joined(separator: " + ")
        return source.wrapping.map { "\(columns) (\($0.rawValue))" } ?? columns
    }

    private func written(_ source: CompiledSource) -> String? {
        let parts = source.slots.map { mapper.buffer.raw($0) }.filter { !$0.trimmed().isBlank }.map(\.text)
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private var scopeMiss: ScopeMiss {
        func miss(
            _ rule: ScopeMiss.Rule, _ conditions: [MappingConfiguration.Scope.Condition], _ index: Int,
            in compiled: [CompiledCondition]
        )
            -> ScopeMiss
        {
            let column = conditions[index].column
            return ScopeMiss(
                rule: rule, column: column.value, value: text(compiled[index].alternatives), place: column.place)
        }
        let scope = export.options.mapping.scope
        switch mapper.scopeFault {
        case .notIncluded(let index)?: return miss(.notIncluded, scope.include, index, in: mapping.include)
        case .excluded(let index)?: return miss(.excluded, scope.exclude, index, in: mapping.exclude)
        case nil: return ScopeMiss(rule: .guest, column: nil, value: nil, place: nil)
        }
    }
}
