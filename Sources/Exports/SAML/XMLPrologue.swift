import CLibXML2

/// What the first bytes of a file say about it, before any parser sees them: is it XML at all, and how is it written?
struct XMLPrologue {
    /// One of CLibXML2's encodings.
    var encoding: Int32
    /// A byte order mark's length.
    var skippedBytes: Int

    struct Problem: Error, Hashable {
        var code: String
        var line: Int?
        var message: String
    }

    /// How many of the first bytes ``init(_:)`` wants to see: room for a long XML declaration in UTF-16.
    static let bytesWanted = 8_192

    /// `head` is the whole file if that is shorter than ``bytesWanted``.
    ///
    /// UTF-8, UTF-16, US-ASCII and ISO-8859-1 are read; everything else is refused here, because libxml2 2.9.14 reads
    /// broken UTF-7 without complaint (saml-metadata.md §5).
    init(_ head: [UInt8]) throws(Problem) {
        try Self.refuseOtherFiles(head)
        let family = try Family(head)
        skippedBytes = family.markBytes
        let text = family.plainText(head)
        let leading = text.prefix(while: XMLText.isBlank)
        if leading.count == text.count, head.count < Self.bytesWanted { throw Self.empty }
        let rest = text.dropFirst(leading.count)
        try Self.refuseOtherTexts(rest)
        guard Self.starts(rest, with: "<?xml"), rest.dropFirst(5).first.map(XMLText.isBlank) ?? false else {
            if family.isGuessed { throw Self.notAccepted("UTF-16 without a byte order mark") }
            encoding = family.encoding
            return
        }
        if !leading.isEmpty {
            throw Problem(
                code: "white-space-before-declaration", line: 1 + leading.count(where: { $0 == 0x0A }),
                message: "there is white space before \"<?xml\"; remove the empty line at the top")
        }
        let declared = Self.declaredEncoding(rest)
        encoding = try family.encoding(declared: declared)
        if let end = Self.endOfInstruction(rest) {
            try Self.refuseOtherTexts(rest[end...].drop(while: XMLText.isBlank))
        }
    }

    /// The byte order mark, or what the first characters look like without one.
    private struct Family {
        var encoding: Int32
        var markBytes: Int
        var isGuessed = false

        init(_ head: [UInt8]) throws(Problem) {
            func begins(_ bytes: UInt8...) -> Bool { head.starts(with: bytes) }
            if begins(0xFF, 0xFE, 0, 0) || begins(0, 0, 0xFE, 0xFF) || begins(0, 0, 0, 0x3C) || begins(0x3C, 0, 0, 0) {
                throw XMLPrologue.notAccepted("UTF-32")
            }
            if begins(0x2B, 0x2F, 0x76) { throw XMLPrologue.notAccepted("UTF-7") }
            if begins(0x4C, 0x6F, 0xA7, 0x94) { throw XMLPrologue.notAccepted("EBCDIC") }
            if begins(0xEF, 0xBB, 0xBF) { (encoding, markBytes) = (POPL_XML_UTF8, 3); return }
            if begins(0xFF, 0xFE) { (encoding, markBytes) = (POPL_XML_UTF16_LITTLE, 2); return }
            if begins(0xFE, 0xFF) { (encoding, markBytes) = (POPL_XML_UTF16_BIG, 2); return }
            markBytes = 0
            isGuessed = true
            if begins(0x3C, 0) { encoding = POPL_XML_UTF16_LITTLE; return }
            if begins(0, 0x3C) { encoding = POPL_XML_UTF16_BIG; return }
            encoding = POPL_XML_UTF8
            isGuessed = false
        }

        private var isWide: Bool { encoding == POPL_XML_UTF16_LITTLE || encoding == POPL_XML_UTF16_BIG }

        /// The beginning as one byte a character; characters that are not ASCII come as `?` in UTF-16.
        func plainText(_ head: [UInt8]) -> ArraySlice<UInt8> {
            let bytes = head.dropFirst(markBytes)
            guard isWide else { return bytes }
            let low = encoding == POPL_XML_UTF16_LITTLE ? 0 : 1
            var text: [UInt8] = []
            for at in stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2) {
                let isASCII = bytes[at + 1 - low] == 0 && bytes[at + low] < 0x80
                text.append(isASCII ? bytes[at + low] : UInt8(ascii: "?"))
            }
            return text[...]
        }

