import JSON
import TestSupport
import Testing

/// What the extractor says of one element, as text: `missing`, `null`, `blank`, `"text"`, `#number`, `?boolean`,
/// `<structure>`.
func extract(_ element: String, _ paths: String..., limits: JSONLimits = .default) throws -> [String] {
    let extractor = JSONExtractor(try paths.map { try JSONMemberPath($0) }, limits: limits)
    return try extract(element, extractor)
}

func extract(_ element: String, _ extractor: JSONExtractor) throws -> [String] {
    let bytes = Array(element.utf8)
    return try bytes.withUnsafeBytes { raw in
        try extractor.extract(raw)
        return extractor.paths.indices.map { slot in
            guard extractor.paths[slot].isList, !extractor.list(slot).isEmpty else {
                return describe(extractor.slots[slot])
            }
            return "[" + extractor.list(slot).map(describe).joined(separator: " ") + "]"
        }
    }
}

private func describe(_ slot: JSONSlot) -> String {
    let text = String(decoding: UnsafeBufferPointer(start: slot.pointer, count: slot.count), as: UTF8.self)
    switch slot.state {
    case .missing: return "missing"
    case .null: return "null"
    case .blank: return "blank"
    case .value:
        switch slot.kind {
        case .text: return "\"\(text)\""
        case .number: return "#\(text)"
        case .boolean: return "?\(text)"
        case .structure: return "<\(text)>"
        }
    }
}

@Suite struct `JSON extractor` {
    @Test func `tells a missing member, null, an empty string and a value apart`() throws {
        #expect(
            try extract(#"{"a":null,"b":"","c":"x","d":0}"#, "a", "b", "c", "d", "e")
                == ["null", "blank", "\"x\"", "#0", "missing"])
    }

    @Test func `tells true from its text`() throws {
        #expect(
            try extract(#"{"a":true,"b":"true","c":false,"d":9007199254740993}"#, "a", "b", "c", "d")
                == ["?true", "\"true\"", "?false", "#9007199254740993"])
    }

