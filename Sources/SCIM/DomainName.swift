import Foundation

/// Internationalised domain names.
enum DomainName {
    /// `domain` with each label in A-label form and in lower case (`Bücher.example` → `xn--bcher-kva.example`); `nil`
    /// for what is no domain name (UTS 46, as URLs use it).
    static func aLabels(_ domain: String) -> String? {
        var components = URLComponents()
        components.scheme = "https"
        components.host = domain
        guard let host = components.encodedHost, !host.isEmpty, !host.contains("%") else { return nil }
        return lowercasedASCII(host)
    }
}
