/// A token's public name: shown in lists, typed in commands, and in the journal as `token:4f7k…`. It opens nothing.
package struct TokenID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }
}

/// What a client sends as its bearer token: `popl_ID_SECRET`. Exists where it is made and where a request brings it,
/// and is never stored.
package struct APIToken: Sendable {
    package let id: TokenID
    package let text: String

    /// What it begins with, so that people and secret scanners know one when they see it.
    package static let prefix = "popl_"
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    private static let idLength = 10
    /// 43 of 62 characters: 256 bits.
    private static let secretLength = 43

    /// A new one, from the system's random numbers.
    init() {
        var generator = SystemRandomNumberGenerator()
        func word(_ length: Int) -> String {
            String((0..<length).compactMap { _ in Self.alphabet.randomElement(using: &generator) })
        }
        let id = word(Self.idLength).lowercased()
        self.id = TokenID(rawValue: id)
        text = "\(Self.prefix)\(id)_\(word(Self.secretLength))"
    }

    /// `nil` for what cannot be one of ours.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        let start = Self.prefix.utf8.count
        let end = start + Self.idLength
        guard bytes.count == end + 1 + Self.secretLength, bytes.starts(with: Self.prefix.utf8),
            bytes[start..<end].allSatisfy(Self.isAlphanumeric), bytes[end] == UInt8(ascii: "_"),
            bytes[(end + 1)...].allSatisfy(Self.isAlphanumeric)
        else { return nil }
        id = TokenID(rawValue: String(decoding: bytes[start..<end], as: UTF8.self))
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    /// SHA-256 of the whole: all that is kept. 256 random bits need neither salt nor a slow digest.
    package var digest: [UInt8] {
        var digest: [UInt8] = []
        let stream = SHA256Stream()
        stream.update(Array(text.utf8))
        stream.finish(into: &digest)
        return digest
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}

/// What a token may do beyond its team's people and groups, and reading.
package enum TokenScope: String, Sendable, CaseIterable {
    /// Change the SSO connection. Whoever can do that decides whose signatures let people in, and can sign in as anybody:
    /// no identity provider needs it for provisioning, so a token that leaks must not have it.
    case sso
}

/// A token as it is kept and listed.
package struct TokenRecord: Hashable, Sendable {
    package var id: TokenID
    package var team: TeamID
    package var label: String
    /// Of the token, 32 bytes.
    package var digest: [UInt8]
    package var scopes: Set<TokenScope>
    package var created: Timestamp
    /// From then on it is refused; `nil` for never.
    package var expires: Timestamp?
    /// Not newer than ``SCIMService/useInterval`` before the last use.
    package var lastUsed: Timestamp?
    package var revoked: Timestamp?

    package init(
        id: TokenID, team: TeamID, label: String, digest: [UInt8], scopes: Set<TokenScope> = [], created: Timestamp,
        expires: Timestamp?, lastUsed: Timestamp? = nil, revoked: Timestamp? = nil
    ) {
        self.id = id
        self.team = team
        self.label = label
        self.digest = digest
        self.scopes = scopes
        self.created = created
        self.expires = expires
        self.lastUsed = lastUsed
        self.revoked = revoked
    }

    package enum State: String, Sendable { case live, expired, revoked }

    package func state(at now: Timestamp) -> State {
        if revoked != nil { return .revoked }
        if let expires, expires <= now { return .expired }
        return .live
    }
}

/// What a store keeps of tokens. Part of ``StoreReading``.
package protocol TokenReading {
    /// Whichever team's it is: the one question from which a request learns its team.
    func token(_ id: TokenID) throws -> TokenRecord?
    /// In order of creation, those revoked and expired too.
    func tokens(team: TeamID) throws -> [TokenRecord]
}

/// Part of ``StoreWriting``.
package protocol TokenWriting: TokenReading {
    /// The id must be new, in every team.
    func insert(_ token: TokenRecord) throws
    /// Replaces label, expiry, last use and revocation of the one with this id and team. One that is not there is passed
    /// over.
    func update(_ token: TokenRecord) throws
}