    @Test func `follows names into objects`() throws {
        let element = #"{"id":"1","profile":{"login":"l","email":null,"x":{"login":"no"}},"login":"outer"}"#
        #expect(
            try extract(element, "profile.login", "profile.email", "id", "login", "profile.x.login", "status")
                == ["\"l\"", "null", "\"1\"", "\"outer\"", "\"no\"", "missing"])
        #expect(try extract(#"{"manager":null}"#, "manager.id", "manager") == ["null", "null"])
        #expect(try extract(#"{"manager":"x"}"#, "manager.id", "manager") == ["missing", "\"x\""])
    }

    @Test func `picks from arrays by position and by member`() throws {
        let element = """
            {"emails":[{"value":"home@x","type":"home"},{"type":"work","value":"work@x"},
            {"value":"late@x","primary":true,"type":"work"}],"businessPhones":["1","2"],"none":[]}
            """
        #expect(
            try extract(
                element, "emails[type=work].value", "emails[primary=true].value", "emails[0].value", "emails[3].value",
                "businessPhones[1]", "none[0]", "emails[type=other].value", "phones[0]")
                == [
                    "\"work@x\"", "\"late@x\"", "\"home@x\"", "blank", "\"2\"", "blank", "blank", "missing",
                ])
    }

    @Test func `lists every element, those without the value too`() throws {
        let element =
            #"{"groups":[{"display":"A"},{"value":"2"},{"display":null},{"display":"B\u0041"}],"roles":["x","y"]}"#
        #expect(
            try extract(element, "groups[].display", "roles[]", "groups[].value")
                == [
                    "[\"A\" missing null \"BA\"]", "[\"x\" \"y\"]", "[missing \"2\" missing missing]",
                ])
        #expect(try extract(#"{"groups":[],"roles":"x"}"#, "groups[].display", "roles[]") == ["blank", "\"x\""])
        #expect(try extract(#"{"groups":null}"#, "groups[].display", "roles[]") == ["null", "missing"])
    }

    @Test func `gives the source text where a plain value was expected`() throws {
        #expect(
            try extract(#"{"a":{"b":1},"c":[1, 2],"d":[[{"v":1}],{"v":2}]}"#, "a", "c", "d[1].v", "d[0]")
                == ["<{\"b\":1}>", "<[1, 2]>", "#2", "<[{\"v\":1}]>"])
    }

    @Test func `takes escapes out of values and names`() throws {
        #expect(
            try extract(#"{"n\u0061me":"\u00e9\n\ud83d\ude00","other":"a\\b"}"#, "name", "other", "name")
                == ["\"é\n😀\"", "\"a\\b\"", "\"é\n😀\""])
    }

    @Test func `goes on from element to element, whatever their members and order`() throws {
        let extractor = JSONExtractor([try JSONMemberPath("a"), try JSONMemberPath("b.c")])
        #expect(try extract(#"{"a":1,"b":{"c":2}}"#, extractor) == ["#1", "#2"])
        #expect(try extract(#"{"b":{"d":0,"c":3},"x":[],"a":4}"#, extractor) == ["#4", "#3"])
        #expect(try extract(#"{}"#, extractor) == ["missing", "missing"])
        #expect(try extract(#"{ "a" : 5 , "b" : { } }"#, extractor) == ["#5", "missing"])
        #expect(try extract(#"{"b":[{"c":1}],"a":{"c":1}}"#, extractor) == [#"<{"c":1}>"#, "missing"])
        #expect(try extract(#"{"a":1,"b":{"c":2}}"#, extractor) == ["#1", "#2"])
    }

    @Test func `refuses two members of one name in any object, also when it knows the names`() throws {
        let extractor = JSONExtractor([try JSONMemberPath("a")])
        for text in [
            #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"a":1}"#, #"{"x":{"b":1,"c":2,"b":3}}"#,
            #"{"x":[{"b":1},{"b":1,"b":2}]}"#,
            #"{"a":1,"\u0061":1}"#, #"{"\u0061":1,"a":1}"#, #"{"x":[[{"b":1,"b":2}]]}"#,
        ] {
            for _ in 0..<3 {
                do {
                    _ = try extract(text, extractor)
                    Issue.record("taken: \(text)")
                } catch let error as JSONError { #expect(error.code == .duplicateMember, "\(text)") }
            }
        }
        #expect(try extract(#"{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}"#, extractor) == ["#1"])
    }

    @Test func `stays right when the names are more than it keeps`() throws {
        let extractor = JSONExtractor([try JSONMemberPath("last"), try JSONMemberPath("n4999")])
        let names = (0..<5000).map { "\"n\($0)\":\($0)" }.joined(separator: ",")
        for _ in 0..<2 {
            #expect(try extract("{\(names),\"last\":{\"n1\":1}}", extractor) == ["<{\"n1\":1}>", "#4999"])
        }
        for repeated in ["n0", "n4999", "last"] {
            #expect(throws: JSONError.self) { try extract("{\(names),\"last\":1,\"\(repeated)\":2}", extractor) }
        }
        let long = String(repeating: "x", count: 1000)
        #expect(try extract("{\"\(long)\":{\"last\":1},\"last\":2}", extractor) == ["#2", "missing"])
        #expect(throws: JSONError.self) { try extract("{\"\(long)\":1,\"\(long)\":2}", extractor) }
    }

    @Test func `keeps its limits`() {
        var limits = JSONLimits.default
        limits.depth = 2
        limits.stringBytes = 3
        for (text, isRight) in [
            (#"{"a":[1]}"#, true), (#"{"a":[[1]]}"#, false), (#"{"a":{"b":{}}}"#, false), (#"{"a":"abc"}"#, true),
            (#"{"a":"abcd"}"#, false), (#"{"abcd":1}"#, false),
        ] { #expect(((try? extract(text, "a", limits: limits)) != nil) == isRight, "\(text)") }
    }

    @Test func `names the place of a mistake`() throws {
        let bytes = Array("{\"a\":1,\n\"b\":tru}".utf8)
        let error = #expect(throws: JSONError.self) {
            try bytes.withUnsafeBytes { try JSONExtractor([]).extract($0) }
        }
        #expect(error?.line == 2 && error?.byteOffset == 12 && error?.code == .syntax)
    }

    @Test func `agrees with the parser on every file of JSONTestSuite`() throws {
        var limits = JSONLimits.default
        limits.allowsDuplicateMembers = true
        let extractor = JSONExtractor([try JSONMemberPath("a"), try JSONMemberPath("a.b[x=1].c")], limits: limits)
        for name in try Fixtures.suite("") {
            // As a member's value, so that every file is part of an element.
            let element = Array("{\"z\":1,\"a\":".utf8) + (try Fixtures.suiteFile(name)) + Array("}".utf8)
            let parsed = (try? parse(element, limits)) != nil
            let extracted = (try? element.withUnsafeBytes { try extractor.extract($0) }) != nil
            #expect(parsed == extracted, "\(name)")
        }
    }

    @Test(arguments: 0..<30) func `finds what the parser finds`(round: Int) throws {
        let seed = UInt64(round) &* 0x2545_F491_4F6C_DD1D &+ 11
        var random = SeededRandom(seed: seed)
        let names = ["a", "b", "c", "value", "type", "n\u{E9}"]
        let paths = try [
            "a", "b.c", "a.b.c", "c[0]", "c[1].value", "c[type=x].value", "b.a[type=x].c", "a[].value", "n\u{E9}",
        ]
        .map { try JSONMemberPath($0) }
        let extractor = JSONExtractor(paths)
        for _ in 0..<100 {
            let value = random.record(names, depth: 4)
            let written = text(value)
            let found = try extract(written, extractor)
            for (index, path) in paths.enumerated() where !path.isList {
                #expect(found[index] == expected(value, path), "seed \(seed): \(path) in \(written)")
            }
            // A wrong byte is wrong to both.
            var bytes = Array(written.utf8)
            bytes[random.below(bytes.count)] = [0x22, 0x2C, 0x7B, 0x5D, 0x5C, 0x61, 0x00, 0xC3][random.below(8)]
            let parsed = (try? parse(bytes))
            let extracted = (try? bytes.withUnsafeBytes { try extractor.extract($0) }) != nil
            #expect((parsed?.object != nil) == extracted, "seed \(seed): \(bytes)")
        }
    }
}

/// What the extractor should say, from the whole value.
private func expected(_ root: JSONValue, _ path: JSONMemberPath) -> String {
    var value: JSONValue? = root
    for name in path.members {
        if case .null = value { break }
        value = value?[name]
    }
    if let selector = path.selector {
        guard let found = value else { return "missing" }
        if found.isNull { return "null" }
        guard let elements = found.array else { return "missing" }
        var candidates: [JSONValue] = []
        switch selector {
        case .index(let index): if index < elements.count { candidates = [elements[index]] }
        case .matching(let member, let wanted):
            candidates = elements.filter { $0[member]?.string == wanted || $0[member]?.number == wanted }
        case .all: break
        }
        for candidate in candidates {
            var inner: JSONValue? = candidate
            for name in path.after {
                if case .null = inner { break }
                inner = inner?[name]
            }
            if let inner { return describe(inner) }
        }
        return "blank"
    }
    return value.map(describe) ?? "missing"
}

private func describe(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .boolean(let value): "?\(value)"
    case .number(let lexeme): "#\(lexeme)"
    case .string(let value): value.isEmpty ? "blank" : "\"\(value)\""
    case .array, .object: "<\(text(value))>"
    }
}

extension SeededRandom {
    /// An object whose members have few names, so that paths meet something.
    mutating func record(_ names: [String], depth: Int) -> JSONValue {
        .object(
            names.shuffled(using: &self).prefix(below(names.count + 1)).map {
                JSONMember(name: $0, value: recordValue(names, depth: depth))
            })
    }

    private mutating func recordValue(_ names: [String], depth: Int) -> JSONValue {
        switch below(depth == 0 ? 5 : 9) {
        case 0: .null
        case 1: .string(string(upTo: 3))
        case 2: .string("x")
        case 3: .boolean(true)
        case 4: .number("12")
        case 5, 6: .array((0..<below(4)).map { _ in recordValue(names, depth: depth - 1) })
        default: record(names, depth: depth - 1)
        }
    }
}
