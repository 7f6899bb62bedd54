import SCIM

/// What a path names (RFC 7644 §3.2).
enum Endpoint: Hashable, Sendable {
    case base
    case resources(ResourceType)
    case resource(ResourceType, ResourceID)
    /// `.search` over one type, or over all.
    case search(ResourceType?)
    case bulk
    case me
    case serviceProviderConfig
    case resourceTypes
    case resourceType(String)
    case schemas
    case schema(String)
    case liveness
    case readiness
    case metrics
    /// Below the SCIM endpoints, and none of them.
    case unknown
    /// Anywhere else.
    case elsewhere

    /// Groups have any number of members; Bulk and the searches ask for much by nature.
    var mayTakeLong: Bool {
        switch self {
        case .resources(.group), .resource(.group, _), .search, .bulk, .base: true
        default: false
        }
    }

    /// Slashes that are doubled or at the end mean nothing (scim-clients.md): a base URL ends with one, and clients add
    /// their own.
    init(path: Substring) {
        if let resource = Self.plainResource(path) {
            self = resource
            return
        }
        let segments = path.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
        guard segments.starts(with: Self.root) else {
            switch segments {
            case ["healthz"]: self = .liveness
            case ["readyz"]: self = .readiness
            case ["metrics"]: self = .metrics
            default: self = .elsewhere
            }
            return
        }
        let decoded = segments.dropFirst(Self.root.count).map(PercentCoding.decoded(path:))
        self = decoded.contains(nil) ? .unknown : Self.below(decoded.compactMap(\.self))
    }

    /// What most requests ask for, written as most clients write it: `nil` says nothing about others.
    private static func plainResource(_ path: Substring) -> Endpoint? {
        for (type, start) in resourceStarts where path.utf8.starts(with: start) {
            let id = path.utf8.dropFirst(start.count)
            let isPlain = id.allSatisfy { byte in
                byte < 0x80 && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "%") && byte != UInt8(ascii: ".")
            }
            if isPlain, !id.isEmpty { return .resource(type, ResourceID(rawValue: String(Substring(id)))) }
        }
        return nil
    }

    private static let resourceStarts = [ResourceType.user, .group].map { type in
        (type: type, bytes: Array("\(ServiceSettings.path)/\(type.endpoint)/".utf8))
    }

    private static let root = ServiceSettings.path.split(separator: "/")

    private static func below(_ names: [String]) -> Endpoint {
        guard let first = names.first else { return .base }
        guard names.count <= 2 else { return .unknown }
        let second = names.dropFirst().first
        if let type = ResourceType.allCases.first(where: { $0.endpoint == first }) {
            switch second {
            case nil: return .resources(type)
            case ".search": return .search(type)
            case let id?: return .resource(type, ResourceID(rawValue: id))
            }
        }
        switch (first, second) {
        case (".search", nil): return .search(nil)
        case ("Bulk", nil): return .bulk
        case ("Me", nil): return .me
        case ("ServiceProviderConfig", nil): return .serviceProviderConfig
        case ("ResourceTypes", nil): return .resourceTypes
        case ("ResourceTypes", let name?): return .resourceType(name)
        case ("Schemas", nil): return .schemas
        case ("Schemas", let urn?): return .schema(urn)
        default: return .unknown
        }
    }

    /// What `Allow` lists; empty where there is nothing.
    var verbs: [Verb] {
        switch self {
        case .base, .serviceProviderConfig, .resourceTypes, .resourceType, .schemas, .schema, .liveness, .readiness,
            .metrics:
            [.get]
        case .resources: [.get, .post]
        case .resource: [.get, .put, .patch, .delete]
        case .search, .bulk: [.post]
        case .me: [.get, .post, .put, .patch, .delete]
        case .unknown, .elsewhere: []
        }
    }

    /// Discovery is for everybody (scim-rulings.md, "Running"), and so is what tells machines how the service is.
    var needsToken: Bool {
        switch self {
        case .serviceProviderConfig, .resourceTypes, .resourceType, .schemas, .schema, .liveness, .readiness, .metrics,
            .elsewhere:
            false
        case .base, .resources, .resource, .search, .bulk, .me, .unknown: true
        }
    }

    /// For log and metrics: of a closed set, and nobody's id.
    var label: String {
        switch self {
        case .base: "base"
        case .resources(let type): type.endpoint
        case .resource(let type, _): type.endpoint + "/{id}"
        case .search(let type): (type.map { $0.endpoint + "/" } ?? "") + ".search"
        case .bulk: "Bulk"
        case .me: "Me"
        case .serviceProviderConfig: "ServiceProviderConfig"
        case .resourceTypes, .resourceType: "ResourceTypes"
        case .schemas, .schema: "Schemas"
        case .liveness: "healthz"
        case .readiness: "readyz"
        case .metrics: "metrics"
        case .unknown, .elsewhere: "unknown"
        }
    }
}

/// HEAD is GET without the body; everything else has no meaning here.
enum Verb: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"

    var hasBody: Bool { self == .post || self == .put || self == .patch }
}
