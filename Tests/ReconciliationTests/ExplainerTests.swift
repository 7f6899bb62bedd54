import Exports
import Reconciliation
import SCIM
import Testing

extension Lab {
    /// What is said of somebody with this export, or without one.
    func explain(_ asked: String, _ csv: String? = nil) throws -> Explanation {
        try explain(asked, file: try csv.map { try write($0) })
    }

    func explain(_ asked: String, file: String?) throws -> Explanation {
        let options = ReadingOptions(mapping: mapping, asOf: clock.now)
        let inputs = try file.map { try Inputs.open([InputFile($0, role: .users)], options: options) }
        let reconciler = Reconciler(store: store, policy: policy, asOf: clock.now)
        return try Explainer(reconciler, team: team, source: source).explain(asked, inputs)
    }
}

@Suite struct `Explaining one person` {
    let lab: Lab
    init() throws { lab = try Lab() }

    private func steps(_ explanation: Explanation) -> [String] {
        explanation.run?.evidence.map {
            "\($0.basis.rawValue) \($0.finding.rawValue) \($0.members.map(\.userName).joined(separator: " "))"
        } ?? []
    }

    // MARK: Who is meant

    @Test(arguments: ["ANN@acme.test", "ann.lee@ACME.test", "A1"])
    func `finds a member by whatever an administrator types`(asked: String) throws {
        let id = try lab.invite("ann@acme.test", externalID: "A1", email: "ann.lee@acme.test")
        #expect(try lab.explain(asked).member?.resource.id == id)
        #expect(try lab.explain(id.rawValue).member?.resource.id == id)
    }

    @Test func `lists several, and guesses none of them`() throws {
        let first = try lab.invite("ann@acme.test")
        let second = try lab.invite("lee@acme.test", email: "ann@acme.test")
        let error = #expect(throws: SeveralFound.self) { try lab.explain("ann@acme.test") }
        #expect(error?.people.map(\.id) == [first.rawValue, second.rawValue])
    }

    @Test func `says who was probably meant, of the roster and of the export`() throws {
        try lab.invite("ann@acme.test")
        let csv = "id,login,status\n1,zoe@acme.test,active\n"
        #expect(throws: NobodyFound.self) { try lab.explain("anne@acme.test") }
        let member = #expect(throws: NobodyFound.self) { try lab.explain("anm@acme.test", csv) }
        #expect(member?.similar == ["ann@acme.test"])
        let record = #expect(throws: NobodyFound.self) { try lab.explain("zoi@acme.test", csv) }
        #expect(record?.similar == ["zoe@acme.test"])
        let nobody = #expect(throws: NobodyFound.self) { try lab.explain("quentin@globex.test", csv) }
        #expect(nobody?.similar == [])
    }

    @Test func `tells only what a refused export leaves to tell`() throws {
        try lab.invite("ann@acme.test")
        let cut = "id,login,status\n1,ann@acme.test,active\n2,bob@acme.test,\"act"
        let run = try lab.explain("ann@acme.test", cut).run
        #expect(run?.fate == .refused)
        #expect(run?.records.map(\.standing) == [.unweighed])
        #expect(throws: InputsRefused.self) { try lab.explain("zoe@acme.test", cut) }
    }

    // MARK: On which evidence

