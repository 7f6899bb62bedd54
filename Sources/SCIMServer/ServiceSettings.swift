/// How the service is started, and how much it takes from outside.
package struct ServiceSettings: Sendable {
    package var host = "127.0.0.1"
    /// 0: one that is free.
    package var port = 8080
    /// Where clients find the SCIM endpoints, for `Location` and `meta.location`. Without it, what the request says of
    /// its host is taken.
    package var baseURL: String?
    package var tls: TLSFiles?
    /// Requests a second and team; `nil` for no limit.
    package var requestsPerSecond: Int?
    /// Believe `X-Forwarded-For`, `-Host` and `-Proto`: only behind a proxy that sets them.
    package var trustsForwarded = false
    package var limits = Limits()
    /// What rates are measured by.
    package var clock: @Sendable () -> ContinuousClock.Instant = { .now }

    package init() {}

    /// PEM files.
    package struct TLSFiles: Sendable {
        package var certificate: String
        package var key: String
        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// What HTTP takes; how much a request may ask of the core is ``ServiceLimits``.
    package struct Limits: Sendable {
        package var bodyBytes = 1 << 20
        package var urlBytes = 16 << 10
        /// Of all header fields together.
        package var headerBytes = 32 << 10
        package var headSeconds: Int64 = 10
        package var bodySeconds: Int64 = 30
        package var idleSeconds: Int64 = 75
        package var connections = 1024
        /// Refused tokens a minute and address; more are turned away with 429.
        package var refusalsPerMinute = 300
        package init() {}
    }

    /// Whether clients can be told to look there: a whole `http` or `https` URL, without query or fragment.
    package static func isBaseURL(_ text: String) -> Bool {
        let rest = text.hasPrefix("https://") ? text.dropFirst(8) : text.hasPrefix("http://") ? text.dropFirst(7) : ""
        let host = rest.prefix { $0 != "/" }
        return Forwarded.host(String(host)) != nil
            && rest.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"?#\"<>\\".utf8.contains($0) }
    }

    /// Where the SCIM endpoints are, under any host.
    package static let path = "/api/external/scim"
}
