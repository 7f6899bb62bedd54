import Synchronization

/// Counts of what the service did, as Prometheus reads them (text format 0.0.4). Nothing of a team or a person.
final class Metrics: Sendable {
    private struct Key: Hashable {
        var endpoint: String
        var verb: String
        var status: Int
    }

    private struct State {
        var requests: [Key: Int] = [:]
        var buckets = [Int](repeating: 0, count: Metrics.bounds.count)
        var seconds = 0.0
        var count = 0
        var inFlight = 0
        var refusedTokens = 0
        var writes = 0
        var commits = 0
        var walked = 0
    }

    private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    private let state = Mutex(State())

    func requestBegan() { state.withLock { $0.inFlight += 1 } }

    func requestEnded(_ endpoint: Endpoint, _ verb: String, status: Int, seconds: Double) {
        // Of a closed set too: a client may send any word.
        let verb = Verb(rawValue: verb)?.rawValue ?? (verb == "HEAD" || verb == "OPTIONS" ? verb : "other")
        state.withLock { state in
            state.inFlight -= 1
            state.requests[Key(endpoint: endpoint.label, verb: verb, status: status), default: 0] += 1
            state.seconds += seconds
            state.count += 1
            if let bucket = Self.bounds.firstIndex(where: { seconds <= $0 }) { state.buckets[bucket] += 1 }
        }
    }

    func tokenWasRefused() { state.withLock { $0.refusedTokens += 1 } }

    func committed(writes: Int) {
        state.withLock {
            $0.writes += writes
            $0.commits += 1
        }
    }

    func walked(_ resources: Int) {
        if resources > 0 { state.withLock { $0.walked += resources } }
    }

    var text: String {
        let state = state.withLock { $0 }
        var text = ""
        func family(_ name: String, _ type: String, _ help: String) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        }
        family("popl_scim_requests_total", "counter", "Requests answered.")
        let keys = state.requests.keys.sorted { ($0.endpoint, $0.verb, $0.status) < ($1.endpoint, $1.verb, $1.status) }
        for key in keys {
            text +=
                "popl_scim_requests_total{endpoint=\"\(key.endpoint)\",method=\"\(key.verb)\",status=\"\(key.status)\"}"
            text += " \(state.requests[key] ?? 0)\n"
        }
        family("popl_scim_request_duration_seconds", "histogram", "From a request's head to its answer.")
        var sum = 0
        for (bound, count) in zip(Self.bounds, state.buckets) {
            sum += count
            text += "popl_scim_request_duration_seconds_bucket{le=\"\(bound)\"} \(sum)\n"
        }
        text += "popl_scim_request_duration_seconds_bucket{le=\"+Inf\"} \(state.count)\n"
        text += "popl_scim_request_duration_seconds_sum \(state.seconds)\n"
        text += "popl_scim_request_duration_seconds_count \(state.count)\n"
        family("popl_scim_requests_in_flight", "gauge", "Requests begun and not answered.")
        text += "popl_scim_requests_in_flight \(state.inFlight)\n"
        family("popl_scim_refused_tokens_total", "counter", "Requests without a valid token.")
        text += "popl_scim_refused_tokens_total \(state.refusedTokens)\n"
        family("popl_scim_writes_total", "counter", "Writes asked of the store.")
        text += "popl_scim_writes_total \(state.writes)\n"
        family("popl_scim_commits_total", "counter", "Transactions that they were committed in.")
        text += "popl_scim_commits_total \(state.commits)\n"
        family("popl_scim_walked_total", "counter", "Resources that lists walked through because no index knew them.")
        text += "popl_scim_walked_total \(state.walked)\n"
        return text
    }
}
