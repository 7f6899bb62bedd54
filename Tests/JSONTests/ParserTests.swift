import JSON
import Testing

func parse(_ bytes: [UInt8], _ limits: JSONLimits = .default) throws -> JSONValue {
    try bytes.withUnsafeBytes { try JSON.parse($0, limits: limits) }
}

func failure(_ text: String, _ limits: JSONLimits = .default) -> JSONError? {
    do {
        _ = try JSON.parse(text, limits: limits)
        return nil
    } catch { return error }
}

/// What RFC 8259 leaves open, and what we do. Numbers are lexemes, so their size is nobody's problem; text that is not
/// Unicode is refused, never repaired; a byte order mark is the file reader's to take off.
let accepted: Set<String> = [
    "i_number_double_huge_neg_exp.json", "i_number_huge_exp.json", "i_number_neg_int_huge_exp.json",
    "i_number_pos_double_huge_exp.json", "i_number_real_neg_overflow.json", "i_number_real_pos_overflow.json",
    "i_number_real_underflow.json", "i_number_too_big_neg_int.json", "i_number_too_big_pos_int.json",
    "i_number_very_big_negative_int.json",
]
let refused: [String: JSONError.Code] = [
    "i_object_key_lone_2nd_surrogate.json": .loneSurrogate,
    "i_string_1st_surrogate_but_2nd_missing.json": .loneSurrogate,
    "i_string_1st_valid_surrogate_2nd_invalid.json": .loneSurrogate,
    "i_string_incomplete_surrogate_and_escape_valid.json": .loneSurrogate,
    "i_string_incomplete_surrogate_pair.json": .loneSurrogate,
    "i_string_incomplete_surrogates_escape_valid.json": .loneSurrogate,
    "i_string_invalid_lonely_surrogate.json": .loneSurrogate,
    "i_string_invalid_surrogate.json": .loneSurrogate,
    "i_string_inverted_surrogates_U+1D11E.json": .loneSurrogate,
    "i_string_lone_second_surrogate.json": .loneSurrogate,
    "i_string_UTF-16LE_with_BOM.json": .invalidUTF8,
    "i_string_UTF-8_invalid_sequence.json": .invalidUTF8,
    "i_string_UTF8_surrogate_U+D800.json": .invalidUTF8,
    "i_string_invalid_utf-8.json": .invalidUTF8,
    "i_string_iso_latin_1.json": .invalidUTF8,
    "i_string_lone_utf8_continuation_byte.json": .invalidUTF8,
    "i_string_not_in_unicode_range.json": .invalidUTF8,
    "i_string_overlong_sequence_2_bytes.json": .invalidUTF8,
    "i_string_overlong_sequence_6_bytes.json": .invalidUTF8,
    "i_string_overlong_sequence_6_bytes_null.json": .invalidUTF8,
    "i_string_truncated-utf-8.json": .invalidUTF8,
    "i_string_utf16BE_no_BOM.json": .invalidUTF8,
    "i_string_utf16LE_no_BOM.json": .invalidUTF8,
    "i_structure_500_nested_arrays.json": .depth,
    "i_structure_UTF-8_BOM_empty_object.json": .syntax,
]

@Suite struct `JSON parser` {
    @Test func `accepts every y_ file of JSONTestSuite`() throws {
        var limits = JSONLimits.default
        limits.allowsDuplicateMembers = true
        let names = try Fixtures.suite("y_")
        #expect(names.count == 95)
        for name in names {
            #expect(throws: Never.self, "\(name)") { try parse(Fixtures.suiteFile(name), limits) }
        }
    }

    @Test func `refuses every n_ file of JSONTestSuite`() throws {
        var limits = JSONLimits.default
        limits.allowsDuplicateMembers = true
        let names = try Fixtures.suite("n_")
        #expect(names.count == 188)
        for name in names {
            #expect(throws: JSONError.self, "\(name)") { try parse(Fixtures.suiteFile(name), limits) }
        }
    }

