import Foundation
import JSON
import Testing

@testable import SCIM

/// What the tests of this room share: the smallest ways to say JSON, paths and operations.
enum Support {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    static func fixture(_ name: String) throws -> JSONValue {
        let bytes = try Data(contentsOf: folder.appending(path: "RFC").appending(path: name))
        return try bytes.withUnsafeBytes { raw in Result { () throws(JSONError) in try JSON.parse(raw) } }.get()
    }

    static func fixtures() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "RFC").path)
            .filter { $0.hasSuffix(".json") }.sorted()
    }

    static let enterprise = Schema.enterpriseUserID
}

/// A SCIM value from JSON text.
func value(_ json: String) throws -> AttributeValue { try AttributeValue(json: try JSON.parse(json)) }

/// A resource's attributes from JSON text, as a POST would take them.
func user(_ json: String) throws -> ComplexValue {
    try AttributesInput(json: try JSON.parse(json), for: .user).attributes
}

/// What `PATCH` makes of a User.
func patched(_ attributes: ComplexValue, _ operations: String) throws -> ComplexValue {
    let body = try JSON.parse("{\"Operations\":\(operations)}")
    let id = ResourceID(rawValue: "7c2f")
    let request = try PatchRequest(json: body, for: .user, id: id)
    return try Patch.apply(request.operations, to: attributes, of: .user, id: id).attributes
}

/// What `PATCH` asks of a Group's members.
func members(_ operations: String) throws -> MembershipChange {
    let body = try JSON.parse("{\"Operations\":\(operations)}")
    let request = try PatchRequest(json: body, for: .group, id: nil)
    let group = ComplexValue([.init("displayName", .string("Field Sales"))])
    return try Patch.apply(request.operations, to: group, of: .group).members
}

/// Attributes as JSON text, to compare and to read.
func json(_ attributes: ComplexValue) -> String { String(decoding: AttributesJSON.encode(attributes), as: UTF8.self) }

/// The refusal that `body` ends in.
func refusal(_ body: () throws -> Void) -> SCIMError? {
    do {
        try body()
        return nil
    } catch let error as SCIMError {
        return error
    } catch {
        Issue.record("\(error)")
        return nil
    }
}
