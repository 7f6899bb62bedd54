import JSON
import Testing

@testable import SCIM

/// scim-rulings.md "Refused input", as it comes from the wire.
@Suite struct `A body` {
    @Test(arguments: [
        "", "{", "{\"userName\":\"a\",\"userName\":\"b\"}", "{\"x\":{\"y\":1,\"y\":2}}", "{\"userName\":\"\\ud800\"}",
        "{\"userName\":\"\\udc00\\ud800\"}", "{\"userName\":\"a\\u0000\"}", "{\"noSuch\":[\"\\u0000\"]}",
        "{\"a\\u0000\":1}", "{} {}", "{\"a\":01}", "{'a':1}", "\u{FEFF}{}", "{\"a\":\"\n\"}",
        String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
    ])
    func `that is no strict JSON is invalidSyntax`(text: String) {
        let error = refusal { _ = try RequestBody.parse(Array(text.utf8)) }
        #expect(error?.status == 400 && error?.type == .invalidSyntax)
    }

    @Test func `that is not UTF-8 is invalidSyntax`() {
        for bytes in [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] as [[UInt8]] {
            #expect(refusal { _ = try RequestBody.parse(bytes) }?.type == .invalidSyntax)
        }
    }

    @Test(arguments: [
        "{\"userName\":1}", "{\"userName\":\"a\",\"title\":2}", "{\"userName\":\"a\",\"title\":1e400}",
        "{\"userName\":\"a\",\"title\":18446744073709551616}", "{\"userName\":\"a\",\"noSuch\":1e400}",
        "{\"userName\":\"a\",\"active\":1}", "{\"userName\":\"a\",\"active\":\"yes\"}",
        "{\"userName\":\"a\",\"active\":null}", "{\"userName\":\"a\",\"name\":\"x\"}",
        "{\"userName\":\"a\u{200B}b\"}", "{\"userName\":\"a\u{202E}b\"}", "{\"userName\":\"a\\u0007b\"}",
        "{\"userName\":\"\"}", "{\"userName\":null}", "{}", "{\"userName\":[\"a\",\"b\"]}",
    ])
    func `with values that cannot be is invalidValue`(text: String) throws {
        let roster = try Roster()
        let body = try RequestBody.parse(Array(text.utf8))
        let error = refusal {
            _ = try roster.service.perform(ResourceRequest(.create, .user, body: body), context: roster.context)
        }
        #expect(error?.status == 400 && error?.type == .invalidValue)
        #expect(try roster.list([]).totalResults == 0)
    }

    @Test func `may hold 64 levels`() throws {
        let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try RequestBody.parse(Array(text.utf8)) }
    }
}
