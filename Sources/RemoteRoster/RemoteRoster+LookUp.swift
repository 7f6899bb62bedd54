import JSON
import SCIM
import SCIMClient

extension RemoteRoster {
    /// The resource that the service has under a name, letter case aside; `nil` when there is none.
    ///
    /// A filter that a service does not understand may be answered with everybody, so what comes is compared; where the
    /// filter does not help, the whole list is read.
    func lookUp(_ type: ResourceType, _ name: String) async throws(ServiceFailure) -> ForeignResource? {
        guard let key = type.nameKey(name) else { return nil }
        func found(_ resources: [JSONValue]) -> ForeignResource? {
            for json in resources {
                guard let resource = ForeignResource(json, type) else { continue }
                if resource.attributes[type.nameAttribute]?.string.flatMap(type.nameKey) == key { return resource }
            }
            return nil
        }
        if type != .ssoConnection {
            let filter = percentEncoded("\(type.nameAttribute) eq \(RequestWriting.quoted(name))")
            let answer = try await client.read("\(type.endpoint)?filter=\(filter)")
            if answer.status == 401 || answer.status == 403 { throw .refused(answer.status) }
            if answer.isSuccess, let list = ListAnswer(answer.json) {
                if let match = found(list.resources) { return match }
                if (list.totalResults ?? list.resources.count) <= list.resources.count, list.resources.count <= 1 {
                    return nil
                }
            }
        }
        struct Found: Error { let resource: ForeignResource }
        for paging in pagings {
            do {
                try await Listing(client, endpoint: type.endpoint, paging: paging, pageSize: pageSize).read { page, _ in
                    if let match = found(page) { throw Found(resource: match) }
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
}
