import JSON
import SCIM
import SCIMClient
import Synchronization

/// A SCIM service elsewhere as the target of runs. ``store`` mirrors its roster, and keeps with it what the service cannot:
/// which source manages whom, the runs, and the journal (docs/decisions/remote-mirror.md).
///
/// ```
/// refresh:  settle intents ─▶ list the service ─▶ mirror, in one transaction
/// bulk:     judge by the mirror ─▶ intents ─▶ requests ─▶ mirror and journal
/// ```
package final class RemoteRoster: OperationTarget {
    package let store: any ResourceStore
    let service: SCIMService
    let team: Team
    let client: PatientClient
    let pseudonyms: Pseudonyms?
    let state = Mutex(State())
    /// How many resources have been listed, for whoever watches.
    let listed = Mutex(0)

    struct State {
        var features = ServiceDescription.Features.unknown
        /// Of these PATCH was answered as if it did not exist.
        var patchIsMissing: Set<ResourceType> = []
        /// Where the service offers them: 100 bytes a resource.
        var etags: [ResourceID: String] = [:]
        var bulkIsMissing = false
        /// Of these the filter by name found something.
        var filterFinds: Set<ResourceType> = []
        /// How often what was sent was seen to be kept exactly so, by path.
        var proved: [String: Int] = [:]
        /// The service makes more of a resource than was sent.
        var addsItsOwn = false
        /// Known before and found since.
        var shortcomings: [Shortcoming] = []
        var found: [Shortcoming] = []
    }

    /// - Parameters:
    ///   - store: a roster database with the one team whose mirror it is.
    ///   - pseudonyms: what the journal says in place of personal values.
    package init(
        _ client: PatientClient, store: any ResourceStore, team: Team, pseudonyms: Pseudonyms?,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.client = client
        self.store = store
        self.team = team
        self.pseudonyms = pseudonyms
        service = SCIMService(store: store, now: now)
    }

    /// A stop is heeded between two batches, and whoever is killed leaves so many intents to be looked into.
    package var batchSize: Int { 500 }

    package var shortcomings: [Shortcoming] { state.withLock { $0.found } }

    /// The last thing.
    package func close() { try? blocking { [client] in await client.client.close() } }

    func context(_ run: RunID?, _ actor: String) -> RequestContext {
        RequestContext(team: team.id, actor: actor, run: run, pseudonyms: pseudonyms)
    }

    /// The ETag to be sent with a change; `nil` where the service has none.
    func etag(_ id: ResourceID) -> String? { state.withLock { $0.etags[id] } }

    func note(_ resource: ForeignResource, _ type: ResourceType) {
        state.withLock { state in
            let id = resource.localID(type)
            state.etags[id] = state.features.etag == true ? resource.etag : nil
        }
    }

    func forgetETag(_ id: ResourceID) { state.withLock { $0.etags[id] = nil } }
}

/// The state file belongs to another service.
package struct MirrorOfAnother: Error, Sendable {
    package let url: String
}

/// What a plan has to know of the service beside its roster.
package struct ServiceFindings: Sendable {
    /// What it does not take at all, as far as known.
    package var hasGroups = true
    package var hasConnection = false
    /// What is not sent to it.
    package var shortcomings: [Shortcoming] = []
    /// Resources that are passed over, and other facts worth a sentence: a code, and a sentence without its full stop.
    package var remarks: [(code: String, message: String)] = []
}
