extension ResourceKeys {
    /// The keys of well-formed `attributes`. Throws `invalidValue` when the name cannot be one; an e-mail address that
    /// has no key is no reason to refuse anybody.
    package init(_ type: ResourceType, _ attributes: ComplexValue) throws(SCIMError) {
        let externalID = attributes["externalId"]?.string
        switch type {
        case .user:
            let user = UserAttributes(attributes)
            let email = user.primaryEmail.flatMap { try? CanonicalKey.email($0) }
            self.init(
                name: try Self.key(user.userName, "userName", CanonicalKey.userName), externalID: externalID,
                email: email, otherEmails: Self.emails(attributes, besides: email), active: user.isActive,
                isAdmin: user.isAdmin)
        case .group:
            self.init(
                name: try Self.key(attributes["displayName"]?.string, "displayName", CanonicalKey.groupName),
                externalID: externalID, email: nil, active: true, isAdmin: false)
        case .ssoConnection:
            // SAML compares entityIDs byte for byte.
            self.init(
                name: attributes["entityID"]?.string, externalID: externalID, email: nil, active: true, isAdmin: false)
        }
    }

    /// Of all addresses, but for the primary one's; most people have no other.
    private static func emails(_ attributes: ComplexValue, besides primary: String?) -> [String] {
        guard let emails = attributes["emails"]?.list, emails.count > 1 || primary == nil else { return [] }
        var keys: [String] = []
        for email in emails {
            guard let value = email.complex?["value"]?.string else { continue }
            let key = CanonicalKey.anyEmail(value)
            if key != primary, !keys.contains(key) { keys.append(key) }
        }
        return keys
    }

    private static func key(
        _ text: String?, _ name: String, _ function: (String) throws(CanonicalKey.Rejection) -> String
    ) throws(SCIMError) -> String {
        guard let text else { throw .invalidValue("\"\(name)\" is required.") }
        do throws(CanonicalKey.Rejection) {
            return try function(text)
        } catch {
            throw .invalidValue("\"\(name)\" \(error.message).")
        }
    }
}
