import Foundation
import SCIM

/// Style and script of a page, and the policy that allows them alone.
struct PageAssets {
    let style = text(PackageResources.page_css)
    /// `nil` of a page that needs none.
    let script: String?

    init(script: [UInt8]? = nil) { self.script = script.map(Self.text) }

    /// Content Security Policy Level 3: nothing is loaded from anywhere, no script or style runs but those whose digests
    /// are here, no text becomes markup in the script, and nothing is sent.
    var policy: String {
        let script = script.map { "script-src '\(Self.hash($0))'; " } ?? ""
        return "default-src 'none'; \(script)style-src '\(Self.hash(style))'; img-src data:; base-uri 'none'; "
            + "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
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
