import Foundation
import SCIM

/// One pass over a ``UserExport``.
struct UserReading<Kept> {
    private let export: UserExport
    private let workers: [RecordWorker<Kept>]
    private var summaries: [InputSummary] = []
    private var pages: [Grading.Page] = []
    private var statedActivity = false

    /// More than so many unusable records are no list with mistakes but something else altogether.
    private static var rejectedLimit: Int { 100_000 }
    /// More threads than this wait for each other rather than for the disk.
    private static var threadLimit: Int { 4 }

    init(_ export: UserExport, keeping keep: @escaping @Sendable (borrowing MappedRecord) -> Kept) {
        self.export = export
        let threads = min(ProcessInfo.processInfo.activeProcessorCount, Self.threadLimit)
        workers = (0..<max(1, threads)).map { _ in
            RecordWorker(RecordMapper(export.mapping, asOf: export.options.asOf, zone: export.zone), keep: keep)
        }
    }

    mutating func read(
        _ index: Int, _ each: (Kept) throws -> Void, _ rejected: (RejectedRecord) throws -> Void
    ) throws {
        let file = export.sources[index]
        var summary = InputSummary(file: file.path, kind: .users, format: export.format.name)
        let columnNames = export.mapping.columns.map { file.spelling(of: $0) }
        for worker in workers { worker.mapper.columnNames = columnNames }
        summary.unusedColumns = file.unusedColumns(export.mapping)
        let digest = FileDigest(file.path)
        defer { digest.cancel() }
        do {
            let source = try RecordSource(
                file, columns: export.mapping.columns, trailer: export.options.trailer.map { CSVTrailer($0.value) })
            try map(source, index) { worker in try take(worker, &summary, each, rejected) }
            pages += source.pages(of: file, records: summary.records, export.format.paging)
            summary.trailer = source.trailer
            summary.sha256 = digest.finish()
        } catch let refusal as Refusal where refusal.place.file == file.path {
            summary.refusal = refusal
        }
        summaries.append(summary)
    }

    private func map(_ source: RecordSource, _ index: Int, deliver: (RecordWorker<Kept>) throws -> Void) throws {
        switch source {
        case .csv(let reader): try reader.map(by: workers, file: index, deliver: deliver)
        case .json(let reader): try reader.map(by: workers, file: index, deliver: deliver)
        case .csvOfJSON, .ldif:
            var isAtEnd = false
            while !isAtEnd {
                let mapped = Result { () throws(Refusal) in try workers[0].map(source, file: index, limit: 4096) }
                try deliver(workers[0])
                isAtEnd = try mapped.get()
            }
        }
    }

    private mutating func take(
        _ worker: RecordWorker<Kept>, _ summary: inout InputSummary, _ each: (Kept) throws -> Void,
        _ rejected: (RejectedRecord) throws -> Void
    ) throws {
        let counts = worker.counts
        summary.records += counts.records
        summary.active += counts.active
        summary.inactive += counts.inactive
        summary.undecided += counts.undecided + counts.unstated
        summary.outOfScope += counts.outOfScope
        if counts.active + counts.inactive + counts.undecided > 0 { statedActivity = true }
        for finding in worker.findings {
            switch finding {
            case .kept(let kept): try each(kept)
            case .rejected(let record):
                summary.rejected.append(record)
                try rejected(record)
                if summary.rejected.count > Self.rejectedLimit { throw Refusal.tooManyRejected(summary) }
            }
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
        let lost = workers.reduce(0) { $0 + $1.mapper.recordsWithLostLetters }
        if lost > 0 {
            diagnostics.append(
                Diagnostic(
                    code: "lost-letters", place: Place(file: file),
                    message: """
                        In \(lost) records names hold ?: the export was written as ASCII and \
                        lost every other letter. Names are not taken from them. Export with -Encoding UTF8.
                        """))
        }
        if workers.contains(where: { $0.mapper.metAmbiguousDate }) {
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
    /// `None of the 12 records can be used`.
    static func noneUsable(of count: Int, _ noun: String) -> String {
        count == 1 ? "The only \(noun) cannot be used" : "None of the \(grouped(count)) \(noun)s can be used"
    }

    fileprivate static func nothingUsable(_ summary: InputSummary) -> Refusal {
        let first = summary.rejected.first.map { " The first, on \($0.line): \($0.message)" } ?? ""
        return Refusal(
            code: Refusal.nothingUsable, place: Place(file: summary.file),
            message: "\(noneUsable(of: summary.records, "record")).\(first)")
    }

    fileprivate static func tooManyRejected(_ summary: InputSummary) -> Refusal {
        let first = summary.rejected.first.map { " The first, on \($0.line): \($0.message)" } ?? ""
        return Refusal(
            code: Refusal.tooManyRejected, place: Place(file: summary.file),
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
