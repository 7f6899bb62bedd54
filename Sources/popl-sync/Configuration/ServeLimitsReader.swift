import SCIM
import SCIMServer

/// Reads `serve.limits:`, scim-rulings.md's "Limits" and what HTTP adds to them.
enum ServeLimitsReader {
    private enum Key: String, CaseIterable {
        case body, url, header, string, members, page, walk, connections
        case bulkBody = "bulk-body"
        case bulkOperations = "bulk-operations"
        case patchOperations = "patch-operations"
        case jsonDepth = "json-depth"
        case filterBytes = "filter-bytes"
        case filterLevels = "filter-levels"
        case filterTerms = "filter-terms"
        case userName = "user-name"
        case pageDefault = "page-default"
        case headSeconds = "head-seconds"
        case bodySeconds = "body-seconds"
        case idleSeconds = "idle-seconds"
        case refusalsPerMinute = "refusals-per-minute"
    }

    /// Where none is given: as much as can be counted anywhere.
    private static let any = 1...Int(Int32.max)
    /// What is read and judged level by level must fit the stack of a thread.
    private static let levels = 1...500
    /// JSON strings end at 256 KiB, so that four bytes a character fit.
    private static let characters = 1...65_536

    static func read(_ node: ConfigurationNode, into serve: inout ServeConfiguration) throws {
        var pageDefault: ConfigurationNode?
        for (key, value) in try node.section(Key.self) {
            switch key {
            case .body: serve.settings.limits.bodyBytes = try value.number(in: any)
            case .url: serve.settings.limits.urlBytes = try value.number(in: any)
            case .header: serve.settings.limits.headerBytes = try value.number(in: any)
            case .connections: serve.settings.limits.connections = try value.number(in: any)
            case .headSeconds: serve.settings.limits.headSeconds = Int64(try value.number(in: any))
            case .bodySeconds: serve.settings.limits.bodySeconds = Int64(try value.number(in: any))
            case .idleSeconds: serve.settings.limits.idleSeconds = Int64(try value.number(in: any))
            case .refusalsPerMinute: serve.settings.limits.refusalsPerMinute = try value.number(in: any)
            case .jsonDepth: serve.limits.jsonDepth = try value.number(in: levels)
            case .filterBytes: serve.limits.filter.bytes = try value.number(in: any)
            case .filterLevels: serve.limits.filter.levels = try value.number(in: levels)
            case .filterTerms: serve.limits.filter.terms = try value.number(in: 1...1_000)
            case .string: serve.limits.text.string = try value.number(in: characters)
            case .userName: serve.limits.text.userName = try value.number(in: characters)
            case .members: serve.limits.members = try value.number(in: any)
            case .page: serve.limits.pageLimit = try value.number(in: any)
            case .walk: serve.limits.walk = try value.number(in: any)
            case .pageDefault:
                serve.limits.pageDefault = try value.number(in: any)
                pageDefault = value
            case .bulkBody: serve.limits.bulkBytes = try value.number(in: any)
            case .bulkOperations: serve.limits.bulkOperations = try value.number(in: any)
            case .patchOperations: serve.limits.patchOperations = try value.number(in: any)
            }
        }
        if serve.limits.pageDefault > serve.limits.pageLimit {
            if let pageDefault {
                throw pageDefault.mistake(
                    "must not be more than serve.limits.page, which is \(serve.limits.pageLimit).")
            }
            serve.limits.pageDefault = serve.limits.pageLimit
        }
    }
}