    @Test func `decides every i_ file of JSONTestSuite as written down`() throws {
        let names = try Fixtures.suite("i_")
        #expect(Set(names) == accepted.union(refused.keys))
        for name in names {
            let bytes = try Fixtures.suiteFile(name)
            if let code = refused[name] {
                #expect(throws: JSONError.self, "\(name)") { try parse(bytes) }
                do { _ = try parse(bytes) } catch let error as JSONError { #expect(error.code == code, "\(name)") }
            } else {
                #expect(throws: Never.self, "\(name)") { try parse(bytes) }
            }
        }
    }

    @Test func `refuses two members of one name, however the name is spelled`() {
        for text in [#"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"[{"x":{"b":0,"a":1,"b":2}}]"#] {
            #expect(failure(text)?.code == .duplicateMember)
        }
        // é composed and decomposed are two names.
        #expect(failure("{\"caf\u{E9}\":1,\"cafe\u{301}\":2}") == nil)
    }

    @Test func `names the byte and the line of what is wrong`() {
        let error = failure("{\n  \"a\": 1,\n  \"b\": tru,\n}")
        #expect(error == JSONError(code: .syntax, byteOffset: 19, line: 3, message: "a value is expected here"))
        #expect(failure("[1,\n2")?.line == 2)
        #expect(failure("[1,\n2")?.code == .truncated)
    }

    @Test func `tells truncation from a mistake`() {
        for text in [
            "", " ", "{", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "[", "[1", "[1,", "\"", "\"\\", "tr",
            "-", "1.", "1e", "1e+", "\"\\u12", "\"\\ud83d", "\"\\ud83d\\u", "[\"a\\n",
        ] { #expect(failure(text)?.code == .truncated, "\(text)") }
        for text in [
            "}", "tra", "{a", "[1 2]", "-a", "1.a", "\"\\x\"", "\"\\u12g4\"", "[1,]", "{\"a\":1,}", "[] []", "01",
        ] {
            #expect(failure(text)?.code == .syntax, "\(text)")
        }
    }

    @Test func `keeps every digit`() throws {
        #expect(
            try JSON.parse("[9007199254740993, -0, 1.50E+2]")
                == .array([.number("9007199254740993"), .number("-0"), .number("1.50E+2")]))
    }

    @Test func `reads escapes, pairs of surrogates among them`() throws {
        let text = #""\"\\\/\b\f\n\r\tA\u00e9\u20AC\ud83d\uDE00 plain é😀""#
        #expect(try JSON.parse(text) == .string("\"\\/\u{8}\u{C}\n\r\tAé€😀 plain é😀"))
    }

    @Test func `keeps its limits`() {
        var limits = JSONLimits.default
        limits.depth = 2
        limits.stringBytes = 3
        limits.numberBytes = 2
        #expect(failure("[[1]]", limits) == nil)
        #expect(failure("[[[1]]]", limits)?.code == .depth)
        #expect(failure("{\"a\":{\"b\":{}}}", limits)?.code == .depth)
        #expect(failure("[\"abc\"]", limits) == nil)
        #expect(failure("[\"abcd\"]", limits)?.code == .tooLong)
        #expect(failure("{\"abcd\":1}", limits)?.code == .tooLong)
        #expect(failure("[123]", limits)?.code == .tooLong)
        #expect(failure(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) == nil)
        #expect(failure(String(repeating: "[", count: 65))?.code == .depth)
    }

    @Test func `finds members by name`() throws {
        let value = try JSON.parse(#"{"a":{"b":[true,null,7,"x"]}}"#)
        #expect(value.at("a", "b")?.array == [.boolean(true), .null, .number("7"), .string("x")])
        #expect(value.at("a", "c") == nil)
        #expect(value["a"]?["b"]?.array?[2].integer == 7)
        #expect(value["a"]?.object?.map(\.name) == ["b"])
    }
}
