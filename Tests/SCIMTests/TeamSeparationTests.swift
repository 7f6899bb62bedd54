import JSON
import TestSupport
import Testing

@testable import SCIM

/// Two teams, random operations on both with ids of both: nothing of one shows in the other.
@Suite struct `Two teams` {
    private struct Side {
        let context: RequestContext
        /// Stands in every text of this team and in none of the other.
        let mark: String
        var users: [ResourceID] = []
        var groups: [ResourceID] = []
    }

    @Test func `see nothing of each other, whatever is asked`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededRandom(seed: seed)
        let roster = try Roster()
        var sides = [
            Side(context: roster.context, mark: "acmemark"), Side(context: try roster.otherTeam(), mark: "globexmark"),
        ]
        for step in 0..<400 {
            let own = Int.random(in: 0...1, using: &generator)
            try act(roster, &sides, own, step, seed, &generator)
        }
        for own in 0...1 { try inspect(roster, sides[own], foreign: sides[1 - own], seed) }
    }

    private func act(
        _ roster: Roster, _ sides: inout [Side], _ own: Int, _ step: Int, _ seed: UInt64,
        _ generator: inout SeededRandom
    ) throws {
        let service = roster.service
        let (side, other) = (sides[own], sides[1 - own])
        let name = "\(side.mark)-\(step)"
        let nobody = ResourceID(rawValue: "0198\(step)-nobody")
        func anyUser(_ generator: inout SeededRandom) -> ResourceID {
            (Bool.random(using: &generator) ? side.users : other.users).randomElement(using: &generator) ?? nobody
        }
        let user = anyUser(&generator)
        let group =
            (Bool.random(using: &generator) ? side.groups : other.groups).randomElement(using: &generator) ?? nobody
        let isForeign = !side.users.contains(user)
        let request: ResourceRequest
        switch Int.random(in: 0...7, using: &generator) {
        case 0, 1:
            // Both teams use the same userNames and externalIds.
            request = ResourceRequest(
                .create, .user,
                body: try JSON.parse(
                    """
                    {"userName":"user\(step / 3)","externalId":"x\(step % 7)","displayName":"\(name)",
                     "active":\(Bool.random(using: &generator)),
                     "\(Support.enterprise)":{"manager":{"value":"\(user)"}}}
                    """))
        case 2:
            let members = (0..<4).map { _ in "{\"value\":\"\(anyUser(&generator))\"}" }.joined(separator: ",")
            request = ResourceRequest(
                .create, .group, body: try JSON.parse("{\"displayName\":\"\(name)\",\"members\":[\(members)]}"))
        case 3:
            request = ResourceRequest(
                .replace, .user, id: user,
                body: try JSON.parse("{\"userName\":\"put\(step)\",\"displayName\":\"\(name)\"}"))
        case 4:
            let body = "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"\(user)\"}]}]}"
            request = ResourceRequest(.patch, .group, id: group, body: try JSON.parse(body))
        case 5: request = ResourceRequest(.delete, .user, id: user)
        case 6: request = ResourceRequest(.delete, .group, id: group)
        default:
            let bulk = try BulkRequest(
                json: JSON.parse(
                    """
                    {"Operations":[{"method":"PATCH","path":"/Users/\(user)","data":{"Operations":[
                       {"op":"replace","path":"title","value":"\(name)"}]}},
                      {"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"\(name)","members":[{"value":"\(user)"}]}}]}
                    """))
            let results = try service.bulk(bulk, context: side.context).results
            if isForeign { #expect(results[0].status == 404, "seed \(seed)") }
            if let made = results[1].outcome.resource { sides[own].groups.append(made.id) }
            return
        }
        let answer: Result<ResourceAnswer, SCIMError>
        do {
            answer = .success(try service.perform(request, context: side.context))
        } catch let refusal as SCIMError {
            answer = .failure(refusal)
        }
        if let id = request.id, request.type == .user ? isForeign : !side.groups.contains(id) {
            // As for an id that never was.
            var random = request
            random.id = nobody
            let never = refusal { _ = try service.perform(random, context: side.context) }
            guard case .failure(let refusal) = answer else { return #expect(Bool(false), "seed \(seed), step \(step)") }
            #expect(refusal == never, "seed \(seed), step \(step)")
        }
        guard case .success(.created(let view)) = answer else { return }
        if view.resource.type == .user { sides[own].users.append(view.resource.id) }
        if view.resource.type == .group { sides[own].groups.append(view.resource.id) }
    }

    private func inspect(_ roster: Roster, _ side: Side, foreign: Side, _ seed: UInt64) throws {
        #expect(side.users.count > 10 && side.groups.count > 10, "seed \(seed)")
        for type in [ResourceType.user, .group] {
            var cursor: String? = ""
            while let text = cursor {
                let page = try roster.page(type, ListQuery(count: 7, cursor: text), context: side.context)
                let bytes = ListResponseJSON.bytes(page, baseURL: "https://x.example")
                #expect(!String(decoding: bytes, as: UTF8.self).contains(foreign.mark), "seed \(seed)")
                for view in page.resources {
                    for membership in view.memberships ?? [] {
                        #expect(!(foreign.users + foreign.groups).contains(membership.id), "seed \(seed)")
                    }
                    if let manager = view.manager { #expect(!foreign.users.contains(manager.id), "seed \(seed)") }
                }
                if let next = page.nextCursor {
                    let stolen = refusal {
                        _ = try roster.page(type, ListQuery(count: 7, cursor: next), context: foreign.context)
                    }
                    #expect(stolen?.type == .invalidCursor, "seed \(seed)")
                }
                cursor = page.nextCursor
            }
        }
        for id in foreign.users.prefix(40) {
            for filter in ["id eq \"\(id)\"", "groups.value eq \"\(id)\"", "meta.resourceType eq \"Group\""] {
                #expect(try roster.list([("filter", filter)], .user, side.context).totalResults == 0, "seed \(seed)")
            }
            #expect(try roster.list([("filter", "members eq \"\(id)\"")], .group, side.context).totalResults == 0)
        }
        let entries = try roster.journal(side.context)
        for entry in entries where entry.operation != .skipMembers {
            #expect(!(foreign.users + foreign.groups).contains(entry.id), "seed \(seed)")
        }
    }
}
