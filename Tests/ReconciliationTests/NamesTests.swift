import Exports
import Reconciliation
import SCIM
import Testing

@Suite struct `Names that move` {
    let lab: Lab
    init() throws { lab = try Lab() }

    private func ids(_ names: String...) throws -> [ResourceID] { try names.map { try lab.id("\($0)@acme.test") } }

    /// Employee numbers are an anchor otherwise.
    private func withoutAnchor() throws {
        let place = Place(file: "popl-sync.yaml", line: 1)
        lab.mapping.entries = [.init(key: Located("externalId", at: place), isOff: true)]
    }

    private func names(of ids: [ResourceID]) throws -> [String] { try ids.map { try lab.member($0).userName } }

    @Test func `renames the person whose anchor stays`() throws {
        try lab.night("id,login,email,status\n1,ann.lee@acme.test,ann.lee@acme.test,active\n")
        let ann = try lab.id("ann.lee@acme.test")
        let plan = try lab.plan("id,login,email,status\n1,ann.ray@acme.test,ann.ray@acme.test,active\n")
        #expect(plan.changes.map(\.kind) == [.update])
        try lab.apply(plan)
        #expect(try lab.member(ann).userName == "ann.ray@acme.test")
        #expect(try lab.member(ann).email == "ann.ray@acme.test")
        #expect(try lab.members().count == 1)
    }

    @Test func `knows a renamed person by their employee number where there is no anchor`() throws {
        try withoutAnchor()
        try lab.night(
            """
            login,firstName,lastName,employeeNumber,status
            ann.lee@acme.test,Ann,Lee,E1,active
            bob@acme.test,Bob,Ray,E2,active
            """)
        let ann = try lab.id("ann.lee@acme.test")
        let csv = """
            login,firstName,lastName,employeeNumber,status
            ann.ray@acme.test,Ann,Ray,E1,active
            bob@acme.test,Bob,Ray,E2,active
            """
        let plan = try lab.plan(csv)
        #expect(plan.changes.map(\.kind) == [.update])
        #expect(plan.changes.first?.reason == "matched by employeeNumber; differs from the export")
        try lab.apply(plan)
        #expect(try lab.member(ann).userName == "ann.ray@acme.test")
        #expect(try lab.plan(csv).isSilent)
    }

    @Test(arguments: [false, true]) func `swaps two names`(isReversed: Bool) throws {
        try lab.night("id,login,title,status\n1,ann@acme.test,A,active\n2,bob@acme.test,B,active\n")
        let people = try ids("ann", "bob")
        var rows = ["1,bob@acme.test,A,active", "2,ann@acme.test,B,active"]
        if isReversed { rows.reverse() }
        let csv = "id,login,title,status\n" + rows.joined(separator: "\n") + "\n"
        let report = try lab.night(csv)
        #expect(report.isComplete)
        expectNoDifference(try names(of: people), ["bob@acme.test", "ann@acme.test"])
        #expect(try lab.plan(csv).isSilent)
    }

    @Test func `rotates three names`() throws {
        try lab.night("id,login,status\n1,a@acme.test,active\n2,b@acme.test,active\n3,c@acme.test,active\n")
        let people = try ids("a", "b", "c")
        let plan = try lab.plan("id,login,status\n1,b@acme.test,active\n2,c@acme.test,active\n3,a@acme.test,active\n")
        #expect(Set(plan.changes.map(\.together)).count == 1)
        #expect(plan.changes[0].together != nil)
        #expect(try lab.apply(plan).isComplete)
        expectNoDifference(try names(of: people), ["b@acme.test", "c@acme.test", "a@acme.test"])
    }

