import JSON
import SCIM
import SCIMClient

/// Who is in a Group: added to and taken out of whatever is there, so that nobody else's change is lost, and looked at
/// afterwards, since services differ most in this.
extension RemoteRoster {
    func changeMembers(_ path: String, _ job: Job) async throws(ServiceFailure) -> Sent {
        let (adding, removing) = job.id == nil ? (job.newMembers, []) : (job.members.added, job.members.removed)
        // So many in one request as any service takes.
        for piece in pieces(adding, 1000) {
            let operations = RequestWriting.membership(adding: piece, removing: [])
            if let refusal = try await send(operations, path) { return refusal }
        }
        for piece in pieces(removing, 100) {
            let refusal = try await send(RequestWriting.membership(adding: [], removing: piece), path)
            // Whoever does not know this form may know the other one.
            if case .refused(let error)? = refusal, [400, 501].contains(error.status) { break }
            if let refusal { return refusal }
        }
        guard var there = try await group(path) else { return .missing }
        var staying = Set(there.memberIDs ?? []).intersection(removing)
        if !staying.isEmpty {
            // Some know no filter here, and want the members listed. Whoever takes that for all of them is made good.
            let kept = Set(there.memberIDs ?? []).subtracting(staying)
            let listed = RequestWriting.listedRemoval(staying.sorted().map { remote($0) })
            if let refusal = try await send([listed], path) { return refusal }
            guard let after = try await group(path) else { return .missing }
            let lost = kept.subtracting(after.memberIDs ?? [])
            for piece in pieces(lost.sorted(), 1000) {
                if let refusal = try await send(RequestWriting.membership(adding: piece, removing: []), path) {
                    return refusal
                }
            }
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

    private func pieces(_ ids: [ResourceID], _ size: Int) -> [[ResourceID]] {
        stride(from: 0, to: ids.count, by: size).map { start in
            ids[start..<min(start + size, ids.count)].map { remote($0) }
        }
    }

    /// `nil` when it was taken. To send it twice makes no difference.
    private func send(_ operations: [JSONValue], _ path: String) async throws(ServiceFailure) -> Sent? {
        var tries = PatientClient.Tries(client)
        while true {
            switch try await client.attempt(.patch, path, body: RequestWriting.patch(operations)) {
            case .answered(let answer):
                if answer.isSuccess { return nil }
                return answer.isGone ? .missing : .refused(answer.refusal)
            case .unclear(let reason): try await tries.wait(reason)
            }
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
