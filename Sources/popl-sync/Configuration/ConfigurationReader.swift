import Exports
import Reconciliation

/// Gives the keys of `popl-sync.yaml` their meaning. Anything it does not know is an error: a key that was misspelt
/// must not be a rule that silently does not hold.
struct ConfigurationReader {
    private var configuration = Configuration()

    /// The configuration at `path`, at a default path, or an empty one.
    static func read(named path: String?) throws -> Configuration {
        guard let (path, root) = try ConfigurationFile.open(named: path) else { return Configuration() }
        var reader = ConfigurationReader()
        reader.configuration.file = path
        if let root { try reader.readAll(root) }
        return reader.configuration
    }

    private enum Key: String, CaseIterable {
        case team, target, source, mapping, attributes, status, groups, scope, protect, admins, incomplete, guards
        case retention, privacy, serve, healthcheck, notify
        case reportURL = "report-url"
        case metricsFile = "metrics-file"
    }

    private mutating func readAll(_ root: ConfigurationNode) throws {
        if root.isNull { return }
        for (key, value) in try root.section(Key.self) {
            switch key {
            case .team: configuration.team = try value.string()
            case .target: try readTarget(value)
            case .source: try readSource(value)
            case .mapping:
                configuration.mapping.entries = try MappingReader.entries(value)
                configuration.attributePrecedence = try MappingReader.precedence(value)
            case .attributes: configuration.mapping.preset = try value.choice(MappingConfiguration.Preset.self)
            case .status: configuration.mapping.statusWords = try MappingReader.statusWords(value)
            case .groups: configuration.mapping.groups = try MappingReader.groups(value)
            case .scope: configuration.mapping.scope = try MappingReader.scope(value)
            case .protect: try readProtect(value)
            case .admins: configuration.admins = try value.strings().map(\.value)
            case .incomplete: configuration.incomplete = try value.choice(Policy.Incomplete.self)
            case .guards: configuration.limits = try GuardLimitsReader.limits(value)
            case .retention: configuration.retention = try retention(value)
            case .privacy: configuration.privacy = try value.choice(Privacy.self)
            case .serve: configuration.serve = try ServeReader.configuration(value)
            case .healthcheck: configuration.surroundings.healthcheck = try SurroundingsReader.hook(value)
            case .notify: configuration.surroundings.notify = try SurroundingsReader.targets(value)
            case .reportURL: configuration.surroundings.reportURL = try SurroundingsReader.reportURL(value)
            case .metricsFile: configuration.surroundings.metricsFile = try value.string()
            }
        }
    }

    private enum ProtectKey: String, CaseIterable { case group }

    /// Patterns, and `{ group: NAME }` for all members of a group.
    private mutating func readProtect(_ node: ConfigurationNode) throws {
        for element in node.elements() {
            guard element.isMapping else {
                configuration.protect.append(try element.string())
                continue
            }
            for (key, value) in try element.section(ProtectKey.self) {
                switch key {
                case .group: configuration.protectGroups.append(try value.string())
                }
            }
        }
    }

    private enum TargetKey: String, CaseIterable {
        case database, scim, token, state, concurrency, patience, proxy
        case authorities = "ca-file"
        case certificate = "client-certificate"
        case certificateKey = "client-key"
    }

    private mutating func readTarget(_ node: ConfigurationNode) throws {
        for (key, value) in try node.section(TargetKey.self) {
            switch key {
            case .database: configuration.database = try value.string()
            case .scim: configuration.remote.scim = try value.located()
            case .token: try readToken(value)
            case .authorities: configuration.remote.authorities = try value.located()
            case .certificate: configuration.remote.certificate = try value.located()
            case .certificateKey: configuration.remote.certificateKey = try value.located()
            case .proxy: configuration.remote.proxy = try value.located()
            case .state: configuration.remote.state = try value.string()
            case .concurrency: configuration.remote.concurrency = try value.number(in: 1...64)
            case .patience: configuration.remote.patience = try value.number(in: 1...86_400)
            }
        }
    }

