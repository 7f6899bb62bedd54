import CLibXML2

/// One pass of libxml2 over a document: its bytes go in, a ``MetadataDocument`` comes out, or a refusal
/// (saml-metadata.md §2, steps 1 to 3). Synchronous, on the calling thread, with nothing left behind.
struct MetadataParse {
    private var bytes: MetadataBytes
    private var collector: MetadataCollector
    private let options: MetadataOptions
    private var isTooLarge = false

    /// Reads `bytes` to their end.
    static func document(
        _ bytes: consuming MetadataBytes, path: String, wanted: String?, options: MetadataOptions
    ) throws(Refusal) -> MetadataDocument {
        bytes.readHead(XMLPrologue.bytesWanted)
        guard bytes.failure == 0 else { throw MetadataBytes.unreadable(path, bytes.failure) }
        let prologue: XMLPrologue
        do throws(XMLPrologue.Problem) {
            prologue = try XMLPrologue(bytes.head)
        } catch {
            throw Refusal.metadata(error.code, path, error.line, error.message)
        }
        bytes.skip(prologue.skippedBytes)
        var parse = MetadataParse(
            bytes: bytes, collector: MetadataCollector(wanted: wanted), options: options)
        let outcome = parse.run(encoding: prologue.encoding)
        if let refusal = parse.refusal(outcome, path) { throw refusal }
        return parse.collector.document
    }

    private mutating func run(encoding: Int32) -> popl_xml_outcome {
        withUnsafeMutablePointer(to: &self) { parse in
            var handler = popl_xml_handler(
                context: UnsafeMutableRawPointer(parse),
                read: { context, buffer, capacity in
                    guard let parse = context?.assumingMemoryBound(to: MetadataParse.self) else { return -1 }
                    return parse.pointee.read(UnsafeMutableRawBufferPointer(start: buffer, count: Int(capacity)))
                },
                start: { context, element in
                    guard let parse = context?.assumingMemoryBound(to: MetadataParse.self) else { return POPL_XML_STOP }
                    return parse.pointee.collector.start(XMLElement(element))
                },
                text: { context, bytes, count in
                    guard let parse = context?.assumingMemoryBound(to: MetadataParse.self) else { return }
                    parse.pointee.collector.add(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
                },
                end: { context in
                    context?.assumingMemoryBound(to: MetadataParse.self).pointee.collector.end()
                })
            return popl_xml_read(encoding, &handler)
        }
    }

    private mutating func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int64 {
        let got = bytes.read(buffer)
        // Until the root has come by, it may be an aggregate.
        let isEntity = collector.document.root == .entity
        if bytes.count > (isEntity ? options.maxBytesEntity : options.maxBytesAggregate) {
            isTooLarge = true
            return -1
        }
        return Int64(got)
    }

    // MARK: Refusals

    private func refusal(_ outcome: popl_xml_outcome, _ path: String) -> Refusal? {
        let line = outcome.line > 0 ? Int(outcome.line) : nil
        let says = withUnsafeBytes(of: outcome.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        switch outcome.verdict {
        case POPL_XML_WELL_FORMED:
            guard let line = collector.overlongTextLine else { return nil }
            return Refusal.metadata(
                "text-too-long", path, line, "the text that begins here is too long to be what its element says")
        case POPL_XML_DECLARATION:
            return Refusal.metadata(
                "document-type", path, line,
                "a document type or entity declaration (\"<!…\"): metadata has none, and it could read files; "
                    + "download the metadata from the identity provider itself")
        case POPL_XML_NUL:
            return Refusal.metadata(
                "nul-character", path, line, "a NUL character; the file is damaged, download it again")
        case POPL_XML_TAG_TOO_LONG:
            return Refusal.metadata(
                "start-tag-too-long", path, line, "a start tag of more than 64 kB; this is no metadata")
        case POPL_XML_TOO_MANY_ATTRIBUTES:
            return Refusal.metadata(
                "too-many-attributes", path, line,
                "a start tag with more than \(POPL_XML_ATTRIBUTES_LIMIT) attributes; this is no metadata")
        case POPL_XML_TOO_MANY_NAMESPACES:
            return Refusal.metadata(
                "too-many-namespaces", path, line,
                "more than \(POPL_XML_NAMESPACES_LIMIT) namespace declarations at once; this is no metadata")
        case POPL_XML_TOO_MANY_NAMES:
            return Refusal.metadata(
                "too-many-names", path, line,
                "more than \(POPL_XML_NAMES_LIMIT) different names; this is no metadata")
        case POPL_XML_TOO_DEEP:
            return Refusal.metadata(
                "nesting-too-deep", path, line, "elements nested more than 256 deep; this is no metadata")
        case POPL_XML_BAD_ENCODING:
            return Refusal.metadata(
                "encoding-mismatch", path, line,
                "a character that the declared encoding does not have; save the file as UTF-8 and declare that")
        case POPL_XML_UNREADABLE:
            if isTooLarge { return tooLarge(path) }
            return MetadataBytes.unreadable(path, bytes.failure)
        case POPL_XML_TRUNCATED:
            return Refusal.metadata(
                "truncated", path, line, "the document is cut off (\(says)); download it again, all of it")
        case POPL_XML_OUT_OF_MEMORY:
            return Refusal.metadata("out-of-memory", path, line, "no memory to read it")
        default:
            return malformed(outcome, path, line, says)
        }
    }

    private func tooLarge(_ path: String) -> Refusal {
        let (limit, what, option) =
            collector.document.root == .entity
            ? (options.maxBytesEntity, "one entity", "max-bytes-entity")
            : (options.maxBytesAggregate, "an aggregate", "max-bytes-aggregate")
        return Refusal.metadata(
            "too-large", path, nil,
            "more than \(limit) bytes, the limit for \(what); if it is right, raise \(option)")
    }

    private func malformed(_ outcome: popl_xml_outcome, _ path: String, _ line: Int?, _ says: String) -> Refusal {
        // XML_ERR_RESERVED_XML_NAME: a declaration that is not at the very beginning.
        if outcome.code == 64, collector.document.rootLine == 0 {
            return Refusal.metadata(
                "white-space-before-declaration", path, line,
                "something comes before \"<?xml\"; remove the empty lines at the top")
        }
        return Refusal.metadata(
            "not-well-formed", path, line, "not well-formed XML (\(says)); download the metadata again, unedited")
    }
}

extension Refusal {
    /// `message` is what and the mend, without a place and a full stop.
    static func metadata(_ code: String, _ path: String, _ line: Int?, _ message: String) -> Refusal {
        let place = line.map { "\(path):\($0)" } ?? path
        return Refusal(code: code, place: Place(file: path, line: line), message: "\(place): \(message).")
    }
}
