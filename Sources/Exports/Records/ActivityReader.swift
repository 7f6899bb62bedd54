import Foundation
import SCIM

/// What the status columns and employment dates of a record come to (idp-exports.md §4).
struct ActivityReader {
    private let columns: [CompiledStatus]
    private let presenceMeansActive: Bool
    private let hire: [Int]
    private let termination: [Int]
    private let dates: MappingConfiguration.DateDialect
    private let asOf: Timestamp
    private let zone: TimeZone
    /// Words met so far, by column: the same few come a million times.
    private var met: [[(word: [UInt8], meaning: StatusColumn.Meaning)]]
    /// A date was passed over because two orders fit it.
    private(set) var metAmbiguousDate = false

    init(_ mapping: CompiledMapping, asOf: Timestamp, zone: TimeZone) {
        columns = mapping.status
        presenceMeansActive = mapping.presenceMeansActive
        hire = mapping.hire
        termination = mapping.termination
        dates = mapping.dates
        self.asOf = asOf
        self.zone = zone
        met = Array(repeating: [], count: mapping.status.count)
    }

    mutating func activity(of record: RecordBuffer) throws(Rejection) -> Activity {
        var strongest = presenceMeansActive ? Rank.active : .silent
        var word: String?
        for index in columns.indices {
            guard let (value, slot) = value(record, columns[index].slots) else { continue }
            let rank = Rank(try meaning(of: value, column: index, slot: slot))
            if rank > strongest || (rank == strongest && rank.isUndecided && word == nil) {
                strongest = rank
                word = rank.isUndecided ? value.text : nil
            }
        }
        let activity = strongest.activity(word: word ?? "")
        return hire.isEmpty && termination.isEmpty ? activity : employed(record, activity)
    }

    /// Deleted before inactive before undecided before active; `create` is undecided too, and weaker.
    private enum Rank: Int, Comparable {
        case silent, active, create, undecided, inactive, deleted

        init(_ meaning: StatusColumn.Meaning) {
            self =
                switch meaning {
                case .silent: .silent
                case .active: .active
                case .create: .create
                case .undecided: .undecided
                case .inactive: .inactive
                case .deleted: .deleted
                }
        }

        var isUndecided: Bool { self == .create || self == .undecided }

        func activity(word: String) -> Activity {
            switch self {
            case .silent: .unstated
            case .active: .active
            case .create: .undecided(word: word, mayCreate: true)
            case .undecided: .undecided(word: word, mayCreate: false)
            case .inactive: .inactive
            case .deleted: .deleted
            }
        }

        static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }
    }

    private func value(_ record: RecordBuffer, _ slots: [Int]) -> (RawValue, Int)? {
        for slot in slots {
            let value = record.raw(slot).trimmed()
            if !value.isBlank { return (value, slot) }
        }
        return nil
    }

    private mutating func meaning(
        of value: RawValue, column: Int, slot: Int
    ) throws(Rejection) -> StatusColumn.Meaning {
        for known in met[column] where value.equals(known.word) { return known.meaning }
        let meaning = try meaning(ofNew: value.text, columns[column], slot)
        if met[column].count < 64 {
            met[column].append((Array(UnsafeBufferPointer(start: value.start, count: value.count)), meaning))
        }
        return meaning
    }

    private func meaning(
        ofNew text: String, _ column: CompiledStatus, _ slot: Int
    ) throws(Rejection) -> StatusColumn.Meaning {
        if let meaning = column.words[HeaderKey(text).text] { return meaning }
        if let anything = column.anything {
            return ExportDate(text, dialect: dates, zone: zone) == .none ? .silent : anything
        }
        if let bit = column.inactiveBit, let number = Int(text) { return number >> bit & 1 == 1 ? .inactive : .active }
        if column.unknown == .isSilent { return .silent }
        throw Rejection(
            code: "unknown-status", slot: slot,
            message: "The status \(quoted(text.prefix(100))) is not known: say under `status:` what it means.")
    }

    // MARK: - Dates ahead

    private mutating func employed(_ record: RecordBuffer, _ activity: Activity) -> Activity {
        let start = date(record, hire)
        let end = date(record, termination)
        switch activity {
        case .deleted, .undecided: return activity
        case .inactive:
            // A termination ahead: they still work here.
            guard let last = end?.date.end(in: zone), last > asOf else { return .inactive }
            return notYet(start) ?? .active
        case .active: return notYet(start) ?? .active
        case .unstated:
            if let last = end?.date.end(in: zone), last <= asOf { return .inactive }
            return notYet(start) ?? .unstated
        }
    }

    private func notYet(_ start: (date: ExportDate, text: String)?) -> Activity? {
        guard let start, let first = start.date.start(in: zone), first > asOf else { return nil }
        return .undecided(word: "starts \(start.text)", mayCreate: false)
    }

    private mutating func date(_ record: RecordBuffer, _ slots: [Int]) -> (date: ExportDate, text: String)? {
        guard let (value, _) = value(record, slots) else { return nil }
        let text = value.text
        let date = ExportDate(text, dialect: dates, zone: zone)
        if date == .ambiguous { metAmbiguousDate = true }
        return (date, text)
    }
}
