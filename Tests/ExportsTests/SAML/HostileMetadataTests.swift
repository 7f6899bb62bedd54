import Foundation
import SCIM
import Testing

@testable import Exports

/// Scenario "hostile-metadata": refused quickly, nothing read, nothing fetched.
@Suite struct `Hostile metadata` {
    private func code(_ text: String) -> String? { code(Array(text.utf8)) }
    private func code(_ bytes: [UInt8], entityID: String? = nil) -> String? {
        refusalCode { () throws(Refusal) in try MetadataSample.read(bytes, entityID: entityID) }
    }

    private let good = MetadataSample()

    // MARK: Declarations

    @Test func `a document type is refused, wherever and however it is written`() {
        #expect(code("\(good.declaration)<!DOCTYPE EntityDescriptor>\(good.entity)") == "document-type")
        #expect(code("<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\">\(good.entity)") == "document-type")
        #expect(code("<!-- fine -->\n<!doctype x>\(good.entity)") == "document-type")
        #expect(code("<!ENTITY x \"y\">\(good.entity)") == "document-type")
        #expect(code("\(good.entity)<!DOCTYPE x>") == "document-type")
        #expect(
            code(good.entity.replacing("</md:EntityDescriptor>", with: "<!DOCTYPE x></md:EntityDescriptor>"))
                == "document-type")
        #expect(code(utf16("<!DOCTYPE x>\(good.entity)")) == "document-type")
        #expect(code(String(repeating: " ", count: 200_000) + "<!DOCTYPE x>\(good.entity)") == "document-type")
    }

    @Test func `what only looks like a declaration is no refusal`() {
        #expect(code("<!-- <!DOCTYPE x> --><?pi <!DOCTYPE x>?>\(good.entity)") == nil)
        #expect(
            code(good.entity.replacing("<md:SingleSignOn", with: "<![CDATA[<!DOCTYPE x>]]><md:SingleSignOn")) == nil)
        var sample = good
        sample.rootAttributes = #" ID='">' x=">&lt;!DOCTYPE x>""#
        #expect(code(sample.text) == nil)
    }

    @Test func `a billion laughs`() {
        let entities = (1..<10).map { "<!ENTITY l\($0) \"\(String(repeating: "&l\($0 - 1);", count: 10))\">" }
        let text =
            "<!DOCTYPE x [<!ENTITY l0 \"lol\">\(entities.joined())]>"
            + good.entity.replacing("idp.example", with: "&l9;")
        #expect(code(text) == "document-type")
    }

    @Test func `an external entity is not read`() throws {
        let canary = FileManager.default.temporaryDirectory.appendingPathComponent("canary-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: canary, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: canary) }
        // A pipe that nobody writes to: whoever opens it to read waits for ever.
        let pipe = canary.appendingPathComponent("secret").path
        try #require(mkfifo(pipe, 0o600) == 0)
        for declaration in [
            "<!DOCTYPE x [<!ENTITY s SYSTEM \"file://\(pipe)\">]>", "<!DOCTYPE x SYSTEM \"file://\(pipe)\">",
            "<!DOCTYPE x [<!ENTITY % s SYSTEM \"file://\(pipe)\"> %s;]>",
        ] {
            #expect(code(declaration + good.entity.replacing("idp.example/sso", with: "&s;")) == "document-type")
        }
    }

    @Test func `an undeclared entity is not well-formed`() {
        #expect(code(good.entity.replacing("idp.example/sso", with: "&secret;")) == "not-well-formed")
    }

    @Test func `XInclude is not followed`() throws {
        let canary = FileManager.default.temporaryDirectory.appendingPathComponent("canary-\(UUID().uuidString).xml")
        try Data(good.keys.utf8).write(to: canary)
        defer { try? FileManager.default.removeItem(at: canary) }
        var sample = good
        sample.keys = """
            <xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="\(canary.path)"/>
            """
        #expect(code(sample.text) == "no-usable-certificate")
        sample.keys = MetadataSample.key(
            """
            <xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="\(canary.path)" parse="text"/>
            """)
        #expect(code(sample.text) == "no-usable-certificate")
    }

    @Test func `processing instructions do nothing`() {
        #expect(code("<?xml-stylesheet href=\"file:///etc/passwd\"?>\(good.entity)") == nil)
    }

    // MARK: Size

    @Test func `40,000 attributes are refused at once`() {
        let attributes = (0..<40_000).map { " a\($0)=\"\"" }.joined()
        var sample = good
        sample.rootAttributes = attributes
        #expect(code(sample.text) == "too-many-attributes")
        sample.rootAttributes = attributes.replacing("=\"\"", with: "=''")
        #expect(code(sample.text) == "too-many-attributes")
    }

    @Test func `a start tag may have 64 kB and not a byte more`() {
        var sample = good
        let rest = "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"\" x=\"\">"
        sample.entityID = "i"
        // Counted without `<`.
        let room = 65_536 - (rest.utf8.count - 1) - 1
        sample.rootAttributes = " x=\"\(String(repeating: "a", count: room))\""
        #expect(code(sample.text) == nil)
        sample.rootAttributes = " x=\"\(String(repeating: "a", count: room + 1))\""
        #expect(code(sample.text) == "start-tag-too-long")
        sample.rootAttributes = " x='\(String(repeating: ">", count: 70_000))'"
        #expect(code(sample.text) == "start-tag-too-long")
        sample.rootAttributes = " x=\"\(String(repeating: "a", count: 3_000_000))"
        #expect(code(sample.text) == "start-tag-too-long")
        sample.rootAttributes = String(repeating: " ", count: 70_000)
        #expect(code(sample.text) == "start-tag-too-long")
    }

    @Test func `10,000 elements deep is refused`() {
        let deep = String(repeating: "<a>", count: 10_000) + String(repeating: "</a>", count: 10_000)
        #expect(code(deep) == "nesting-too-deep")
        #expect(code(String(repeating: "<a>", count: 10_000)) == "nesting-too-deep")
        var sample = good
        sample.extensions = "<md:Extensions>\(deep)</md:Extensions>"
        #expect(code(sample.text) == "nesting-too-deep")
    }

    @Test func `many namespaces in scope are refused`() {
        let level = (0..<60).map { " xmlns:n\($0)=\"urn:\($0)\"" }.joined()
        let text = (0..<20).map { _ in "<a\(level)>" }.joined() + String(repeating: "</a>", count: 20)
        #expect(code(text) == "too-many-namespaces")
    }

    @Test func `many different names are refused`() {
        func elements(_ count: Int) -> String { (0..<count).map { "<x\($0)/>" }.joined() }
        var sample = good
        sample.extensions = "<md:Extensions>\(elements(15_000))</md:Extensions>"
        #expect(code(sample.text) == nil)
        sample.extensions = "<md:Extensions>\(elements(30_000))</md:Extensions>"
        #expect(code(sample.text) == "too-many-names")
        #expect(code((0..<30_000).map { "<?x\($0)?>" }.joined() + good.entity) == "too-many-names")
    }

    @Test func `too many bytes are refused by name`() throws {
        var options = MetadataOptions()
        options.maxBytesEntity = 10_000
        options.maxBytesAggregate = 15_000
        func code(_ text: String) -> String? {
            refusalCode { () throws(Refusal) in try MetadataSample.read(Array(text.utf8), options: options) }
        }
        let filler = "<!--\(String(repeating: " ", count: 9_000))-->"
        #expect(code(good.text + filler) == "too-large")
        #expect(code(MetadataSample.aggregate([good.entity]) + filler) == nil)
        #expect(code(MetadataSample.aggregate([good.entity]) + filler + filler) == "too-large")
        #expect(code(good.text) == nil)
    }

    // MARK: Bytes

    @Test func `NULs are refused, wherever they are`() {
        let bytes = Array(good.text.utf8)
        for at in [5, 60, bytes.count / 2, bytes.count - 1, bytes.count] {
            var broken = bytes
            broken.insert(0, at: at)
            #expect(code(broken) == "nul-character")
        }
        // Here it looks like UTF-16.
        #expect(code([0x3C, 0] + bytes.dropFirst()) == "encoding-not-accepted")
        #expect(code(good.text.replacing("idp.example/sso", with: "idp.example/&#0;")) == "not-well-formed")
        #expect(code(utf16(good.entity + "\u{0}")) == "nul-character")
    }

    @Test func `encodings that we do not read are refused by name`() {
        func declared(_ name: String) -> String? {
            code(good.text.replacing("encoding=\"UTF-8\"", with: "encoding=\"\(name)\""))
        }
        for name in ["UTF-7", "IBM037", "EBCDIC-CP-US", "UCS-4", "UTF-32", "Shift_JIS", "windows-1252", "x", ""] {
            #expect(declared(name) == "encoding-not-accepted")
        }
        for name in ["utf-8", "Utf-8", "US-ASCII", "iso-8859-1"] { #expect(declared(name) == nil) }
        for name in ["UTF-16", "UTF-16LE", "utf-16be"] { #expect(declared(name) == "encoding-mismatch") }
        #expect(code([0x2B, 0x2F, 0x76, 0x38] + Array("+ADw-x+AD4-".utf8)) == "encoding-not-accepted")
        #expect(code([0x4C, 0x6F, 0xA7, 0x94, 0x93, 0x40]) == "encoding-not-accepted")
        for text in [good.text, good.entity] {
            let wide = text.utf8.flatMap { byte -> [UInt8] in [0, 0, 0, byte] }
            #expect(code(wide) == "encoding-not-accepted")
            #expect(code(Array(wide.dropFirst(3))) == "encoding-not-accepted")
            #expect(code([0, 0, 0xFE, 0xFF] + wide) == "encoding-not-accepted")
            #expect(code([0xFF, 0xFE, 0, 0] + wide) == "encoding-not-accepted")
        }
    }

    @Test func `a declared encoding must be the one that is used`() {
        let latin = Array(good.text.utf8.dropLast(3)) + [0xE9] + Array(good.text.utf8.suffix(3))
        #expect(code(latin) != nil)
        func with(_ encoding: String, _ byte: [UInt8]) -> [UInt8] {
            let text = good.text.replacing("UTF-8", with: encoding) + "<!-- "
            return Array(text.utf8) + byte + Array(" -->".utf8)
        }
        #expect(code(with("ISO-8859-1", [0xE9])) == nil)
        #expect(code(with("UTF-8", [0xE9])) == "not-well-formed")
        #expect(code(with("UTF-8", [0xC0, 0xBC])) == "not-well-formed")
        #expect(code(with("UTF-8", [0xED, 0xA0, 0x80])) == "not-well-formed")
        #expect(code(with("US-ASCII", [0xC3, 0xA9])) == "encoding-mismatch")
        #expect(code([0xEF, 0xBB, 0xBF] + with("ISO-8859-1", [0xE9])) == "encoding-mismatch")
        #expect(code([0xEF, 0xBB, 0xBF] + with("UTF-8", [0xC3, 0xA9])) == nil)
    }

    @Test func `UTF-16 needs its mark or its declaration, and whole characters`() {
        #expect(code(utf16(good.entity)) == nil)
        #expect(code(utf16(good.entity, isBig: true)) == nil)
        #expect(code(utf16(good.text.replacing("UTF-8", with: "UTF-16"))) == nil)
        #expect(code(Array(utf16(good.text.replacing("UTF-8", with: "UTF-16")).dropFirst(2))) == nil)
        #expect(code(utf16(good.text)) == "encoding-mismatch")
        #expect(code(utf16(good.text.replacing("UTF-8", with: "UTF-16BE"))) == "encoding-mismatch")
        #expect(code(Array(utf16(good.entity).dropFirst(2))) == "encoding-not-accepted")
        #expect(code(utf16(good.entity) + [0x20]) == "encoding-mismatch")
        #expect(code(utf16(good.entity) + [0x00, 0xD8]) == "encoding-mismatch")
        #expect(code(utf16(good.entity) + [0x00, 0xDC, 0x20, 0x00]) == "encoding-mismatch")
        #expect(code(utf16(good.entity) + [0x00, 0xD8, 0x20, 0x00]) == "encoding-mismatch")
        #expect(code(utf16("<!-- \u{1F600} \u{20AC} -->" + good.entity)) == nil)
    }

    @Test func `other files are refused by name`() {
        #expect(code("") == "empty-file")
        #expect(code(" \r\n\t") == "empty-file")
        #expect(code([0xEF, 0xBB, 0xBF]) == "empty-file")
        #expect(code("<!doctype html><html></html>") == "html-page")
        #expect(code("\n  <HTML><body>Sign in</body></HTML>") == "html-page")
        #expect(code("<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0\"><html/>") == "html-page")
        #expect(code(utf16("<html></html>")) == "html-page")
        #expect(code("{\"error\":\"unauthorized\"}") == "json-document")
        #expect(code(" [1]") == "json-document")
        #expect(code([0x50, 0x4B, 3, 4, 0, 0]) == "archive")
        #expect(code([0x1F, 0x8B, 8, 0]) == "archive")
        #expect(code("-----BEGIN CERTIFICATE-----\nAAAA") == "not-xml")
        #expect(code("email,active\na@b.example,true\n") == "not-xml")
        #expect(code("\n\(good.text)") == "white-space-before-declaration")
        #expect(code(String(repeating: "\n", count: 20_000) + good.text) == "white-space-before-declaration")
        #expect(code("\n\(good.entity)") == nil)
    }

    // MARK: Ends

    @Test func `a document cut off at any byte is never taken`() {
        // Small, so that every byte can be tried; the last byte is its `>`.
        let bytes = Array(good.text.utf8)
        for count in 0..<bytes.count {
            let code = code(Array(bytes[..<count]))
            #expect(code == "truncated" || code == "empty-file" || code == "not-xml" || code == "not-well-formed")
            if count > good.declaration.utf8.count + 20 { #expect(code == "truncated", "after \(count)") }
        }
    }

    @Test func `an aggregate cut off at any byte is never taken`() {
        var other = good
        other.entityID = "https://other.example"
        let bytes = Array(MetadataSample.aggregate([good.entity, other.entity]).utf8)
        #expect(code(bytes, entityID: good.entityID) == nil)
        for count in stride(from: 1, to: bytes.count, by: 7) {
            #expect(code(Array(bytes[..<count]), entityID: good.entityID) != nil)
        }
        #expect(code(Array(bytes.dropLast()), entityID: good.entityID) == "truncated")
    }

    @Test func `anything after the root is refused`() {
        #expect(code(good.text + good.entity) == "not-well-formed")
        #expect(code(good.text + "x") == "not-well-formed")
        #expect(code(good.text + "\n<!-- fine -->\n") == nil)
    }

    @Test func `an unbound prefix and an attribute given twice are no metadata`() {
        #expect(
            code(good.text.replacing("<md:SingleSignOnService", with: "<zz:SingleSignOnService")) == "not-well-formed")
        var sample = good
        sample.rootAttributes = #" x="1" x="2""#
        #expect(code(sample.text) == "not-well-formed")
    }

    @Test func `control characters never come into a message`() {
        let texts = [
            "<a>&\u{1B}[31m;</a>", "<?xml version=\"1.0\" encoding=\"\u{1B}[31m\u{7}\"?><a/>", "<\u{9}b\u{1B}></a>",
            MetadataSample.aggregate([good.entity.replacing("idp.example/metadata", with: "\u{85}\u{202E}x")])
                .replacing("IDPSSO", with: "SPSSO"),
        ]
        for text in texts {
            do {
                _ = try MetadataSample.read(text)
                Issue.record("read \(text)")
            } catch {
                #expect(
                    !error.message.unicodeScalars.contains {
                        $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
                    })
            }
        }
    }

    @Test func `lines are right`() {
        func line(_ text: String) -> Int? {
            do throws(Refusal) {
                _ = try MetadataSample.read(text)
                return nil
            } catch {
                return error.place.line
            }
        }
        #expect(line("\n\n\n<!DOCTYPE x>") == 4)
        #expect(line("<a>\n\n<b>\n</a>") == 4)
        #expect(line("\n\n\(good.text)") == 3)
        let long = String(repeating: "<!-- \n -->", count: 100_000)
        #expect(line("<a>\(long)<b></a>") == 100_001)
        #expect(line("<a>\(long)<b>\u{0}</a>") == 100_001)
    }

    private func utf16(_ text: String, isBig: Bool = false) -> [UInt8] {
        ([0xFEFF] + Array(text.utf16)).flatMap { unit in
            isBig ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
        }
    }
}
