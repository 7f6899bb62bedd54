import Foundation
import Testing

@Suite struct `Operator's page` {
    /// The nights between are laid as the page tells its story: Monday to set up, then Wednesday's export that broke off, and the mended one after it.
    @Test func `has commands that do what it says`() throws {
        let page = try DocumentFolder.text("docs/operations.md")
        let document = try DocumentFolder(["popl-sync.yaml": "okta/popl-sync.yaml"])
        try document.lay(night: "monday")
        var count = 0
        for section in page.components(separatedBy: "\n## ") {
            if section.hasPrefix("The plan was held") {
                try document.lay(night: "tuesday")
                #expect(try document.run("popl-sync sync").exit == 1)
                try document.lay(night: "wednesday")
            }
            if section.hasPrefix("Restore") { try document.lay(night: "tuesday") }
            count += try document.follow(section)
        }
        #expect(count >= 15)
    }

    /// By the shell that cron gives the line to; mail is whatever is printed.
    @Test func `has a line for cron that is silent on a good night, and mails the report of any other`() throws {
        let page = try DocumentFolder.text("docs/operations.md")
        let line = try #require(page.firstMatch(of: /\n15 3 \* \* \* popl (cd \S+ && (.+))\n/))
        #expect(!line.1.contains("%"), "cron takes a % for the end of the line")
        let document = try DocumentFolder(["popl-sync.yaml": "okta/popl-sync.yaml"])
        try document.lay(night: "monday")
        #expect(try document.run("popl-sync team create fernhill").exit == 0)
        let good = try document.run(String(line.2))
        #expect(good.exit == 0 && good.said.isEmpty, "\(good.said)")
        for (night, words) in [("tuesday", "Rejected records (1)"), ("wednesday", "Held: 15 of 29")] {
            try document.lay(night: night)
            let told = try document.run(String(line.2))
            #expect(told.said.contains(words), "\(told.said)")
        }
    }
}
