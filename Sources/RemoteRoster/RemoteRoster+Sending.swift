import JSON
import SCIM
import SCIMClient

/// One change, sent until it is known what came of it.
extension RemoteRoster {
    /// `afterUnclear`: it was sent before, together with others, and may have been done.
    func send(_ job: Job, afterUnclear: Bool = false) async throws(ServiceFailure) -> Sent {
        guard let wanted = job.wanted else { return try await remove(job) }
        if job.id == nil { return try await create(job, wanted, afterUnclear: afterUnclear) }
        return try await update(job, wanted)
    }

    // MARK: Making

    private func create(
        _ job: Job, _ wanted: ComplexValue, afterUnclear: Bool
    ) async throws(ServiceFailure) -> Sent {
        let members = job.newMembers
        let body = RequestWriting.creation(
            job.type, wanted, members: job.type == .group ? members.map { remote($0) } : nil)
        var tries = PatientClient.Tries(client)
        var isUnclear = afterUnclear
        if afterUnclear, let there = try await lookUp(job.type, job.name),
            isOurs(there, wanted, job.type, afterUnclear: true)
        {
            return try await finished(there, job, wanted)
        }
        while true {
            switch try await client.attempt(.post, job.type.endpoint, body: body) {
            case .answered(let answer) where answer.isSuccess:
                if let made = resource(answer, job.type) { return try await finished(made, job, wanted) }
                if let made = try await lookUp(job.type, job.name) { return try await finished(made, job, wanted) }
                return .refused(
                    SCIMError(
                        status: answer.status, detail: "The service answered as if it had made it, and it is not there."
                    ))
            case .answered(let answer):
                // Delivered twice, or by a try whose answer was lost: then it is there as it was sent.
                if answer.status == 409, let there = try await lookUp(job.type, job.name),
                    isOurs(there, wanted, job.type, afterUnclear: isUnclear)
                {
                    return try await finished(there, job, wanted)
                }
                return try await createPlainly(job, wanted, answer.refusal)
            case .unclear(let reason):
                isUnclear = true
                try await tries.wait(reason)
                // Never sent again without a look whether it is there (scim-clients.md §7).
                if let there = try await lookUp(job.type, job.name),
                    isOurs(there, wanted, job.type, afterUnclear: true)
                {
                    return try await finished(there, job, wanted)
                }
            }
        }
    }

    /// A service may refuse somebody for one attribute that it does not have. Then they are made with what every service
    /// has, and the rest follows one by one, which tells the attribute.
    private func createPlainly(
        _ job: Job, _ wanted: ComplexValue, _ error: SCIMError
    ) async throws(ServiceFailure) -> Sent {
        let plain = ComplexValue(wanted.members.filter { Self.plainAttributes.contains($0.name) })
        guard isByName(error) || (error.status == 400 && error.type == .invalidSyntax), job.type == .user, !job.isPlain,
            !putsOnly(.user), plain != wanted
        else { return .refused(error) }
        var plainly = job
        plainly.isPlain = true
        guard case .done(let made?, let shortcomings) = try await create(plainly, plain, afterUnclear: false) else {
            return .refused(error)
        }
        plainly.steppedFrom = plain
        let rest = RequestWriting.operations(from: plain, to: wanted)
        let path = RemoteID.path(made.localID(.user), .user)
        guard case .done(let there, let others) = try await oneByOne(rest, plainly, wanted, path, error) else {
            // They are there; what they lack is in the next plan.
            return .done(made, shortcomings)
        }
        return .done(there ?? made, shortcomings + others)
    }

    private static let plainAttributes: Set<String> = ["userName", "externalId", "active", "name", "emails"]

    /// Some services make a Group without the members that came with it.
    private func finished(
        _ made: ForeignResource, _ job: Job, _ wanted: ComplexValue
    ) async throws(ServiceFailure) -> Sent {
        let sent = try await verified(made, job, wanted)
        guard job.type == .group, case .done(let there?, let shortcomings) = sent else { return sent }
        let present = Set(there.memberIDs ?? [])
        guard !job.newMembers.allSatisfy(present.contains) else { return sent }
        let path = RemoteID.path(there.localID(.group), .group)
        guard case .done(let filled, let others) = try await changeMembers(path, job) else { return sent }
        return .done(filled ?? there, shortcomings + others)
    }

    /// Whether what is there under the name is what we made, and not somebody whom others made meanwhile.
    func isOurs(
        _ there: ForeignResource, _ wanted: ComplexValue, _ type: ResourceType, afterUnclear: Bool
    ) -> Bool {
        let (own, other) = (wanted["externalId"]?.string, there.attributes["externalId"]?.string)
        if let own, let other { return own == other }
        return afterUnclear || Expectation(type, from: ComplexValue(), to: wanted).isMet(by: there.attributes)
    }

