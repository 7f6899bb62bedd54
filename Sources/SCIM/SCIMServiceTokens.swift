import COpenSSL

/// A token at the only moment when it can be shown.
package struct IssuedToken: Sendable {
    package let token: APIToken
    package let record: TokenRecord
}

extension SCIMService {
    /// How much older than its last use a token's last use may look: a request must not cost a write.
    package static let useInterval: Int64 = 3_600_000

    private static let labelLimit = 200

    /// A new token of `team`. Throws ``SCIMError``: `invalidValue` for a label of more than 200 characters or with
    /// control characters.
    package func issueToken(
        team: TeamID, label: String, scopes: Set<TokenScope> = [], expires: Timestamp?
    ) throws -> IssuedToken {
        guard label.unicodeScalars.count <= Self.labelLimit,
            !label.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw SCIMError.invalidValue(
                "A label has at most \(Self.labelLimit) characters, and no control characters.")
        }
        let at = now()
        return try store.write { store in
            try Self.insert(store, team: team, label: label, scopes: scopes, at: at, expires: expires)
        }
    }

    /// A second token in place of the one named `id`, with its label and scopes. Both are live until `overlap` milliseconds from
    /// now, when the old one expires (or when it would anyway, or is revoked). Without `expires` the new one lives as
    /// long as the old one was meant to.
    ///
    /// Throws ``SCIMError``: 404 for a token that the team does not have, `invalidValue` for one that was revoked.
    package func rotateToken(
        _ id: TokenID, team: TeamID, overlap: Int64, expires: TokenExpiry = .asBefore
    ) throws -> IssuedToken {
        let at = now()
        return try store.write { store in
            var old = try Self.token(id, of: team, store)
            guard old.revoked == nil else { throw SCIMError.invalidValue("The token \(id) was revoked.") }
            let end = Timestamp(rawValue: at.rawValue + overlap)
            let new = try Self.insert(
                store, team: team, label: old.label, scopes: old.scopes, at: at,
                expires: expires.moment(from: at, like: old))
            old.expires = min(old.expires ?? end, end)
            try store.update(old)
            return new
        }
    }

    /// The token opens nothing from now on, in every process that uses the store. Once more changes nothing.
    /// Throws ``SCIMError`` 404 for one that the team does not have.
    package func revokeToken(_ id: TokenID, team: TeamID) throws -> TokenRecord {
        let at = now()
        return try store.write { store in
            var record = try Self.token(id, of: team, store)
            guard record.revoked == nil else { return record }
            record.revoked = at
            try store.update(record)
            return record
        }
    }

    /// What the token opens; `nil`, in about the same time, for one that is unknown, wrong, expired or revoked.
    package func authenticate(_ token: APIToken) throws -> TokenRecord? {
        let record = try store.read { try $0.token(token.id) }
        let kept = record?.digest ?? [UInt8](repeating: 0, count: 32)
        let isRight = popl_equal(token.digest, kept, kept.count)
        guard let record, isRight, record.state(at: now()) == .live else { return nil }
        return record
    }

    /// Whether the use of it now is worth a write.
    package func isUseWorthNoting(_ record: TokenRecord) -> Bool {
        record.lastUsed.map { now().rawValue - $0.rawValue >= Self.useInterval } ?? true
    }

    /// Notes that it was used now.
    package func noteUse(of record: TokenRecord) throws {
        let at = now()
        try store.write { store in
            // As it is now: it may have been revoked meanwhile.
            guard var current = try store.token(record.id), current.team == record.team else { return }
            current.lastUsed = at
            try store.update(current)
        }
    }

    private static func token(_ id: TokenID, of team: TeamID, _ store: any StoreWriting) throws -> TokenRecord {
        guard let record = try store.token(id), record.team == team else { throw SCIMError.notFound("The token") }
        return record
    }

    private static func insert(
        _ store: any StoreWriting, team: TeamID, label: String, scopes: Set<TokenScope>, at: Timestamp,
        expires: Timestamp?
    ) throws -> IssuedToken {
        let token = APIToken()
        let record = TokenRecord(
            id: token.id, team: team, label: label, digest: token.digest, scopes: scopes, created: at,
            expires: expires)
        try store.insert(record)
        return IssuedToken(token: token, record: record)
    }
}

/// When a token that takes another one's place expires.
package enum TokenExpiry: Sendable {
    /// After as long as the old one was meant to live.
    case asBefore
    case at(Timestamp?)

    fileprivate func moment(from now: Timestamp, like old: TokenRecord) -> Timestamp? {
        switch self {
        case .at(let moment): moment
        case .asBefore: old.expires.map { Timestamp(rawValue: now.rawValue + $0.rawValue - old.created.rawValue) }
        }
    }
}
