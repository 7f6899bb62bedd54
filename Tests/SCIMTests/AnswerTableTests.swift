import JSON
import Testing
import TestSupport

@testable import SCIM

/// Rows of scim-clients.md §5, asked of the core as a client asks.
@Suite struct `The table of answers` {
    private let roster: Roster
    private let rosa: Resource

    init() throws {
        roster = try Roster()
        rosa = try roster.add("Rosa@x.example", ",\"externalId\":\"1\",\"title\":\"Lead\"")
    }

    @discardableResult
    private func ask(
        _ method: ResourceRequest.Method, _ type: ResourceType = .user, _ id: ResourceID? = nil, _ body: String? = nil
    ) throws -> ResourceAnswer {
        try roster.service.perform(
            ResourceRequest(method, type, id: id, body: try body.map { try JSON.parse($0) }), context: roster.context)
    }

    private func patch(_ operations: String, _ resource: Resource? = nil) -> SCIMError? {
        let resource = resource ?? rosa
        return refusal { try ask(.patch, resource.type, resource.id, "{\"Operations\":\(operations)}") }
    }

    @Test(arguments: [
        ("[{\"op\":\"replace\",\"path\":\"id\",\"value\":\"x\"}]", "mutability"),
        ("[{\"op\":\"replace\",\"path\":\"meta.created\",\"value\":\"x\"}]", "mutability"),
        ("[{\"op\":\"add\",\"path\":\"groups\",\"value\":[]}]", "mutability"),
        ("[{\"op\":\"add\",\"path\":\"noSuch\",\"value\":\"x\"}]", "invalidPath"),
        ("[{\"op\":\"remove\"}]", "noTarget"), ("[{\"op\":\"remove\",\"path\":\"userName\"}]", "invalidValue"),
        ("[{\"op\":\"replace\",\"path\":\"emails[type ne \\\"work\\\"].value\",\"value\":\"x\"}]", "noTarget"),
        ("[{\"op\":\"replace\",\"path\":\"active\",\"value\":\"yes\"}]", "invalidValue"),
        (
            "[{\"op\":\"replace\",\"path\":\"title\",\"value\":\"new\"},{\"op\":\"move\",\"path\":\"title\"}]",
            "invalidSyntax"
        ),
        (
            "[{\"op\":\"replace\",\"path\":\"title\",\"value\":\"new\"},{\"op\":\"add\",\"path\":\"noSuch\",\"value\":1}]",
            "invalidPath"
        ),
        (
            "[{\"op\":\"replace\",\"path\":\"title\",\"value\":\"new\"},{\"op\":\"replace\",\"path\":\"active\",\"value\":7}]",
            "invalidValue"
        ),
    ])
    func `refuses a PATCH whole, by name`(operations: String, scimType: String) throws {
        let error = patch(operations)
        #expect(error?.status == 400 && error?.type?.rawValue == scimType)
        #expect(try roster.service.get(.user, id: rosa.id, context: roster.context) == rosa)
    }

    @Test(arguments: [
        "[]", "[{\"op\":\"remove\",\"path\":\"nickName\"}]",
        "[{\"op\":\"remove\",\"path\":\"emails[type eq \\\"work\\\"]\"}]",
        "[{\"op\":\"replace\",\"path\":\"title\",\"value\":\"Lead\"}]",
        "[{\"op\":\"replace\",\"value\":{\"id\":\"other-is-refused-own-is-not\",\"title\":\"Lead\"}}]",
        "[{\"op\":\"replace\",\"value\":{\"meta\":{\"version\":\"x\"},\"groups\":[],\"noSuch\":1}}]",
    ])
    func `lets what changes nothing change nothing`(operations: String) throws {
        roster.wait(milliseconds: 5_000)
        let own = operations.replacing("other-is-refused-own-is-not", with: rosa.id.rawValue)
        #expect(patch(own) == nil)
        #expect(try roster.service.get(.user, id: rosa.id, context: roster.context) == rosa)
    }

    @Test func `refuses a name that is taken, and lets its own letter case change`() throws {
        let omar = try roster.add("omar", ",\"active\":false")
        for method in [ResourceRequest.Method.create, .replace] {
            let id = method == .create ? nil : omar.id
            let error = refusal { try ask(method, .user, id, "{\"userName\":\"rosa@X.example\",\"externalId\":\"9\"}") }
            #expect(error?.status == 409 && error?.type == .uniqueness)
        }
        #expect(patch("[{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"ROSA@x.example\"}]", omar)?.status == 409)
        #expect(patch("[{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"ROSA@x.example\"}]") == nil)
        let name = try roster.service.get(.user, id: rosa.id, context: roster.context).attributes["userName"]
        #expect(name == .string("ROSA@x.example"))
        try roster.addGroup("Sales")
        let group = refusal { try ask(.create, .group, nil, "{\"displayName\":\"SALES\"}") }
        #expect(group?.status == 409 && group?.type == .uniqueness)
    }

    @Test func `deletes once, and knows nobody afterwards`() throws {
        let unknown = refusal { try ask(.delete, .user, ResourceID(rawValue: "never")) }
        #expect(try ask(.delete, .user, rosa.id) == .deleted)
        for method in [ResourceRequest.Method.delete, .replace, .patch] {
            let body = method == .delete ? nil : "{\"Operations\":[],\"userName\":\"x\"}"
            #expect(refusal { try ask(method, .user, rosa.id, body) } == unknown)
        }
        #expect(unknown?.status == 404)
        #expect(refusal { _ = try roster.service.get(.group, id: rosa.id, context: roster.context) }?.status == 404)
    }

    @Test func `makes a new primary value the only one`() throws {
        _ = patch(
            """
            [{"op":"add","path":"emails","value":[{"value":"a","primary":true}]},
             {"op":"add","path":"emails","value":[{"value":"b","primary":"True"}]}]
            """)
        let emails = try roster.service.get(.user, id: rosa.id, context: roster.context).attributes["emails"]
        #expect(
            try emails?.saysTheSame(
                as: value("[{\"value\":\"a\",\"primary\":false},{\"value\":\"b\",\"primary\":true}]"))
                == true)
    }

    @Test func `refuses in one way to leave anybody or any group without a name`() throws {
        let group = try roster.addGroup("Sales")
        for (resource, name) in [(rosa, "userName"), (group, "displayName")] {
            for operation in [
                "\"op\":\"remove\"", "\"op\":\"replace\",\"value\":\"\"", "\"op\":\"add\",\"value\":null",
            ] {
                let error = patch("[{\"path\":\"\(name)\",\(operation)}]", resource)
                #expect(error?.status == 400 && error?.type == .invalidValue, "\(operation)")
            }
        }
    }

    @Test func `keeps an unknown member out, and lets members come twice and leave twice`() throws {
        let group = try roster.addGroup("Sales")
        for (operation, count) in [("add", 1), ("add", 1), ("remove", 0), ("remove", 0)] {
            let value = "[{\"value\":\"\(rosa.id)\"},{\"value\":\"stale\"}]"
            #expect(patch("[{\"op\":\"\(operation)\",\"path\":\"members\",\"value\":\(value)}]", group) == nil)
            #expect(try roster.members(group).count == count)
        }
        #expect(try roster.journal().count { $0.operation == .skipMembers } == 2)
    }
}
