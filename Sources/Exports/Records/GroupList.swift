import JSON

/// The groups that one cell lists (idp-exports.md §7, "Groups").
enum GroupList {
    /// Names in the order of the entries, each once; blank ones are passed over. A container that has lists of its own
    /// gives several entries, any other one. `nil` when a cell is not of the kind that the separator says: then it
    /// says nothing about groups.
    static func names(of entries: [String], _ separator: GroupColumn.Separator) -> [String]? {
        var names: [String] = []
        for entry in entries {
            switch separator {
            case .configured(let separator):
                guard let listed = configured(entry, separator) else { return nil }
                names += listed
            case .list: names.append(entry)
            case .paths: names.append(path(entry))
            }
        }
        return unique(names)
    }

    private static func configured(_ cell: String, _ separator: MappingConfiguration.GroupSeparator) -> [String]? {
        switch separator {
        case .semicolon, .comma, .bar, .plus: cell.split(separator: separator.rawValue).map(String.init)
        case .blank: cell.split(whereSeparator: \.isWhitespace).map(String.init)
        case .newline: cell.split(whereSeparator: \.isNewline).map(String.init)
        case .json: (try? JSON.parse(cell))?.array?.compactMap(\.string)
        case .distinguishedNames: distinguishedNames(cell).map(firstValue)
        }
    }

    /// `/A/B` without the leading stroke.
    private static func path(_ text: String) -> String { text.hasPrefix("/") ? String(text.dropFirst()) : text }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.compactMap(\.trimmedOrNil).filter { seen.insert($0).inserted }
    }

    /// Split at semicolons and line ends that no backslash precedes.
    private static func distinguishedNames(_ cell: String) -> [String] {
        var names = [""]
        var isEscaped = false
        for character in cell {
            if !isEscaped, character == ";" || character.isNewline {
                names.append("")
                continue
            }
            names[names.count - 1].append(character)
            isEscaped = character == "\\" && !isEscaped
        }
        return names
    }

    /// The value of the first relative distinguished name, without its escapes (RFC 4514 §2.4).
    private static func firstValue(_ name: String) -> String {
        guard let equals = name.firstIndex(of: "=") else { return name }
        var bytes: [UInt8] = []
        let rest = Array(name[name.index(after: equals)...].utf8)
        var index = 0
        while index < rest.count, rest[index] != UInt8(ascii: ",") {
            if rest[index] == UInt8(ascii: "\\"), index + 1 < rest.count {
                if index + 2 < rest.count,
                    let byte = UInt8(String(decoding: rest[index + 1...index + 2], as: UTF8.self), radix: 16)
                {
                    bytes.append(byte)
                    index += 3
                    continue
                }
                index += 1
            }
            bytes.append(rest[index])
            index += 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
