import Foundation
import JSON
import Testing

/// The runs of a team as a page, and the folder of reports that it leads to.
@Suite struct `The page of all runs` {
    private let night: ReportNight
    private static let command = "history --format html \(ReportNight.roster)"

    init() throws { night = try ReportNight() }

    @Test func `stands alone on stdout`() throws {
        let run = try night.folder.run(Self.command)
        #expect(run.exit == 0)
        #expect(run.out.hasPrefix("<!DOCTYPE html>"))
        #expect(
            run.out.matches(of: /<li class="[a-z]+"><span class="name">\d{8}T\d{6}Z-[0-9a-f]{8}<\/span>/).count == 9)
        #expect(!run.out.contains("<a href"))
    }

    @Test func `leads in a folder to the report of each run`() throws {
        let run = try night.folder.run("\(Self.command) --out reports")
        #expect(run.exit == 0, "\(run.err)")
        #expect(run.out == "reports/index.html shows 9 runs.\n")
        let page = try night.folder.read("reports/index.html")
        let links = page.matches(of: /<a href="([^"]*)">/).map { String($0.1) }
        #expect(links.count == 9)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: night.folder.path("reports")).sorted()
                == (links + ["index.html"]).sorted())
        for link in links {
            let report = try night.folder.read("reports/\(link)")
            #expect(report.contains("<title>Run \(link.dropLast(5)) for team acme, source "))
            #expect(report.hasSuffix("</html>\n"))
        }
        let seen = try Browser.run("index", night.folder.path("reports/index.html"), in: night.folder)
        #expect(seen["console"] == .array([]))
        guard case .object(let views) = seen["axe"] else { return #expect(Bool(false)) }
        #expect(views.count == 6)
        for view in views { #expect(view.value == .array([]), "\(view.name)") }
        #expect(seen["overflow"] == .array([]))
        #expect(seen["runs"]?.integer == 9)
        #expect(seen["leadsTo"]?.string?.hasPrefix("Run 2") == true)
    }

    @Test func `cannot go where nothing can be written`() throws {
        let run = try night.folder.run("\(Self.command) --out nosuch/reports")
        #expect(run.exit == 73)
        #expect(run.err.contains("nosuch/reports cannot be made: there is no such file"), "\(run.err)")
    }
}
