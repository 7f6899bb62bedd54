/// An API's refusal that was saved under an export's name.
enum APIError {
    /// What the API said; `nil` when the file is none. Okta, Microsoft and Google, SCIM (RFC 7644 §3.12), GraphQL.
    static func text(in shape: JSONShape) -> String? {
        guard shape.root == .object, !shape.arrays.contains(where: { !isAboutErrors($0.path) && !$0.members.isEmpty })
        else { return nil }
        let members = shape.envelope
        let isError =
            (members["errorCode"] != nil && members["errorSummary"] != nil) || members["error"] != nil
            || shape.members.contains("error") || shape.members.contains("errors")
            || (members["detail"] != nil && members["status"] != nil)
            || (members["message"] != nil && members["code"] != nil)
        guard isError else { return nil }
        let candidates = [
            "errorSummary", "error.message", "error_description", "detail", "message", "error.code", "error", "errors",
        ]
        return candidates.compactMap { members[$0] }.first { !$0.isEmpty } ?? "an error without a text"
    }

    private static func isAboutErrors(_ path: String) -> Bool { path.lowercased().contains("error") }
}

extension Refusal {
    static func apiError(_ file: String, _ text: String) -> Refusal {
        Refusal(
            code: "api-error", place: Place(file: file, line: 1),
            message: """
                The file is not an export but an API's error: "\(text.prefix(300))". Mend that at the identity provider \
                and export again.
                """)
    }
}