    @Test func `tells by which link a record is theirs`() throws {
        try lab.night("id,login,status\n1,ann@acme.test,active\n")
        #expect(
            try steps(lab.explain("1", "id,login,status\n1,lee@acme.test,active\n")) == ["anchor matched ann@acme.test"]
        )
        // In step there is nothing to weigh, and the link is what it was found by.
        #expect(
            try steps(lab.explain("1", "id,login,status\n1,ann@acme.test,active\n")) == ["anchor matched ann@acme.test"]
        )
    }

    @Test func `tells that the link led to nobody and the login did`() throws {
        try lab.invite("ann@acme.test")
        let explanation = try lab.explain("ann@acme.test", "id,login,status\n1,ann@acme.test,active\n")
        #expect(steps(explanation) == ["anchor nobody ", "externalId nobody ", "userName matched ann@acme.test"])
        #expect(explanation.run?.isAdopted == true)
    }

    @Test func `tells a login under a new anchor from a stranger with that login`() throws {
        let head = "id,login,firstName,lastName,status\n"
        try lab.night(head + "1,ann@acme.test,Ann,Lee,active\n2,bob@acme.test,Bob,Ray,active\n")
        let same = try lab.explain(
            "ann@acme.test", head + "9,ann@acme.test,Ann,Lee,active\n2,bob@acme.test,Bob,Ray,active\n")
        #expect(steps(same).last == "userName matched ann@acme.test")
        #expect(same.run?.evidence.last?.reason == "same login and name under a new anchor")
        let other = try lab.explain("9", head + "9,ann@acme.test,Zoe,Fox,active\n2,bob@acme.test,Bob,Ray,active\n")
        #expect(other.member == nil)
        #expect(steps(other).last == "userName somebody-else ann@acme.test")
        #expect(other.run?.evidence.last?.reason == "they are linked under another anchor and have another name")
    }

    @Test func `tells that the holder of a login has a record of their own`() throws {
        try lab.night("id,login,status\n1,ann@acme.test,active\n")
        let csv = "id,login,status\n1,lee@acme.test,active\n2,ann@acme.test,active\n"
        let newcomer = try lab.explain("2", csv)
        #expect(newcomer.member == nil)
        #expect(newcomer.run?.fate == .create)
        #expect(steps(newcomer).last == "userName somebody-else ann@acme.test")
        let run = try lab.explain("ann@acme.test", csv).run
        #expect(run?.records.map(\.standing) == [.theirs, .another])
        #expect(run?.records.last?.reason == "a new member")
    }

    @Test func `tells of whom a record may be in doubt`() throws {
        try lab.invite("ann", email: "ann@acme.test")
        try lab.invite("lee", email: "ann@acme.test")
        let explanation = try lab.explain("lee", "id,login,email,status\n1,x@acme.test,ann@acme.test,active\n")
        #expect(explanation.run?.fate == .pinned)
        #expect(explanation.run?.records.map(\.standing) == [.rejected])
        #expect(steps(explanation).last == "email doubt ann lee")
        // The record is nobody's for certain, so nothing is shown as theirs.
        #expect(explanation.run?.attributes.allSatisfy { $0.effect == .unread } == true)
    }

    @Test func `tells people without an anchor by their employee number`() throws {
        lab.mapping.entries.append(
            .init(key: Located("externalId", at: Place(file: "popl-sync.yaml", line: 1)), isOff: true))
        let head = "login,email,employeeNumber,status\n"
        try lab.night(head + "ann@acme.test,ann@acme.test,007,active\n")
        let explanation = try lab.explain("ann@acme.test", head + "lee@acme.test,lee@acme.test,007,active\n")
        #expect(steps(explanation).last == "employeeNumber matched ann@acme.test")
        #expect(explanation.run?.change?.attributes.first?.new == "lee@acme.test")
    }

    // MARK: What came of it

    @Test func `tells a record that says the same again from one that contradicts`() throws {
        let head = "id,login,firstName,status\n"
        try lab.night(head + "1,ann@acme.test,Ann,active\n2,bob@acme.test,Bob,active\n")
        let twice = try lab.explain("1", head + "1,ann@acme.test,Zoe,active\n1,ann@acme.test,Zoe,active\n")
        #expect(twice.run?.records.map(\.standing) == [.theirs, .repeats])
        let against = try lab.explain(
            "1", head + "1,ann@acme.test,Zoe,active\n1,ann@acme.test,Eve,active\n2,bob@acme.test,Bob,active\n")
        #expect(against.run?.fate == .pinned)
        #expect(against.run?.records.map(\.standing) == [.rejected, .rejected])
        #expect(against.run?.attributes.first { $0.path == "name.givenName" }?.effect == .heldBack)
    }

    @Test func `tells somebody's own record from another one that pins them`() throws {
        try lab.night("id,login,status\n1,ann@acme.test,active\n2,bob@acme.test,active\n")
        let run = try lab.explain("1", "id,login,status\n1,ann@acme.test,active\n2,ann@acme.test,active\n").run
        #expect(run?.fate == .pinned)
        #expect(run?.records.map(\.place.line) == [2, 3])
        #expect(run?.records.map(\.standing) == [.rejected, .rejected])
        #expect(run?.attributes.first { $0.path == "userName" }?.effect == .same)
        #expect(run?.attributes.first { $0.path == "userName" }?.origin?.column == "login")
    }

    @Test func `tells whose inactive record changes nothing, and why`() throws {
        try lab.invite("ann@acme.test")
        let run = try lab.explain("ann@acme.test", "id,login,status\n1,ann@acme.test,suspended\n2,b@acme.test,active\n")
            .run
        #expect(run?.fate == .neverManaged)
        #expect(run?.attributes.first { $0.path == "active" }?.effect == .heldBack)
    }

    @Test func `tells what absence means where leavers are flagged`() throws {
        try lab.night("id,login,status\n1,ann@acme.test,active\n2,bob@acme.test,active\n")
        lab.mapping.leavers = .flagged
        lab.policy.leavers = .flagged
        #expect(try lab.explain("1", "id,login,status\n2,bob@acme.test,active\n").run?.fate == .absent)
    }

    @Test func `tells who decides and when it was changed last, from the journal`() throws {
        try lab.night("id,login,firstName,status\n1,ann@acme.test,Ann,active\n")
        try lab.set("title", .string("Boss"), of: "ann@acme.test")
        let member = try #require(try lab.explain("1").member)
        #expect(member.sources == ["okta"])
        #expect(member.changes.map(\.actor) == ["online", "sync"])
        #expect(member.changes.map(\.by) == [nil, "ops@lab"])
        #expect(member.lastChange(of: "title")?.attributes == [.init(path: "title", old: nil, new: "Boss")])
        #expect(member.lastChange(of: "name.givenName")?.operation == .create)
    }
}
