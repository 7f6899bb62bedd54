import JSON
import Testing
import TestSupport

@testable import SCIM

@Suite struct `A request` {
    private func perform(
        _ roster: Roster, _ method: ResourceRequest.Method, _ type: ResourceType = .user, _ id: ResourceID? = nil,
        _ body: String? = nil, ifMatch: String? = nil, attributes: String? = nil
    ) throws -> ResourceAnswer {
        let selection = try AttributeSelection(attributes: attributes, excludedAttributes: nil, for: type)
        return try roster.service.perform(
            ResourceRequest(
                method, type, id: id, body: try body.map { try JSON.parse($0) },
                ifMatch: ifMatch.map(VersionCondition.init(header:))), showing: selection, context: roster.context)
    }

    @Test func `is judged by existence, then version, then body`() throws {
        let roster = try Roster()
        let rosa = try roster.add("rosa")
        for body in ["{\"userName\":1}", "[]", "{\"Operations\":1}", "{\"active\":1e400}"] {
            for method in [ResourceRequest.Method.replace, .patch] {
                func status(_ id: ResourceID, _ ifMatch: String?) -> Int? {
                    refusal { _ = try perform(roster, method, .user, id, body, ifMatch: ifMatch) }?.status
                }
                #expect(status(ResourceID(rawValue: "nobody"), "W/\"9\"") == 404)
                #expect(status(rosa.id, "W/\"9\"") == 412)
                #expect(status(rosa.id, "W/\"1\"") == 400)
                #expect(status(rosa.id, nil) == 400)
            }
        }
        for (header, holds) in [
            ("*", true), ("W/\"1\"", true), ("\"1\"", true), ("\"7\", W/\"1\"", true), ("W/\"2\"", false), ("1", false),
            ("\"x\"", false), ("", false), ("W/\"01\"", false), ("\"\"", false),
        ] {
            let error = refusal { _ = try perform(roster, .delete, .user, ResourceID(rawValue: "x"), ifMatch: header) }
            #expect(error?.status == 404)
            let body = "{\"userName\":\"rosa\"}"
            let answer = refusal { _ = try perform(roster, .replace, .user, rosa.id, body, ifMatch: header) }
            #expect(answer?.status == (holds ? nil : 412), "\(header)")
        }
        #expect(refusal { _ = try perform(roster, .delete, .user, rosa.id, ifMatch: "W/\"2\"") }?.status == 412)
        #expect(try perform(roster, .delete, .user, rosa.id, ifMatch: "W/\"1\"") == .deleted)
    }

    @Test func `that creates is answered 201 with the resource, also when it restores`() throws {
        let roster = try Roster()
        let first = try perform(
            roster, .create, .user, nil, "{\"userName\":\"rosa\",\"externalId\":\"1\",\"active\":\"False\"}")
        #expect(first.status == 201 && first.resource?.attributes["active"] == .boolean(false))
        let again = try perform(roster, .create, .user, nil, "{\"userName\":\"rosa\",\"externalId\":\"1\"}")
        #expect(again.status == 201 && again.resource?.id == first.resource?.id)
        #expect(again.resource?.attributes["active"] == .boolean(true))
        #expect(
            refusal { _ = try perform(roster, .create, .user, nil, "{\"userName\":\"rosa\",\"externalId\":\"1\"}") }?
                .status == 409)
    }

    @Test func `to replace clears what it does not name, members too`() throws {
        let roster = try Roster()
        let rosa = try roster.add("rosa", ",\"title\":\"Lead\",\"active\":false")
        let group = try roster.addGroup("G", [rosa])
        let answer = try perform(roster, .replace, .user, rosa.id, "{\"userName\":\"rosa\",\"id\":\"other\"}")
        #expect(answer.status == 200 && answer.resource?.attributes["title"] == nil)
        #expect(answer.resource?.attributes["active"] == .boolean(false) && answer.resource?.id == rosa.id)
        _ = try perform(roster, .replace, .group, group.id, "{\"displayName\":\"G\"}")
        #expect(try roster.members(group) == [])
    }

    @Test func `takes back what was answered and changes nothing`() throws {
        let roster = try Roster()
        let boss = try roster.add("boss", ",\"displayName\":\"B\"")
        let rosa = try roster.add(
            "rosa",
            ",\"name\":{\"givenName\":\"R\"},\"\(Support.enterprise)\":{\"manager\":{\"value\":\"\(boss.id)\"}}")
        let group = try roster.addGroup("G", [rosa, boss])
        for resource in [rosa, group] {
            let view = try roster.service.get(resource.type, id: resource.id, showing: .all, context: roster.context)
            var bytes: [UInt8] = []
            ResourceJSON.append(view, baseURL: "https://x.example/", to: &bytes)
            let answer = try perform(
                roster, .replace, resource.type, resource.id, String(decoding: bytes, as: UTF8.self))
            #expect(answer == .done(view))
        }
    }

    @Test func `that patches a large group is answered without it, unless attributes are named`() throws {
        let roster = try Roster()
        let people = try (0..<101).map { try roster.add("u\($0)") }
        let group = try roster.addGroup("G", Array(people.dropLast()))
        func add(_ person: Resource, attributes: String? = nil) throws -> ResourceAnswer {
            try perform(
                roster, .patch, .group, group.id,
                "{\"Operations\":[{\"op\":\"Add\",\"path\":\"members\",\"value\":[{\"$ref\":null,\"value\":\"\(person.id)\"}]}]}",
                attributes: attributes)
        }
        let small = try add(people[0])
        #expect(small.status == 200 && small.resource?.version == 1)
        let large = try add(people[100])
        guard case .doneUnshown(let resource) = large else {
            Issue.record("\(large)")
            return
        }
        #expect(large.status == 204 && resource.version == 2)
        #expect(try add(people[100], attributes: "displayName").status == 200)
        guard case .done(let view) = try add(people[100], attributes: "members") else { return }
        #expect(view.memberships?.count == 101)
    }

    @Test func `names so many members and operations, and no more`() throws {
        let roster = try Roster()
        let group = try roster.addGroup("G")
        func members(_ count: Int) -> String {
            "[" + (0..<count).map { "{\"value\":\"m\($0)\"}" }.joined(separator: ",") + "]"
        }
        for (count, status) in [(10_000, nil), (10_001, 400)] as [(Int, Int?)] {
            let put = refusal {
                _ = try perform(
                    roster, .replace, .group, group.id, "{\"displayName\":\"G\",\"members\":\(members(count))}")
            }
            #expect(put?.status == status)
            let patch = refusal {
                _ = try perform(
                    roster, .patch, .group, group.id,
                    "{\"Operations\":[{\"op\":\"add\",\"value\":{\"members\":\(members(count))}}]}")
            }
            #expect(patch?.status == status)
        }
    }

    @Test func `to change one group from many sides at once loses none`() async throws {
        let roster = try Roster()
        let people = try (0..<60).map { try roster.add("u\($0)") }
        let group = try roster.addGroup("G", Array(people[50...]))
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            for index in 0..<60 {
                tasks.addTask {
                    let verb = index < 50 ? "Add" : "Remove"
                    let body =
                        "{\"Operations\":[{\"op\":\"\(verb)\",\"path\":\"members\",\"value\":[{\"value\":\"\(people[index].id)\"}]}]}"
                    return try perform(roster, .patch, .group, group.id, body).status
                }
            }
            for try await status in tasks { #expect(status == 200) }
        }
        #expect(try roster.members(group) == people[..<50].map(\.id))
        #expect(try roster.service.get(.group, id: group.id, context: roster.context).version == 61)
    }
}
