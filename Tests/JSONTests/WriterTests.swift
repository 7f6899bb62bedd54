import JSON
import TestSupport
import Testing

func text(_ value: JSONValue, pretty: Bool = false) -> String {
    var writer = JSONWriter(pretty: pretty)
    writer.value(value)
    return String(decoding: writer.bytes, as: UTF8.self)
}

@Suite struct `JSON writer` {
    @Test func `writes objects and arrays with their commas`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("a", 1)
        writer.name("b")
        writer.beginArray()
        writer.integer(Int64.min)
        writer.integer(UInt64.max)
        writer.boolean(true)
        writer.null()
        writer.beginObject()
        writer.endObject()
        writer.endArray()
        writer.member("c", Optional<String>.none)
        writer.name("d")
        writer.raw("[1.50]")
        writer.endObject()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"a":1,"b":[-9223372036854775808,18446744073709551615,true,null,{}],"c":null,"d":[1.50]}"#)
    }

    @Test func `escapes what could end a string, a line or a script`() {
        let value = "\"\\/\u{0}\u{8}\t\n\u{B}\u{C}\r\u{1F}\u{7F}\u{2027}\u{2028}\u{2029}\u{202A}é😀"
        #expect(
            text(.string(value))
                == "\"\\\"\\\\/\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\u007f\u{2027}\\u2028\\u2029\u{202A}é😀\"")
    }

    @Test(arguments: 0...24) func `escapes one character wherever it stands in a text`(place: Int) throws {
        for value in UInt32(0)...0xFF {
            let scalar = try #require(Unicode.Scalar(value))
            let before = String(repeating: "a", count: place)
            let after = String(repeating: "é", count: 9)
            let isPlain = value >= 0x20 && value != 0x22 && value != 0x5C && value != 0x7F
            let written = text(.string(before + String(scalar) + after))
            #expect(written.utf8.contains(UInt8(ascii: "\\")) != isPlain, "U+\(String(value, radix: 16))")
            #expect(try JSON.parse(Array(written.utf8)) == .string(before + String(scalar) + after))
        }
    }

    @Test func `indents by two blanks when asked`() {
        let value = JSONValue.object([
            JSONMember(name: "a", value: .array([.integer(1), .object([])])),
            JSONMember(name: "b", value: .array([])),
        ])
        #expect(text(value, pretty: true) == "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}\n")
    }

    @Test(arguments: 0..<40) func `what it writes is read back equal`(round: Int) throws {
        let seed = UInt64(round) &* 0x9E37_79B9_7F4A_7C15 &+ 7
        var random = SeededRandom(seed: seed)
        for _ in 0..<50 {
            let value = random.value(depth: 5)
            for pretty in [false, true] {
                let written = text(value, pretty: pretty)
                #expect(throws: Never.self, "seed \(seed): \(written)") { try JSON.parse(written) }
                #expect(try JSON.parse(written) == value, "seed \(seed): \(written)")
            }
        }
    }
}
