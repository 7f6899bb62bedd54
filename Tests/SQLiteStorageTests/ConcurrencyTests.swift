import Dispatch
import Foundation
import SCIM
import SQLiteStorage
import Synchronization
import Testing

/// Two stores on one file stand for two processes: SQLite keeps their connections apart in the same way.
@Suite struct `Several at once` {
    private let folder: Folder
    private let store: SQLiteStore
    private let team: TeamID

    init() throws {
        folder = try Folder()
        store = try folder.store()
        team = try store.makeTeam()
        try store.add(1, to: team)
    }

    /// On the writer's own thread: a reader that waited would wait for ever.
    @Test(arguments: [SQLiteStore.Mode.readOnly, .readWrite])
    func `readers see what was committed, and never wait for a writer`(mode: SQLiteStore.Mode) throws {
        try store.write { writing in
            try writing.add(2, to: team)
            let other = try folder.store(.readOnly, waitMilliseconds: 0)
            try other.read { reading in
                #expect(try reading.count(.user, team: team) == 1)
                #expect(try reading.journalHead(team: team).entries == 1)
                try writing.add(3, to: team)
                #expect(try reading.resources(.user, after: nil, limit: 9, team: team).count == 1)
            }
        }
        let other = try folder.store(mode)
        try other.read { reading in
            #expect(try reading.count(.user, team: team) == 3)
            try store.add(4, to: team)
            #expect(try reading.count(.user, team: team) == 3)
            #expect(try reading.resources(.user, after: nil, limit: 9, team: team).count == 3)
        }
        #expect(try other.count(team) == 4)
    }

    @Test(arguments: [true, false])
    func `writers queue`(isSameStore: Bool) throws {
        let other = isSameStore ? store : try folder.store(.readWrite)
        let (hasBegun, isDone) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        Thread.detachNewThread { [store, team] in
            _ = try? store.write { writing in
                try writing.add(2, to: team)
                hasBegun.signal()
                Thread.sleep(forTimeInterval: 0.2)
                try writing.add(3, to: team)
            }
            isDone.signal()
        }
        hasBegun.wait()
        try other.write { writing in
            #expect(try writing.count(.user, team: team) == 3)
            try writing.add(4, to: team)
        }
        isDone.wait()
        #expect(try store.count(team) == 4)
        #expect(try store.read { try $0.verifyJournal(team: team) == .intact(try $0.journalHead(team: team)) })
    }

    @Test(arguments: [true, false])
    func `a writer who waits too long is told that the roster is busy, and changes nothing`(isSameStore: Bool) throws {
        let patient = try folder.store(.readWrite, waitMilliseconds: 50)
        let holder = isSameStore ? patient : store
        try holder.write { writing in
            try writing.add(2, to: team)
            let error = #expect(throws: StoreError.self) { try patient.add(3, to: team) }
            guard case .busy = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
        #expect(try patient.count(team) == 2)
        try patient.add(3, to: team)
        #expect(try store.count(team) == 3)
    }

    @Test func `whoever writes batch after batch lets others in between`() throws {
        let batch = try folder.store(.readWrite)
        let writing = Batches()
        let (hasBegun, isDone) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        Thread.detachNewThread { [team] in
            while !writing.isOver.load(ordering: .relaxed) {
                let number = writing.written.add(1, ordering: .relaxed).newValue
                _ = try? batch.write { store in
                    try store.add(number + 1, to: team)
                    Thread.sleep(forTimeInterval: 0.03)
                }
                if number == 2 { hasBegun.signal() }
            }
            isDone.signal()
        }
        hasBegun.wait()
        let before = writing.written.load(ordering: .relaxed)
        try store.add(1_000_000, to: team)
        // Without the pause it is three hundred, and then an error.
        #expect(writing.written.load(ordering: .relaxed) - before < 100)
        writing.isOver.store(true, ordering: .relaxed)
        isDone.wait()
    }

    private final class Batches: Sendable {
        let written = Atomic(0)
        let isOver = Atomic(false)
    }

    @Test func `a service merges its log into the file beside its writes, and leaves the file alone behind`() throws {
        let service = try folder.store(.serving)
        let size = try folder.contents()["roster.sqlite"]?.bytes.count ?? 0
        try service.write { try $0.add(2, to: team, padding: 100_000) }
        let patience = ContinuousClock.now + .seconds(60)
        while try folder.contents()["roster.sqlite"]?.bytes.count ?? 0 <= size, ContinuousClock.now < patience {
            Thread.sleep(forTimeInterval: 0.05)
        }
        #expect(try folder.contents()["roster.sqlite"]?.bytes.count ?? 0 > size)
        try service.add(3, to: team)
        #expect(try service.count(team) == 3)
        store.close()
        service.close()
        #expect(try folder.contents().keys.sorted() == ["roster.sqlite"])
    }
}
