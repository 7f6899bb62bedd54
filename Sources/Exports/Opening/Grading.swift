import JSON
import SCIM

/// How much of the truth the pages of one export are together (product.md, rule 1; idp-exports.md §2).
struct Grading {
    /// One page: a root value of a JSON file, or a file of another kind.
    struct Page {
        var records: Int
        /// Whether the page says that more follow; `nil` when it cannot say.
        var hasNext: Bool?
        /// The member or header that says so.
        var nextName = ""
        var total: (name: String, count: Int)?
        var start: Int?
    }

    let paging: Paging

    /// The grade, with what led to it as sentences.
    func grade(_ pages: [Page]) -> (grade: Grade, reasons: [String]) {
        let records = pages.reduce(0) { $0 + $1.records }
        let partial = leftovers(pages, records)
        if !partial.isEmpty { return (.partial, partial) }
        let plausible = doubts(pages, records)
        if !plausible.isEmpty { return (.plausible, plausible) }
        return (.complete, [proof(pages, records)])
    }

    /// Proof that more is there.
    private func leftovers(_ pages: [Page], _ records: Int) -> [String] {
        var reasons: [String] = []
        let cursors = pages.filter { $0.hasNext == true }
        if let cursor = cursors.last, cursors.count >= pages.count {
            reasons.append("More pages follow: \(cursor.nextName) is there, and no page given is the last one.")
        }
        if let total = pages.compactMap(\.total).max(by: { $0.count < $1.count }), total.count > records {
            reasons.append(
                "\(total.name) says \(total.count), and \(counted(records, "record is", "records are")) here.")
        }
        let starts = pages.compactMap(\.start)
        if starts.count == pages.count, let first = starts.min(), first > 1 {
            reasons.append("The first record here is number \(first): those before it are missing.")
        }
        return reasons
    }

    /// Signs of being one page of many, where nothing proves the opposite.
    private func doubts(_ pages: [Page], _ records: Int) -> [String] {
        if paging.requiresTotal, !pages.contains(where: { $0.total != nil }) {
            return ["\(paging.total.first ?? "The total") is missing, so nothing proves that all records are here."]
        }
        if pages.contains(where: { $0.hasNext == false || $0.total != nil }) { return [] }
        if records > 0, paging.pageSizes.contains(records) || paging.pageMultiple.map({ records % $0 == 0 }) == true {
            return ["Exactly \(records) records: as many as full pages of this service have."]
        }
        if pages.count > 1, paging.hasLinkHeader, let size = pages.first?.records,
            pages.allSatisfy({ $0.records == size })
        {
            return ["All \(pages.count) pages have \(size) records: another one may follow."]
        }
        return []
    }

    private func proof(_ pages: [Page], _ records: Int) -> String {
        if let total = pages.compactMap(\.total).max(by: { $0.count < $1.count }) {
            return "\(total.name) says \(total.count), and \(counted(records, "record is", "records are")) here."
        }
        if let last = pages.last(where: { $0.hasNext == false }) {
            return pages.count > 1
                ? "\(pages.count) pages, and the last one has no \(last.nextName)."
                : "No \(last.nextName): this is the last page."
        }
        return "The file ends cleanly and nothing points to more."
    }
}

extension Grading.Page {
    /// A page of a JSON file, by what stands around its records.
    init(_ page: JSONPage, _ paging: Paging) {
        let envelope = JSONValue.object(page.members)
        records = page.records
        start = paging.start.flatMap { envelope.value(at: $0)?.wholeNumber }
        total =
            paging.total.lazy.compactMap { name in
                envelope.value(at: name)?.wholeNumber.map { (name, $0) }
            }.first
        guard let usual = paging.next.first else { return }
        let present = paging.next.first { Self.isCursor(envelope.value(at: $0)) }
        hasNext = present != nil
        nextName = present ?? usual
    }

    /// A cursor is any value but null, an empty text or an object without members.
    private static func isCursor(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null, .boolean(false), .string(""), .object([]), .array([]): false
        default: true
        }
    }
}

extension JSONValue {
    /// Also where it was written as a text.
    fileprivate var wholeNumber: Int? { plainText.flatMap { Int($0) } }
}
