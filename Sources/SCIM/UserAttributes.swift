/// A User's attributes by name, for code that asks about people rather than about schemas.
package struct UserAttributes: Hashable, Sendable {
    package let attributes: ComplexValue
    package init(_ attributes: ComplexValue) { self.attributes = attributes }

    package var userName: String? { attributes["userName"]?.string }
    package var externalID: String? { attributes["externalId"]?.string }
    package var displayName: String? { attributes["displayName"]?.string }
    /// True where it is not stated.
    package var isActive: Bool { attributes["active"]?.boolean ?? true }

    /// The address marked primary, else the first of type `work`, else the first.
    package var primaryEmail: String? {
        guard let emails = attributes["emails"]?.list else { return nil }
        var work: String?
        var first: String?
        for email in emails {
            guard let email = email.complex, let value = email["value"]?.string else { continue }
            if email["primary"]?.boolean == true { return value }
            if work == nil, email["type"]?.string == "work" { work = value }
            first = first ?? value
        }
        return work ?? first
    }

    /// The values of `roles`, in order.
    package var roles: [String] { attributes["roles"]?.list?.compactMap { $0.complex?["value"]?.string } ?? [] }

    /// Whether `roles` hold `admin` or `owner`, in any letter case (product.md, "Details settled").
    package var isAdmin: Bool {
        guard let roles = attributes["roles"]?.list else { return false }
        return roles.contains { role in
            guard let value = role.complex?["value"]?.string else { return false }
            return equalsIgnoringASCIICase(value, "admin") || equalsIgnoringASCIICase(value, "owner")
        }
    }
}