    // MARK: Changing

    private func update(_ job: Job, _ wanted: ComplexValue) async throws(ServiceFailure) -> Sent {
        guard let id = job.id else { return .missing }
        let path = RemoteID.path(id, job.type)
        guard !job.before.saysTheSame(as: wanted) else { return try await changeMembers(path, job) }
        let sent = try await changeAttributes(id, path, job, wanted)
        guard case .done(_, let shortcomings) = sent, !job.members.isEmpty else { return sent }
        guard case .done(let there, let others) = try await changeMembers(path, job) else { return sent }
        return .done(there, shortcomings + others)
    }

    private func changeAttributes(
        _ id: ResourceID, _ path: String, _ job: Job, _ wanted: ComplexValue
    ) async throws(ServiceFailure) -> Sent {
        let puts = putsOnly(job.type)
        var current: JSONValue?
        // Without an ETag nothing but a look tells whether somebody else was here.
        if puts || etag(id) == nil {
            let answer = try await client.read(path)
            if answer.isGone { return .missing }
            guard let there = resource(answer, job.type) else { return .refused(answer.refusal) }
            if !there.attributes.saysTheSame(as: job.before) { return .changedOnline(there) }
            current = answer.json
            note(there, job.type)
        }
        if puts, let current { return try await put(job, wanted, current, path) }
        let operations = RequestWriting.operations(from: job.before, to: wanted)
        let sent = try await change(
            .patch, path, RequestWriting.patch(operations), job, wanted, ifMatch: etag(id))
        guard case .refused(let error) = sent else { return sent }
        if [405, 501].contains(error.status) { return try await putInstead(job, wanted, path) }
        return isByName(error) ? try await oneByOne(operations, job, wanted, path, error) : sent
    }

    func putsOnly(_ type: ResourceType) -> Bool {
        state.withLock { $0.features.patch == false || $0.patchIsMissing.contains(type) }
    }

    private func putInstead(_ job: Job, _ wanted: ComplexValue, _ path: String) async throws(ServiceFailure) -> Sent {
        state.withLock { _ = $0.patchIsMissing.insert(job.type) }
        let answer = try await client.read(path)
        guard let current = answer.json, answer.isSuccess else {
            return answer.isGone ? .missing : .refused(answer.refusal)
        }
        return try await put(job, wanted, current, path)
    }

    private func put(
        _ job: Job, _ wanted: ComplexValue, _ current: JSONValue, _ path: String
    ) async throws(ServiceFailure) -> Sent {
        // A Group's members stay as they are in it; they are changed by themselves.
        let body = RequestWriting.replacement(of: current, job.type, from: job.before, to: wanted)
        return try await change(.put, path, body, job, wanted, ifMatch: job.id.flatMap(etag))
    }

    /// Sends it until it is known whether it was done. It may be done twice: that makes no difference.
    private func change(
        _ method: SCIMClient.Method, _ path: String, _ body: JSONValue, _ job: Job, _ wanted: ComplexValue,
        ifMatch: String?
    ) async throws(ServiceFailure) -> Sent {
        let expected = Expectation(job.type, from: job.before, to: wanted)
        var tries = PatientClient.Tries(client)
        while true {
            switch try await client.attempt(method, path, body: body, ifMatch: ifMatch) {
            case .answered(let answer) where answer.isSuccess:
                if let there = resource(answer, job.type) { return try await verified(there, job, wanted) }
                if let id = job.id { forgetETag(id) }
                // 204: what the service made of it is looked at.
                return try await readBack(path, job, wanted)
            case .answered(let answer):
                if answer.isGone { return .missing }
                guard answer.status == 412 else { return .refused(answer.refusal) }
                let there = try await client.read(path)
                guard let resource = resource(there, job.type) else { return .missing }
                return expected.isMet(by: resource.attributes)
                    ? try await verified(resource, job, wanted) : .changedOnline(resource)
            case .unclear(let reason):
                try await tries.wait(reason)
                let there = try await client.read(path)
                if there.isGone { return .missing }
                guard let resource = resource(there, job.type) else { continue }
                if expected.isMet(by: resource.attributes) || expected.isBegun(by: resource.attributes) {
                    return try await verified(resource, job, wanted)
                } else if !resource.attributes.saysTheSame(as: job.before) {
                    return .changedOnline(resource)
                }
            }
        }
    }

    func readBack(_ path: String, _ job: Job, _ wanted: ComplexValue) async throws(ServiceFailure) -> Sent {
        let answer = try await client.read(path)
        guard let there = resource(answer, job.type) else { return .done(nil, []) }
        return told(there, job, wanted)
    }

    // MARK: What it did not take

