import JSON
import Testing
import TestSupport

@testable import SCIM

@Suite struct `A Bulk request` {
    private let roster: Roster

    init() throws { roster = try Roster() }

    private func run(_ operations: String, failOnErrors: Int? = nil) throws -> [BulkAnswer.Result] {
        let stop = failOnErrors.map { "\"failOnErrors\":\($0)," } ?? ""
        let request = try BulkRequest(json: JSON.parse("{\(stop)\"Operations\":\(operations)}"))
        return try roster.service.bulk(request, context: roster.context).results
    }

    private func user(_ bulkID: String, manager: String? = nil) -> String {
        let manager = manager.map { ",\"\(Support.enterprise)\":{\"manager\":{\"value\":\"bulkId:\($0)\"}}" } ?? ""
        return
            "{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"\(bulkID)\",\"data\":{\"userName\":\"\(bulkID)\"\(manager)}}"
    }

    private func manager(_ name: String) throws -> String? {
        let person = try roster.list([("filter", "userName eq \"\(name)\"")]).resources.first
        let id = person?.manager?.id
        return try id.flatMap {
            try roster.service.get(.user, id: $0, context: roster.context).attributes["userName"]?.string
        }
    }

    @Test func `makes first what others refer to`() throws {
        let results = try run("[\(user("a", manager: "b")),\(user("b", manager: "c")),\(user("c"))]")
        #expect(results.map(\.status) == [201, 201, 201])
        #expect(results.map(\.bulkID) == ["a", "b", "c"])
        #expect(try manager("a") == "b")
        #expect(try manager("b") == "c")
        #expect(results.allSatisfy { $0.outcome.resource?.version == 1 })
    }

    @Test func `follows a thousand references in a row, also in a circle`() throws {
        for last in [nil, "u0"] {
            let roster = try Roster()
            let operations = (0..<1_000).map { user("u\($0)", manager: $0 < 999 ? "u\($0 + 1)" : last) }
            let request = try BulkRequest(json: JSON.parse("{\"Operations\":[\(operations.joined(separator: ","))]}"))
            let results = try roster.service.bulk(request, context: roster.context).results
            #expect(results.count == 1_000 && results.allSatisfy { $0.status == 201 })
        }
    }

    @Test func `completes circles`() throws {
        let results = try run(
            "[\(user("a", manager: "b")),\(user("b", manager: "a")),\(user("self", manager: "self"))]")
        #expect(results.map(\.status) == [201, 201, 201])
        #expect(try manager("a") == "b")
        #expect(try manager("b") == "a")
        #expect(try manager("self") == "self")
    }

    @Test func `refuses what refers to what failed or is nowhere, and goes on`() throws {
        try roster.add("taken", ",\"externalId\":\"1\"")
        let results = try run(
            """
            [\(user("x", manager: "taken")),{"method":"POST","path":"/Users","bulkId":"taken","data":{"userName":"taken"}},
             \(user("y", manager: "nobody")),\(user("z")),
             {"method":"DELETE","path":"/Users/bulkId:z"},{"method":"PATCH","path":"/Users/bulkId:taken","data":{"Operations":[]}}]
            """)
        #expect(results.map(\.status) == [409, 409, 400, 201, 204, 409])
        #expect(try roster.names([]) == ["taken"])
        #expect(results[0].id == nil && results[5].id == nil && results[4].id == results[3].outcome.resource?.id)
    }

    @Test func `may use a bulkId in a path, a list and a PATCH`() throws {
        let results = try run(
            """
            [{"method":"patch","path":"/Groups/bulkId:g","data":{"Operations":[
               {"op":"add","path":"members","value":[{"value":"bulkId:a"}]},{"op":"add","path":"members","value":["bulkId:b"]}]}},
             \(user("a")),\(user("b")),
             {"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"bulkId:a"}}]
            """)
        #expect(results.map(\.status) == [200, 201, 201, 201])
        let group = try #require(results[3].outcome.resource)
        #expect(group.attributes["displayName"] == .string("bulkId:a"))
        #expect(try roster.members(group).count == 2)
    }

    @Test func `stops after as many errors as it says`() throws {
        let bad = "{\"method\":\"DELETE\",\"path\":\"/Users/nobody\"}"
        #expect(try run("[\(bad),\(bad),\(bad),\(user("a"))]", failOnErrors: 2).map(\.status) == [404, 404])
        #expect(try run("[\(bad),\(bad),\(user("a"))]", failOnErrors: 3).map(\.status) == [404, 404, 201])
        #expect(try run("[\(bad),\(bad),\(user("b"))]").map(\.status) == [404, 404, 201])
    }

    @Test func `judges each operation alone, and its version`() throws {
        let rosa = try roster.add("rosa")
        let results = try run(
            """
            [{"method":"PUT","path":"/Users/\(rosa.id)","version":"W/\\"7\\"","data":{"userName":"r"}},
             {"method":"PUT","path":"Users/\(rosa.id)/","version":"W/\\"1\\"","data":{"userName":"r"}},
             {"method":"GET","path":"/Users/\(rosa.id)"},{"method":"POST","path":"/Nothing","data":{}},
             {"method":"POST","path":"/Users/\(rosa.id)","data":{}},{"method":"PUT","path":"/Users","data":{}},
             {"method":"POST","path":"/Users"},{"path":"/Users"},{"method":"DELETE"},
             \(user("a")),\(user("a"))]
            """)
        #expect(results.map(\.status) == [412, 200, 400, 404, 400, 400, 400, 400, 400, 201, 400])
        #expect(results[1].outcome.resource?.version == 2)
    }

    @Test func `never takes the last admin`() throws {
        let roles = ",\"roles\":[{\"value\":\"admin\"}]"
        let (a, b) = (try roster.add("a", roles), try roster.add("b", roles))
        let results = try run(
            "[{\"method\":\"DELETE\",\"path\":\"/Users/\(a.id)\"},{\"method\":\"DELETE\",\"path\":\"/Users/\(b.id)\"}]")
        #expect(results.map(\.status) == [204, 409])
    }

    @Test(arguments: [
        ("[]", 400), ("{}", 400), ("{\"Operations\":{}}", 400), ("{\"Operations\":[1]}", 400),
        ("{\"Operations\":[],\"failOnErrors\":0}", 400), ("{\"Operations\":[],\"failOnErrors\":\"1\"}", 400),
    ])
    func `is refused whole when it is none`(body: String, status: Int) {
        #expect(refusal { _ = try BulkRequest(json: JSON.parse(body)) }?.status == status)
    }

    @Test func `has a limit of operations`() throws {
        func request(_ count: Int) throws -> BulkRequest {
            let operations = Array(repeating: "{\"method\":\"DELETE\",\"path\":\"/Users/x\"}", count: count)
            return try BulkRequest(json: JSON.parse("{\"Operations\":[\(operations.joined(separator: ","))]}"))
        }
        #expect(try request(1_000).operations.count == 1_000)
        #expect(refusal { _ = try request(1_001) }?.status == 413)
    }
}
