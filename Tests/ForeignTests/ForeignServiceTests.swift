import Foundation
import Testing

/// The nightly job against SCIM services of other people and our own, as processes, and over a network that fails. The
/// tests are in Tests/Foreign, in Python as those services are; `.ci/setup conformance`, which `make test` runs, installs
/// them. One after the other: each has this machine's cores to itself as far as it is up to us.
@Suite(.serialized) struct `Foreign services` {
    /// `make foreign` sets it: everything, which takes an hour. Otherwise a small part. `make test` leaves the schedules out.
    private static let isWhole = ProcessInfo.processInfo.environment["POPL_FOREIGN"] == "whole"

    /// A service, and how many people are imported into it.
    private static let companies = [
        ("scim2-server", 2000), ("scim2-server-cursor", 2000), ("django-scim2", 2000), ("serve", 2000),
        ("scim2-server-plain", 200), ("scim2-server-narrow", 200), ("serve-limited", 60),
    ].map { isWhole ? $0 : ($0.0, 40) }

    @Test(arguments: companies)
    func `an import, a night, taking it back and a silent run end right`(server: String, people: Int) async throws {
        let run = try await Python.run("scenarios.py", [server, "--people", "\(people)"])
        #expect(run.exit == 0, "\(run.output)")
        #expect(run.output.contains("\(server): the last run was silent"), "\(run.output)")
    }

    /// A thousand in all, or five of each hundred; by `make foreign` alone. What fails says its seed and how to replay it.
    private static let schedules = [
        ("serve", 1...500), ("scim2-server", 501...700), ("scim2-server-cursor", 701...800),
        ("scim2-server-plain", 801...900), ("django-scim2", 901...1000),
    ].map { isWhole ? $0 : ($0.0, $0.1.lowerBound...($0.1.lowerBound + $0.1.count / 20 - 1)) }

    @Test(arguments: schedules)
    func `every schedule of faults ends with the roster of a run without any`(
        server: String, seeds: ClosedRange<Int>
    ) async throws {
        let run = try await Python.run(
            "schedules.py", [server, "--seeds", "\(seeds.lowerBound)-\(seeds.upperBound)"])
        #expect(run.exit == 0, "\(run.output)")
        #expect(run.output.contains("\(server): \(seeds.count) schedules, "), "\(run.output)")
    }
}
