import Foundation
import JSON
import Testing

/// A report as a page, opened in Chromium: what its reader sees, by eye, ear, keyboard, on a phone and on paper.
@Suite struct `The page of a report` {
    /// One browser for all of them.
    private static let looked = Result { () throws -> (JSONValue, page: String) in
        let night = try ReportNight()
        let page = try night.page(
            "plan.html", "plan tonight.csv \(ReportNight.roster) --as-of \(ReportNight.moment(10))")
        return (try Browser.run("look", page, in: night.folder), page)
    }

    private func seen(_ name: String) throws -> JSONValue { try #require(try Self.looked.get().0[name]) }

    private func strings(_ value: JSONValue?) -> [String] { (value?.array ?? []).compactMap(\.string) }

    @Test func `asks for nothing but itself, and has nothing to complain of`() throws {
        #expect(try seen("console") == .array([]))
        let asked = Set(strings(try seen("requests")))
        #expect(asked == [URL(filePath: try Self.looked.get().page).absoluteString])
    }

    @Test func `gives axe-core nothing to object to, at three widths, light and dark`() throws {
        guard case .object(let views) = try seen("axe") else { return #expect(Bool(false)) }
        #expect(views.count == 6)
        for view in views { #expect(view.value == .array([]), "\(view.name)") }
        #expect(try seen("overflow") == .array([]), "wider than the window")
    }

    @Test func `is searched and filtered`() throws {
        guard case .object(let members) = try seen("filters") else { return #expect(Bool(false)) }
        let told = members.map { "\($0.name): \($0.value.string ?? "")" }
        #expect(
            told == [
                "all: 12 changes", "search: 1 of 12 changes", "search nobody: 0 of 12 changes", "cleared: 12 changes",
                "kind Create group: 2 of 12 changes", "kind Create member: 2 of 12 changes",
                "kind Deactivate member: 3 of 12 changes", "kind Update member: 5 of 12 changes",
                "attribute active: 5 of 12 changes", "attribute displayName: 6 of 12 changes",
                "attribute emails.work: 2 of 12 changes", "attribute externalId: 2 of 12 changes",
                "attribute name.familyName: 2 of 12 changes", "attribute name.givenName: 2 of 12 changes",
                "attribute phoneNumbers.mobile: 1 of 12 changes", "attribute title: 5 of 12 changes",
                "attribute userName: 2 of 12 changes", "group Board: 2 of 12 changes", "group Field: 2 of 12 changes",
                "domain acme.example: 7 of 12 changes", "domain acme.test: 1 of 12 changes",
                "domain new.example: 2 of 12 changes", "tile of leavers: 3 of 12 changes",
                "pinned who match: 1 of 3 entries",
            ])
    }

    @Test func `is gone through by keyboard`() throws {
        #expect(
            strings(try seen("keyboard")) == ["a Skip to the changes", "changes", "1", "2", "3", "2", "search"])
    }

    @Test func `shows as text what names hold`() throws {
        let seen = try seen("hostility")
        #expect(seen["images"]?.integer == 0)
        #expect(seen["scripts"]?.integer == 2)
        #expect(seen["owned"]?.string == "undefined")
        #expect(seen["rightToLeft"] == .boolean(false))
        #expect(seen["text"]?.integer == 1)
        #expect(seen["long value"]?.string == "All 1,000 characters")
        #expect(seen["longest word"]?.integer == 1000)
    }

    @Test func `lets no script of anybody else's run`() throws {
        let tried = try seen("policy")
        #expect(tried["markup"]?.string == "TypeError")
        #expect(tried["fetch"]?.string == "TypeError")
        #expect(tried["inline"] == .boolean(false))
    }

    @Test func `is printed with all of its changes`() throws {
        let paper = try seen("paper")
        #expect(paper["isPDF"] == .boolean(true))
        #expect(paper["printed"]?.integer == 12)
    }

    @Test func `has its summary without JavaScript, and says what is missing`() throws {
        let seen = try seen("noJavaScript")
        #expect(
            strings(seen["headings"]) == [
                "What needs you", "What will happen", "Is it normal", "Inputs", "Changes 12", "Pinned 3",
                "Rejected records 3", "Unmanaged 1",
            ])
        #expect(seen["remark"]?.string?.contains("needs JavaScript") == true)
        #expect(seen["form"] == .boolean(false))
    }
}

@Suite struct `The page of a large report` {
    @Test func `opens within two seconds, scrolls and is searched at once`() throws {
        let folder = try ProgramFolder()
        try folder.write(
            "people.csv",
            "id,login,First name,Last name,Job title,status\n"
                + (1...50_000).map { "\($0),p\($0)@acme.example,Person \($0),Example,Engineer,active\n" }.joined())
        #expect(try folder.run("team create acme --database popl.sqlite").exit == 0)
        let plan = try folder.run("plan people.csv --database popl.sqlite --team acme --format html")
        #expect(plan.exit == 0, "\(plan.err)")
        try folder.write("plan.html", plan.out)
        let seen = try Browser.run("open", folder.path("plan.html"), in: folder)
        #expect(seen["console"] == .array([]))
        // Milliseconds of processor time: other tests run meanwhile.
        #expect(try #require(seen["opened"]?.integer) < 2000, "\(seen)")
        // A hundred frames.
        #expect(try #require(seen["scrolled"]?.integer) < 3000, "\(seen)")
        #expect(try #require(seen["searched"]?.integer) < 1000, "\(seen)")
        #expect(seen.at("end", "last")?.string == "50000")
        // The list is virtual: of 50,000 changes only those near the window are in the document.
        #expect(try #require(seen.at("end", "entries")?.integer) < 500)
    }
}
