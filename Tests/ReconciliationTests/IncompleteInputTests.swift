import Exports
import Foundation
import Reconciliation
import Testing

@Suite struct `An export that is not the whole list` {
    let lab: Lab
    init() throws {
        lab = try Lab()
        try lab.night(Self.csv(1...12))
    }

    private static func csv(_ numbers: some Sequence<Int>, title: String = "", cut: String = "") -> String {
        "id,login,title,status\n" + numbers.map { "\($0),p\($0)@acme.test,\(title),active\n" }.joined() + cut
    }

    /// A page of a SCIM list.
    private func scim(_ numbers: some Sequence<Int>, total: Int, title: String = "") throws -> InputFile {
        let users = numbers.map {
            #"{"id":"u\#($0)","externalId":"\#($0)","userName":"p\#($0)@acme.test","active":true,"title":"\#(title)"}"#
        }
        let json =
            #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":\#(total),"Resources":["#
            + users.joined(separator: ",") + "]}"
        return InputFile(try lab.write(json, as: "list-\(UUID().uuidString).json"))
    }

    private func refusal(_ body: () throws -> Plan) throws -> InputsRefused {
        try #require(throws: InputsRefused.self) { _ = try body() }
    }

    @Test(arguments: ["id,login,title,status\n", "[]", #"{"value":[]}"#])
    func `is refused when it is empty`(text: String) throws {
        let before = try lab.roster()
        let file = InputFile(try lab.write(text, as: "empty"))
        let refused = try refusal { try lab.plan(files: [file]) }
        #expect(refused.message.lowercased().contains("empty"))
        lab.policy.incomplete = .createsAndUpdates
        _ = try refusal { try lab.plan(files: [file]) }
        #expect(try lab.roster() == before)
    }

    @Test func `is refused when a page is missing`() throws {
        let refused = try refusal { try lab.plan(files: [try scim(1...5, total: 12)]) }
        #expect(refused.inputs.map(\.grade) == [.partial])
        #expect(refused.message.contains("12"))
    }

    @Test func `is refused when the source says that it is a part`() throws {
        lab.policy.isPartialSnapshot = true
        let refused = try refusal { try lab.plan(Self.csv(1...12)) }
        #expect(refused.message.contains("snapshot: partial"))
    }

    @Test func `removes nobody, and names who would have gone`() throws {
        lab.policy.incomplete = .createsAndUpdates
        let plan = try lab.plan(files: [try scim([1, 2, 13], total: 12, title: "New")])
        #expect(plan.counts == [.create: 1, .update: 2])
        #expect(plan.suspected.count == 10)
        #expect(plan.suspected.contains { $0.userName == "p12@acme.test" })
        try lab.apply(plan)
        #expect(try lab.members().count { $0.isActive } == 13)
    }

    @Test func `that breaks off in a quoted cell creates and updates only where that is wanted`() throws {
        let cut = Self.csv([1, 2, 13], title: "New", cut: "14,\"p14@acme")
        let refused = try refusal { try lab.plan(cut) }
        #expect(refused.inputs.first?.refusal != nil)
        lab.policy.incomplete = .createsAndUpdates
        let plan = try lab.plan(cut)
        #expect(plan.counts[.deactivate] == nil)
        #expect(plan.suspected.count == 10)
        #expect(plan.changes.contains { $0.name == "p1@acme.test" })
        try lab.apply(plan)
        #expect(try lab.members().allSatisfy { $0.isActive })
    }

    @Test func `is no measure for the next one`() throws {
        lab.policy.incomplete = .createsAndUpdates
        try lab.apply(try lab.plan(files: [try scim([1, 2], total: 12)]))
        lab.policy.incomplete = .refuse
        // Two of twelve would be no shrinking against the part.
        #expect(try lab.plan(Self.csv(1...5)).heldGuards.contains { $0.hasPrefix("export-shrunk=") })
    }

    @Test func `holds every removal when it only looks like a page`() throws {
        let users = (1...50).map { #"{"id":"q\#($0)","login":"q\#($0)@acme.test","status":"active"}"# }
        let page = InputFile(try lab.write("[" + users.joined(separator: ",") + "]", as: "page.json"))
        let plan = try lab.plan(files: [page])
        #expect(plan.inputs.map(\.grade) == [.plausible])
        #expect(plan.counts == [.create: 50, .deactivate: 12])
        #expect(plan.guardNamed("completeness")?.figure == "12")
        #expect(plan.guardNamed("completeness")?.held == true)
        lab.policy.incomplete = .createsAndUpdates
        let milder = try lab.plan(files: [page])
        #expect(milder.counts == [.create: 50])
        #expect(milder.suspected.count == 12)
        #expect(milder.guardNamed("completeness")?.held == false)
    }

    @Test func `that only looks like a page does everything else`() throws {
        lab.policy.limits.createsPercent = 100
        lab.policy.limits.floor = 38
        let users = (1...50).map { #"{"id":"\#($0)","login":"p\#($0)@acme.test","status":"active"}"# }
        let page = InputFile(try lab.write("[" + users.joined(separator: ",") + "]", as: "page.json"))
        let plan = try lab.plan(files: [page])
        #expect(plan.heldGuards.isEmpty)
        #expect(plan.counts == [.create: 38])
    }
}
