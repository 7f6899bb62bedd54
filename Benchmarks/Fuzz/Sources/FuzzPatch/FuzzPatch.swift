import JSON
@testable import SCIM

/// PATCH on whatever libFuzzer makes: refused by name, or its outcome is well-formed and is stored and read back the
/// same; nobody loses `active`, no list has two primary values, and a replacement made once more changes nothing.
///
/// The first byte chooses the resource type, the rest is a body. It is the resource (its members beside `Operations`) and
/// the change in one: so what is there before is whatever libFuzzer makes, too.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPatch(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let type = ResourceType.allCases[Int(bytes[0]) % ResourceType.allCases.count]
    guard let body = try? RequestBody.parse(Array(bytes.dropFirst())) else { return 0 }
    let operations: [PatchOperation]
    do throws(SCIMError) {
        operations = try PatchRequest(json: body, for: type, id: nil).operations
    } catch {
        check(error)
        return 0
    }
    let given = try? AttributesInput(json: body, for: type)
    var before = given?.attributes ?? ComplexValue([.init(type.schema.attributes[0].name, .string("x"))])
    if type == .user, before["active"] == nil { before["active"] = .boolean(true) }
    let members = given?.members ?? []
    do throws(SCIMError) {
        let patch = try Patch.apply(operations, to: before, of: type)
        check(patch, type)
        checkMembers(operations, patch, before, members, type)
        guard operations.count == 1, operations[0].isReplacement(of: type) else { return 0 }
        let again = try? Patch.apply(operations, to: patch.attributes, of: type)
        precondition(
            again?.attributes.saysTheSame(as: patch.attributes) == true,
            "once more it changes \(text(patch.attributes)) to \(again.map { text($0.attributes) } ?? "a refusal")")
    } catch {
        check(error)
    }
    return 0
}

private func check(_ error: SCIMError) {
    let names: [SCIMError.Kind] = [.invalidSyntax, .invalidValue, .invalidPath, .invalidFilter, .noTarget, .mutability]
    precondition(error.status == 400 && !error.detail.isEmpty && names.contains { $0 == error.type }, "\(error)")
}

private func check(_ patch: Patch, _ type: ResourceType) {
    let after = patch.attributes
    let taken = try? AttributesInput(after, for: type).attributes
    precondition(taken?.saysTheSame(as: after) == true, "a PATCH left what is not well-formed: \(text(after))")
    precondition(AttributesJSON.decode(AttributesJSON.encode(after)) == after, "stored and read it is another")
    precondition(type != .user || after["active"]?.boolean != nil, "whether somebody is active got lost")
    for member in after.members {
        let primaries = member.value.list?.count { $0.complex?["primary"] == .boolean(true) } ?? 0
        precondition(primaries <= 1, "\(member.name) has \(primaries) primary values")
    }
}

/// All operations together do to a Group's members what each does in its turn.
private func checkMembers(
    _ operations: [PatchOperation], _ patch: Patch, _ before: ComplexValue, _ members: [ResourceID],
    _ type: ResourceType
) {
    guard type == .group else {
        precondition(patch.members.isEmpty, "members of what is no Group")
        return
    }
    var name = before
    name["displayName"] = .string("x")
    var stepwise = members
    for operation in operations {
        // One that leaves the Group without its name is refused when it comes alone.
        guard let step = try? Patch.apply([operation], to: name, of: .group) else { return }
        stepwise = step.members.applied(to: stepwise)
    }
    let together = patch.members.applied(to: members)
    precondition(Set(together) == Set(stepwise), "members are \(together) at once and \(stepwise) in turn")
    precondition(Set(patch.members.applied(to: together)) == Set(together), "once more there are other members")
}

extension PatchOperation {
    /// Sets whole attributes, or parts of single ones, so that setting them once more must change nothing. One that chooses
    /// values in brackets may find others the second time.
    fileprivate func isReplacement(of type: ResourceType) -> Bool {
        guard verb == .replace else { return false }
        if let path { return path.isPlain(of: type) }
        return value?.complex?.members.allSatisfy { member in
            Schema.resolve(member.name, for: type)?.isPlain(of: type) ?? !member.name.contains("[")
        } ?? false
    }
}

extension AttributePath {
    fileprivate func isPlain(of type: ResourceType) -> Bool {
        filter == nil && (subAttribute == nil || definition(for: type)?.isMultiValued == false)
    }
}

private func text(_ attributes: ComplexValue) -> String {
    String(decoding: AttributesJSON.encode(attributes), as: UTF8.self)
}
