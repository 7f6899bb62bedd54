@testable import SCIM

/// Filters and attribute paths on whatever libFuzzer makes: taken, or refused by the name that RFC 7644 table 9 has for
/// it. What is taken is written and read again, and asks the same of everybody; `not` asks the opposite.
///
/// The first byte chooses the resource type, the rest is the text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFilter(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let type = ResourceType.allCases[Int(bytes[0]) % ResourceType.allCases.count]
    let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
    readFilter(text, type)
    readPath(text, type)
    _ = VersionCondition(header: text)
    return 0
}

private func readFilter(_ text: String, _ type: ResourceType) {
    let filter: Filter
    do throws(SCIMError) {
        filter = try Filter.parse(text, for: type)
    } catch {
        precondition(error.status == 400 && error.type == .invalidFilter && !error.detail.isEmpty, "\(error)")
        return
    }
    let written = filter.description
    let again = try? Filter.parse(written, for: type)
    // Written out, URNs are longer, and `eq null` is one level deeper.
    let levels = text.utf8.count { $0 == UInt8(ascii: "(") || $0 == UInt8(ascii: "[") }
    if levels < FilterLimits().levels, written.utf8.count <= FilterLimits().bytes {
        precondition(again == filter, "written and read again it is another filter: \(written)")
    }
    for (resource, memberships) in Samples.resources where resource.type == type {
        let holds = filter.matches(resource) { _ in memberships }
        precondition(
            Filter.not(filter).matches(resource) { _ in memberships } != holds, "it holds, and so does its opposite")
        if let again {
            precondition(again.matches(resource) { _ in memberships } == holds, "read again it asks another thing")
        }
    }
    _ = MembershipQuestion(ListQuery(filter: filter))
}

private func readPath(_ text: String, _ type: ResourceType) {
    do throws(SCIMError) {
        let path = try AttributePath.parse(text, for: type)
        let again = try? AttributePath.parse(path.description, for: type)
        if text.utf8.count < FilterLimits().bytes / 4 {
            precondition(again == path, "\(path) is read as another path")
        }
        for (resource, _) in Samples.resources where resource.type == type { _ = resource.attributes.text(at: path) }
    } catch {
        precondition(error.status == 400, "\(error)")
        precondition(error.type == .invalidPath || error.type == .invalidFilter, "\(error)")
    }
    if let path = try? AttributePath.parseMapping(text, for: type), text.utf8.count < FilterLimits().bytes / 4 {
        let again = try? AttributePath.parseMapping(path.shortName, for: type)
        precondition(again == path, "\(path.shortName) stands for another path")
    }
    do throws(SCIMError) {
        let path = try SortKey.path(text, for: type, FilterLimits())
        for (resource, memberships) in Samples.resources where resource.type == type {
            guard let attribute = path.part(in: type) else { continue }
            _ = resource.values(at: path) { _ in memberships }.map { SortKey.bytes($0, of: attribute) }
        }
    } catch {
        precondition(error.status == 400, "\(error)")
    }
}

/// Whom the filters ask about.
private enum Samples {
    static let resources: [(Resource, [AttributeValue])] = [
        (
            resource(
                .user,
                [
                    .init("userName", .string("Rosa@Northbay.example")), .init("externalId", .string("00u9X")),
                    .init("active", .boolean(true)), .init("title", .string("Ängel")),
                    .init("name", complex(["familyName": "Lindqvist"])),
                    .init(
                        "emails",
                        .list([complex(["value": "rosa@northbay.example", "type": "work"]), .complex(.init())])),
                    .init(
                        Schema.enterpriseUserID, .complex(ComplexValue([.init("manager", complex(["value": "91aa"]))]))),
                ]), [complex(["value": "4b0e", "type": "direct", "display": "Sales"])]
        ),
        (resource(.user, [.init("userName", .string("x"))]), []),
        (
            resource(.group, [.init("displayName", .string("Field Sales"))]),
            [complex(["value": "7c2f", "type": "User", "display": "Rosa"])]
        ),
        (
            resource(
                .ssoConnection,
                [
                    .init("entityID", .string("https://idp.example")),
                    .init("wantAuthnRequestsSigned", .boolean(false)),
                    .init("nameIDFormats", .list([.string("a"), .string("b")])),
                    .init("signingCertificates", .list([.complex(ComplexValue([.init("keySize", .integer(2048))]))])),
                ]), []
        ),
    ]

    private static func complex(_ parts: KeyValuePairs<String, String>) -> AttributeValue {
        .complex(ComplexValue(parts.map { .init($0.key, .string($0.value)) }))
    }

    private static func resource(_ type: ResourceType, _ members: [ComplexValue.Member]) -> Resource {
        let moment = Timestamp(rawValue: 1_772_439_330_120)
        return Resource(
            type: type, id: ResourceID(rawValue: "7c2f"), attributes: ComplexValue(members), created: moment,
            lastModified: moment, version: 3)
    }
}
