import Dispatch
import Foundation
import SCIM
import SQLiteStorage
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
}
