import JSON
import SCIM
import SCIMClient

/// Who is in a Group: added to and taken out of whatever is there, so that nobody else's change is lost, and looked at
/// afterwards, since services differ most in this.
extension RemoteRoster {
    func changeMembers(_ path: String, _ job: Job) async throws(ServiceFailure) -> Sent {
        let (adding, removing) = job.id == nil ? (job.newMembers, []) : (job.members.added, job.members.removed)
        // That a Group's attributes are not taken by PATCH says nothing of its members.
        let hasNoPatch = state.withLock { $0.features.patch == false }
        if hasNoPatch { return try await putMembers(path, adding: adding, removing: removing) }
        if let refusal = try await add(adding, path) {
            guard case .refused(let error) = refusal, [405, 501].contains(error.status) else { return refusal }
            return try await putMembers(path, adding: adding, removing: removing)
        }
        if let refusal = try await remove(removing, path) {
            // Whoever does not know this form may know the other one.
            guard case .refused(let error) = refusal, [400, 501].contains(error.status) else { return refusal }
        }
        guard var there = try await group(path) else { return .missing }
        var staying = Set(there.memberIDs ?? []).intersection(removing)
        if !staying.isEmpty {
            // Some know no filter here, and want the members listed. Whoever takes that for all of them is made good.
            let kept = Set(there.memberIDs ?? []).subtracting(staying)
            let listed = RequestWriting.listedRemoval(staying.sorted().map { remote($0) })
            if case .answered(let refusal)? = try await send([listed], path) { return refusal }
            guard let after = try await group(path) else { return .missing }
            let lost = kept.subtracting(after.memberIDs ?? [])
            if let refusal = try await add(lost.sorted(), path) { return refusal }
            there = after
            staying.formIntersection(after.memberIDs ?? [])
        }
        guard staying.isEmpty else {
            return .refused(
                SCIMError(
                    status: 200,
                    detail:
                        "The service answered as if it had taken members out of the group, and they are still in it."))
        }
        let isForgetful = !adding.isEmpty && (there.memberIDs ?? []).isEmpty
        return .done(there, isForgetful ? [Shortcoming(.notKept, .group, "members")] : [])
    }

    /// Without PATCH: the whole Group with other members. What it says is looked at before each try, so that nothing is
    /// sent again that was done.
    private func putMembers(
        _ path: String, adding: [ResourceID], removing: [ResourceID]
    ) async throws(ServiceFailure) -> Sent {
        var tries = PatientClient.Tries(client)
        while true {
            let answer = try await client.read(path)
            if answer.isGone { return .missing }
            guard let there = resource(answer, .group), let current = answer.json else {
                return .refused(answer.refusal)
            }
            note(there, .group)
            var change = MembershipChange()
            change.add(adding)
            change.remove(removing)
            let present = there.memberIDs ?? []
            let wanted = change.applied(to: present)
            if Set(wanted) == Set(present) { return .done(there, []) }
            let body = RequestWriting.replacement(of: current, members: wanted.map { remote($0) })
            switch try await client.attempt(.put, path, body: body, ifMatch: etag(there.localID(.group))) {
            case .answered(let answer) where answer.isSuccess:
                guard let after = try await group(path) else { return .missing }
                let isForgetful = !adding.isEmpty && (after.memberIDs ?? []).isEmpty
                return .done(after, isForgetful ? [Shortcoming(.notKept, .group, "members")] : [])
            case .answered(let answer):
                // 412: somebody else was quicker; memberships are added to what they made.
                guard answer.status == 412 else { return answer.isGone ? .missing : .refused(answer.refusal) }
                try await tries.wait("has other versions than it says")
            case .unclear(let reason): try await tries.wait(reason)
            }
        }
    }

    /// `nil` when they were taken; so many in one request as any service takes.
    private func add(_ ids: [ResourceID], _ path: String) async throws(ServiceFailure) -> Sent? {
        try await change(ids, 1000, path, isLeft: { !$1.contains($0) }) {
            RequestWriting.membership(adding: $0, removing: [])
        }
    }

    private func remove(_ ids: [ResourceID], _ path: String) async throws(ServiceFailure) -> Sent? {
        try await change(ids, 100, path, isLeft: { $1.contains($0) }) {
            RequestWriting.membership(adding: [], removing: $0)
        }
    }

    /// After an answer that leaves it open, what is still left to do is looked at: nothing that was done is asked again.
    private func change(
        _ ids: [ResourceID], _ size: Int, _ path: String, isLeft: (ResourceID, Set<ResourceID>) -> Bool,
        _ operations: ([ResourceID]) -> [JSONValue]
    ) async throws(ServiceFailure) -> Sent? {
        var left = ids[...]
        var tries = PatientClient.Tries(client)
        while !left.isEmpty {
            let piece = left.prefix(size)
            switch try await send(operations(piece.map { remote($0) }), path) {
            case nil: left = left.dropFirst(size)
            case .answered(let refusal): return refusal
            case .unclear(let reason):
                try await tries.wait(reason)
                guard let there = try await group(path) else { return .missing }
                let members = Set(there.memberIDs ?? [])
                left = left.filter { isLeft($0, members) }[...]
            }
        }
        return nil
    }

    private enum Refusal {
        case answered(Sent)
        case unclear(String)
    }

    /// `nil` when it was taken.
    private func send(_ operations: [JSONValue], _ path: String) async throws(ServiceFailure) -> Refusal? {
        switch try await client.attempt(.patch, path, body: RequestWriting.patch(operations)) {
        case .answered(let answer):
            if answer.isSuccess { return nil }
            return .answered(answer.isGone ? .missing : .refused(answer.refusal))
        case .unclear(let reason): return .unclear(reason)
        }
    }

    /// `nil` when it is gone.
    private func group(_ path: String) async throws(ServiceFailure) -> ForeignResource? {
        let answer = try await client.read(path)
        guard let there = resource(answer, .group) else { return nil }
        note(there, .group)
        return there
    }
}
