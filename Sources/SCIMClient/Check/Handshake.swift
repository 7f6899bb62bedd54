import Foundation
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOTLS
import SCIM
import Synchronization

/// A TLS handshake and nothing after it: what a service proves of itself, and what is wrong with that.
struct Handshake {
    let host: String
    let port: Int
    /// Where the connection goes: the service, or the proxy that leads there.
    let address: SocketAddress
    let isTunnelled: Bool
    let configuration: TLSConfiguration
    let seconds: Int

    enum Problem: Error {
        case expired(Certificate)
        case notYetValid(Certificate)
        case wrongHost(Certificate)
        case unknownIssuer(Certificate)
        /// Whatever it speaks there, it is not TLS.
        case notTLS
        /// TLS, of no version or cipher that we take.
        case tooOld
        case hungUp
        /// The proxy wants to know who asks.
        case proxyCredentials
        case proxyRefused
        case timedOut
        case other(String)
    }

    struct Secured {
        /// `TLS 1.3`
        let version: String
        let certificate: Certificate?
    }

    /// As every request does it.
    func verified() async throws(Problem) -> Secured {
        do {
            return try await within(seconds: seconds) {
                try await connected { context in
                    try NIOSSLClientHandler(context: context, serverHostname: serverName)
                }
            }
        } catch {
            throw await problem(error)
        }
    }

    /// Addresses are not names (RFC 6066 §3); they are compared with the certificate's addresses.
    private var serverName: String? { (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil }

    private func connected(
        _ handler: @escaping @Sendable (NIOSSLContext) throws -> NIOSSLClientHandler
    ) async throws -> Secured {
        let context = try NIOSSLContext(configuration: configuration)
        let group = MultiThreadedEventLoopGroup.singleton
        let done = group.next().makePromise(of: Secured.self)
        let begin = { @Sendable (channel: any Channel) throws in
            let tls = try handler(context)
            try channel.pipeline.syncOperations.addHandlers(tls, HandshakeListener(tls: tls, done: done))
        }
        let bootstrap = ClientBootstrap(group: group).connectTimeout(.seconds(Int64(seconds)))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if isTunnelled { try tunnel(channel, done, then: begin) } else { try begin(channel) }
                }
            }
        do {
            let channel = try await bootstrap.connect(to: address).get()
            return try await withTaskCancellationHandler {
                let secured = try await done.futureResult.get()
                channel.close(promise: nil)
                return secured
            } onCancel: {
                channel.close(promise: nil)
                done.fail(CancellationError())
            }
        } catch {
            done.fail(error)
            throw error
        }
    }

    /// Asks the proxy for a way to the service (RFC 9110 §9.3.6).
    private func tunnel(
        _ channel: any Channel, _ done: EventLoopPromise<Secured>,
        then begin: @escaping @Sendable (any Channel) throws -> Void
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        let opened = channel.eventLoop.makePromise(of: Void.self)
        let (encoder, decoder) = (HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder()))
        try pipeline.addHandlers(
            encoder, decoder,
            NIOHTTP1ProxyConnectHandler(
                targetHost: host, targetPort: port, headers: ["Host": "\(host):\(port)"],
                deadline: .now() + .seconds(Int64(seconds)), promise: opened))
        // What is sent from here on is the service's: nothing that speaks HTTP may see it.
        opened.futureResult.assumeIsolated()
            .flatMap { pipeline.removeHandler(encoder) }
            .flatMap { pipeline.removeHandler(decoder) }
            .flatMapThrowing { try begin(channel) }
            .whenFailure { done.fail($0) }
    }

    private func problem(_ error: any Error) async -> Problem {
        switch error {
        case let error as NIOHTTP1ProxyConnectHandler.Error:
            return error == .proxyAuthenticationRequired() ? .proxyCredentials : .proxyRefused
        case ClientError.timedOut: return .timedOut
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            return await presented().map(Problem.wrongHost) ?? .other("the certificate is for another host")
        case NIOSSLError.handshakeFailed(let failure):
            let words = String(describing: failure)
            if words.contains("CERTIFICATE_VERIFY_FAILED") { return await certificateProblem() }
            if ["WRONG_VERSION_NUMBER", "HTTP_REQUEST", "INVALID_PROTOCOL"].contains(where: words.contains) {
                return .notTLS
            }
            if ["PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "HANDSHAKE_FAILURE", "NO_SHARED_CIPHER"]
                .contains(where: words.contains)
            {
                return .tooOld
            }
            if words.contains("EOF during handshake") { return .hungUp }
            return .other("the handshake failed")
        case is IOError, is ChannelError: return .hungUp
        default: return .other("the handshake failed")
        }
    }

    private func certificateProblem() async -> Problem {
        guard let chain = await chain(), let first = chain.first else {
            return .other("its certificate cannot be trusted")
        }
        let now = Timestamp(rawValue: Int64(time(nil)) * 1000)
        if let old = chain.first(where: { $0.notAfter < now }) { return .expired(old) }
        if let early = chain.first(where: { $0.notBefore > now }) { return .notYetValid(early) }
        return .unknownIssuer(chain.last ?? first)
    }

    private func presented() async -> Certificate? { await chain()?.first }

    /// What the service shows, its own certificate first. The handshake is refused as soon as that is there, so nothing
    /// is ever said to whom nobody verified.
    private func chain() async -> [Certificate]? {
        let shown = Shown()
        _ = try? await within(seconds: seconds) {
            try await connected { context in
                try NIOSSLClientHandler(
                    context: context, serverHostname: serverName,
                    customVerificationCallback: { certificates, verdict in
                        shown.certificates.withLock {
                            $0 = certificates.compactMap { (try? $0.toDERBytes()).flatMap(Certificate.init(der:)) }
                        }
                        verdict.succeed(.failed)
                    })
            }
        }
        return shown.certificates.withLock { $0 }
    }

    private final class Shown: Sendable { let certificates = Mutex<[Certificate]?>(nil) }
}

/// Waits for a handshake's end, good or bad.
private final class HandshakeListener: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let tls: NIOSSLClientHandler
    private let done: EventLoopPromise<Handshake.Secured>

    init(tls: NIOSSLClientHandler, done: EventLoopPromise<Handshake.Secured>) {
        self.tls = tls
        self.done = done
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted = event else { return }
        let certificate = tls.peerCertificate.flatMap { try? $0.toDERBytes() }.flatMap(Certificate.init(der:))
        done.succeed(.init(version: tls.tlsVersion == .tlsv13 ? "TLS 1.3" : "TLS 1.2", certificate: certificate))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        done.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { done.fail(ChannelError.eof) }
}
