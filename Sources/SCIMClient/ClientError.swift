import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Why a request has no answer. It may have been acted upon all the same, unless it was never sent.
package enum ClientError: Error, Hashable, Sendable {
    /// No connection: never sent.
    case unreachable(String)
    case timedOut(seconds: Int)
    /// Elsewhere, by origin; the token stayed here.
    case redirected(to: String)
    /// In a circle, or a request that may not be sent twice.
    case redirectedInPlace
    case answerTooLarge(bytes: Int)
    /// The connection ended before the answer did.
    case cutOff
    case notHTTP
    /// TLS was broken off. That the service is who it should be was seen before.
    case insecure
    /// By the task that asked.
    case cancelled
    /// By its class alone: what else an error says may quote the request.
    case other(String)

    init(_ error: any Error, seconds: Int, byteLimit: Int) {
        switch error {
        case let error as ClientError: self = error
        case is CancellationError: self = .cancelled
        case is NIOTooManyBytesError: self = .answerTooLarge(bytes: byteLimit)
        case is HTTPParserError: self = .notHTTP
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .insecure
        case let error as IOError: self = .unreachable(error.words)
        case let error as NIOConnectionError:
            let reason = error.connectionErrors.lazy.compactMap { ($0.error as? IOError)?.words }.first
            self = .unreachable(reason ?? "it cannot be connected to")
        case let error as HTTPClientError: self.init(error, seconds: seconds)
        default: self = .other(String(describing: type(of: error)))
        }
    }

    private init(_ error: HTTPClientError, seconds: Int) {
        switch error {
        case .cancelled: self = .cancelled
        case .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .tlsHandshakeTimeout,
            .getConnectionFromPoolTimeout:
            self = .timedOut(seconds: seconds)
        case .remoteConnectionClosed: self = .cutOff
        default: self = .other(error.shortDescription)
        }
    }

    /// A sentence's end: `the service …`.
    package var reason: String {
        switch self {
        case .unreachable(let reason): "cannot be reached: \(reason)"
        case .timedOut(let seconds): "did not answer within \(seconds) s"
        case .redirected(let origin): "sends the request on to \(origin)"
        case .redirectedInPlace: "sends the request on within itself"
        case .answerTooLarge(let bytes): "answered with more than \(bytes) bytes"
        case .cutOff: "ended the connection before its answer was there"
        case .notHTTP: "answered something that is not HTTP"
        case .insecure: "broke TLS off: it may want a client certificate (target.client-certificate)"
        case .cancelled: "was not waited for"
        case .other(let kind): "cannot be spoken to (\(kind))"
        }
    }
}

extension IOError {
    /// What the system's number says of a connection, in words that follow a colon.
    var words: String {
        switch errnoCode {
        case ECONNREFUSED: "nothing listens there, or a firewall refuses"
        case ETIMEDOUT: "it does not answer"
        case ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL: "no way leads there from this machine"
        case ECONNRESET, EPIPE: "it hung up"
        default: String(cString: strerror(errnoCode))
        }
    }
}
