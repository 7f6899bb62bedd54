import Foundation
import JSON
import SCIM
import SCIMClient

/// Several changes in one request, where the service takes that (RFC 7644 §3.7).
extension RemoteRoster {
    /// Those that go together: who is made, and who is changed under an ETag, since nothing is looked at before. The rest
    /// goes by itself.
    func parcels(_ jobs: [Job]) -> [[Job]] {
        let (features, isMissing) = state.withLock { ($0.features, $0.bulkIsMissing) }
        guard features.bulk == true, !isMissing, features.patch != false, jobs.count > 1 else {
            return jobs.map { [$0] }
        }
        let most = min(max(features.bulkOperations ?? Self.operationsAtOnce, 1), Self.operationsAtOnce)
        let bytes = max(features.bulkBytes ?? Self.bytesAtOnce, 1024) * 9 / 10
        var parcels: [[Job]] = []
        var parcel: [Job] = []
        var size = 0
        for job in jobs {
            guard job.type == .user, job.wanted != nil, job.id.map({ etag($0) != nil }) ?? true else {
                parcels.append([job])
                continue
            }
            let weight = self.operation(job).weight
            if parcel.count == most || size + weight > bytes, !parcel.isEmpty {
                parcels.append(parcel)
                (parcel, size) = ([], 0)
            }
            parcel.append(job)
            size += weight
        }
        return parcel.isEmpty ? parcels : parcels + [parcel]
    }

    /// More gain nothing: a service does them one after the other, and others wait.
    private static let operationsAtOnce = 100
    private static let bytesAtOnce = 1 << 20

    /// What came of each, in their order.
    func send(_ parcel: [Job]) async -> [(Job, Result<Sent, ServiceFailure>)] {
        if parcel.count == 1 { return [await alone(parcel[0], afterUnclear: false)] }
        let body = JSONValue.members([
            "schemas": .array([.string("urn:ietf:params:scim:api:messages:2.0:BulkRequest")]),
            "Operations": .array(parcel.map(operation)),
        ])
        var isUnclear = false
        var answers: [Int: JSONValue] = [:]
        do {
            switch try await client.attempt(.post, "Bulk", body: body) {
            case .answered(let answer) where answer.isSuccess: answers = byPlace(answer.json, parcel)
            case .answered(let answer):
                // Too much at once is no reason never to do it again; that it is not there is.
                if answer.status != 413 { state.withLock { $0.bulkIsMissing = true } }
            case .unclear: isUnclear = true
            }
        } catch {
            return parcel.map { ($0, .failure(error)) }
        }
        let hadAnswer = !answers.isEmpty
        var results: [(Job, Result<Sent, ServiceFailure>)] = []
        for (place, job) in parcel.enumerated() {
            if let answer = answers[place], (200..<300).contains(status(answer)), let id = id(answer, job) {
                results.append((job, await taken(job, id, answer)))
            } else {
                // Refused, or perhaps not done: by itself it is found out which, and why.
                results.append(await alone(job, afterUnclear: isUnclear || hadAnswer))
            }
        }
        return results
    }

    private func alone(_ job: Job, afterUnclear: Bool) async -> (Job, Result<Sent, ServiceFailure>) {
        do throws(ServiceFailure) {
            return (job, .success(try await send(job, afterUnclear: afterUnclear)))
        } catch {
            return (job, .failure(error))
        }
    }

    private func operation(_ job: Job) -> JSONValue {
        let wanted = job.wanted ?? ComplexValue()
        let name = JSONValue.string("\(job.index)")
        guard let id = job.id else {
            return .members([
                "method": .string("POST"), "path": .string("/\(job.type.endpoint)"), "bulkId": name,
                "data": RequestWriting.creation(job.type, wanted, members: nil),
            ])
        }
        return .members([
            "method": .string("PATCH"), "path": .string("/" + RemoteID.path(id, job.type)), "bulkId": name,
            "version": .string(etag(id) ?? ""),
            "data": RequestWriting.patch(RequestWriting.operations(from: job.before, to: wanted)),
        ])
    }

    // MARK: The answer

    /// By the bulkId, which some leave out of what is no creation; then by their order.
    private func byPlace(_ json: JSONValue?, _ parcel: [Job]) -> [Int: JSONValue] {
        let operations = json?["Operations"]?.array ?? []
        let places = Dictionary(uniqueKeysWithValues: parcel.enumerated().map { ("\($1.index)", $0) })
        var answers: [Int: JSONValue] = [:]
        for (order, operation) in operations.enumerated() {
            if let place = operation["bulkId"]?.identifier.flatMap({ places[$0] }) {
                answers[place] = operation
            } else if operations.count == parcel.count {
                answers[order] = operation
            }
        }
        return answers
    }

    private func status(_ answer: JSONValue) -> Int {
        answer["status"]?.lenientInteger ?? answer["status"]?["code"]?.lenientInteger ?? 0
    }

    private func id(_ answer: JSONValue, _ job: Job) -> ResourceID? {
        if let id = job.id { return id }
        let location = answer["location"]?.string ?? answer["response"]?["meta"]?["location"]?.string
        let id = answer["response"]?["id"]?.identifier ?? location?.split(separator: "/").last.map(String.init)
        return id?.removingPercentEncoding.map { RemoteID.local($0, job.type) }
    }

    /// The answer to a Bulk seldom shows the resource. Until the service has proved to keep things as they are sent, each is
    /// looked at; afterwards its word is taken.
    private func taken(_ job: Job, _ id: ResourceID, _ answer: JSONValue) async -> Result<Sent, ServiceFailure> {
        let shortcomings = state.withLock { $0.shortcomings }
        let wanted = (job.wanted ?? job.before).leavingOut(shortcomings, of: job.type, from: job.before)
        do throws(ServiceFailure) {
            guard isTrusted(job, wanted) else {
                let path = RemoteID.path(id, job.type)
                let sent = try await readBack(path, job, wanted)
                if case .done(let there?, _) = sent { learn(job, wanted, there) }
                return .success(sent.named(id, job.type, wanted))
            }
        } catch {
            return .failure(error)
        }
        var there = ForeignResource(id: RemoteID.remote(id, job.type), attributes: wanted)
        there.etag = answer["version"]?.string
        note(there, job.type)
        return .success(.done(there, []))
    }

    private func isTrusted(_ job: Job, _ wanted: ComplexValue) -> Bool {
        let paths = Expectation(job.type, from: job.before, to: wanted).changed
        return state.withLock { state in
            !state.addsItsOwn && paths.allSatisfy { state.proved[$0, default: 0] >= 3 }
        }
    }

    private func learn(_ job: Job, _ wanted: ComplexValue, _ there: ForeignResource) {
        let paths = Expectation(job.type, from: job.before, to: wanted).changed
        let isExact = there.attributes.saysTheSame(as: wanted)
        state.withLock { state in
            if isExact { for path in paths { state.proved[path, default: 0] += 1 } } else { state.addsItsOwn = true }
        }
    }
}

extension JSONValue {
    /// About how many bytes it is.
    fileprivate var weight: Int {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes.count + 1
    }
}
