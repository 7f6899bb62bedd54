import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import SCIM
import ServiceLifecycle

/// The online SCIM 2.0 service over one core: HTTP/1.1, for all teams of a database.
///
/// The core is synchronous. Requests run on the ``RequestLoops`` or, when they may take long, on ``RequestThreads``: reads
/// never wait for a write, and writes go through one ``WriteQueue``.
package struct SCIMServer: Sendable {
    private let settings: ServiceSettings
    private let log: Logger
    private let state = ServiceState()
    private let loops: RequestLoops
    private let threads: RequestThreads
    private let walkers = NIOThreadPool(numberOfThreads: 2)
    private let writes: WriteQueue
    private let responder: ServiceResponder
    private let tls: TLSConfiguration?
    private let stopping = AsyncStream.makeStream(of: Void.self)

    /// Reads the certificate. Throws what is wrong with it.
    package init(_ service: SCIMService, settings: ServiceSettings, log: Logger) throws {
        self.settings = settings
        self.log = log
        tls = try settings.tls.map { files in
            var tls = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem)))
            tls.minimumTLSVersion = .tlsv12
            return tls
        }
        loops = RequestLoops(count: 2 * System.coreCount)
        threads = RequestThreads(count: 4)
        let metrics = Metrics()
        writes = WriteQueue(service, metrics)
        responder = ServiceResponder(
            settings: settings, authentication: Authentication(service, settings, metrics, log),
            resources: ResourceEndpoints(service: service, walkers: walkers, writes: writes, metrics: metrics),
            metrics: metrics, state: state, threads: threads, log: log)
    }

    /// Serves until ``stop()`` is called, and then until every request that had begun is answered. `isRunning` is told
    /// the base URL and the port once requests are taken. Throws ``CannotListen``.
    package func run(isRunning: @escaping @Sendable (_ baseURL: String, _ port: Int) async -> Void) async throws {
        threads.start()
        walkers.start()
        let (state, settings) = (state, settings)
        let application = Application(
            responder: responder, server: try server(),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: .maximum(settings.limits.connections, logger: log)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                state.port.store(port, ordering: .relaxed)
                let scheme = settings.tls == nil ? "http" : "https"
                let url = "\(scheme)://\(settings.host):\(port)\(ServiceSettings.path)/"
                await isRunning(settings.baseURL ?? url, port)
            }, eventLoopGroupProvider: .shared(loops.group), logger: quiet(log))
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: application, successTerminationBehavior: .gracefullyShutdownGroup)],
                logger: quiet(log)))
        let stopping = stopping.stream
        let outcome = await withTaskGroup(of: Result<Void, any Error>?.self) { tasks in
            // What this task begins, every connection and request, runs where it does.
            tasks.addTask(executorPreference: loops) {
                do { return .success(try await group.run()) } catch { return .failure(error) }
            }
            tasks.addTask {
                for await _ in stopping { await group.triggerGracefulShutdown() }
                return nil
            }
            // The group ends by itself; the other one only when it is told.
            let outcome = await tasks.next() ?? nil
            tasks.cancelAll()
            return outcome
        }
        try await writes.shutDown()
        try await threads.shutDown()
        try await walkers.shutdownGracefully()
        try await loops.group.shutdownGracefully()
        if case .failure(let error) = outcome { throw CannotListen(code: (error as? IOError)?.errnoCode) }
    }

    /// The address cannot be had; `code` is what `errno` said.
    package struct CannotListen: Error {
        package let code: Int32?
    }

    /// From now on the service is not ready; connections without a request are closed, and ``run(isRunning:)`` returns
    /// once the others are answered. May be called from any thread, and again.
    package func stop() {
        state.isStopping.store(true, ordering: .relaxed)
        stopping.continuation.yield()
    }

    private func server() throws -> HTTPServerBuilder {
        let limits = settings.limits
        let tls = tls
        return HTTPServerBuilder { responder in
            let http = HTTP1Channel(
                responder: responder,
                configuration: .init(
                    additionalChannelHandlers: [
                        ConnectionTimes(headSeconds: limits.headSeconds, bodySeconds: limits.bodySeconds)
                    ], idleTimeout: .seconds(limits.idleSeconds),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
                        maxHeaderFieldCount: 100)))
            guard let tls else { return http }
            return try TLSChannel(http, tlsConfiguration: tls)
        }
    }

    /// What the libraries have to say of themselves is for nobody but who asks for it.
    private func quiet(_ log: Logger) -> Logger {
        var quiet = log
        if quiet.logLevel > .debug { quiet.logLevel = .error }
        return quiet
    }
}
