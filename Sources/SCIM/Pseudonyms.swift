import COpenSSL

/// What stands for personal values in the journal and in reports under `privacy: hashed`.
///
/// A value is HMAC-SHA-256 under the team's own key, cut to 80 bits: `hmac:` and 20 hex digits. Equal values are equal,
/// whatever attribute they are of, and without the key nobody finds one by trying names. A pseudonym stands for itself, so
/// that what is hashed already stays as it is. See docs/decisions/hashed-journal.md.
package struct Pseudonyms: Hashable, Sendable {
    package static let keyBytes = 32
    private static let mark = "hmac:"
    private static let digits = 20

    /// A User's attributes that say nothing of the person: they stay.
    private static let plainAttributes: Set = ["active", "roles"]
    /// Parts of any attribute that say which value it is, and not what.
    private static let plainParts: Set = ["type", "primary"]

    private let key: [UInt8]

    /// `key`: ``keyBytes`` random bytes.
    package init(key: [UInt8]) {
        precondition(key.count == Self.keyBytes, "a key has \(Self.keyBytes) bytes")
        self.key = key
    }

    /// A key that nobody has had before.
    package static func makeKey() -> [UInt8] { (0..<keyBytes).map { _ in UInt8.random(in: 0...UInt8.max) } }

    package func of(_ value: String) -> String {
        if value.isEmpty || Self.isPseudonym(value) { return value }
        var digest = [UInt8](repeating: 0, count: 32)
        var value = value
        value.withUTF8 { popl_hmac_sha256(key, key.count, $0.baseAddress, $0.count, &digest) }
        return Self.mark + hexDigits(digest).prefix(Self.digits)
    }

    package static func isPseudonym(_ value: String) -> Bool {
        value.hasPrefix(mark) && value.utf8.count == mark.utf8.count + digits
            && value.utf8.dropFirst(mark.utf8.count).allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    // MARK: Attributes

    /// Whether values of a User's attribute are personal, by the path that mappings and reports have for it.
    package static func isPersonal(_ path: String) -> Bool {
        !plainAttributes.contains(String(path.prefix { $0 != "." && $0 != "[" }))
    }

    /// A resource's attributes with pseudonyms for what is personal. Only Users have personal ones.
    package func of(_ attributes: ComplexValue, _ type: ResourceType) -> ComplexValue {
        guard type == .user else { return attributes }
        return ComplexValue(
            attributes.members.map { member in
                Self.plainAttributes.contains(member.name) ? member : .init(member.name, of(member.value))
            })
    }

    private func of(_ value: AttributeValue) -> AttributeValue {
        switch value {
        case .string(let text): .string(of(text))
        case .boolean: value
        case .integer(let number): .string(of(String(number)))
        case .decimal(let number): .string(of(String(number)))
        case .list(let values): .list(values.map(of))
        case .complex(let parts):
            .complex(
                ComplexValue(
                    parts.members.map { Self.plainParts.contains($0.name) ? $0 : .init($0.name, of($0.value)) }))
        }
    }

    /// A User as `image`, from the journal, says they were, where that can be told: the present attributes when they
    /// differ in nothing personal, with the rest of the image. `nil` when only digests are left of what differs.
    package func restoring(_ image: ComplexValue, over present: ComplexValue) -> ComplexValue? {
        var hashed = of(present, .user)
        var result = present
        for name in Self.plainAttributes {
            hashed[name] = image[name]
            result[name] = image[name]
        }
        return hashed.saysTheSame(as: image) ? result : nil
    }

    // MARK: Sentences

    /// A sentence with pseudonyms for what it quotes (``quoted(_:)``).
    package func sentence(_ text: String) -> String { replacingQuotations(in: text, of) }
}

extension ComplexValue {
    /// Whether a pseudonym stands somewhere in it.
    package var holdsPseudonyms: Bool { members.contains { $0.value.holdsPseudonyms } }
}

extension AttributeValue {
    fileprivate var holdsPseudonyms: Bool {
        switch self {
        case .string(let text): Pseudonyms.isPseudonym(text)
        case .boolean, .integer, .decimal: false
        case .complex(let parts): parts.holdsPseudonyms
        case .list(let values): values.contains(where: \.holdsPseudonyms)
        }
    }
}
