import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import SCIM
import Synchronization

/// From a request to its answer: what is asked, by whom, whether it is too much, and then the core. Whatever goes wrong
/// becomes a SCIM error body that says nothing of how the service works inside.
struct ServiceResponder: HTTPResponder {
    let settings: ServiceSettings
    let authentication: Authentication
    let resources: ResourceEndpoints
    let metrics: Metrics
    let state: ServiceState
    /// For what may take long.
    let threads: RequestThreads
    let log: Logger

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let start = ContinuousClock.now
        var exchange = Exchange(
            request, context, settings: settings, boundPort: state.port.load(ordering: .relaxed))
        metrics.requestBegan()
        var answer: Answer
        do {
            answer = try await self.answer(request, &exchange)
        } catch {
            // Not HTTP any more: the server says so, and hangs up.
            if error is HTTPParserError {
                finish(exchange, Answer(.defect), since: start)
                throw error
            }
            answer = self.answer(to: error, exchange)
        }
        finish(exchange, answer, since: start)
        if let name = Self.requestID { answer = answer.adding(name, exchange.id) }
        return answer.response(withoutBody: exchange.method == "HEAD")
    }

    private static let requestID = HTTPField.Name("X-Request-Id")

    private func answer(_ request: Request, _ exchange: inout Exchange) async throws -> Answer {
        let endpoint = exchange.endpoint
        if (request.head.path ?? "").utf8.count > settings.limits.urlBytes { throw SCIMError.urlTooLong }
        switch endpoint {
        case .liveness, .readiness, .metrics: return try operation(exchange)
        case .elsewhere: throw SCIMError.noEndpoint
        default: break
        }
        if exchange.method == "OPTIONS", !endpoint.verbs.isEmpty { return allow(endpoint, Answer(204)) }
        if endpoint.needsToken {
            switch try authentication.authenticate(exchange) {
            case .failure(let refusal): return refusal.answer
            case .success(let token): exchange.token = token
            }
            noteUse(exchange)
        }
        if endpoint == .unknown { throw SCIMError.noEndpoint }
        guard let verb = exchange.verb, endpoint.verbs.contains(verb) else {
            return allow(endpoint, Answer(.verb(exchange.method, endpoint)))
        }
        if endpoint == .me { throw SCIMError.me }
        let limit = endpoint == .bulk ? resources.service.limits.bulkBytes : settings.limits.bodyBytes
        let body = verb.hasBody ? try await RequestBytes.read(request, upTo: limit) : []
        guard endpoint.mayTakeLong || body.count > Self.bodyAtOnce else {
            return try await resources.answer(exchange, verb, body)
        }
        return try await withTaskExecutorPreference(threads) { [exchange] in
            try await resources.answer(exchange, verb, body)
        }
    }

    /// Bytes of a body that takes no longer than others can wait.
    private static let bodyAtOnce = 16_384

    /// What machines ask.
    private func operation(_ exchange: Exchange) throws -> Answer {
        guard exchange.verb == .get else {
            return allow(exchange.endpoint, Answer(.verb(exchange.method, exchange.endpoint)))
        }
        var answer: Answer
        switch exchange.endpoint {
        case .metrics:
            answer = Answer(200, body: Array(metrics.text.utf8))
            answer.mediaType = "text/plain; version=0.0.4; charset=utf-8"
            return answer
        case .readiness:
            let service = authentication.service
            let probe: Void? = try? service.store.read { _ = try $0.team(named: "") }
            let isReady = probe != nil && !state.isStopping.load(ordering: .relaxed)
            answer = isReady ? Answer(200, body: Array("ready\n".utf8)) : Answer(503, body: Array("not ready\n".utf8))
        default: answer = Answer(200, body: Array("alive\n".utf8))
        }
        answer.mediaType = "text/plain; charset=utf-8"
        return answer
    }

    private func allow(_ endpoint: Endpoint, _ answer: Answer) -> Answer {
        let verbs = endpoint.verbs.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] } + ["OPTIONS"]
        return answer.adding(.allow, verbs.joined(separator: ", "))
    }

    /// Nobody waits for it, and that it fails is no reason to refuse anything.
    private func noteUse(_ exchange: Exchange) {
        guard let token = exchange.token, authentication.service.isUseWorthNoting(token) else { return }
        let (service, writes) = (authentication.service, resources.writes)
        Task { try? await writes.alone { try service.noteUse(of: token) } }
    }

    private func answer(to error: any Error, _ exchange: Exchange) -> Answer {
        switch error {
        case let refusal as SCIMError where refusal.status == 413:
            // The rest of the body is not waited for.
            return Answer(refusal).adding(.connection, "close")
        case let refusal as SCIMError: return Answer(refusal)
        case is ConnectionTimes.BodyTooSlow: return Answer(.bodyTooSlow).adding(.connection, "close")
        case StoreError.busy: return Answer(.busy).adding(.retryAfter, "1")
        case let error as StoreError:
            log.error(
                "The roster could not be used.", metadata: ["request": "\(exchange.id)", "error": "\(error.kind)"])
            return Answer(.busy).adding(.retryAfter, "30")
        default:
            log.error(
                "A request met something unexpected.",
                metadata: ["request": "\(exchange.id)", "error": "\(type(of: error))"])
            return Answer(.defect)
        }
    }

    /// One line a request: ids and numbers, no name, no address, no token, no query.
    private func finish(_ exchange: Exchange, _ answer: Answer, since start: ContinuousClock.Instant) {
        let seconds = start.duration(to: .now) / .seconds(1)
        metrics.requestEnded(exchange.endpoint, exchange.method, status: answer.status, seconds: seconds)
        var facts: Logger.Metadata = [
            "request": .string(exchange.id), "method": .string(exchange.verb?.rawValue ?? "other"),
            "endpoint": .string(exchange.endpoint.label), "status": .string(String(answer.status)),
            "bytes": .string(String(answer.body.count)), "microseconds": .string(String(Int(seconds * 1_000_000))),
        ]
        if let token = exchange.token {
            facts["token"] = .string(token.id.rawValue)
            facts["team"] = .string(String(token.team.rawValue))
        }
        log.notice("request", metadata: facts)
    }
}

extension StoreError {
    /// Without the particulars, which name files.
    fileprivate var kind: String {
        switch self {
        case .busy: "busy"
        case .unwritable: "unwritable"
        case .unreadable: "unreadable"
        case .constraint: "constraint"
        }
    }
}

/// A request's body as bytes.
enum RequestBytes {
    /// Throws 415 for a body that is not JSON by its header, or encoded; 413 for one beyond `limit`, without reading it
    /// when its length says so.
    static func read(_ request: Request, upTo limit: Int) async throws -> [UInt8] {
        try checkMediaType(request.headers)
        let length = request.headers[.contentLength].flatMap { Int($0) }
        if let length, length > limit { throw SCIMError.bodyTooLarge }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length ?? 0)
        for try await part in request.body {
            guard bytes.count + part.readableBytes <= limit else { throw SCIMError.bodyTooLarge }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }

    /// A body without a type is taken for JSON (scim-clients.md §1).
    static func checkMediaType(_ headers: HTTPFields) throws(SCIMError) {
        if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" { throw SCIMError.mediaType }
        guard let type = headers[.contentType] else { return }
        let name = type.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        guard name.isEmpty || name == Answer.scim || name == "application/json" else { throw SCIMError.mediaType }
    }
}

/// What the server tells of the connection.
struct ConnectionContext: Hummingbird.RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// What changes while the service runs.
final class ServiceState: Sendable {
    let port = Atomic<Int>(0)
    let isStopping = Atomic<Bool>(false)
}