        /// The declaration must name what the bytes are.
        func encoding(declared: String?) throws(Problem) -> Int32 {
            let mismatch = Problem(
                code: "encoding-mismatch", line: 1,
                message:
                    "the XML declaration says encoding \(MetadataText.shown(declared ?? "")), but the file is in "
                    + "\(isWide ? "UTF-16" : "an 8-bit encoding"); save it as UTF-8 and declare that")
            switch (declared?.uppercased(), isWide) {
            case (nil, true) where isGuessed: throw XMLPrologue.notAccepted("UTF-16 without a byte order mark")
            case (nil, _): return encoding
            case ("UTF-8", false): return POPL_XML_UTF8
            case ("US-ASCII", false) where markBytes == 0: return POPL_XML_ASCII
            case ("ISO-8859-1", false) where markBytes == 0: return POPL_XML_LATIN1
            case ("UTF-16", true): return encoding
            case ("UTF-16LE", true) where encoding == POPL_XML_UTF16_LITTLE: return encoding
            case ("UTF-16BE", true) where encoding == POPL_XML_UTF16_BIG: return encoding
            case ("UTF-8", _), ("US-ASCII", _), ("ISO-8859-1", _), ("UTF-16", _), ("UTF-16LE", _), ("UTF-16BE", _):
                throw mismatch
            case (let other?, _): throw XMLPrologue.notAccepted(MetadataText.shown(other))
            }
        }
    }

    private static func notAccepted(_ name: String) -> Problem {
        Problem(
            code: "encoding-not-accepted", line: 1,
            message: "the file is written in \(name); save it as UTF-8 (UTF-16, US-ASCII and ISO-8859-1 are read too)")
    }

    /// `encoding="…"` of an XML declaration that `text` begins with; `nil` if there is none or it cannot be made out,
    /// which leaves the file to be UTF-8 or no XML.
    private static func declaredEncoding(_ text: ArraySlice<UInt8>) -> String? {
        var rest = text.dropFirst(5)
        while true {
            rest = rest.drop(while: XMLText.isBlank)
            let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "?") && !XMLText.isBlank($0) }
            rest = rest.dropFirst(name.count).drop(while: XMLText.isBlank)
            guard !name.isEmpty, rest.popFirst() == UInt8(ascii: "=") else { return nil }
            rest = rest.drop(while: XMLText.isBlank)
            guard let quote = rest.popFirst(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
                let end = rest.firstIndex(of: quote)
            else { return nil }
            if name.elementsEqual("encoding".utf8) { return String(decoding: rest[..<end], as: UTF8.self) }
            rest = rest[(end + 1)...]
        }
    }

    private static func endOfInstruction(_ text: ArraySlice<UInt8>) -> Int? {
        text.indices.dropLast().first { text[$0] == UInt8(ascii: "?") && text[$0 + 1] == UInt8(ascii: ">") }.map {
            $0 + 2
        }
    }

    private static func starts(_ text: ArraySlice<UInt8>, with prefix: String) -> Bool {
        text.prefix(prefix.utf8.count).elementsEqual(prefix.utf8) { ($0 | 0x20) == ($1 | 0x20) }
    }

    // MARK: What is no XML

    private static func refuseOtherFiles(_ head: [UInt8]) throws(Problem) {
        let kinds: [([UInt8], String)] = [
            ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive"), ([0x1F, 0x8B], "a gzip archive"),
            ([0x42, 0x5A, 0x68], "a bzip2 archive"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz archive"),
            ([0x37, 0x7A, 0xBC, 0xAF], "a 7-Zip archive"),
        ]
        for (magic, name) in kinds where head.starts(with: magic) {
            throw Problem(code: "archive", line: nil, message: "this is \(name); unpack it and give the XML file in it")
        }
    }

    private static var empty: Problem {
        Problem(code: "empty-file", line: nil, message: "the file is empty; download the metadata again")
    }

    /// `text` begins with something that is not white space.
    private static func refuseOtherTexts(_ text: ArraySlice<UInt8>) throws(Problem) {
        if starts(text, with: "<!doctype html") || starts(text, with: "<html") {
            throw Problem(
                code: "html-page", line: nil,
                message: "this is an HTML page, perhaps a login page; download the metadata where you are signed in")
        }
        switch text.first {
        case UInt8(ascii: "<"), nil: return
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            throw Problem(code: "json-document", line: nil, message: "this is JSON, not SAML metadata (XML)")
        default:
            throw Problem(
                code: "not-xml", line: nil,
                message: starts(text, with: "-----BEGIN")
                    ? "this is a PEM file, not SAML metadata (XML); download the metadata, not the certificate alone"
                    : "this is not XML: it does not begin with \"<\"; download the metadata again")
        }
    }
}
