import Exports
import JSON
import SCIM

/// Reads what ``PlanEncoder`` writes. `nil` where a member is missing or of another shape: the digest would not fit
/// anyway.
enum PlanDecoder {
    static func plan(_ value: JSONValue) -> Plan? {
        guard let team = value["team"]?.string, let source = value["source"]?.string,
            let roster = value["roster"].flatMap(RosterState.init),
            let expires = value["expires"]?.string.flatMap(Timestamp.init(iso8601:)),
            let asOf = value["asOf"]?.string.flatMap(Timestamp.init(iso8601:)),
            let fingerprint = value["fingerprint"]?.string, let isWholeList = value["wholeList"]?.boolean,
            let inputs = value["inputs"]?.array?.compactMap(InputDocument.decode),
            let changes = all(value["changes"], change), let links = all(value["links"], linkChange),
            let guards = all(value["guards"], finding), let pinned = all(value["pinned"], pinned),
            let unmanaged = all(value["unmanaged"], memberName),
            let suspected = all(value["suspected"], suspectedMember),
            let released = all(value["released"], releasedMember),
            let countsAbsences = value["countsAbsences"]?.boolean,
            let notices = all(value["notices"], notice),
            let unchanged = value["summary"]?["unchanged"]?.integer,
            let unmanagedCount = value["summary"]?["unmanaged"]?.integer
        else { return nil }
        var plan = Plan(
            team: team, source: source, asOf: asOf, inputs: inputs, fingerprint: fingerprint, changes: changes,
            links: links, guards: guards, pinned: pinned, unmanaged: unmanaged, unmanagedCount: unmanagedCount,
            suspected: suspected, unchanged: unchanged, notices: notices,
            exportDate: value["exportDate"]?.string.flatMap(Timestamp.init(iso8601:)))
        plan.isWholeList = isWholeList
        plan.expires = expires
        plan.roster = roster
        plan.undoes = value["undoes"]?.string.map(RunID.init(rawValue:))
        plan.released = released
        plan.countsAbsences = countsAbsences
        plan.isHashed = value["privacy"] != nil
        return plan
    }

    private static func all<Element>(_ value: JSONValue?, _ decode: (JSONValue) -> Element?) -> [Element]? {
        guard let array = value?.array else { return nil }
        let elements = array.compactMap(decode)
        return elements.count == array.count ? elements : nil
    }

    private static func change(_ value: JSONValue) -> Change? {
        guard let kind = value["kind"]?.string.flatMap(Change.Kind.init),
            let name = (value["userName"] ?? value["name"])?.string, let reason = value["reason"]?.string,
            let attributes = all(value["attributes"], attribute)
        else { return nil }
        var change = Change(
            kind, id: value["id"]?.string.map(ResourceID.init(rawValue:)), name: name,
            externalID: value["externalId"]?.string, version: version(value["version"]), reason: reason,
            place: place(value["source"]), attributes: attributes, link: link(value["link"]))
        change.together = value["together"]?.integer
        if let members = value["addMembers"] {
            guard let adding = all(members, member), let removing = all(value["removeMembers"], member) else {
                return nil
            }
            change.addMembers = adding
            change.removeMembers = removing
        }
        change.connection = content(value["connection"])
        change.restored = content(value["restored"])
        return change
    }

    private static func content(_ value: JSONValue?) -> ComplexValue? {
        guard let value else { return nil }
        var writer = JSONWriter()
        writer.value(value)
        return AttributesJSON.decode(writer.bytes)
    }

    private static func attribute(_ value: JSONValue) -> AttributeChange? {
        value["path"]?.string.map { AttributeChange(path: $0, old: value["old"]?.string, new: value["new"]?.string) }
    }

    private static func version(_ value: JSONValue?) -> Int64? {
        guard let text = value?.string, text.hasPrefix("W/\""), text.hasSuffix("\"") else { return nil }
        return Int64(text.dropFirst(3).dropLast())
    }

    private static func place(_ value: JSONValue?) -> Place? {
        value?["file"]?.string.map { Place(file: $0, at: line(value)) }
    }

    private static func link(_ value: JSONValue?) -> SourceLink? {
        guard let anchor = value?["anchor"]?.string.flatMap(Digest128.init(hex:)) else { return nil }
        return SourceLink(
            source: SourceID(rawValue: 0), anchor: anchor,
            fingerprint: value?["fingerprint"]?.string.flatMap(Digest128.init(hex:)))
    }

    private static func linkChange(_ value: JSONValue) -> LinkChange? {
        guard let type = ResourceType.allCases.first(where: { $0.name == value["resource"]?.string }),
            let id = value["id"]?.string, let version = version(value["version"])
        else { return nil }
        let link = link(value["link"])
        guard link != nil || value["released"]?.boolean == true else { return nil }
        return LinkChange(type: type, id: ResourceID(rawValue: id), version: version, link: link)
    }

    private static func member(_ value: JSONValue) -> MemberReference? {
        guard let userName = value["userName"]?.string else { return nil }
        guard let id = value["id"]?.string else { return .created(userName: userName) }
        return .member(ResourceID(rawValue: id), userName: userName)
    }

    private static func finding(_ value: JSONValue) -> GuardFinding? {
        guard let name = value["name"]?.string, let figure = word(value["figure"]),
            let limit = word(value["limit"]), let held = value["held"]?.boolean,
            let canBeAccepted = value["canBeAccepted"]?.boolean, let message = value["message"]?.string
        else { return nil }
        return GuardFinding(
            name: name, subject: value["subject"]?.string, figure: figure, limit: limit, held: held,
            canBeAccepted: canBeAccepted, setting: value["setting"]?.string, message: message)
    }

    private static func pinned(_ value: JSONValue) -> PinnedMember? {
        guard let member = memberName(value), let reason = value["reason"]?.string else { return nil }
        return PinnedMember(
            member: member, reason: reason, file: value["file"]?.string, line: line(value))
    }

    private static func line(_ value: JSONValue?) -> RecordLine? {
        value?["line"]?.integer.map { RecordLine($0, record: value?["record"]?.integer) }
    }

    private static func memberName(_ value: JSONValue) -> MemberName? {
        guard let id = value["id"]?.string, let userName = value["userName"]?.string else { return nil }
        return MemberName(id: id, userName: userName, externalID: value["externalId"]?.string)
    }

    private static func suspectedMember(_ value: JSONValue) -> SuspectedMember? {
        guard let member = memberName(value), let reason = value["reason"]?.string else { return nil }
        var suspected = SuspectedMember(
            member: member, reason: reason, due: value["due"]?.string.flatMap(Timestamp.init(iso8601:)))
        if let snapshots = value["snapshots"]?.integer, let export = value["export"]?.string,
            let since = value["since"]?.string.flatMap(Timestamp.init(iso8601:))
        {
            suspected.absence = Absence(since: since, snapshots: snapshots, lastExport: export)
        }
        return suspected
    }

    private static func releasedMember(_ value: JSONValue) -> ReleasedMember? {
        guard let member = memberName(value), let reason = value["reason"]?.string,
            let managers = value["managers"]?.array?.compactMap(\.string)
        else { return nil }
        return ReleasedMember(member: member, reason: reason, managers: managers)
    }

    private static func notice(_ value: JSONValue) -> Notice? {
        guard let level = value["level"]?.string.flatMap(Notice.Level.init), let code = value["code"]?.string,
            let message = value["message"]?.string
        else { return nil }
        return Notice(level, code: code, message: message)
    }

    /// A figure is a number where it looks like one, else a word.
    private static func word(_ value: JSONValue?) -> String? { value?.string ?? value?.number }
}
