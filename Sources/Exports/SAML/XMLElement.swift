import CLibXML2
import Glibc

/// A start tag, as it goes by. Not to be kept: it lives as long as the call it came with.
struct XMLElement {
    private let raw: UnsafePointer<popl_xml_element>

    init(_ raw: UnsafePointer<popl_xml_element>) { self.raw = raw }

    var name: String { String(cString: raw.pointee.name) }
    var namespaceURI: String? { raw.pointee.namespaceURI.map { String(cString: $0) } }
    var line: Int { Int(raw.pointee.line) }

    /// Byte for byte: a `String` would take the Kelvin sign for a K.
    func isNamed(_ name: String, in namespace: String) -> Bool {
        strcmp(raw.pointee.name, name) == 0 && isIn(namespace)
    }

    func isIn(_ namespace: String) -> Bool { raw.pointee.namespaceURI.map { strcmp($0, namespace) == 0 } ?? false }

    /// An attribute in no namespace unless one is given; `nil` if the element does not have it.
    func attribute(_ name: String, in namespace: String? = nil) -> String? {
        guard let bytes = bytes(of: name, in: namespace) else { return nil }
        let value = String(decoding: bytes, as: UTF8.self)
        // The door's one escape. libxml2 leaves it in because we do not ask it to replace entities.
        guard bytes.contains(UInt8(ascii: "&")) else { return value }
        return Self.unescaped(bytes)
    }

    /// Without making a string of it: asked of every entity of an aggregate.
    func hasAttribute(_ name: String, equalTo value: [UInt8]) -> Bool {
        guard let bytes = bytes(of: name, in: nil) else { return false }
        if bytes.contains(UInt8(ascii: "&")) { return Self.unescaped(bytes).utf8.elementsEqual(value) }
        return bytes.elementsEqual(value)
    }

    private func bytes(of name: String, in namespace: String?) -> UnsafeRawBufferPointer? {
        var count: Int64 = 0
        let start =
            if let namespace { popl_xml_attribute(raw, namespace, name, &count) } else {
                popl_xml_attribute(raw, nil, name, &count)
            }
        return start.map { UnsafeRawBufferPointer(start: $0, count: Int(count)) }
    }

    private static func unescaped(_ bytes: UnsafeRawBufferPointer) -> String {
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count {
            out.append(bytes[at])
            at += bytes[at] == UInt8(ascii: "&") && bytes[at...].starts(with: "&#38;".utf8) ? 5 : 1
        }
        return String(decoding: out, as: UTF8.self)
    }
}
