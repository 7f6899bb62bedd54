import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// HTTP requests as this program makes them, whoever they go to: each ends in time, none follows a redirect by itself,
/// TLS is always verified (1.2 at least), and an answer has a limit.
package final class HTTPTransport: Sendable {
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

    /// What came back, whatever its status.
    package struct Answer: Sendable {
        package let status: Int
        /// By lower-case name; the last one of a name.
        package let headers: [String: String]
        package let bytes: [UInt8]
    }

    private let settings: Settings
    private let http: HTTPClient
    private let isClosed = Atomic(false)

    package init(_ settings: Settings = Settings()) {
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

    /// Connections are kept until then.
    package func close() async {
        isClosed.store(true, ordering: .relaxed)
        try? await http.shutdown()
    }

    /// The library ends the program when a client goes that nobody closed: an error on the way must not.
    deinit {
        if !isClosed.load(ordering: .relaxed) { http.shutdown { _ in } }
    }

    /// Asks, and waits for the whole answer. `seconds`: less than the settings allow, where the time is shorter.
    package func send(
        _ method: String, _ url: String, headers: [(name: String, value: String)], body: [UInt8]? = nil,
        seconds: Int? = nil
    ) async throws(ClientError) -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        // Some firewalls turn away what does not say who it is.
        request.headers.add(name: "User-Agent", value: "popl-sync")
        for header in headers { request.headers.add(name: header.name, value: header.value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let seconds = min(seconds ?? settings.seconds, settings.seconds)
        do {
            return try await within(seconds: seconds) { [http, settings, request] in
                let response = try await http.execute(request, timeout: .seconds(Int64(seconds)))
                let bytes = try await response.body.collect(upTo: settings.answerBytes)
                return Answer(
                    status: Int(response.status.code),
                    headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { $1 },
                    bytes: Array(bytes.readableBytesView))
            }
        } catch {
            let error = ClientError(error, seconds: seconds, byteLimit: settings.answerBytes)
            guard case .unreachable(let reason) = error, let proxy = settings.proxy else { throw error }
            throw .unreachable("\(reason) (at the proxy \(proxy.host):\(proxy.port))")
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
