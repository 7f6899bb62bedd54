import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Requests to one SCIM service over HTTP (RFC 7644 §3).
///
/// Every request ends: after ``Settings/seconds`` it throws ``ClientError/timedOut(seconds:)``. The token goes to the
/// service's own origin and nowhere else: a redirect that leaves it is an error, not a request. TLS is always verified.
package final class SCIMClient: Sendable {
    package struct Settings: Sendable {
        /// How long a request may take, its answer included.
        package var seconds = 15
        /// Bytes of an answer.
        package var answerBytes = 8 << 20
        package var authorities = TrustedAuthorities.system
        /// Shown to a service that asks for one.
        package var certificate: ClientCertificate?
        /// Through which requests go.
        package var proxy: ProxyAddress?
        /// How many connections are kept.
        package var connections = 8
        package init() {}
    }

    package enum Method: String, Sendable {
        case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
    }

    package let service: ServiceURL
    private let token: BearerToken
    private let settings: Settings
    private let http: HTTPClient

    package init(_ service: ServiceURL, token: BearerToken, settings: Settings = Settings()) {
        self.service = service
        self.token = token
        self.settings = settings
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.tlsConfiguration = settings.tls
        configuration.proxy = settings.proxy.map { .server(host: $0.host, port: $0.port) }
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.connections
        configuration.timeout = .init(connect: .seconds(Int64(settings.seconds)))
        configuration.httpVersion = .http1Only
        // An error is told at once: whoever asks decides about another try.
        configuration.connectionPool.retryConnectionEstablishment = false
        http = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), configuration: configuration)
    }

    /// Must be called, last.
    package func close() async { try? await http.shutdown() }

    /// Asks, and waits for the whole answer whatever its status. `path` stands behind the service's URL, percent-encoded.
    /// `ifMatch` is an ETag (RFC 7644 §3.14).
    package func send(
        _ method: Method, _ path: String, body: JSONValue? = nil, ifMatch: String? = nil, token: BearerToken? = nil
    ) async throws(ClientError) -> Answer {
        var url = service.url(path)
        for _ in 0...Self.redirectLimit {
            let answer = try await once(method, url, body: body, ifMatch: ifMatch, token: token ?? self.token)
            guard [301, 302, 303, 307, 308].contains(answer.status), let location = answer.headers["location"] else {
                return answer
            }
            guard let target = service.target(of: location, from: url) else { return answer }
            guard target.origin == service.origin else { throw .redirected(to: target.origin) }
            guard method == .get else { throw .redirectedInPlace }
            url = target.url
        }
        throw .redirectedInPlace
    }

    private static let redirectLimit = 3

    private func once(
        _ method: Method, _ url: String, body: JSONValue?, ifMatch: String?, token: BearerToken
    ) async throws(ClientError) -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method.rawValue)
        request.headers.add(name: "Authorization", value: "Bearer \(token.secret)")
        request.headers.add(name: "Accept", value: "application/scim+json, application/json")
        // Some firewalls turn away what does not say who it is.
        request.headers.add(name: "User-Agent", value: "popl-sync")
        if let ifMatch { request.headers.add(name: "If-Match", value: ifMatch) }
        if let body {
            var writer = JSONWriter()
            writer.value(body)
            request.headers.add(name: "Content-Type", value: "application/scim+json; charset=utf-8")
            request.body = .bytes(ByteBuffer(bytes: writer.bytes))
        }
        do {
            return try await within(seconds: settings.seconds) { [http, settings, request] in
                let response = try await http.execute(request, timeout: .seconds(Int64(settings.seconds)))
                let bytes = try await response.body.collect(upTo: settings.answerBytes)
                return Answer(
                    status: Int(response.status.code),
                    headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { $1 },
                    bytes: Array(bytes.readableBytesView))
            }
        } catch {
            throw ClientError(error, seconds: settings.seconds, byteLimit: settings.answerBytes)
        }
    }
}

/// `body`, ended after `seconds`. What it does must heed cancellation.
func within<Result: Sendable>(
    seconds: Int, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { tasks in
        tasks.addTask { try await body() }
        tasks.addTask {
            try await Task.sleep(for: .seconds(seconds))
            return nil
        }
        defer { tasks.cancelAll() }
        guard let first = try await tasks.next(), let result = first else {
            throw ClientError.timedOut(seconds: seconds)
        }
        return result
    }
}