    @Test func `moves a chain whose end is free`() throws {
        try lab.night("id,login,status\n1,a@acme.test,active\n2,b@acme.test,active\n3,c@acme.test,active\n")
        let people = try ids("a", "b", "c")
        #expect(
            try lab.night(
                """
                id,login,status
                1,b@acme.test,active
                2,c@acme.test,active
                3,d@acme.test,active
                4,a@acme.test,active
                """
            ).isComplete)
        expectNoDifference(try names(of: people), ["b@acme.test", "c@acme.test", "d@acme.test"])
        #expect(try lab.member("a@acme.test").externalID == "4")
    }

    @Test func `gives a leaver's address to a joiner, and nothing else of theirs`() throws {
        try lab.night(
            """
            id,login,firstName,lastName,title,department,status
            1,sales@acme.test,Ann,Lee,Head,Board,active
            2,bob@acme.test,Bob,Ray,Dev,Ops,active
            """)
        let ann = try lab.id("sales@acme.test")
        let csv = """
            id,login,firstName,lastName,title,department,status
            2,bob@acme.test,Bob,Ray,Dev,Ops,active
            3,sales@acme.test,Cal,Roe,,,active
            """
        let report = try lab.night(csv)
        #expect(report.isComplete)
        let left = try lab.member(ann)
        #expect(!left.isActive)
        #expect(left.userName == ann.rawValue.filter { $0 != "-" } + "sales@acme.test")
        #expect(left.title == "Head")
        let cal = try lab.member("sales@acme.test")
        #expect(cal.id != ann)
        #expect(cal.externalID == "3")
        #expect(cal.title == nil)
        #expect(cal.department == nil)
        #expect(cal.isActive)
        #expect(try lab.plan(csv).isSilent)
    }

    @Test func `takes a newcomer in whose name a leaver gave up in a run that ended there`() throws {
        try lab.night("id,login,firstName,lastName,title,status\n1,sales@acme.test,Ann,Lee,Head,active\n")
        let ann = try lab.id("sales@acme.test")
        // The first of two requests to a service that knows no transactions.
        let tombstone = ann.rawValue.filter { $0 != "-" } + "sales@acme.test"
        try lab.set("active", .boolean(false), of: "sales@acme.test")
        try lab.set("userName", .string(tombstone), of: "sales@acme.test")
        let csv = "id,login,firstName,lastName,title,status\n3,sales@acme.test,Cal,Roe,,active\n"
        #expect(try lab.night(csv).isComplete)
        let cal = try lab.member("sales@acme.test")
        #expect(cal.id != ann)
        #expect(cal.externalID == "3")
        #expect(cal.title == nil)
        #expect(try lab.member(ann).userName == tombstone)
        #expect(try !lab.member(ann).isActive)
        #expect(try lab.plan(csv).isSilent)
    }

    @Test func `lets a flagged leaver go under the name that their record has now`() throws {
        try lab.night("id,login,firstName,lastName,status\n1,ann@acme.test,Ann,Lee,active\n")
        let ann = try lab.id("ann@acme.test")
        let csv = """
            id,login,firstName,lastName,status
            1,left-ann@acme.test,Ann,Lee,suspended
            2,ann@acme.test,Anna,Roe,active
            """
        #expect(try lab.night(csv).isComplete)
        #expect(try lab.member(ann).userName == "left-ann@acme.test")
        #expect(try !lab.member(ann).isActive)
        #expect(try lab.member("ann@acme.test").externalID == "2")
        #expect(try lab.plan(csv).isSilent)
    }

    @Test func `frees the name of somebody who left earlier when their record gives it up`() throws {
        try lab.night(
            "id,login,firstName,lastName,status\n1,ann@acme.test,Ann,Lee,active\n2,bob@acme.test,Bob,Ray,active\n")
        try lab.night(
            "id,login,firstName,lastName,status\n1,ann@acme.test,Ann,Lee,suspended\n2,bob@acme.test,Bob,Ray,active\n")
        let ann = try lab.id("ann@acme.test")
        let csv = """
            id,login,firstName,lastName,status
            1,left-ann@acme.test,Ann,Lee,suspended
            2,bob@acme.test,Bob,Ray,active
            3,ann@acme.test,Anna,Roe,active
            """
        #expect(try lab.night(csv).isComplete)
        #expect(try lab.member(ann).userName == "left-ann@acme.test")
        #expect(try lab.member("ann@acme.test").externalID == "3")
        #expect(try lab.plan(csv).isSilent)
    }

    @Test func `refuses a name whose holder keeps it, and everybody behind in the chain`() throws {
        try lab.invite("a@acme.test")
        try lab.night("id,login,status\n2,b@acme.test,active\n3,c@acme.test,active\n4,d@acme.test,active\n")
        let people = try ids("b", "c", "d")
        lab.policy.protect = [Pattern("a@acme.test")]
        let plan = try lab.plan("id,login,status\n2,a@acme.test,active\n3,b@acme.test,active\n4,e@acme.test,active\n")
        expectNoDifference(plan.rejections, ["username-taken:2", "username-taken:3"])
        expectNoDifference(plan.pinnedNames, ["a@acme.test", "b@acme.test", "c@acme.test"])
        try lab.apply(plan)
        expectNoDifference(try names(of: people), ["b@acme.test", "c@acme.test", "e@acme.test"])
    }

    @Test(arguments: ["ANN@ACME.TEST", "Ann@acme.test"]) func `takes another letter case for no change`(login: String)
        throws
    {
        try lab.night("id,login,email,firstName,status\n1,ann@acme.test,ann@acme.test,Ann,active\n")
        let before = try lab.member("ann@acme.test")
        let plan = try lab.plan("id,login,email,firstName,status\n1,\(login),\(login),ANN,active\n")
        #expect(plan.isSilent)
        try lab.apply(plan)
        #expect(try lab.member(login) == before)
    }

    @Test func `takes another Unicode normal form for no change`() throws {
        try lab.night("id,login,firstName,title,status\n1,jos\u{E9}@acme.test,Jos\u{E9},Caf\u{E9},active\n")
        let plan = try lab.plan(
            "id,login,firstName,title,status\n1,jose\u{301}@acme.test,Jose\u{301},Cafe\u{301},active\n")
        #expect(plan.isSilent)
        #expect(plan.rejected.isEmpty)
    }

    @Test func `recognises somebody without an anchor in another letter case`() throws {
        try lab.night("login,firstName,status\nann@acme.test,Ann,active\n")
        let plan = try lab.plan("login,firstName,status\nAnn@Acme.Test,Ann,active\n")
        #expect(plan.isSilent)
        #expect(plan.rejected.isEmpty)
    }

    @Test func `passes no card on with a login where there is no anchor but a number`() throws {
        try withoutAnchor()
        try lab.night(
            "login,firstName,lastName,employeeNumber,title,status\nsales@acme.test,Ann,Lee,E1,Head,active\nb@acme.test,Bob,Ray,E2,,active\n"
        )
        let ann = try lab.id("sales@acme.test")
        let csv =
            "login,firstName,lastName,employeeNumber,title,status\nsales@acme.test,Cal,Roe,E3,,active\nb@acme.test,Bob,Ray,E2,,active\n"
        #expect(try lab.night(csv).isComplete)
        #expect(try !lab.member(ann).isActive)
        let cal = try lab.member("sales@acme.test")
        #expect(cal.id != ann)
        #expect(cal.title == nil)
        #expect(try lab.plan(csv).isSilent)
        #expect(try lab.plan(csv).rejected.isEmpty)
    }

    @Test func `swaps logins of people known by their numbers`() throws {
        try withoutAnchor()
        try lab.night(
            "login,firstName,lastName,employeeNumber,status\na@acme.test,Ann,Lee,E1,active\nb@acme.test,Bob,Ray,E2,active\n"
        )
        let people = try ids("a", "b")
        let csv =
            "login,firstName,lastName,employeeNumber,status\na@acme.test,Bob,Ray,E2,active\nb@acme.test,Ann,Lee,E1,active\n"
        let plan = try lab.plan(csv)
        #expect(plan.changes.map(\.kind) == [.update, .update])
        #expect(try lab.apply(plan).isComplete)
        expectNoDifference(try names(of: people), ["b@acme.test", "a@acme.test"])
        #expect(try lab.plan(csv).isSilent)
    }
}