    private enum TokenKey: String, CaseIterable { case file, env }

    /// Where the token is, never the token: this file is read by too many.
    private mutating func readToken(_ node: ConfigurationNode) throws {
        guard node.isMapping else {
            throw node.mistake(
                "must say where the token is: `{ file: /run/credentials/popl-token }` or `{ env: NAME }`.")
        }
        for (key, value) in try node.section(TokenKey.self) {
            switch key {
            case .file: configuration.remote.tokenFile = try value.located()
            case .env: configuration.remote.tokenVariable = try value.located()
            }
        }
    }

    private enum SourceKey: String, CaseIterable {
        case name, users, groups, metadata, format, snapshot, combine, encoding, dates, leavers, grace, precedence
        case trailer
        case groupMembers = "group-members"
        case expectRecords = "expect-records"
        case timeZone = "time-zone"
        case requireSignature = "require-signature"
        case entityID = "entity-id"
        case metadataTrusted = "metadata-trusted"
    }

    private enum GraceKey: String, CaseIterable { case snapshots, hours }

    private func grace(_ node: ConfigurationNode) throws -> Grace {
        var grace = Grace(snapshots: nil)
        for (key, value) in try node.section(GraceKey.self) {
            let number = try value.count()
            guard number > 0 else { throw value.mistake("must be 1 or more.") }
            switch key {
            case .snapshots: grace.snapshots = number
            case .hours: grace.hours = number
            }
        }
        return grace
    }

    private enum RetentionKey: String, CaseIterable { case journal, reports }

    private func retention(_ node: ConfigurationNode) throws -> Retention {
        var retention = Retention()
        var reports: ConfigurationNode?
        for (key, value) in try node.section(RetentionKey.self) {
            switch key {
            case .journal: retention.journalHours = try value.hoursOrForever()
            case .reports:
                retention.reportsHours = try value.hoursOrForever()
                reports = value
            }
        }
        guard retention.keepsReportsLonger else {
            guard let reports else {
                retention.reportsHours = retention.journalHours
                return retention
            }
            throw reports.mistake(
                "must not be shorter than retention.journal, which is "
                    + (retention.journalHours.map { $0 % 24 == 0 ? "\($0 / 24)d" : "\($0)h" } ?? "forever") + ".")
        }
        return retention
    }

    private enum Snapshot: String, CaseIterable { case full, partial }

    private mutating func readSource(_ node: ConfigurationNode) throws {
        for (key, value) in try node.section(SourceKey.self) {
            switch key {
            case .name: configuration.source.name = try value.string()
            case .users: configuration.source.users = try value.strings()
            case .groups: configuration.source.groups = try value.strings()
            case .groupMembers:
                configuration.source.groupMembers = try value.entries().map {
                    .init(group: $0.name.value, file: try $0.value.located())
                }
            case .metadata: configuration.source.metadata = try value.strings()
            case .format: configuration.source.format = try value.located()
            case .snapshot: configuration.source.isPartialSnapshot = try value.choice(Snapshot.self) == .partial
            case .combine: configuration.source.combines = try value.boolean()
            case .encoding: configuration.mapping.encoding = try value.located()
            case .dates: configuration.mapping.dates = try value.choice(MappingConfiguration.DateDialect.self)
            case .timeZone: configuration.source.timeZone = try value.timeZone()
            case .leavers: configuration.mapping.leavers = try value.choice(MappingConfiguration.Leavers.self)
            case .expectRecords: configuration.source.expectedRecords = try value.count()
            case .trailer: configuration.source.trailer = try value.located()
            case .grace: configuration.source.grace = try grace(value)
            case .precedence: configuration.source.precedence = try value.strings().map(\.value)
            case .requireSignature: configuration.source.requiresSignature = try value.boolean()
            case .entityID: configuration.source.entityID = try value.string()
            case .metadataTrusted: configuration.source.trustsMetadata = try value.boolean()
            }
        }
    }
}
