import JSON
import Testing

/// What was rejected while matching comes back as it stood in the file, like what the reader rejected.
@Suite struct `Rejected records` {
    private let here = "--database popl.sqlite --team acme"
    private let head = "id,login,title,Cost centre\n"

    @Test func `of CSV have their original columns, whoever rejected them, and can be fed back`() throws {
        let folder = try ProgramFolder()
        try folder.write("before.csv", head + "1,ann@acme.test,CEO,A\n2,bob@acme.test,Dev,B\n3,cal@acme.test,Ops,C\n")
        #expect(try folder.run("sync before.csv --create-team \(here)").exit == 0)
        try folder.write(
            "tonight.csv",
            head + "1,ann@acme.test,CEO,A\n2,bob@acme.test,Dev,B\n2,bob@acme.test,Lead,D\n3,c l@acme.test,Chef,C\n")
        #expect(try folder.run("sync tonight.csv --rejects rejects.csv \(here)").exit == 1)
        let rejects = try folder.read("rejects.csv")
        let said = "lines 3 and 4 name the same person and contradict each other"
        #expect(rejects.hasPrefix("id,login,title,Cost centre,line,reason\n"))
        #expect(rejects.contains("\n2,bob@acme.test,Dev,B,3,\(said)\n2,bob@acme.test,Lead,D,4,\(said)\n"), "\(rejects)")
        #expect(rejects.contains("\n3,c l@acme.test,Chef,C,5,"), "\(rejects)")

        let rows = rejects.split(separator: "\n").filter { !$0.contains(",Dev,") }.joined(separator: "\n")
        try folder.write("mended.csv", rows.replacing("c l@", with: "cal@") + "\n")
        let run = try folder.run("import mended.csv \(here) --format json")
        #expect(run.exit == 0, "\(run.out)")
        #expect(try JSON.parse(run.out)["summary"]?["update"]?.integer == 2)
    }

    @Test func `of JSON stay JSON, whoever rejected them, and can be fed back`() throws {
        let folder = try ProgramFolder()
        try folder.write("before.json", #"[{"id":"1","login":"ann@acme.test"},{"id":"2","login":"bob@acme.test"}]"#)
        #expect(try folder.run("sync before.json --create-team \(here)").exit == 0)
        try folder.write(
            "tonight.json",
            #"[{"id":"1","login":"ann@acme.test"},{"id":"2","login":"bob@acme.test"},"#
                + #"{"id":"2","login":"bob@acme.test","title":"Lead","car":"red"},{"id":"3","login":""}]"#)
        #expect(try folder.run("sync tonight.json --rejects rejects.json \(here)").exit == 1)
        let text = try folder.read("rejects.json")
        let records = try JSON.parse(text).array ?? []
        #expect(records.map { $0["rejected"]?["record"]?.integer } == [2, 3, 4])
        #expect(records.map { $0["rejected"]?["line"]?.integer } == [1, 1, 1])
        #expect(records.map { $0["car"]?.string } == [nil, "red", nil])
        #expect(
            records.first?["rejected"]?["reason"]?.string
                == "records 2 and 3 name the same person and contradict each other")

        var members = text.replacing(#""login": """#, with: #""login": "cal@acme.test""#)
        members = members.replacing(#""title": "Lead","#, with: "")
        try folder.write("mended.json", members)
        let run = try folder.run("import mended.json \(here) --format json")
        #expect(run.exit == 0, "\(run.out)")
        #expect(try JSON.parse(run.out)["summary"]?["create"]?.integer == 1)
        #expect(try JSON.parse(run.out)["summary"]?["rejected"]?.integer == 0)
    }
}
