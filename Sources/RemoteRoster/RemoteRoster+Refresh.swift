import JSON
import SCIM
import SCIMClient

extension RemoteRoster {
    /// Brings the mirror up to the service, and says what the service is like. What a killed run left open is settled
    /// first, under that run.
    ///
    /// Throws ``ServiceFailure``, ``Listing/Inconsistent``, ``Listing/Refused`` and ``MirrorOfAnother``; then the mirror is as it
    /// was, but for what was settled.
    package func refresh(progress: (Int) -> Void) throws -> ServiceFindings {
        try blocking(meanwhile: { progress(listed.withLock { $0 }) }) { [self] in try await refresh() }
    }

    private func refresh() async throws -> ServiceFindings {
        let url = client.client.service.text
        let known = try store.read { try $0.mirroredService(team: team.id) }
        if let known, known.url != url { throw MirrorOfAnother(url: known.url) }
        let description = try await ServiceDescription.ask(client.hurried)
        let schemas = PublishedSchemas(description)
        let service = MirroredService(url: url, schemas: schemas.digest ?? known?.schemas)
        // With other schemas than before it is found out anew what it keeps.
        let isAsBefore = known?.schemas == nil || known == service
        let kept = isAsBefore ? try store.read { try $0.shortcomings(team: team.id) } : []
        state.withLock { state in
            state.features = description.features
            state.shortcomings = kept + schemas.shortcomings
        }
        try await settleIntents()
        var findings = ServiceFindings()
        findings.shortcomings = state.withLock { $0.shortcomings }
        findings.hasConnection = description.resourceTypes.contains(ResourceType.ssoConnection.endpoint)
        var passes: [MirrorPass]
        do {
            passes = [try await list(.user)]
        } catch let refused as Listing.Refused where refused.status == 403 {
            throw ServiceFailure.refused(403)
        }
        do {
            passes.append(try await list(.group))
        } catch let refused as Listing.Refused where [400, 403, 404, 405, 501].contains(refused.status) {
            findings.hasGroups = false
        }
        if findings.hasConnection { passes.append(try await list(.ssoConnection)) }
        state.withLock { state in
            state.etags = [:]
            if state.features.etag == true {
                for pass in passes { state.etags.merge(pass.etags) { $1 } }
            }
        }
        let passedOver = try store.write { [passes] store in
            if known != service { try remember(service, known, in: store) }
            return try passes.flatMap { try $0.apply(to: store, team: team.id, at: self.service.now()) }
        }
        findings.remarks = passes.flatMap(\.remarks) + passedOver
        return findings
    }

    /// Which service it is, and which schemas it publishes. What it was found not to keep under other ones is forgotten.
    private func remember(
        _ service: MirroredService, _ known: MirroredService?, in store: any StoreWriting
    ) throws {
        try store.setMirroredService(service, team: team.id)
        guard known?.schemas != nil, try !store.shortcomings(team: team.id).isEmpty else { return }
        try store.removeShortcomings(team: team.id)
        // Records in step with what could be kept then are to be looked at again.
        for source in try store.sources(team: team.id) {
            for type in ResourceType.allCases {
                var links: [LinkRow] = []
                try store.eachLink(type, source: source.id, team: team.id) { links.append($0) }
                for link in links where link.fingerprint != nil {
                    try store.setLink(
                        SourceLink(source: source.id, anchor: link.anchor, fingerprint: nil), of: link.row,
                        active: link.active, team: team.id)
                }
            }
        }
    }

    /// A listing that holds together: tried three times, the last time by cursor where the service knows cursors.
    private func list(_ type: ResourceType) async throws -> MirrorPass {
        var last: (any Error)?
        for paging in pagings {
            do {
                return try await list(type, paging)
            } catch let inconsistent as Listing.Inconsistent {
                last = Listing.Inconsistent(reason: "\(type.endpoint) \(inconsistent.reason)")
            }
        }
        throw last ?? ServiceFailure.stopped
    }

    /// How a listing is tried, one after the other.
    var pagings: [Listing.Paging] {
        let features = state.withLock { $0.features }
        guard features.cursorPaging == true else { return [.index, .index, .index] }
        return features.indexPaging == false ? [.cursor, .cursor, .cursor] : [.index, .cursor, .cursor]
    }

    /// How many a page of a listing has.
    var pageSize: Int { min(max(state.withLock { $0.features.filterResults } ?? 100, 1), 500) }

    private func list(_ type: ResourceType, _ paging: Listing.Paging) async throws -> MirrorPass {
        var pass = MirrorPass(type)
        let before = listed.withLock { $0 }
        let listing = Listing(client, endpoint: type.endpoint, paging: paging, pageSize: pageSize)
        try await listing.read { page, total in
            try store.read { try pass.take(page, total: total, in: $0, team: team.id) }
            listed.withLock { $0 = before + pass.count }
        }
        try pass.check()
        return pass
    }
}
