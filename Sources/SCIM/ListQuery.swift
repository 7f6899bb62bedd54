/// What is asked of a list of resources (RFC 7644 §3.4.2, RFC 9865 §2), the same for GET and for `.search`.
///
/// Numbers are as sent, but never negative; how many a page holds at most is ``ServiceLimits``' business.
package struct ListQuery: Hashable, Sendable {
    /// `nil`: everybody.
    package var filter: Filter?
    /// `nil`: in order of creation, then id.
    package var sortBy: AttributePath?
    package var ascending = true
    /// Counted from 1.
    package var startIndex = 1
    /// `nil` when the client leaves it to the service.
    package var count: Int?
    /// By cursor instead of by index when given; empty asks for the first page.
    package var cursor: String?
    package var selection = AttributeSelection.all

    package init(
        filter: Filter? = nil, sortBy: AttributePath? = nil, ascending: Bool = true, startIndex: Int = 1,
        count: Int? = nil, cursor: String? = nil, selection: AttributeSelection = .all
    ) {
        self.filter = filter
        self.sortBy = sortBy
        self.ascending = ascending
        self.startIndex = startIndex
        self.count = count
        self.cursor = cursor
        self.selection = selection
    }
}

extension ListQuery {
    /// Reads a GET's parameters, percent-decoded, in any order and letter case; unknown ones are passed over, and an
    /// empty one says nothing, except `cursor`.
    ///
    /// Throws `invalidFilter`, `invalidPath` for `sortBy`, `invalidValue` for the rest, a parameter given twice among
    /// them.
    package init(
        parameters: [(name: String, value: String)], for type: ResourceType, limits: FilterLimits = FilterLimits()
    ) throws(SCIMError) {
        self.init()
        try take(Parameters(parameters), for: type, limits)
    }

    enum Parameter: String, CaseIterable {
        case filter, sortBy, sortOrder, startIndex, count, cursor, attributes, excludedAttributes

        init?(_ name: String) {
            guard let parameter = Self.allCases.first(where: { equalsIgnoringASCIICase($0.rawValue, name) }) else {
                return nil
            }
            self = parameter
        }
    }

    /// Parameters as texts, whether they came in a query or in a body.
    struct Parameters {
        var texts: [Parameter: String] = [:]

        init(_ parameters: [(name: String, value: String)]) throws(SCIMError) {
            for (name, value) in parameters {
                guard let parameter = Parameter(name) else { continue }
                guard texts[parameter] == nil else {
                    throw .invalidValue("The parameter \"\(parameter.rawValue)\" is given twice.")
                }
                texts[parameter] = value
            }
        }

        /// `nil` for one that is missing or empty.
        subscript(_ parameter: Parameter) -> String? {
            texts[parameter].map(trimmedBlanks).flatMap { $0.isEmpty ? nil : $0 }
        }

        func number(_ parameter: Parameter) throws(SCIMError) -> Int? {
            guard let text = self[parameter] else { return nil }
            let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
            guard !digits.isEmpty, text.utf8.count - digits.count <= 1, digits.allSatisfy({ $0 &- 0x30 < 10 }) else {
                throw .invalidValue("\"\(parameter.rawValue)\" must be a whole number.")
            }
            return Int(text) ?? (text.hasPrefix("-") ? Int.min : Int.max)
        }
    }

    mutating func take(
        _ given: Parameters, for type: ResourceType, _ limits: FilterLimits
    ) throws(SCIMError) {
        if let text = given[.filter] { filter = try Filter.parse(text, for: type, limits: limits) }
        if let text = given[.sortBy] { sortBy = try SortKey.path(text, for: type, limits) }
        if let text = given[.sortOrder] {
            if equalsIgnoringASCIICase(text, "descending") {
                ascending = false
            } else if !equalsIgnoringASCIICase(text, "ascending") {
                throw .invalidValue("\"sortOrder\" is \"ascending\" or \"descending\".")
            }
        }
        cursor = given.texts[.cursor].map(trimmedBlanks)
        if cursor != nil, given[.startIndex] != nil {
            throw .invalidValue("\"cursor\" and \"startIndex\" exclude each other.")
        }
        startIndex = max(1, try given.number(.startIndex) ?? 1)
        count = try given.number(.count).map { max(0, $0) }
        selection = try AttributeSelection(
            attributes: given[.attributes], excludedAttributes: given[.excludedAttributes], for: type)
    }
}
