import SCIM
import SCIMClient

/// What came of changes, written into the mirror with the journal: in one transaction with the end of their intents.
extension RemoteRoster {
    func settle(_ came: [(Job, Sent)], _ context: RequestContext) throws -> [(Int, BulkOutcome)] {
        if came.isEmpty { return [] }
        var news: [Shortcoming] = []
        let outcomes = try store.write { store in
            news = []
            return try came.map { job, sent in
                if case .open = sent {} else { try store.removeIntent(job.intent, team: team.id) }
                return (job.index, try settle(job, sent, store, context, &news))
            }
        }
        state.withLock { state in
            for shortcoming in news where !state.shortcomings.contains(shortcoming) {
                state.shortcomings.append(shortcoming)
                state.found.append(shortcoming)
            }
        }
        return outcomes
    }

    private func settle(
        _ job: Job, _ sent: Sent, _ store: any StoreWriting, _ context: RequestContext, _ news: inout [Shortcoming]
    ) throws -> BulkOutcome {
        switch sent {
        case .done(let resource, let shortcomings):
            for shortcoming in shortcomings { try store.add(shortcoming, team: team.id) }
            news += shortcomings
            return try mirror(job, resource, store, context)
        case .gone:
            guard let id = job.id else { return .deleted }
            return try service.apply([BulkOperation(.delete(job.type, id))], in: store, context: context)[0]
        case .refused(let error), .open(let error): return .failed(error)
        case .changedOnline(let resource):
            try take(resource, job.type, store)
            return .failed(.preconditionFailed("It was changed online since it was listed."))
        case .missing:
            if let id = job.id, let row = try store.row(job.type, id: id, team: team.id) {
                try store.delete(row, team: team.id)
            }
            return .failed(.notFound("This \(job.type.name)"))
        }
    }

    /// As the service has it where that is known, else as it was sent.
    private func mirror(
        _ job: Job, _ resource: ForeignResource?, _ store: any StoreWriting, _ context: RequestContext
    ) throws -> BulkOutcome {
        let attributes = resource?.attributes ?? job.wanted ?? job.before
        let link = job.isStep ? nil : job.judged.operation.link
        let operation: BulkOperation
        if let id = job.id {
            var members: [ResourceID]?
            if !job.members.isEmpty {
                // Who could not be added is not in it. Others' changes of it are seen at the next listing.
                let there = resource?.memberIDs.map(Set.init)
                let added = Set(job.members.added)
                members = try job.members.applied(to: self.members(of: id, store)).filter {
                    !added.contains($0) || there?.contains($0) ?? true
                }
            }
            operation = BulkOperation(.replace(job.type, id, attributes: attributes, members: members), link: link)
        } else {
            // One of our own would be sent as a member's.
            guard let id = resource?.localID(job.type) else {
                return .failed(
                    SCIMError(
                        status: 502,
                        detail: "The service does not say under which id it made it; the next run looks for it."))
            }
            // A service may have shown one that we know: an answer about somebody else than was asked.
            if try store.row(job.type, id: id, team: team.id) != nil {
                return .failed(.uniqueness("The service gave it the id of another resource."))
            }
            var creation = BulkOperation(
                .create(job.type, attributes: attributes, members: resource?.memberIDs ?? job.newMembers), link: link)
            creation.newID = id
            operation = creation
        }
        return try service.apply([operation], in: store, context: context)[0]
    }

    private func members(of id: ResourceID, _ store: any StoreReading) throws -> [ResourceID] {
        guard let row = try store.row(.group, id: id, team: team.id) else { return [] }
        return try store.members(of: row, team: team.id).compactMap { try store.id(.user, row: $0, team: team.id) }
    }

    /// Somebody else's change, seen on the way.
    private func take(_ resource: ForeignResource, _ type: ResourceType, _ store: any StoreWriting) throws {
        guard let keys = try? ResourceKeys(type, resource.attributes) else { return }
        let stored = try store.resource(type, id: resource.localID(type), team: team.id)
        if let name = keys.name, let holder = try store.row(type, name: name, team: team.id), holder != stored?.row {
            return
        }
        try MirrorPass.write(resource, type, over: stored, keys, store, team.id, service.now())
    }

    // MARK: After a killed run

    /// Looks into every change that was about to be sent when a run ended: those that the service made are written down as
    /// that run's.
    func settleIntents() async throws {
        let intents = try store.read { try $0.intents(team: team.id) }
        // Looked at together, written down in the order in which they were meant.
        var operations: [Int64: BulkOperation] = [:]
        try await withThrowingTaskGroup(of: (Int64, BulkOperation?).self) { tasks in
            var left = intents.makeIterator()
            func begin() {
                guard let intent = left.next() else { return }
                tasks.addTask { (intent.position, try await self.operation(madeGood: intent)) }
            }
            for _ in 0..<client.pace.most { begin() }
            while let (position, operation) = try await tasks.next() {
                operations[position] = operation
                begin()
            }
        }
        try store.write { [operations] store in
            for intent in intents {
                if let operation = operations[intent.position] {
                    _ = try service.apply([operation], in: store, context: context(intent.run, intent.actor))
                }
                try store.removeIntent(intent.position, team: team.id)
            }
        }
    }

    /// What the service made of it, as the mirror is to be told; `nil` when it made nothing.
    private func operation(madeGood intent: Intent) async throws -> BulkOperation? {
        let stored = try store.read { store in
            try intent.id.flatMap { try store.resource(intent.type, id: $0, team: team.id) }
        }
        guard let id = intent.id else {
            guard let wanted = intent.wanted, let there = try await lookUp(intent.type, intent.name),
                isOurs(there, wanted, intent.type, afterUnclear: true),
                try store.read({ try $0.row(intent.type, id: there.localID(intent.type), team: team.id) }) == nil
            else { return nil }
            var creation = BulkOperation(
                .create(intent.type, attributes: there.attributes, members: there.memberIDs ?? intent.added),
                link: intent.link)
            creation.newID = there.localID(intent.type)
            return creation
        }
        guard let stored else { return nil }
        let answer = try await client.read(RemoteID.path(id, intent.type))
        guard let wanted = intent.wanted else {
            return answer.isGone ? BulkOperation(.delete(intent.type, id)) : nil
        }
        guard let there = resource(answer, intent.type) else { return nil }
        let expected = Expectation(intent.type, from: stored.resource.attributes, to: wanted)
        let isMade = expected.isMet(by: there.attributes) || expected.isBegun(by: there.attributes)
        guard isMade, hasMembers(there, intent) else { return nil }
        return BulkOperation(
            .replace(
                intent.type, id, attributes: there.attributes, members: intent.type == .group ? there.memberIDs : nil),
            link: intent.link)
    }

    private func hasMembers(_ there: ForeignResource, _ intent: Intent) -> Bool {
        guard intent.type == .group, let members = there.memberIDs.map(Set.init) else { return true }
        return members.isSuperset(of: intent.added) && members.isDisjoint(with: intent.removed)
    }
}
