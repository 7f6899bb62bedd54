import Foundation
import Mustache
import SCIM

/// A report as one page: a file that holds everything and loads nothing (docs/formats.md).
package enum HTMLReport {
    /// The summary is HTML and comes first, so that it is read before the lists are; those follow as data.
    static func write(_ report: Report, into sink: ([UInt8]) throws -> Void) throws {
        let assets = PageAssets(script: PackageResources.report_js)
        let page = ReportPage(report, policy: assets.policy, style: assets.style, script: assets.script)
        let template = try MustacheTemplate(string: PageAssets.text(PackageResources.report_mustache))
        var parts = MustacheLibrary()
        try parts.register(PageAssets.text(PackageResources.guard_mustache), named: "guard")
        try sink(Array(template.render(page, library: parts).utf8))
        try ReportData.write(report, into: sink)
        try sink(Array("</script>\n</body>\n</html>\n".utf8))
    }
}

/// Style and script of a page, and the policy that allows them alone.
struct PageAssets {
    let style = text(PackageResources.page_css)
    let script: String

    init(script: [UInt8]) { self.script = Self.text(script) }

    /// Content Security Policy Level 3: nothing is loaded from anywhere, no script or style runs but the two whose
    /// digests are here, no text becomes markup in the script, and nothing is sent.
    var policy: String {
        "default-src 'none'; script-src '\(Self.hash(script))'; style-src '\(Self.hash(style))'; img-src data:; "
            + "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func hash(_ text: String) -> String {
        let stream = SHA256Stream()
        stream.update(Array(text.utf8))
        var digest: [UInt8] = []
        stream.finish(into: &digest)
        return "sha256-" + Data(digest).base64EncodedString()
    }
}
