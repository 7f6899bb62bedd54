import Foundation
import JSON
import SCIM

/// A user that is made, found, changed, deactivated and removed, to see that the service really does so.
///
/// Whatever happens, it is removed: a request that was sent is waited for, one whose answer was lost is followed up, and a
/// cancelled task goes straight to the removal. When it cannot be removed, that is said, with what to remove by hand.
struct TestUser {
    let client: SCIMClient
    /// PATCH, or PUT of the whole (RFC 7644 §3.5).
    let patches: Bool
    /// Who it is, for whoever finds it. The domain receives no mail (RFC 2606 §2).
    let userName = "popl-sync-check-\(UUID().uuidString.prefix(13).lowercased())@example.invalid"

    static let steps = ["create", "find", "change", "deactivate", "remove"]

    /// - Parameter isStopped: asked between two requests.
    func run(_ tell: (CheckFinding) -> Void, isStopped: () -> Bool) async {
        guard let id = await create(tell) else { return }
        for step in [find, change, deactivate] where !isStopped() { tell(await step(id)) }
        tell(await remove(id))
    }

    /// Its id, when it is there, whether or not that is as it should be.
    private func create(_ tell: (CheckFinding) -> Void) async -> String? {
        let result = await send(.post, "Users", body: resource(active: true, displayName: "popl-sync check"))
        switch result {
        case .success(let answer) where answer.isSuccess:
            let id = answer.json?["id"]?.identifier
            if let id, answer.status == 201 {
                tell(.passed("create", userName))
                return id
            }
            tell(
                .warning(
                    "create", "created-otherwise",
                    "\(userName) is answered \(answer.status)\(id == nil ? " and has no id in the answer" : "").",
                    mend: "Okta and Entra need 201 with the whole resource (RFC 7644 §3.3)."))
            if let id { return id }
        case .success(let answer):
            tell(failed("create", "not-created", "A user cannot be created", answer))
            return nil
        case .failure(let error):
            tell(
                .failed(
                    "create", "not-created", .unfit, "A user cannot be created: the service \(error.reason).",
                    mend: "Look at the service's own log. Whether it is there after all is looked up below."))
        }
        return await lookUpAfterLoss(tell)
    }

    /// A request may arrive after its answer was given up: looked for three times.
    private func lookUpAfterLoss(_ tell: (CheckFinding) -> Void) async -> String? {
        var isAnswered = false
        for attempt in 0..<3 {
            if attempt > 0 { try? await Task.sleep(for: .seconds(1)) }
            guard case .success(let answer) = await send(.get, filter), answer.isSuccess else { continue }
            isAnswered = true
            if let id = found(answer)?["id"]?.identifier { return id }
        }
        if !isAnswered { tell(left(id: nil)) }
        return nil
    }

    private func find(_ id: String) async -> CheckFinding {
        switch await send(.get, filter) {
        case .failure(let error): failed("find", "not-found", error)
        case .success(let answer) where !answer.isSuccess:
            failed("find", "not-found", "The user cannot be looked up by userName", answer)
        case .success(let answer):
            found(answer)?["id"]?.identifier == id
                ? .passed("find", "by userName, as it was made")
                : .failed(
                    "find", "not-found", .unfit, "The user was created, and a filter by userName does not find it.",
                    mend: "Identity providers would create people twice: userName eq has to find who was just made.")
        }
    }

    private func change(_ id: String) async -> CheckFinding {
        let name = "popl-sync check, changed"
        if let refusal = await update(id, "change", path: "displayName", value: .string(name)) { return refusal }
        return switch await send(.get, "Users/\(percentEncoded(id))") {
        case .failure(let error): failed("change", "not-read-back", error)
        case .success(let answer) where answer.json?["displayName"]?.string == name:
            .passed("change", "by \(patches ? "PATCH" : "PUT"), and it is kept")
        case .success(let answer) where answer.isSuccess:
            .warning(
                "change", "change-not-kept", "A changed displayName is taken and not kept.",
                mend: "The service may not keep displayName at all. What it does not keep is not kept in sync.")
        case .success(let answer): failed("change", "not-read-back", "The user cannot be read back", answer)
        }
    }

