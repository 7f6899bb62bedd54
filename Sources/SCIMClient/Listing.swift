import Foundation
import JSON

/// Reading all resources of an endpoint (RFC 7644 §3.4.2.4, RFC 9865), so that nobody is missed and nobody comes twice, or
/// not at all.
package struct Listing: Sendable {
    /// Why a listing cannot be believed, in words that follow "the listing of Users".
    package struct Inconsistent: Error, Sendable {
        package let reason: String
        package init(reason: String) { self.reason = reason }
    }

    /// The endpoint answers, and not with a list.
    package struct Refused: Error, Sendable {
        package let status: Int
        package let detail: String?
    }

    package enum Paging: Sendable { case index, cursor }

    private let client: PatientClient
    private let endpoint: String
    private let paging: Paging
    private let pageSize: Int

    /// - Parameter pageSize: how many are asked for at once; a service may give fewer.
    package init(_ client: PatientClient, endpoint: String, paging: Paging, pageSize: Int) {
        self.client = client
        self.endpoint = endpoint
        self.paging = paging
        self.pageSize = pageSize
    }

    /// Hands pages to `take` as they come, in no particular order, one at a time. Throws ``Inconsistent``, ``Refused``,
    /// ``ServiceFailure``, or what `take` throws.
    package func read(_ take: (_ page: [JSONValue], _ total: Int?) throws -> Void) async throws {
        switch paging {
        case .index: try await readByIndex(take)
        case .cursor: try await readByCursor(take)
        }
    }

    private func page(_ query: String) async throws -> (list: ListAnswer, json: JSONValue) {
        let answer = try await client.read("\(endpoint)?\(query)")
        guard answer.isSuccess, let json = answer.json, let list = ListAnswer(json) else {
            throw Refused(status: answer.status, detail: answer.detail)
        }
        return (list, json)
    }

    // MARK: By index

    private func readByIndex(_ take: (_ page: [JSONValue], _ total: Int?) throws -> Void) async throws {
        let first = try await page("startIndex=1&count=\(pageSize)").list
        try take(first.resources, first.totalResults)
        guard !first.isBareArray else { return }
        guard let total = first.totalResults else { return try await readOn(after: first.resources.count, take) }
        let size = first.resources.count
        guard size < total else {
            if size > total { throw Inconsistent(reason: "counts \(total) and has \(size)") }
            return
        }
        guard size > 0 else { throw Inconsistent(reason: "counts \(total) and has none") }
        var starts = stride(from: size + 1, through: total, by: size).makeIterator()
        try await withThrowingTaskGroup(of: [JSONValue].self) { windows in
            func begin() {
                guard let start = starts.next() else { return }
                windows.addTask { try await window(start, count: min(size, total - start + 1), total: total) }
            }
            for _ in 0..<client.pace.most { begin() }
            while let resources = try await windows.next() {
                begin()
                try take(resources, total)
            }
        }
    }

    /// `count` resources from `start` on, in as many requests as the service makes of it.
    private func window(_ start: Int, count: Int, total: Int) async throws -> [JSONValue] {
        var resources: [JSONValue] = []
        while resources.count < count {
            let list = try await page("startIndex=\(start + resources.count)&count=\(count - resources.count)").list
            guard list.totalResults == total else {
                throw Inconsistent(
                    reason: "counted \(total) and then \(list.totalResults.map(String.init) ?? "nothing")")
            }
            guard !list.resources.isEmpty else {
                throw Inconsistent(
                    reason: "counts \(total) and ends after \(start - 1 + resources.count)")
            }
            resources += list.resources
        }
        return resources
    }

    /// Where nothing says how many there are: until a page is empty.
    private func readOn(after count: Int, _ take: (_ page: [JSONValue], _ total: Int?) throws -> Void) async throws {
        var count = count
        if count == 0 { return }
        while true {
            let list = try await page("startIndex=\(count + 1)&count=\(pageSize)").list
            if list.resources.isEmpty { return }
            try take(list.resources, nil)
            count += list.resources.count
        }
    }

    // MARK: By cursor

    private func readByCursor(_ take: (_ page: [JSONValue], _ total: Int?) throws -> Void) async throws {
        var query = "cursor&count=\(pageSize)"
        var seen: Set<String> = []
        while true {
            let (list, json) = try await page(query)
            try take(list.resources, list.totalResults)
            guard let next = json["nextCursor"]?.string, !next.isEmpty else { return }
            guard seen.insert(next).inserted else { throw Inconsistent(reason: "gave the same cursor twice") }
            query = "cursor=\(percentEncoded(next))&count=\(pageSize)"
        }
    }
}

/// Everything that means something in a query is escaped.
package func percentEncoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? text
}

/// RFC 3986 §2.3.
private let unreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
