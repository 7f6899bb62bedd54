import Foundation
import JSON
import RawHTTP
import SCIMClient
import Testing

@Suite struct `A listing` {
    /// Users `1…count`, as many a page as asked for, `most` at most.
    private func service(
        _ count: Int, most: Int, _ spoil: @escaping @Sendable (String, Int) -> String? = { _, _ in nil }
    ) throws -> ScriptedService {
        try ScriptedService { request in
            let start = request.firstMatch(of: /startIndex=(\d+)/).flatMap { Int($0.1) } ?? 1
            let cursor = request.firstMatch(of: /cursor=c(\d+)/).flatMap { Int($0.1) }
            let asked = request.firstMatch(of: /count=(\d+)/).flatMap { Int($0.1) } ?? 100
            if let other = spoil(request, start) { return other }
            let first = cursor ?? start
            let ids = first > count ? [] : Array(first...min(count, first + min(asked, most) - 1))
            let users = ids.map { #"{"id":"\#($0)","userName":"u\#($0)"}"# }.joined(separator: ",")
            let next =
                request.contains("cursor") && first + ids.count <= count
                ? #","nextCursor":"c\#(first + ids.count)""# : ""
            return ScriptedService.answer(200, #"{"totalResults":\#(count),"Resources":[\#(users)]\#(next)}"#)
        }
    }

    private func list(
        _ service: ScriptedService, _ paging: Listing.Paging = .index, pageSize: Int = 10
    ) async throws -> [String] {
        var settings = SCIMClient.Settings()
        settings.seconds = 3600
        let client = PatientClient(
            SCIMClient(
                try ServiceURL("http://127.0.0.1:\(service.port)/"), token: try BearerToken("t"), settings: settings),
            pace: Pace(most: 4), patience: .seconds(3600), isStopped: { false })
        var ids: [String] = []
        do {
            try await Listing(client, endpoint: "Users", paging: paging, pageSize: pageSize).read { page, _ in
                ids += page.compactMap { $0["id"]?.string }
            }
        } catch {
            await client.client.close()
            throw error
        }
        await client.client.close()
        return ids
    }

    @Test(arguments: [0, 1, 9, 10, 11, 95], [3, 10, 100])
    func `has everybody once, however large the service's pages are`(count: Int, most: Int) async throws {
        for paging in [Listing.Paging.index, .cursor] {
            let ids = try await list(service(count, most: most), paging)
            #expect(ids.count == count && Set(ids) == Set((0..<count).map { "\($0 + 1)" }), "\(paging)")
        }
    }

    @Test func `asks for what a short page lacks`() async throws {
        // The second page comes in two halves.
        let short = try service(30, most: 10) { request, start in
            guard start == 11, request.contains("count=10") else { return nil }
            let users = (11...14).map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
            return ScriptedService.answer(200, #"{"totalResults":30,"Resources":[\#(users)]}"#)
        }
        #expect(try await Set(list(short)).count == 30)
    }

    @Test(arguments: ["grows", "ends early"])
    func `that does not hold together is none`(how: String) async throws {
        let odd = try service(40, most: 10) { _, start in
            guard start == 21 else { return nil }
            return how == "grows"
                ? ScriptedService.answer(200, #"{"totalResults":41,"Resources":[{"id":"21"}]}"#)
                : ScriptedService.answer(200, #"{"totalResults":40,"Resources":[]}"#)
        }
        await #expect(throws: Listing.Inconsistent.self) { try await list(odd) }
    }

    @Test func `reads totals and ids as sloppy services write them`() async throws {
        let bare = try ScriptedService { _ in ScriptedService.answer(200, #"[{"id":"1"},{"id":"2"}]"#) }
        #expect(try await list(bare) == ["1", "2"])
        let empty = try ScriptedService { _ in ScriptedService.answer(200, #"{"totalResults":"0","Resources":null}"#) }
        #expect(try await list(empty).isEmpty)
    }

    @Test func `of an endpoint that is not there is refused`() async throws {
        let none = try ScriptedService { _ in ScriptedService.error(404) }
        await #expect(throws: Listing.Refused.self) { try await list(none) }
    }
}