    private func deactivate(_ id: String) async -> CheckFinding {
        if let refusal = await update(id, "deactivate", path: "active", value: .boolean(false)) { return refusal }
        return switch await send(.get, "Users/\(percentEncoded(id))") {
        case .failure(let error): failed("deactivate", "not-read-back", error)
        case .success(let answer) where answer.json?["active"]?.lenientBoolean == false:
            .passed("deactivate", "and it is inactive")
        case .success(let answer) where answer.isSuccess:
            .failed(
                "deactivate", "still-active", .unfit,
                "Deactivating is answered as done, and the user is still active: leavers would keep their access.",
                mend: "The service has to heed active (RFC 7643 §4.1.1). Do not sync leavers to it before it does.")
        case .success(let answer): failed("deactivate", "not-read-back", "The user cannot be read back", answer)
        }
    }

    private func remove(_ id: String) async -> CheckFinding {
        guard case .success(let answer) = await send(.delete, "Users/\(percentEncoded(id))"),
            answer.isSuccess || answer.status == 404
        else { return left(id: id) }
        guard case .success(let after) = await send(.get, "Users/\(percentEncoded(id))"), after.isSuccess else {
            return .passed("remove", "it is gone")
        }
        return left(id: id)
    }

    private func left(id: String?) -> CheckFinding {
        .failed(
            "remove", "test-user-left", .unfit,
            id == nil
                ? "Whether the test user \(userName) is there could not be found out."
                : "The test user \(userName) could not be removed.",
            mend: "Remove it by hand: " + (id.map { client.service.text + "Users/\(percentEncoded($0))" } ?? userName))
    }
}

/// Requests of the test user.
extension TestUser {
    /// Not ended by whoever ends the check: what was sent is waited for, as long as a request may take.
    private func send(_ method: SCIMClient.Method, _ path: String, body: JSONValue? = nil) async -> Result<
        Answer, ClientError
    > {
        let client = client
        return await Task { () async -> Result<Answer, ClientError> in
            do throws(ClientError) { return .success(try await client.send(method, path, body: body)) } catch {
                return .failure(error)
            }
        }.value
    }

    /// `nil` when it was taken.
    private func update(_ id: String, _ step: String, path: String, value: JSONValue) async -> CheckFinding? {
        let path = JSONMember(name: path, value: value)
        let result: Result<Answer, ClientError>
        if patches {
            let operation = JSONValue.members([
                "op": .string("replace"), "path": .string(path.name), "value": path.value,
            ])
            result = await send(.patch, "Users/\(percentEncoded(id))", body: RequestWriting.patch([operation]))
        } else {
            let isActive = path.name == "active" ? path.value.boolean ?? true : true
            result = await send(
                .put, "Users/\(percentEncoded(id))",
                body: resource(active: isActive, displayName: "popl-sync check, changed"))
        }
        let method = patches ? "PATCH" : "PUT"
        return switch result {
        case .failure(let error): failed(step, "not-changed", error)
        case .success(let answer) where answer.isSuccess: nil
        case .success(let answer): failed(step, "not-changed", "\(method) of \(path.name) is not taken", answer)
        }
    }

    private func failed(_ step: String, _ code: String, _ words: String, _ answer: Answer) -> CheckFinding {
        let said = answer.detail.map { " It says: \($0)" } ?? ""
        return .failed(
            step, code, .unfit, "\(words): it is answered \(answer.status).\(said)",
            mend: "Does the token allow it, and does the service want more of a user than a name and an address?")
    }

    private func failed(_ step: String, _ code: String, _ error: ClientError) -> CheckFinding {
        .failed(step, code, .unfit, "The service \(error.reason).", mend: "Look at the service's own log.")
    }

    private var filter: String { "Users?filter=userName+eq+%22\(percentEncoded(userName))%22" }

    /// The one of exactly that name: a service may answer a filter with everybody.
    private func found(_ answer: Answer) -> JSONValue? {
        ListAnswer(answer.json)?.resources.first { $0["userName"]?.string == userName }
    }

    private func resource(active: Bool, displayName: String) -> JSONValue {
        .members([
            "schemas": .array([.string("urn:ietf:params:scim:schemas:core:2.0:User")]),
            "userName": .string(userName),
            "name": .members(["givenName": .string("popl-sync"), "familyName": .string("check")]),
            "displayName": .string(displayName),
            "emails": .array([
                .members(["value": .string(userName), "type": .string("work"), "primary": .boolean(true)])
            ]),
            "active": .boolean(active),
        ])
    }
}
