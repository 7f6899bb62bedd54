/// Which SCIM service a team's roster is a mirror of.
package struct MirroredService: Hashable, Sendable {
    /// Its base URL.
    package var url: String
    /// SHA-256 of what it published as its schemas when it was asked last, 64 hex digits; empty when it publishes none,
    /// `nil` while it has not yet answered.
    package var schemas: String?
    package init(url: String, schemas: String?) {
        self.url = url
        self.schemas = schemas
    }
}

/// A change that is about to be sent to a SCIM service, written down before it is. Whoever finds one left over looks
/// whether the service did it.
package struct Intent: Hashable, Sendable {
    /// 0 until it was written down.
    package var position: Int64 = 0
    package var actor: String
    package var run: RunID?
    package var type: ResourceType
    /// `nil` for what is to be made.
    package var id: ResourceID?
    /// userName, displayName or entityID as it is to be: what is to be made is looked up by it.
    package var name: String
    /// The attributes as they are to be; `nil` for what is to go.
    package var wanted: ComplexValue?
    package var added: [ResourceID] = []
    package var removed: [ResourceID] = []
    package var link: SourceLink?

    package init(
        actor: String, run: RunID?, type: ResourceType, id: ResourceID?, name: String, wanted: ComplexValue?,
        added: [ResourceID] = [], removed: [ResourceID] = [], link: SourceLink?
    ) {
        self.actor = actor
        self.run = run
        self.type = type
        self.id = id
        self.name = name
        self.wanted = wanted
        self.added = added
        self.removed = removed
        self.link = link
    }
}

extension Intent {
    package func encode() -> [UInt8] {
        func strings(_ ids: [ResourceID]) -> AttributeValue { .list(ids.map { .string($0.rawValue) }) }
        var fields = ComplexValue([
            .init("actor", .string(actor)), .init("type", .integer(Int64(type.rawValue))), .init("name", .string(name)),
            .init("added", strings(added)), .init("removed", strings(removed)),
        ])
        fields["run"] = run.map { .string($0.rawValue) }
        fields["id"] = id.map { .string($0.rawValue) }
        fields["wanted"] = wanted.map { .complex($0) }
        if let link {
            fields["source"] = .integer(link.source.rawValue)
            fields["anchor"] = .string(link.anchor.hex)
            fields["fingerprint"] = link.fingerprint.map { .string($0.hex) }
        }
        return AttributesJSON.encode(fields)
    }

    /// `nil` for anything but what ``encode()`` makes.
    package init?(position: Int64, _ bytes: UnsafeRawBufferPointer) {
        guard let fields = AttributesJSON.decode(bytes), let actor = fields["actor"]?.string,
            let name = fields["name"]?.string, case .integer(let number)? = fields["type"],
            let type = ResourceType(rawValue: Int(number))
        else { return nil }
        func ids(_ name: String) -> [ResourceID] {
            (fields[name]?.list ?? []).compactMap { $0.string.map(ResourceID.init(rawValue:)) }
        }
        var link: SourceLink?
        if case .integer(let source)? = fields["source"],
            let anchor = fields["anchor"]?.string.flatMap(Digest128.init(hex:))
        {
            link = SourceLink(
                source: SourceID(rawValue: source), anchor: anchor,
                fingerprint: fields["fingerprint"]?.string.flatMap(Digest128.init(hex:)))
        }
        self.init(
            actor: actor, run: fields["run"]?.string.map(RunID.init(rawValue:)), type: type,
            id: fields["id"]?.string.map(ResourceID.init(rawValue:)), name: name, wanted: fields["wanted"]?.complex,
            added: ids("added"), removed: ids("removed"), link: link)
        self.position = position
    }
}

/// What a store keeps of the SCIM service that it mirrors. Part of ``StoreReading``.
package protocol MirrorReading {
    func mirroredService(team: TeamID) throws -> MirroredService?
    /// In the order of writing.
    func intents(team: TeamID) throws -> [Intent]
    /// In the order of finding.
    func shortcomings(team: TeamID) throws -> [Shortcoming]
}

/// Part of ``StoreWriting``.
package protocol MirrorWriting: MirrorReading {
    /// Inserts or replaces.
    func setMirroredService(_ service: MirroredService, team: TeamID) throws
    /// Gives it its position, and returns that.
    func append(_ intent: Intent, team: TeamID) throws -> Int64
    /// One that is not there is passed over.
    func removeIntent(_ position: Int64, team: TeamID) throws
    /// One that is known is passed over.
    func add(_ shortcoming: Shortcoming, team: TeamID) throws
    func removeShortcomings(team: TeamID) throws
}
