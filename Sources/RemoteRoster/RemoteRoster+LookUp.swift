import JSON
import SCIM
import SCIMClient

extension RemoteRoster {
    /// The resource that the service has under a name, letter case aside; `nil` when there is none.
    ///
    /// A filter that a service does not understand may be answered with everybody, so what comes is compared, or with
    /// nobody, so nothing is believed until it found something that is there; where the filter does not help, the whole
    /// list is read.
    func lookUp(_ type: ResourceType, _ name: String) async throws(ServiceFailure) -> ForeignResource? {
        guard let key = type.nameKey(name) else { return nil }
        if type != .ssoConnection {
            switch try await filtered(type, name, key) {
            case .found(let resource): return resource
            case .nothing: if try await filterFinds(type) { return nil }
            case .noHelp: break
            }
        }
        struct Found: Error { let resource: ForeignResource }
        for paging in pagings {
            do {
                try await Listing(client, endpoint: type.endpoint, paging: paging, pageSize: pageSize).read { page, _ in
                    if let match = type.named(key, in: page) { throw Found(resource: match) }
                }
                return nil
            } catch let match as Found {
                return match.resource
            } catch let failure as ServiceFailure {
                throw failure
            } catch {
                continue
            }
        }
        throw .unavailable("does not tell whether something is there: its listing cannot be believed")
    }

    private enum Filtered {
        case found(ForeignResource)
        case nothing
        /// Refused, or answered with others.
        case noHelp
    }

    private func filtered(_ type: ResourceType, _ name: String, _ key: String) async throws(ServiceFailure) -> Filtered
    {
        let filter = percentEncoded("\(type.nameAttribute) eq \(RequestWriting.quoted(name))")
        let answer = try await client.read("\(type.endpoint)?filter=\(filter)")
        if answer.status == 401 || answer.status == 403 { throw .refused(answer.status) }
        guard answer.isSuccess, let list = ListAnswer(answer.json) else { return .noHelp }
        if let match = type.named(key, in: list.resources) {
            state.withLock { _ = $0.filterFinds.insert(type) }
            return .found(match)
        }
        let isWhole = (list.totalResults ?? list.resources.count) <= list.resources.count
        return isWhole && list.resources.count <= 1 ? .nothing : .noHelp
    }

    /// Whether the filter has found something, or finds what the mirror knows to be there.
    private func filterFinds(_ type: ResourceType) async throws(ServiceFailure) -> Bool {
        if state.withLock({ $0.filterFinds.contains(type) }) { return true }
        let known = try? store.read { try $0.resources(type, after: nil, limit: 1, team: team.id).first }
        guard let name = known?.resource.attributes[type.nameAttribute]?.string, let key = type.nameKey(name),
            case .found = try await filtered(type, name, key)
        else { return false }
        return true
    }
}

extension ResourceType {
    /// The resource among `resources` whose name has this key.
    fileprivate func named(_ key: String, in resources: [JSONValue]) -> ForeignResource? {
        for json in resources {
            guard let resource = ForeignResource(json, self) else { continue }
            if resource.attributes[nameAttribute]?.string.flatMap(nameKey) == key { return resource }
        }
        return nil
    }
}
