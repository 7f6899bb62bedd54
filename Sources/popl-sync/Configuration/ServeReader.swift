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

    private enum LimitKey: String, CaseIterable {
        case body, url, header, members, page, connections
        case bulkBody = "bulk-body"
        case bulkOperations = "bulk-operations"
        case patchOperations = "patch-operations"
        case headSeconds = "head-seconds"
        case bodySeconds = "body-seconds"
        case idleSeconds = "idle-seconds"
        case refusalsPerMinute = "refusals-per-minute"
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
            case .rateLimit: serve.settings.requestsPerSecond = try positive(value)
            case .trustForwarded: serve.settings.trustsForwarded = try value.boolean()
            case .limits: try read(value, into: &serve)
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

    private static func read(_ node: ConfigurationNode, into serve: inout ServeConfiguration) throws {
        for (key, value) in try node.section(LimitKey.self) {
            let number = try positive(value)
            switch key {
            case .body: serve.settings.limits.bodyBytes = number
            case .url: serve.settings.limits.urlBytes = number
            case .header: serve.settings.limits.headerBytes = number
            case .connections: serve.settings.limits.connections = number
            case .headSeconds: serve.settings.limits.headSeconds = Int64(number)
            case .bodySeconds: serve.settings.limits.bodySeconds = Int64(number)
            case .idleSeconds: serve.settings.limits.idleSeconds = Int64(number)
            case .refusalsPerMinute: serve.settings.limits.refusalsPerMinute = number
            case .members: serve.limits.members = number
            case .page:
                serve.limits.pageLimit = number
                serve.limits.pageDefault = min(serve.limits.pageDefault, number)
            case .bulkBody: serve.limits.bulkBytes = number
            case .bulkOperations: serve.limits.bulkOperations = number
            case .patchOperations: serve.limits.patchOperations = number
            }
        }
    }

    private static func positive(_ node: ConfigurationNode) throws -> Int {
        let number = try node.count()
        guard number > 0, number <= Int32.max else { throw node.mistake("must be 1 or more.") }
        return number
    }
}
