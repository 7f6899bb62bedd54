import Foundation
import Testing

@Suite struct `Tutorial` {
    /// The last part of each, in `sh root` blocks, is followed by Tests/Packaging/night.
    @Test(arguments: ["docs/tutorial-okta.md", "docs/tutorial-entra.md"])
    func `leads where it says`(page: String) throws {
        let samples = ProgramFolder.root.appending(path: "samples").path
        let text = try DocumentFolder.text(page).replacing("/usr/share/doc/popl-sync/examples", with: samples)
        #expect(try DocumentFolder([:]).follow(text) >= 6)
        #expect(text.contains("```sh root\n"))
    }
}
