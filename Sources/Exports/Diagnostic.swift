/// Where in an input something is. Lines count from 1, as editors do; `column` is a header's or a JSON member's name.
package struct Place: Hashable, Sendable {
    package var file: String
    package var line: Int?
    /// Which of the file's records, from 1, where the line alone does not say it (``RecordLine``).
    package var record: Int?
    package var column: String?
    /// From the file's first byte, 0-based; given where the line alone does not help (truncation).
    package var byteOffset: Int?
    package init(file: String, line: Int? = nil, column: String? = nil, byteOffset: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.byteOffset = byteOffset
    }

    package init(file: String, at line: RecordLine?) {
        self.init(file: file, line: line?.line)
        record = line?.record
    }

    /// The file as `name`, and where in it: `okta-users.csv:18`, or `okta-users.json, record 3`.
    package func text(_ name: String) -> String {
        record.map { "\(name), record \($0)" } ?? line.map { "\(name):\($0)" } ?? name
    }
}

/// Something wrong or noteworthy in an input that reading went on after. Tests compare codes, people read messages.
package struct Diagnostic: Hashable, Sendable {
    package enum Severity: String, Sendable { case warning, note }
    package var code: String
    package var severity: Severity
    package var place: Place
    package var message: String
    package init(code: String, severity: Severity = .warning, place: Place, message: String) {
        self.code = code
        self.severity = severity
        self.place = place
        self.message = message
    }
}

/// An input that cannot be believed at all: nothing of it is used. `message` ends with the mend.
package struct Refusal: Error, Hashable, Sendable {
    package var code: String
    package var place: Place
    package var message: String
    package init(code: String, place: Place, message: String) {
        self.code = code
        self.place = place
        self.message = message
    }

    /// The message says what is wrong with a record, and so may quote a person's value (``quoted(_:)``).
    package var quotesRecords: Bool { code == Self.nothingUsable || code == Self.tooManyRejected }
    static let nothingUsable = "nothing-usable"
    static let tooManyRejected = "too-many-rejected"
}

/// The configuration's mistake (exit 78): key, place and the mend.
package struct ConfigurationError: Error, Hashable, Sendable {
    package var place: Place
    package var key: String
    package var message: String
    package init(place: Place, key: String, message: String) {
        self.place = place
        self.key = key
        self.message = message
    }
}

/// How much of the truth an input proved to be (product.md, rule 1).
package enum Grade: String, Sendable, Comparable {
    case partial, plausible, complete
    private var rank: Int {
        switch self {
        case .partial: 0;
        case .plausible: 1;
        case .complete: 2
        }
    }
    package static func < (a: Grade, b: Grade) -> Bool { a.rank < b.rank }
}
