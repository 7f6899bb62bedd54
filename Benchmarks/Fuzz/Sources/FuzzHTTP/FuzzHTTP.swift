import HTTPTypes
import Hummingbird
import Logging
import NIOEmbedded
@testable import SCIM
@testable import SCIMServer

/// A request's head on whatever libFuzzer makes, as far as it is our own code: target, query, percent-encoding, token,
/// versions, media type, what a proxy says, cursors.
///
/// The first line is the target, each further one a header field.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTP(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var fields = HTTPFields()
    for line in lines.dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let name = HTTPField.Name(String(parts[0])) else { continue }
        fields.append(HTTPField(name: name, value: String(parts[1])))
    }
    let target = String(lines[0])
    let head = HTTPRequest(method: .get, scheme: "http", authority: target, path: target, headerFields: fields)
    for trusts in [false, true] {
        var settings = ServiceSettings()
        settings.trustsForwarded = trusts
        let exchange = Exchange(
            Request(head: head, body: Hummingbird.RequestBody(buffer: ByteBuffer())), connection, settings: settings,
            boundPort: 8080)
        precondition(ServiceSettings.isBaseURL(exchange.baseURL), "clients are sent to \(exchange.baseURL)")
        readEndpoint(exchange.endpoint)
        readQuery(exchange.query)
    }
    readFields(fields)
    readCoding(lines[0])
    return 0
}

/// What nobody reads.
private let connection = ConnectionContext(
    source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "fuzz")))

private func readEndpoint(_ endpoint: Endpoint) {
    let plain = endpoint.label.utf8.allSatisfy {
        (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || "/.{}".utf8.contains($0)
    }
    precondition(plain, "what a client sent goes into log and metrics: \(endpoint.label)")
    precondition(endpoint.verbs.isEmpty == (endpoint == .unknown || endpoint == .elsewhere))
}

private func readQuery(_ query: Substring) {
    let parameters: [(name: String, value: String)]
    do throws(SCIMError) {
        parameters = try QueryParameters.parsed(query)
    } catch {
        precondition(error.status == 400 && (error.type == .invalidFilter || error.type == .invalidValue), "\(error)")
        return
    }
    let written = parameters.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&")
    let again = (try? QueryParameters.parsed(written[...])) ?? []
    precondition(
        again.map(\.name) == parameters.map(\.name) && again.map(\.value) == parameters.map(\.value),
        "written and read again it is another query")
    for type in ResourceType.allCases {
        do throws(SCIMError) {
            let query = try ListQuery(parameters: parameters, for: type)
            precondition(query.startIndex >= 1 && query.count ?? 0 >= 0)
            if let text = query.cursor { readCursor(text, query, type) }
        } catch {
            precondition(error.status == 400 && error.type != nil, "\(error)")
        }
    }
    _ = try? SearchEverywhere(parameters: parameters)
}

/// A cursor that is taken is one that was given out, for this very list.
private func readCursor(_ text: String, _ query: ListQuery, _ type: ResourceType) {
    let key = [UInt8](repeating: 7, count: 32)
    let scope = Cursor.Scope(team: TeamID(rawValue: 1), type: type, query: query)
    do throws(SCIMError) {
        let cursor = try Cursor(text, scope, key: key, now: Timestamp(rawValue: 0))
        precondition(cursor.sealed(scope, key: key) == text, "a cursor that nobody gave out")
    } catch {
        precondition(error.status == 400 && (error.type == .invalidCursor || error.type == .expiredCursor), "\(error)")
    }
    if let bytes = Base64URL.decode(text) { precondition(Base64URL.encode(bytes) == text, "two texts for one cursor") }
}

private func readFields(_ fields: HTTPFields) {
    let header = fields[.authorization] ?? ""
    let bearer = Bearer(header: header)
    if let token = bearer.token {
        precondition(token.text.hasPrefix(APIToken.prefix) && !token.text.contains(" ") && header.contains(token.text))
        precondition(!bearer.isNamedTwice)
    }
    for name in [HTTPField.Name.ifMatch, .ifNoneMatch] {
        guard let header = fields[name] else { continue }
        guard case .oneOf(let versions) = VersionCondition(header: header) else { continue }
        for version in versions {
            precondition(header.contains("\"\(version)\""), "a version that the header does not name")
        }
    }
    do throws(SCIMError) {
        try RequestBytes.checkMediaType(fields)
    } catch {
        precondition(error.status == 415, "\(error)")
    }
}

private func readCoding(_ text: Substring) {
    for decode in [PercentCoding.decoded(path:), PercentCoding.decoded(query:)] {
        precondition(decode(encoded(String(text))[...]) == String(text), "what is encoded is decoded to another text")
        _ = decode(text)
    }
}

/// Every byte percent-encoded.
private func encoded(_ text: String) -> String {
    let digits = Array("0123456789abcdef")
    return String(text.utf8.flatMap { ["%", digits[Int($0 >> 4)], digits[Int($0 & 15)]] as [Character] })
}
