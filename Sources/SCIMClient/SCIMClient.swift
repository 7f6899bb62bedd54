import JSON

/// Requests to one SCIM service over HTTP (RFC 7644 §3).
///
/// Every request ends: after ``Settings/seconds`` it throws ``ClientError/timedOut(seconds:)``. The token goes to the
/// service's own origin and nowhere else: a redirect that leaves it is an error, not a request. TLS is always verified.
package final class SCIMClient: Sendable {
    package typealias Settings = HTTPTransport.Settings

    package enum Method: String, Sendable {
        case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
    }

    package let service: ServiceURL
    private let token: BearerToken
    private let http: HTTPTransport

    package init(_ service: ServiceURL, token: BearerToken, settings: Settings = Settings()) {
        self.service = service
        self.token = token
        http = HTTPTransport(settings)
    }

    /// Must be called, last.
    package func close() async { await http.close() }

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
        var headers = [
            (name: "Authorization", value: "Bearer \(token.secret)"),
            (name: "Accept", value: "application/scim+json, application/json"),
        ]
        if let ifMatch { headers.append((name: "If-Match", value: ifMatch)) }
        var bytes: [UInt8]?
        if let body {
            var writer = JSONWriter()
            writer.value(body)
            bytes = writer.bytes
            headers.append((name: "Content-Type", value: "application/scim+json; charset=utf-8"))
        }
        let answer = try await http.send(method.rawValue, url, headers: headers, body: bytes)
        return Answer(status: answer.status, headers: answer.headers, bytes: answer.bytes)
    }
}
