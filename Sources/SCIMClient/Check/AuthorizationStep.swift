/// Whether the token is let in, and a wrong one is not.
struct AuthorizationStep {
    let client: SCIMClient

    /// The first page of people, as Okta's "Test Connector Configuration" asks for it (scim-clients.md §2.3).
    static let firstPage = "Users?startIndex=1&count=2"

    /// What the service answered to whom it let in.
    func run(_ tell: (CheckFinding) -> Void) async throws -> Answer {
        let answer: Answer
        do { answer = try await client.send(.get, Self.firstPage) } catch {
            guard error != .cancelled else { throw error }
            throw ConnectionTest.Stop(finding: finding(error))
        }
        if let finding = refusal(answer) { throw ConnectionTest.Stop(finding: finding) }
        tell(try await stranger())
        return answer
    }

    private func failed(
        _ code: String, _ fault: CheckFinding.Fault, _ message: String, mend: String
    ) -> CheckFinding { .failed("authorization", code, fault, message, mend: mend) }

    private func finding(_ error: ClientError) -> CheckFinding {
        switch error {
        case .redirected(let origin):
            failed(
                "redirected", .unreachable,
                "The service sends requests on to \(origin). The token was not sent there.",
                mend:
                    "If that is where the service is, give its URL. A sign-in page means that the URL is one for people."
            )
        case .redirectedInPlace:
            failed(
                "redirected", .unreachable, "The service sends requests in circles.",
                mend: "Check the URL: it should end before Users.")
        case .timedOut(let seconds):
            failed(
                "timed-out", .unreachable, "The service did not answer within \(seconds) s.",
                mend: "Identity providers wait 60 s at most. Look at the service; a slow one needs a longer --timeout.")
        default:
            failed(
                "no-answer", .unreachable, "The service \(error.reason).",
                mend: "Does the URL name the right port? Look at the service's own log.")
        }
    }

    private static let wrongURL =
        "Check the URL: it is the one that Users is put behind, such as …/scim/ or …/scim/v2/."

    /// `nil` for an answer that lets in.
    private func refusal(_ answer: Answer) -> CheckFinding? {
        let said = answer.detail.map { " It says: \($0)" } ?? ""
        switch answer.status {
        case 401:
            return failed(
                "token-refused", .refused, "The service refuses the token (401).\(said)" + shape(of: answer),
                mend:
                    "It may be revoked, expired, cut off, or for another service: issue a new one and put it into the file."
            )
        case 403:
            return failed(
                "token-not-allowed", .refused, "The token is known, and may not read Users (403).\(said)",
                mend: "Give it the right to read and write users and groups.")
        case 429:
            let wait = answer.retryAfterSeconds.map { " for \($0) s" } ?? ""
            return failed(
                "too-many-requests", .busy, "The service asks to wait\(wait) (429).\(said)",
                mend: "Try again later. If it goes on, its limit is too low for a nightly run.")
        case 404:
            return failed("no-users-here", .unreachable, "There are no Users at this URL (404).", mend: Self.wrongURL)
        case 500...:
            return failed(
                "service-failing", .unreachable, "The service fails: it answers \(answer.status).\(said)",
                mend: "Look at the service's own log, or ask its support.")
        case 200..<300 where answer.json == nil:
            return failed(
                "not-scim", .unreachable, "The URL answers with \(answer.kind), not with SCIM.", mend: Self.wrongURL)
        default: return nil
        }
    }

    /// A refusal that is none of SCIM's says that something in front of the service may have refused.
    private func shape(of answer: Answer) -> String {
        switch answer.body {
        case .html: " The refusal is a web page: it may be of something in front of the service."
        case .empty, .json, .unreadable: ""
        }
    }

    /// Asks with a token that nobody has issued.
    private func stranger() async throws -> CheckFinding {
        let accepted = "the token is accepted"
        let answer: Answer
        do { answer = try await client.send(.get, Self.firstPage, token: .wrong) } catch {
            guard error != .cancelled else { throw error }
            return .passed("authorization", "\(accepted); to a wrong one the service \(error.reason)")
        }
        guard !answer.isSuccess else {
            return .warning(
                "authorization", "anybody-let-in",
                "The token is accepted, and so is a wrong one: anybody can read and change people.",
                mend: "Switch the check of tokens on where the service runs, before anybody connects to it.")
        }
        guard answer.status == 401, answer.isSCIMError else {
            let kind =
                answer.isSCIMError ? "" : " with \(answer.json == nil ? answer.kind : "JSON that is no SCIM error")"
            return .warning(
                "authorization", "refusal-not-scim",
                "The token is accepted; a wrong one is answered \(answer.status)\(kind).",
                mend: "It works. Okta expects 401 with a SCIM error (RFC 7644 §3.12).")
        }
        return .passed("authorization", "\(accepted), a wrong one is refused (401)")
    }
}
