import TestSupport
import Testing

@testable import SCIM

/// Random values for the laws.
enum Laws {
    static let words = [
        "userName", "name", "givenName", "emails", "value", "type", "work", "primary", "active", "true", "False", "",
        "é\u{301}",
        "a\"b\\c\n", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "department", "manager", "members",
        "x509Certificates", "name.givenName", "emails[type eq \"work\"].value", "id", "😀", "externalId", "roles",
        "preferredLanguage",
    ]

    static func value(depth: Int, using generator: inout SeededRandom) -> AttributeValue {
        switch Int.random(in: 0...(depth > 3 ? 3 : 5), using: &generator) {
        case 0, 1: .string(words.randomElement(using: &generator)!)
        case 2: .boolean(Bool.random(using: &generator))
        case 3:
            Bool.random(using: &generator)
                ? .integer(Int64.random(in: .min ... .max, using: &generator))
                : .decimal(Double.random(in: -1e9...1e9, using: &generator))
        case 4: .complex(complex(depth: depth + 1, using: &generator))
        default:
            .list(
                (0..<Int.random(in: 0...3, using: &generator)).map { _ in value(depth: depth + 1, using: &generator) })
        }
    }

    static func complex(depth: Int, using generator: inout SeededRandom) -> ComplexValue {
        var complex = ComplexValue()
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
            complex[words.randomElement(using: &generator)!] = value(depth: depth, using: &generator)
        }
        return complex
    }

    static func operation(_ type: ResourceType, using generator: inout SeededRandom) -> PatchOperation {
        let verb = [PatchOperation.Verb.add, .remove, .replace].randomElement(using: &generator)!
        let texts =
            Schema.paths(of: type) + words + [
                "emails[type eq \"home\"]", "members[value eq \"a\"]", "emails.value", "meta",
            ]
        let path =
            Bool.random(using: &generator)
            ? nil : try? AttributePath.parseMapping(texts.randomElement(using: &generator)!, for: type)
        return PatchOperation(
            verb, path: path,
            value: Int.random(in: 0...4, using: &generator) == 0 ? nil : value(depth: 0, using: &generator))
    }
}

@Suite struct `Laws of PATCH` {
    @Test(arguments: ResourceType.allCases)
    func `it is a refusal or well-formed, and again changes nothing more`(type: ResourceType) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededRandom(seed: seed)
        var attributes = ComplexValue([.init(type.schema.attributes[0].name, .string("x"))])
        var applied = 0
        for _ in 0..<4_000 {
            let operations = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                Laws.operation(type, using: &generator)
            }
            guard let patch = try? Patch.apply(operations, to: attributes, of: type) else { continue }
            applied += 1
            attributes = patch.attributes
            let taken = try AttributesInput(attributes, for: type).attributes
            #expect(taken.saysTheSame(as: attributes), "seed \(seed): \(json(attributes))")
            #expect(AttributesJSON.decode(AttributesJSON.encode(attributes)) == attributes, "seed \(seed)")
            if attributes.members.count > 12 {
                attributes = ComplexValue([.init(type.schema.attributes[0].name, .string("x"))])
            }
        }
        #expect(applied > 50)
    }

    @Test func `replacing each attribute by itself is no change`() throws {
        let attributes = try AttributesInput(json: Support.fixture("7643-8.3-enterprise-user.json"), for: .user)
            .attributes
        for member in attributes.members {
            let path = try AttributePath.parse(member.name, for: .user)
            for verb in [PatchOperation.Verb.replace, .add] {
                let patch = try Patch.apply(
                    [PatchOperation(verb, path: path, value: member.value)], to: attributes, of: .user)
                #expect(patch.attributes.saysTheSame(as: attributes), "\(verb) \(member.name)")
            }
        }
        let whole = PatchOperation(.replace, path: nil, value: .complex(attributes))
        #expect(try Patch.apply([whole], to: attributes, of: .user).attributes.saysTheSame(as: attributes))
        #expect(try AttributesInput(attributes, for: .user).attributes == attributes)
    }
}
