import SCIM

/// One pass over a ``UserExport``.
struct UserReading {
    private let export: UserExport
    private let mapper: RecordMapper
    private var summaries: [InputSummary] = []
    private var pages: [Grading.Page] = []
    private var statedActivity = false

    /// More than so many unusable records are no list with mistakes but something else altogether.
    private static let rejectedLimit = 100_000

    init(_ export: UserExport) {
        self.export = export
        mapper = RecordMapper(export.mapping, asOf: export.options.asOf, zone: export.zone)
    }

    mutating func read(
        _ index: Int, _ each: (borrowing MappedRecord) throws -> Void, _ rejected: (RejectedRecord) throws -> Void
    ) throws {
        let file = export.sources[index]
        var summary = InputSummary(file: file.path, kind: .users, format: export.format.name)
        mapper.columnNames = export.mapping.columns.map { file.spelling(of: $0) }
        summary.unusedColumns = file.unusedColumns(export.mapping)
        do {
            let source = try RecordSource(file, columns: export.mapping.columns)
            try readAll(source, index, &summary, each, rejected)
            pages += source.pages(of: file, records: summary.records, export.format.paging)
        } catch let refusal as Refusal where refusal.place.file == file.path {
            summary.refusal = refusal
        }
        summaries.append(summary)
    }

    private mutating func readAll(
        _ source: RecordSource, _ index: Int, _ summary: inout InputSummary,
        _ each: (borrowing MappedRecord) throws -> Void, _ rejected: (RejectedRecord) throws -> Void
    ) throws {
        var record = MappedRecord(mapper, file: index)
        while true {
            let rejection: Rejection
            switch try source.next(into: mapper.buffer) {
            case .end: return
            case .rejected(let code, let message, let column):
                summary.records += 1
                rejection = Rejection(
                    code: code, slot: column.flatMap { mapper.columnNames.firstIndex(of: $0) }, message: message)
            case .record:
                summary.records += 1
                switch mapper.map() {
                case .record:
                    count(&summary)
                    record.refresh()
                    try each(record)
                    continue
                case .outOfScope:
                    count(&summary)
                    summary.outOfScope += 1
                    continue
                case .rejected(let fault): rejection = fault
                }
            }
            let refused = mapper.rejected(rejection, file: index, original: source.original())
            summary.rejected.append(refused)
            try rejected(refused)
            if summary.rejected.count > Self.rejectedLimit { throw Refusal.tooManyRejected(summary) }
        }
    }

    @inline(__always)
    private mutating func count(_ summary: inout InputSummary) {
        switch mapper.activity {
        case .active:
            summary.active += 1
            statedActivity = true
        case .inactive, .deleted:
            summary.inactive += 1
            statedActivity = true
        case .undecided:
            summary.undecided += 1
            statedActivity = true
        case .unstated, nil: summary.undecided += 1
        }
    }

    // MARK: - Afterwards

    /// The summaries with the grade of all files together: one that is missing makes the others partial.
    consuming func graded() -> [InputSummary] {
        refuseUseless()
        let isBroken = summaries.contains { $0.refusal != nil }
        let (grade, reasons) = Grading(paging: export.format.paging).grade(pages)
        for index in summaries.indices where summaries[index].refusal == nil {
            summaries[index].grade = grade
            summaries[index].gradeReasons = reasons
            if isBroken { lower(index, "Another file of this export cannot be used.") }
            if export.options.isDeclaredPartial {
                lower(index, "The source is declared to be partial (snapshot: partial).")
            }
        }
        summaries.judgeByManifests(expected: export.options.expectedRecords)
        warn()
        return summaries
    }

    private mutating func lower(_ index: Int, _ reason: String) {
        if summaries[index].grade != .partial { summaries[index].gradeReasons = [] }
        summaries[index].grade = .partial
        summaries[index].gradeReasons.append(reason)
    }

    /// An export that lists nobody, or nobody that can be used, is no wish to remove everybody.
    private mutating func refuseUseless() {
        let read = summaries.indices.filter { summaries[$0].refusal == nil }
        let records = summaries.reduce(0) { $0 + $1.records }
        for index in read {
            let summary = summaries[index]
            if summary.records == 0, records == 0 || !export.format.container.isJSON {
                summaries[index].refusal = .emptyExport(summary.file)
            } else if summary.records > 0, summary.rejected.count == summary.records {
                summaries[index].refusal = .nothingUsable(summary)
            }
        }
    }

    private mutating func warn() {
        guard let first = summaries.indices.first else { return }
        let file = summaries[first].file
        var diagnostics = export.mapping.diagnostics.map { diagnostic in
            var diagnostic = diagnostic
            if diagnostic.place.file.isEmpty { diagnostic.place.file = file }
            return diagnostic
        }
        if mapper.recordsWithLostLetters > 0 {
            diagnostics.append(
                Diagnostic(
                    code: "lost-letters", place: Place(file: file),
                    message: """
                        In \(mapper.recordsWithLostLetters) records names hold ?: the export was written as ASCII and \
                        lost every other letter. Names are not taken from them. Export with -Encoding UTF8.
                        """))
        }
        if mapper.metAmbiguousDate {
            diagnostics.append(
                Diagnostic(
                    code: "ambiguous-date", place: Place(file: file),
                    message: "Dates such as 03/04/2024 are not used: say `dates: us` or `dates: eu`."))
        }
        if !statedActivity, summaries.contains(where: { $0.records > 0 && $0.refusal == nil }) {
            diagnostics.append(
                Diagnostic(
                    code: "activity-unstated", place: Place(file: file),
                    message: "The export does not say who is active: nobody is deactivated or reactivated for it."))
        }
        summaries[first].diagnostics = diagnostics
    }
}

extension Refusal {
    fileprivate static func nothingUsable(_ summary: InputSummary) -> Refusal {
        let first = summary.rejected.first.map { " The first, on line \($0.line): \($0.message)" } ?? ""
        return Refusal(
            code: "nothing-usable", place: Place(file: summary.file),
            message: "None of the \(summary.records) records can be used.\(first)")
    }

    fileprivate static func tooManyRejected(_ summary: InputSummary) -> Refusal {
        let first = summary.rejected.first.map { " The first, on line \($0.line): \($0.message)" } ?? ""
        return Refusal(
            code: "too-many-rejected", place: Place(file: summary.file),
            message: "\(summary.rejected.count) records cannot be used; the file is not what it seems.\(first)")
    }
}

extension ExportFile {
    /// A slot's column as this file spells it.
    func spelling(of column: ColumnID) -> String {
        if headers.isEmpty { return column.key }
        let same = headers.filter { HeaderKey($0).text == column.key }
        return column.occurrence < same.count ? same[column.occurrence] : column.key
    }

    /// Columns of a header that no rule takes.
    func unusedColumns(_ mapping: CompiledMapping) -> [String] {
        let used = Set(mapping.columns.map(\.key))
        guard case .csv = access else { return [] }
        return headers.filter { !$0.isEmpty && !used.contains(HeaderKey($0).text) }
    }
}
