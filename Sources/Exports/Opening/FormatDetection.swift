/// Whose file it is, by its build and never by its name (idp-exports.md §1).
enum FormatDetection {
    /// How many of these headers some format knows: what decides between delimiters.
    static func score(_ headers: [String]) -> Int { headers.count { knownHeaders.contains(HeaderKey($0).text) } }

    private static let knownHeaders: Set<String> = {
        var keys: Set<String> = []
        for format in Format.all {
            guard format.container == .csv || format.container == .csvOfJSON(column: "JSON") else { continue }
            let columns =
                format.recognition.requires.flatMap { $0 } + format.attributes.flatMap { $0.from.flatMap(\.columns) }
                + format.anchor.flatMap(\.columns) + format.status.flatMap(\.from)
            keys.formUnion(columns.map { HeaderKey($0).text })
        }
        return keys
    }()

    /// The first format that a CSV with these headers is. `kinds` narrows the choice to what a file was said to be.
    static func csv(_ headers: [String], kinds: Set<Format.Kind>) -> Format? {
        let keys = Set(headers.map { HeaderKey($0).text })
        return Format.all.first { format in
            switch format.container {
            case .csv, .csvOfJSON: kinds.contains(format.kind) && format.recognition.matches(keys, asHeaders: true)
            default: false
            }
        }
    }

    /// What a JSON file is; `nil` format when it shows no record to tell by.
    enum JSONFinding {
        case format(Format)
        /// An array, at the root or under a member, in which nothing is.
        case empty
        case refused(Refusal)
    }

    static func json(_ shape: JSONShape, kinds: Set<Format.Kind>, file: String) -> JSONFinding {
        if shape.root == .none {
            return .refused(
                Refusal(
                    code: "not-json", place: Place(file: file, line: 1),
                    message: "The file begins like JSON and is none: export it again."))
        }
        for format in Format.all where kinds.contains(format.kind) && fits(format, shape) { return .format(format) }
        if let text = APIError.text(in: shape) { return .refused(.apiError(file, text)) }
        if shape.root == .array, shape.members.isEmpty { return .empty }
        if !shape.arrays.isEmpty, shape.arrays.allSatisfy({ $0.members.isEmpty }) { return .empty }
        return .refused(
            Refusal(
                code: "no-records", place: Place(file: file, line: 1),
                message: "No list of people or groups is in the file: it has \(shape.summary). Export the list itself.")
        )
    }

    private static func fits(_ format: Format, _ shape: JSONShape) -> Bool {
        let recognition = format.recognition
        switch format.container {
        case .jsonArray:
            return shape.root == .array && recognition.matches(shape.members, asHeaders: false)
        case .jsonMember(let path):
            guard shape.root == .object else { return false }
            let members = shape.array(at: path) ?? []
            let isAround = recognition.isAround(shape)
            if recognition.envelopeSuffices, members.isEmpty { return isAround }
            return !members.isEmpty && recognition.matches(members, asHeaders: false)
                && (isAround || recognition.envelopeSuffices)
        case .ndjson:
            guard shape.root == .object, shape.isSequence || !recognition.requires.isEmpty else { return false }
            if recognition.requires.isEmpty, shape.arrays.contains(where: { !$0.members.isEmpty }) { return false }
            return recognition.matches(shape.members, asHeaders: false)
        case .jsonAnyMember:
            if APIError.text(in: shape) != nil { return false }
            return shape.root == .array ? !shape.members.isEmpty : shape.arrays.contains { !$0.members.isEmpty }
        case .csv, .csvOfJSON, .ldif:
            return false
        }
    }

    /// Why a file is not of the format that it was said to be; `nil` when it is.
    static func mismatch(_ format: Format, headers: [String], file: String) -> Refusal? {
        let keys = Set(headers.map { HeaderKey($0).text })
        return mismatch(format, missing: format.recognition.missing(from: keys, asHeaders: true), "columns", file)
    }

    static func mismatch(_ format: Format, shape: JSONShape, file: String) -> Refusal? {
        switch format.container {
        case .jsonArray, .ndjson:
            let isThere = format.container == .ndjson ? shape.root == .object : shape.root == .array
            guard isThere else { return notTheFormat(format, "It is \(shape.summary).", file) }
            if shape.members.isEmpty { return nil }
            return mismatch(
                format, missing: format.recognition.missing(from: shape.members, asHeaders: false), "members", file)
        case .jsonMember(let path):
            guard let members = shape.array(at: path) else {
                if shape.root == .object, format.recognition.isAround(shape), format.recognition.envelopeSuffices {
                    return nil
                }
                return notTheFormat(format, "It has no array \(path): it is \(shape.summary).", file)
            }
            if members.isEmpty { return nil }
            return mismatch(
                format, missing: format.recognition.missing(from: members, asHeaders: false), "members", file)
        case .jsonAnyMember: return nil
        case .csv, .csvOfJSON, .ldif: return notTheFormat(format, "It is \(shape.summary).", file)
        }
    }

    static func notTheFormat(_ format: Format, _ why: String, _ file: String) -> Refusal {
        Refusal(
            code: "not-the-format", place: Place(file: file),
            message: "The file is not \(format.name), as the source says it is. \(why)"
                + " popl-sync inspect says what it is; then mend source.format, or give --input-format.")
    }

    private static func mismatch(_ format: Format, missing: [String], _ what: String, _ file: String) -> Refusal? {
        if missing.isEmpty { return nil }
        return notTheFormat(format, "These \(what) are missing: \(missing.joined(separator: ", ")).", file)
    }
}

extension Recognition {
    /// Whether the members around the records are what they should be.
    fileprivate func isAround(_ shape: JSONShape) -> Bool {
        envelope.allSatisfy { expected in
            let parts = expected.split(separator: "=", maxSplits: 1).map(String.init)
            guard let text = shape.envelope[parts[0]] ?? shape.array(at: parts[0]).map({ _ in "" }) else {
                return false
            }
            return parts.count == 1 || text.split(separator: " ").contains { $0 == parts[1] }
        }
    }
}

extension JSONShape {
    /// For messages: what the file has at its top.
    fileprivate var summary: String {
        switch root {
        case .none: "no JSON"
        case .array: "an array of other things"
        case .object:
            "an object with the members \((Set(envelope.keys).union(arrays.map(\.path))).filter { !$0.contains(".") }.sorted().joined(separator: ", "))"
        }
    }
}
