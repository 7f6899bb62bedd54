import JSON
@testable import SCIM

/// A request's body on whatever libFuzzer makes, as a resource, as a search and as a Bulk: taken, or refused by name.
///
/// A resource that is taken is well-formed; it is stored and read back the same; what is answered is JSON without nulls,
/// shows no password, and is taken again as the very same resource. The first byte chooses the resource type, the rest
/// is the body.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequest(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let type = ResourceType.allCases[Int(bytes[0]) % ResourceType.allCases.count]
    let body: JSONValue
    do throws(SCIMError) {
        body = try RequestBody.parse(Array(bytes.dropFirst()))
    } catch {
        precondition(error.status == 400 && error.type == .invalidSyntax, "\(error)")
        return 0
    }
    readResource(body, type)
    readQuestions(body, type)
    return 0
}

private func readResource(_ body: JSONValue, _ type: ResourceType) {
    let input: AttributesInput
    do throws(SCIMError) {
        input = try AttributesInput(json: body, for: type)
    } catch {
        precondition(error.status == 400, "\(error)")
        precondition(error.type == .invalidValue || error.type == .invalidSyntax, "\(error)")
        return
    }
    let attributes = input.attributes
    for member in attributes.members {
        let isKnown =
            type.attribute(named: member.name)?.name == member.name
            || type.schemaExtension(urn: member.name)?.id == member.name
        precondition(isKnown, "\"\(member.name)\" is kept, and no schema has it")
    }
    precondition(attributes["password"] == nil, "a password is kept")
    precondition(
        AttributesJSON.decode(AttributesJSON.encode(attributes)) == attributes, "stored and read it is another")
    let again = try? AttributesInput(attributes, for: type).attributes
    precondition(again?.saysTheSame(as: attributes) == true, "what was taken is taken otherwise")
    do throws(SCIMError) {
        _ = try ResourceKeys(type, attributes)
    } catch {
        precondition(error.status == 400 && error.type == .invalidValue, "\(error)")
    }
    readAnswer(attributes, input.members ?? [], type)
}

private func readAnswer(_ attributes: ComplexValue, _ members: [ResourceID], _ type: ResourceType) {
    let moment = Timestamp(rawValue: 1_772_439_330_120)
    let resource = Resource(
        type: type, id: ResourceID(rawValue: "7c2f"), attributes: attributes, created: moment, lastModified: moment,
        version: 3)
    let memberships = members.map { ResourceJSON.Membership(id: $0, display: "x") }
    var bytes: [UInt8] = []
    ResourceJSON.append(ResourceView(resource, memberships: memberships), baseURL: "https://x.example", to: &bytes)
    guard let answer = try? JSON.parse(bytes) else { fatalError("an answer that is no JSON") }
    precondition(!holdsNull(answer), "an answer with a null")
    guard let back = try? AttributesInput(json: answer, for: type) else { fatalError("an answer is refused") }
    precondition(back.attributes.saysTheSame(as: attributes), "an answer is taken otherwise")
    if type == .group { precondition(back.members ?? [] == members, "an answer has other members") }
}

private func holdsNull(_ value: JSONValue) -> Bool {
    switch value {
    case .null: true
    case .array(let values): values.contains(where: holdsNull)
    case .object(let members): members.contains { holdsNull($0.value) }
    case .boolean, .number, .string: false
    }
}

/// The same body as a search; what it selects of a resource is never more than all of it.
private func readQuestions(_ body: JSONValue, _ type: ResourceType) {
    do throws(SCIMError) {
        let query = try ListQuery(json: body, for: type)
        precondition(query.startIndex >= 1 && query.count ?? 0 >= 0)
        _ = try SearchEverywhere(json: body)
        let moment = Timestamp(rawValue: 0)
        let name = ComplexValue.Member(type == .ssoConnection ? "entityID" : "displayName", .string("x"))
        let resource = Resource(
            type: type, id: ResourceID(rawValue: "7c2f"), attributes: ComplexValue([name]), created: moment,
            lastModified: moment, version: 1)
        var bytes: [UInt8] = []
        ResourceJSON.append(ResourceView(resource), selection: query.selection, to: &bytes)
        let answer = try? JSON.parse(bytes)
        precondition(answer?["id"]?.string == "7c2f" && answer?["schemas"] != nil, "an answer without its id")
    } catch {
        precondition(error.status == 400 && error.type != nil, "\(error)")
    }
    do throws(SCIMError) {
        _ = try BulkRequest(json: body)
    } catch {
        precondition(error.status == 400 || error.status == 413, "\(error)")
    }
}
