import Foundation

/// Where a SCIM service is: the URL that `Users` is put behind (RFC 7644 §1.3).
///
/// `https`; `http` to this machine alone, since the token would travel in clear text.
package struct ServiceURL: Hashable, Sendable {
    /// A name or an address, without the brackets of IPv6.
    package let host: String
    package let port: Int
    package let isSecure: Bool
    /// Begins and ends with a slash.
    private let path: String

    /// Why a text is no such URL; each has a mend of its own.
    package enum Mistake: Error {
        case notAURL
        case clearText(mend: String)
        /// A name or password before the host.
        case credentials
        case query
        /// It goes on to `Users` or another endpoint.
        case endpoint(mend: String)
    }

    package init(_ text: String) throws(Mistake) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) }),
            let parts = URLComponents(string: text), let host = parts.host.map(Self.bare), !host.isEmpty,
            let scheme = parts.scheme?.lowercased(), ["https", "http"].contains(scheme)
        else { throw .notAURL }
        guard parts.user == nil, parts.password == nil else { throw .credentials }
        // Microsoft Entra's own switch, pasted with the tenant URL; it is never sent to a service (docs/entra.md).
        guard [nil, "", "aadOptscim062020"].contains(parts.query), parts.fragment == nil else { throw .query }
        isSecure = scheme == "https"
        self.host = host.lowercased()
        port = parts.port ?? (isSecure ? 443 : 80)
        var segments = parts.percentEncodedPath.split(separator: "/")
        if let last = segments.last, Self.endpoints.contains(last.lowercased()) {
            segments.removeLast()
            throw .endpoint(mend: Self.text(scheme, host, parts.port, segments))
        }
        path = Self.path(segments)
        if !isSecure, !Self.isThisMachine(self.host) {
            throw .clearText(mend: Self.text("https", host, parts.port, segments))
        }
    }

    /// Always in the same spelling: with a slash at its end, and without the port that goes without saying.
    package var text: String { origin + path }

    /// Scheme, host and port: where a token may go (RFC 6454 §4).
    package var origin: String {
        let isDefault = port == (isSecure ? 443 : 80)
        return Self.origin(isSecure ? "https" : "http", host, isDefault ? nil : port)
    }

    /// `relative` behind the base: `Users?startIndex=1`.
    func url(_ relative: String) -> String { text + relative }

    /// Where a `Location` leads from here; `nil` when it is no URL. A request may follow it only when it stays at this
    /// origin.
    func target(of location: String, from url: String) -> (url: String, origin: String)? {
        guard let target = URL(string: location, relativeTo: URL(string: url))?.absoluteURL,
            let scheme = target.scheme?.lowercased(), let host = target.host().map(Self.bare)
        else { return nil }
        let standard = ["https": 443, "http": 80][scheme]
        let origin = Self.origin(scheme, host.lowercased(), target.port == standard ? nil : target.port)
        return (target.absoluteString, origin)
    }

    private static let endpoints: Set = [
        "users", "groups", "me", "bulk", "schemas", "resourcetypes", "serviceproviderconfig", ".search",
    ]

    private static func isThisMachine(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.wholeMatch(of: /127\.\d{1,3}\.\d{1,3}\.\d{1,3}/) != nil
    }

    private static func bare(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    private static func origin(_ scheme: String, _ host: String, _ port: Int?) -> String {
        "\(scheme)://\(host.contains(":") ? "[\(host)]" : host)\(port.map { ":\($0)" } ?? "")"
    }

    private static func path(_ segments: [Substring]) -> String {
        segments.isEmpty ? "/" : "/\(segments.joined(separator: "/"))/"
    }

    private static func text(_ scheme: String, _ host: String, _ port: Int?, _ segments: [Substring]) -> String {
        origin(scheme, host, port) + path(segments)
    }
}
