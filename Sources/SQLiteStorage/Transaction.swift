import SCIM

/// What a ``SQLiteStore/write(_:)`` hands out: one transaction, and what it still has in memory.
///
/// A call that throws ``StoreError/constraint(detail:)`` has changed nothing, and the transaction may go on. One that
/// throws anything else may be half done: then ``finish()`` refuses, and everything is rolled back.
final class Transaction: ConnectionReading, StoreWriting {
    let connection: Connection
    private var tallies: [TallyKey: Tally] = [:]
    private var managedActive: [SourceID: Int] = [:]
    /// Resources whose name was released and not set again.
    private var unnamed: Set<RowID> = []
    private var halfDone: StoreError?
    /// Questions that a bulk load would ask again for each row.
    var knownSources: (team: TeamID, sources: [SourceID])?
    var knownRun: (run: RunID, team: TeamID, row: Int64)?

    var stretch: Stretch?
    /// The journal's chain, as far as it has grown.
    var growing: GrowingChain?
    var chain = JournalChain()
    var digest: [UInt8] = []
    /// People deactivated whose journal entry is still to come.
    var deactivated: Set<ResourceID> = []
    var deactivations: [DeactivationMoment: Int] = [:]

    private struct TallyKey: Hashable {
        var team: TeamID
        var type: ResourceType
    }

    init(_ connection: Connection) { self.connection = connection }

    /// Writes down what is still in memory, and checks what must hold at the end of a transaction.
    func finish() throws(StoreError) {
        if let halfDone { throw halfDone }
        guard unnamed.isEmpty else {
            throw StoreError.constraint(detail: "\(unnamed.count) resources were left without a name.")
        }
        try settle()
    }

    /// Runs what follows a call's first write.
    func afterFirstWrite<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        do { return try body() } catch {
            halfDone = halfDone ?? error
            throw error
        }
    }

    func noteName(_ name: String?, of row: RowID) {
        if name == nil {
            unnamed.insert(row)
        } else if !unnamed.isEmpty {
            unnamed.remove(row)
        }
    }

    func forgetName(of row: RowID) { unnamed.remove(row) }

    /// Those that no longer exist.
    func forgetLostNames() throws(StoreError) {
        for row in unnamed {
            let statement = try connection.statement("SELECT 1 FROM resource WHERE row = ?1")
            defer { statement.release() }
            statement.bind(1, row.rawValue)
            if try !statement.step() { unnamed.remove(row) }
        }
    }

    // MARK: Counts

    func count(_ type: ResourceType, active: Bool, admin: Bool, by step: Int, team: TeamID) {
        tallies[TallyKey(team: team, type: type), default: Tally()].count(active: active, admin: admin, by: step)
    }

    func countManagedActive(by step: Int, source: SourceID) { managedActive[source, default: 0] += step }

    func settle() throws(StoreError) {
        guard !tallies.isEmpty || !managedActive.isEmpty || stretch != nil else { return }
        try afterFirstWrite { () throws(StoreError) in
            if let stretch { try save(stretch) }
            try saveChain()
            try saveDeactivations()
            for (key, tally) in tallies { try add(tally, team: key.team, type: key.type) }
            for (source, step) in managedActive where step != 0 { try add(step, to: source) }
        }
        stretch = nil
        tallies.removeAll(keepingCapacity: true)
        managedActive.removeAll(keepingCapacity: true)
    }

    private func add(_ tally: Tally, team: TeamID, type: ResourceType) throws(StoreError) {
        let update = try connection.statement(
            """
            UPDATE tally SET total = total + ?3, active = active + ?4, admins = admins + ?5
            WHERE team = ?1 AND type = ?2
            """)
        try write(tally, team: team, type: type, update)
        if connection.changedRows == 0 {
            let insert = try connection.statement(
                "INSERT INTO tally (team, type, total, active, admins) VALUES (?1, ?2, ?3, ?4, ?5)")
            try write(tally, team: team, type: type, insert)
        }
    }

    private func write(_ tally: Tally, team: TeamID, type: ResourceType, _ statement: Statement) throws(StoreError) {
        defer { statement.release() }
        statement.bind(1, team.rawValue)
        statement.bind(2, type.rawValue)
        statement.bind(3, tally.total)
        statement.bind(4, tally.active)
        statement.bind(5, tally.admins)
        try statement.run()
    }

    private func add(_ step: Int, to source: SourceID) throws(StoreError) {
        let statement = try connection.statement(
            "UPDATE source SET managed_active = managed_active + ?2 WHERE id = ?1")
        defer { statement.release() }
        statement.bind(1, source.rawValue)
        statement.bind(2, step)
        try statement.run()
    }
}
