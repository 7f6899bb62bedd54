import Dispatch
import Foundation

/// Some records of a file, read one after the other by one thread.
protocol RecordBatch {
    func next(into buffer: RecordBuffer) throws(Refusal) -> RecordOutcome
    /// The record read last, as it stands in the file.
    func original() -> [RejectedRecord.OriginalCell]
}

/// A reader that gives its file away in batches, so that several threads can read it at once.
protocol BatchedReader: AnyObject {
    associatedtype Batch: RecordBatch & AnyObject
    /// False where batches share something while they are read.
    var batchesAreIndependent: Bool { get }
    func makeBatch() -> Batch
    /// False at the end. One caller at a time.
    func nextBatch(into batch: Batch) throws(Refusal) -> Bool
}

/// One thread's own means of mapping records, used for one batch after the other.
final class RecordWorker<Kept> {
    enum Finding {
        case kept(Kept)
        /// Apart: it is far larger than what is kept of most records, and those are handed on one by one.
        indirect case rejected(RejectedRecord)
    }

    let mapper: RecordMapper
    /// Of the batch mapped last, in its order.
    private(set) var findings: [Finding] = []
    private(set) var counts = RecordCounts()
    private let keep: (borrowing MappedRecord) -> Kept

    init(_ mapper: RecordMapper, keep: @escaping (borrowing MappedRecord) -> Kept) {
        self.mapper = mapper
        self.keep = keep
    }

    /// Maps the next `limit` records of `batch` at most. Returns whether it is at its end; throws what refuses the file,
    /// with the records before that in ``findings``.
    func map(_ batch: some RecordBatch, file: Int, limit: Int = .max) throws(Refusal) -> Bool {
        findings.removeAll(keepingCapacity: true)
        counts = RecordCounts()
        let mapper = mapper
        let buffer = mapper.buffer
        var record = MappedRecord(mapper, file: file)
        while counts.records < limit {
            let rejection: Rejection
            switch try batch.next(into: buffer) {
            case .end: return true
            case .rejected(let code, let message, let column):
                counts.records += 1
                rejection = Rejection(
                    code: code, slot: column.flatMap { mapper.columnNames.firstIndex(of: $0) }, message: message)
            case .record:
                counts.records += 1
                switch mapper.map() {
                case .record:
                    counts.count(mapper.activityKind)
                    record.refresh()
                    findings.append(.kept(keep(record)))
                    continue
                case .outOfScope:
                    counts.count(mapper.activityKind)
                    counts.outOfScope += 1
                    continue
                case .rejected(let fault): rejection = fault
                }
            }
            findings.append(.rejected(mapper.rejected(rejection, file: file, original: batch.original())))
        }
        return false
    }
}

/// How many records a batch had, and what they say of their people.
struct RecordCounts {
    var records = 0
    var active = 0
    var inactive = 0
    var undecided = 0
    var unstated = 0
    var outOfScope = 0

    mutating func count(_ kind: Activity.Kind) {
        switch kind {
        case .active: active += 1
        case .inactive, .deleted: inactive += 1
        case .undecided: undecided += 1
        case .unstated: unstated += 1
        }
    }
}

extension BatchedReader {
    /// Lets `workers` map the file's batches at once, and hands each batch's findings to `deliver` in the order of the
    /// file, one at a time. Throws the first thing that refuses the file or that `deliver` throws; nothing after it is
    /// delivered.
    func map<Kept>(
        by workers: [RecordWorker<Kept>], file: Int, deliver: (RecordWorker<Kept>) throws -> Void
    ) throws {
        let turns = Turns()
        let workers = batchesAreIndependent ? workers : Array(workers.prefix(1))
        withoutActuallyEscaping(deliver) { deliver in
            // Nothing here is used by two threads at once: a worker and a batch are one thread's, and the reader and
            // `deliver` wait for their turn.
            nonisolated(unsafe) let work = { (index: Int) in
                let batch = self.makeBatch()
                while let turn = turns.take({ () throws(Refusal) in try self.nextBatch(into: batch) }) {
                    let mapped = Result { () throws(Refusal) in try workers[index].map(batch, file: file) }
                    turns.use(turn) {
                        try deliver(workers[index])
                        _ = try mapped.get()
                    }
                }
            }
            DispatchQueue.concurrentPerform(iterations: workers.count) { work($0) }
        }
        if let failure = turns.failure { throw failure }
    }
}

/// Who reads the next batch, and whose findings are next.
private final class Turns: Sendable {
    private struct State {
        var taken = 0
        var isExhausted = false
        var delivered = 0
        /// Of the earliest turn that failed.
        var failure: (any Error)?
    }

    private let reading = NSLock()
    private let delivering = NSCondition()
    /// `taken` and `isExhausted` belong to whoever holds `reading`, the rest to whoever holds `delivering`.
    private nonisolated(unsafe) var state = State()

    /// What stopped it, once everybody is done.
    var failure: (any Error)? { state.failure }

    /// The number of the next turn, once `fill` filled its batch; `nil` when there is none.
    func take(_ fill: () throws(Refusal) -> Bool) -> Int? {
        reading.lock()
        defer { reading.unlock() }
        guard !state.isExhausted else { return nil }
        let turn = state.taken
        do throws(Refusal) {
            guard try fill() else {
                state.isExhausted = true
                return nil
            }
        } catch {
            // Its turn comes when the batches before it were delivered.
            state.isExhausted = true
            use(turn) { throw error }
            return nil
        }
        state.taken += 1
        return turn
    }

    /// Runs `body` when all turns before it had theirs, unless one of them failed.
    func use(_ turn: Int, _ body: () throws -> Void) {
        delivering.lock()
        while state.delivered < turn { delivering.wait() }
        if state.failure == nil {
            do { try body() } catch { state.failure = error }
        }
        state.delivered = turn + 1
        delivering.broadcast()
        delivering.unlock()
    }
}

extension CSVReader: BatchedReader {
    func makeBatch() -> CSVBatch { CSVBatch() }
}

extension CSVBatch: RecordBatch {}

extension JSONRecordReader: BatchedReader {
    func makeBatch() -> JSONBatch { JSONBatch(paths) }
}

extension JSONBatch: RecordBatch {
    func original() -> [RejectedRecord.OriginalCell] {
        [.init(column: "JSON", value: String(decoding: element, as: UTF8.self))]
    }
}

/// A file that only one thread can read.
extension RecordSource: RecordBatch {}
