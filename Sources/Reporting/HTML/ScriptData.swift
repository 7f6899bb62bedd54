/// JSON that stands inside of a `script` element (HTML, "The script element", restrictions on contents).
enum ScriptData {
    /// The one function that makes JSON fit for a page: `<`, `>` and `&` become escapes, so that no text can end the
    /// element or begin a comment in it. They stand in strings only, where an escape says the same. ``JSONWriter`` has
    /// escaped U+2028 and U+2029 already.
    static func escaped(_ json: [UInt8]) -> [UInt8] {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(json.count + json.count / 64)
        for byte in json {
            switch byte {
            case UInt8(ascii: "<"): escaped += Array(#"\u003c"#.utf8)
            case UInt8(ascii: ">"): escaped += Array(#"\u003e"#.utf8)
            case UInt8(ascii: "&"): escaped += Array(#"\u0026"#.utf8)
            default: escaped.append(byte)
            }
        }
        return escaped
    }
}
