import Foundation

/// The questions by which identity providers test a connection, and what they need to hear.
enum IdentityProviderProbe {
    /// Okta's "Test Connector Configuration" (scim-clients.md §2.3): the first page of people.
    static func okta(_ answer: Answer) -> CheckFinding {
        func failed(_ code: String, _ message: String) -> CheckFinding {
            .failed(
                "okta", code, .unfit, message,
                mend: "Okta's connection test would fail: \(AuthorizationStep.firstPage) needs 200 and a ListResponse.")
        }
        guard answer.isSuccess else {
            return failed("page-refused", "The first page of people is answered \(answer.status).")
        }
        guard let list = ListAnswer(answer.json) else {
            return failed("page-is-no-list", "The first page of people is no ListResponse.")
        }
        var oddities = list.oddities
        if list.resources.count > 2 { oddities.append("has \(list.resources.count) people where 2 were asked for") }
        guard oddities.isEmpty else {
            return .warning(
                "okta", "page-is-odd", "The first page of people \(oddities.joined(separator: ", and ")).",
                mend: "popl-sync copes with it; Okta may not (RFC 7644 §3.4.2).")
        }
        let total = list.totalResults ?? list.resources.count
        return .passed("okta", "a page of people, as Okta asks for it; \(total) in all")
    }

    /// Entra's "Test Connection" (scim-clients.md §3.1): somebody with a random name, who must not be found.
    static func entra(_ client: SCIMClient) async throws -> CheckFinding {
        let name = UUID().uuidString.lowercased()
        let mend = "Entra's connection test would fail: a filter that nobody matches needs 200 and an empty list."
        func failed(_ code: String, _ message: String) -> CheckFinding {
            .failed("entra", code, .unfit, message, mend: mend)
        }
        let answer: Answer
        do { answer = try await client.send(.get, "Users?filter=userName+eq+%22\(name)%22") } catch {
            guard error != .cancelled else { throw error }
            return failed("filter-unanswered", "To a filter the service \(error.reason).")
        }
        guard answer.isSuccess else {
            let said = answer.detail.map { " It says: \($0)" } ?? ""
            return failed(
                "filter-refused",
                "A filter that nobody matches is answered \(answer.status) instead of an empty list.\(said)")
        }
        guard let list = ListAnswer(answer.json) else {
            return failed(
                "filter-answer-is-no-list", "A filter is answered with \(answer.kind) that is no ListResponse.")
        }
        guard list.resources.isEmpty else {
            return .failed(
                "entra", "filter-ignored", .unfit,
                "A filter for nobody finds \(list.resources.count) people: the service answers everything.",
                mend:
                    "Whoever links by such an answer links the wrong people. The service has to heed userName eq, or refuse."
            )
        }
        guard list.totalResults ?? 0 == 0 else {
            return failed(
                "filter-miscounted", "A filter for nobody counts \(list.totalResults ?? 0) people and shows none.")
        }
        return .passed("entra", "a filter for somebody who is not there finds nobody")
    }
}
