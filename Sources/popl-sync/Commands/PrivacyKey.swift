import Reconciliation
import SCIM

extension Privacy {
    /// For a run, which keeps what it says: under the team's key, made when there is none.
    func pseudonymsOfRun(_ store: any ResourceStore, _ team: Team) throws -> Pseudonyms? {
        guard self == .hashed else { return nil }
        return try store.write { store in
            if let key = try store.privacyKey(team: team.id) { return Pseudonyms(key: key) }
            let key = Pseudonyms.makeKey()
            try store.setPrivacyKey(key, team: team.id)
            return Pseudonyms(key: key)
        }
    }

    /// For what is shown and not kept: a team that has no key yet gets one for this command alone, since a dry run
    /// writes nothing.
    func pseudonymsOfReader(_ store: any ResourceStore, _ team: Team) throws -> Pseudonyms? {
        guard self == .hashed else { return nil }
        let key = try store.read { try $0.privacyKey(team: team.id) }
        return Pseudonyms(key: key ?? Pseudonyms.makeKey())
    }
}
