/// One input after a look at its beginning.
struct SniffedFile: Sendable {
    enum Content: Sendable {
        case csv(headers: [String], delimiter: UInt8, quote: UInt8)
        case json(JSONShape)
        case ldif(attributes: Set<String>)
        case metadata
        case refused(Refusal)
    }

    var file: InputFile
    var content: Content

    /// - Parameter encoding: what the source says, for files without a byte order mark.
    init(_ file: InputFile, encoding: SourceEncoding?) {
        self.file = file
        if file.role == .metadata {
            content = .metadata
            return
        }
        do throws(Refusal) {
            content = try Self.look(file.path, encoding)
        } catch {
            content = Self.isMetadata(file.path) ? .metadata : .refused(error)
        }
    }

    private static func look(_ path: String, _ encoding: SourceEncoding?) throws(Refusal) -> Content {
        if path == "-" {
            throw Refusal(
                code: "not-a-file", place: Place(file: "-"),
                message: "Exports are read twice, once to see what they are: give the path of a file.")
        }
        let source = try ByteSource(path: path, encoding: encoding)
        switch try source.peek(JSONShape.bytes).first(where: { $0 > 0x20 }) {
        case UInt8(ascii: "<"):
            if isMetadata(path) { return .metadata }
            try source.refuseMarkup()
            throw .unknownMarkup(path)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let shape = JSONShape(try source.peek(JSONShape.bytes))
            if let fault = shape.fault {
                throw .json(path, fault, line: fault.line, byteOffset: fault.byteOffset)
            }
            return .json(shape)
        default:
            if let attributes = ldifAttributes(try source.peek(JSONShape.bytes)) {
                return .ldif(attributes: attributes)
            }
            return try csv(source)
        }
    }

    /// Whether an XML document is about SAML entities. Its own encoding does not matter for that: names are ASCII.
    private static func isMetadata(_ path: String) -> Bool {
        guard let source = try? ByteSource(path: path, encoding: .latin1), let head = try? source.peek(64 * 1024),
            head.first(where: { $0 > 0x20 }) == UInt8(ascii: "<")
        else { return false }
        let text = String(decoding: head, as: UTF8.self)
        return text.contains("EntityDescriptor") || text.contains("EntitiesDescriptor")
    }

    private static func csv(_ source: ByteSource) throws(Refusal) -> Content {
        let reader = try CSVReader(source, score: FormatDetection.score)
        let first = String(decoding: try reader.peek(4096), as: UTF8.self)
        let isQuotedByApostrophe =
            reader.header.contains { HeaderKey($0).text == "json" } && first.contains(",'{")
        return .csv(
            headers: reader.header, delimiter: reader.delimiter,
            quote: isQuotedByApostrophe ? UInt8(ascii: "'") : UInt8(ascii: "\""))
    }

    /// The attributes of the first entries; `nil` when the file does not begin as LDIF does (RFC 2849).
    private static func ldifAttributes(_ head: UnsafeRawBufferPointer) -> Set<String>? {
        let lines = head.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
        let first = lines.first { $0.first != UInt8(ascii: "#") }
        guard let first, ["version:", "dn:"].contains(where: { first.starts(with: $0.utf8) }) else { return nil }
        var names: Set<String> = []
        for line in lines {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), line.first != 0x20, line.first != 0x23 else {
                continue
            }
            let description = String(decoding: line[..<colon], as: UTF8.self)
            if let name = description.split(separator: ";").first { names.insert(String(name)) }
        }
        names.remove("version")
        return names
    }
}

extension Refusal {
    fileprivate static func unknownMarkup(_ file: String) -> Refusal {
        Refusal(
            code: "xml", place: Place(file: file, line: 1),
            message: "The file is XML or a web page, and neither an export of users (CSV, JSON) nor SAML metadata.")
    }
}
