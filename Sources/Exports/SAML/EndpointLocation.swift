/// The URL of an endpoint, judged (saml-metadata.md §2.9): people's browsers are sent there, with what they assert.
package enum EndpointLocation {
    package static let characterLimit = 2_048

    /// Why `location` is not taken; `nil` if it is: absolute, `https` (or `http` where allowed), with a host, without
    /// user information, in ASCII without characters that browsers read in more ways than one.
    package static func fault(_ location: String, allowsHTTP: Bool) -> String? {
        let bytes = Array(location.utf8)
        if bytes.isEmpty { return "it has no Location" }
        if bytes.count > characterLimit { return "it is longer than \(characterLimit) characters" }
        if bytes.contains(where: { $0 < 0x21 || $0 == 0x7F }) { return "it holds a blank or a control character" }
        if bytes.contains(where: { $0 > 0x7F }) { return "it holds a character that is not ASCII" }
        let scheme = bytes.prefix { $0 != UInt8(ascii: ":") }.map { $0 | 0x20 }
        let isHTTP = scheme.elementsEqual("http".utf8)
        guard isHTTP || scheme.elementsEqual("https".utf8), bytes.dropFirst(scheme.count).starts(with: "://".utf8)
        else {
            return "it is not an absolute https URL"
        }
        if isHTTP && !allowsHTTP { return "it is http, so that everybody on the way could read it" }
        if bytes.contains(where: { ambiguous.contains($0) }) {
            return "it holds a character that is to be escaped in a URL"
        }
        let authority = authority(of: location)
        if authority.contains(UInt8(ascii: "@")) { return "it holds a user name" }
        guard let host = hostAndPort(authority) else { return "its host is none" }
        return host.isEmpty ? "it has no host" : nil
    }

    /// Host and port in lower case, without the scheme's own port, as a person compares them: `login.okta.example` or
    /// `idp.example:8443`. Of a location that ``fault(_:allowsHTTP:)`` takes.
    package static func host(of location: String) -> String {
        var host = authority(of: location).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }[...]
        let isHTTP = location.utf8.prefix(5).map { $0 | 0x20 }.elementsEqual("http:".utf8.map { $0 | 0x20 })
        let port = Array((isHTTP ? ":80" : ":443").utf8)
        if host.suffix(port.count).elementsEqual(port) { host = host.dropLast(port.count) }
        return String(decoding: host, as: UTF8.self)
    }

    private static let ambiguous = Set("\"<>\\^`{|}".utf8)

    private static func authority(of location: String) -> ArraySlice<UInt8> {
        let bytes = Array(location.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return [] }
        return bytes.dropFirst(colon + 3).prefix {
            $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
    }

    /// The host if host and port are written as RFC 3986 §3.2 has them, in ASCII (other names in their `xn--` form).
    private static func hostAndPort(_ authority: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var host = authority
        var port: ArraySlice<UInt8> = []
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = authority[...end]
            let rest = authority[(end + 1)...]
            if !rest.isEmpty {
                guard rest.first == UInt8(ascii: ":") else { return nil }
                port = rest.dropFirst()
            }
            guard
                host.dropFirst().dropLast().allSatisfy({
                    isHex($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
                })
            else { return nil }
        } else {
            if let colon = authority.firstIndex(of: UInt8(ascii: ":")) {
                host = authority[..<colon]
                port = authority[(colon + 1)...]
            }
            guard host.allSatisfy({ isLetterOrDigit($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }) else { return nil }
        }
        guard port.allSatisfy({ (0x30...0x39).contains($0) }), port.count <= 5 else { return nil }
        if !port.isEmpty, (Int(String(decoding: port, as: UTF8.self)) ?? 0) > 65_535 { return nil }
        return host
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }
}
