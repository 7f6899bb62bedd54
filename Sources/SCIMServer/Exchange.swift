import HTTPTypes
import Hummingbird
import NIOCore
import SCIM

/// One request as the service sees it, and what is found out about it on the way.
struct Exchange: Sendable {
    /// For the log and for `X-Request-Id`.
    let id: String
    let method: String
    let endpoint: Endpoint
    /// As it came, without the question mark.
    let query: Substring
    let headers: HTTPFields
    private let remote: SocketAddress?
    private let forwardedAddress: String?
    /// Where clients find the endpoints, without a slash at its end.
    let baseURL: String
    var token: TokenRecord?
    /// Whether the client may still read an answer, as far as is known.
    let isConnected: @Sendable () -> Bool

    init(_ request: Request, _ context: ConnectionContext, settings: ServiceSettings, boundPort: Int) {
        let channel = context.channel
        isConnected = { channel.isActive }
        id = Self.newID()
        method = request.head.method.rawValue
        let path = request.head.path ?? "/"
        let target = path.utf8.prefix { $0 != UInt8(ascii: "#") }
        let mark = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        endpoint = Endpoint(path: Substring(target[..<mark]))
        query = Substring(target[mark...].dropFirst())
        headers = request.headers
        let forwarded = settings.trustsForwarded ? Forwarded(headers) : nil
        remote = channel.remoteAddress
        forwardedAddress = forwarded?.address
        if let baseURL = settings.baseURL {
            self.baseURL = baseURL.last == "/" ? String(baseURL.dropLast()) : baseURL
        } else {
            let scheme = forwarded?.scheme ?? (settings.tls == nil ? "http" : "https")
            let host = forwarded?.host ?? request.head.authority.flatMap(Forwarded.host)
            baseURL = "\(scheme)://\(host ?? "\(settings.host):\(boundPort)")\(ServiceSettings.path)"
        }
    }

    /// HEAD is answered as GET is.
    var verb: Verb? { Verb(rawValue: method == "HEAD" ? "GET" : method) }

    /// The client's, as far as it can be known.
    var address: String { forwardedAddress ?? remote?.ipAddress ?? "" }

    /// In whose name it comes. Throws 401 without a token.
    var context: SCIM.RequestContext {
        get throws(SCIMError) {
            guard let token else { throw .unauthorized }
            return SCIM.RequestContext(
                team: token.team, actor: "token:\(token.id)", mayChangeConnection: token.scopes.contains(.sso))
        }
    }

    private static func newID() -> String {
        let number = UInt64.random(in: 0...UInt64.max)
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// What a proxy in front says of the request. Only believed when told to: anybody can send these.
struct Forwarded {
    var address: String?
    var host: String?
    var scheme: String?

    init(_ headers: HTTPFields) {
        // The last one is our own proxy's word; those before it are the client's.
        address = Self.last(headers, "X-Forwarded-For").flatMap { $0.isEmpty ? nil : $0 }
        host = Self.last(headers, "X-Forwarded-Host").flatMap(Self.host)
        scheme = Self.last(headers, "X-Forwarded-Proto").flatMap { ["http", "https"].contains($0) ? $0 : nil }
    }

    /// `text` if it is a host with or without a port: it comes back to the client in URLs.
    static func host(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
                UInt8(ascii: "["), UInt8(ascii: "]"):
                true
            default: false
            }
        }
        return isPlain && !text.isEmpty && text.utf8.count <= 255 ? text : nil
    }

    private static func last(_ headers: HTTPFields, _ name: String) -> String? {
        guard let name = HTTPField.Name(name) else { return nil }
        return headers[values: name].last?.split(separator: ",").last.map { part in
            String(part.drop { $0 == " " }.prefix { $0 != " " })
        }
    }
}
