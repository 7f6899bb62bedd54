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
}
