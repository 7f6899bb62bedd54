import SCIM
import SCIMServer

/// What `serve:` says of the online service; what it leaves out is as it is by default.
struct ServeConfiguration {
    var settings = ServiceSettings()
    var limits = ServiceLimits()
}

/// Reads `serve:`.
enum ServeReader {
    private enum Key: String, CaseIterable {
        case host, port, limits
        case baseURL = "base-url"
        case tlsCertificate = "tls-certificate"
        case tlsKey = "tls-key"
        case rateLimit = "rate-limit"
        case trustForwarded = "trust-forwarded"
    }

    static func configuration(_ node: ConfigurationNode) throws -> ServeConfiguration {
        var serve = ServeConfiguration()
        var certificate: ConfigurationNode?
        var key: ConfigurationNode?
        for (name, value) in try node.section(Key.self) {
            switch name {
            case .host: serve.settings.host = try value.string()
            case .port:
                serve.settings.port = try value.count()
                guard serve.settings.port <= 65_535 else { throw value.mistake("must be a port, 0 to 65535.") }
            case .baseURL:
                serve.settings.baseURL = try value.string()
                guard ServiceSettings.isBaseURL(try value.string()) else {
                    throw value.mistake("must be a whole URL, such as `https://api.example.com/api/external/scim/`.")
                }
            case .tlsCertificate: certificate = value
            case .tlsKey: key = value
            case .rateLimit: serve.settings.requestsPerSecond = try value.number(in: 1...Int(Int32.max))
            case .trustForwarded: serve.settings.trustsForwarded = try value.boolean()
            case .limits: try ServeLimitsReader.read(value, into: &serve)
            }
        }
        switch (certificate, key) {
        case (nil, nil): break
        case (let certificate?, let key?):
            serve.settings.tls = .init(certificate: try certificate.string(), key: try key.string())
        case (let lone?, nil), (nil, let lone?):
            throw lone.mistake("is of no use alone: tls-certificate and tls-key belong together.")
        }
        return serve
    }
}