    /// The resource as an answer to a write shows it. Where that lacks something which was sent, it is looked at once more:
    /// some answers are not whole.
    private func verified(
        _ there: ForeignResource, _ job: Job, _ wanted: ComplexValue
    ) async throws(ServiceFailure) -> Sent {
        let expected = Expectation(job.type, from: job.before, to: wanted)
        let missing = expected.shortcomings(there.attributes).filter { $0.kind == .notKept }
        let known = state.withLock { $0.shortcomings }
        let isActiveLost = wanted["active"] == .boolean(false) && there.attributes["active"] != .boolean(false)
        guard missing.contains(where: { !known.contains($0) }) || isActiveLost else { return told(there, job, wanted) }
        let id = there.localID(job.type)
        return try await readBack(RemoteID.path(id, job.type), job, wanted).named(id, job.type, wanted)
    }

    private func told(_ there: ForeignResource, _ job: Job, _ wanted: ComplexValue) -> Sent {
        note(there, job.type)
        if wanted["active"] == .boolean(false), there.attributes["active"] != .boolean(false), job.type == .user {
            return .refused(
                SCIMError(
                    status: 200,
                    detail: "The service answered as if it had deactivated them, and they are still active."))
        }
        if isStillNamed(there, job, wanted) {
            return .refused(
                SCIMError(
                    status: 200, detail: "The service answered as if it had changed the name, and it is as before.")
            )
        }
        return .done(there, Expectation(job.type, from: job.before, to: wanted).shortcomings(there.attributes))
    }

    /// A service that has names in a form of its own changes them all the same.
    private func isStillNamed(_ there: ForeignResource, _ job: Job, _ wanted: ComplexValue) -> Bool {
        func key(_ attributes: ComplexValue) -> String? {
            attributes[job.type.nameAttribute]?.string.flatMap(job.type.nameKey)
        }
        let (old, new) = (key(job.before), key(wanted))
        return job.id != nil && old != nil && old != new && key(there.attributes) == old
    }

    /// Refused for an attribute and not for its value (RFC 7644 table 9).
    private func isByName(_ error: SCIMError) -> Bool {
        error.status == 400 && [.invalidPath, .mutability, .noTarget].contains(error.type)
    }

    /// Which attribute it was is found out once: each is sent by itself.
    private func oneByOne(
        _ operations: [JSONValue], _ job: Job, _ wanted: ComplexValue, _ path: String, _ error: SCIMError
    ) async throws(ServiceFailure) -> Sent {
        var refused: [Shortcoming] = []
        var taken: Sent?
        for operation in operations {
            let name = operation["path"]?.string ?? ""
            let sent = try await change(.patch, path, RequestWriting.patch([operation]), job, wanted, ifMatch: nil)
            switch sent {
            case .refused(let error) where isByName(error):
                let short = (try? AttributePath.parse(name, for: job.type))?.shortName ?? name
                guard !["userName", "active"].contains(short) else { return sent }
                refused.append(Shortcoming(.refused, job.type, short))
            case .done: taken = sent
            default: return sent
            }
        }
        guard case .done(let there, let others)? = taken else {
            // Nothing else was in it: it is in step as far as it can be.
            return refused.isEmpty ? .refused(error) : .done(nil, refused)
        }
        return .done(there, others.filter { other in !refused.contains { $0.path == other.path } } + refused)
    }

    // MARK: Removing

    private func remove(_ job: Job) async throws(ServiceFailure) -> Sent {
        guard let id = job.id else { return .gone }
        let path = RemoteID.path(id, job.type)
        var tries = PatientClient.Tries(client)
        while true {
            switch try await client.attempt(.delete, path, ifMatch: etag(id)) {
            case .answered(let answer):
                if answer.isSuccess || answer.isGone { return .gone }
                return .refused(answer.refusal)
            case .unclear(let reason): try await tries.wait(reason)
            }
        }
    }

    func remote(_ id: ResourceID) -> ResourceID { ResourceID(rawValue: RemoteID.remote(id, .user)) }

    /// What an answer shows; `nil` unless it is a resource.
    func resource(_ answer: Answer, _ type: ResourceType) -> ForeignResource? {
        guard answer.isSuccess, let json = answer.json, !answer.isSCIMError else { return nil }
        var resource = ForeignResource(json, type)
        // A header says it more surely than a body.
        if let etag = answer.headers["etag"] { resource?.etag = etag }
        return resource
    }
}

extension Answer {
    var isGone: Bool { status == 404 || status == 410 }

    /// In the service's own words where it has any.
    var refusal: SCIMError {
        let kind = json?["scimType"]?.string.flatMap(SCIMError.Kind.init(rawValue:))
        return SCIMError(
            status: status, type: kind,
            detail: detail.map { "The service says: \($0)" } ?? "The service answered \(status).")
    }
}
