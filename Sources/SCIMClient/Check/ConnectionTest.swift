/// What "Test Connector Configuration" does in an identity provider, from our side: one step after the other, each with
/// what it found. It writes nothing unless it is told to, and then removes what it wrote.
package struct ConnectionTest: Sendable {
    private let client: SCIMClient
    private let settings: SCIMClient.Settings
    private let writes: Bool
    private let report: @Sendable (CheckFinding) -> Void

    /// - Parameters:
    ///   - writes: create, change, deactivate and remove a test user.
    ///   - report: is handed each finding as soon as it is made.
    package init(
        _ service: ServiceURL, token: BearerToken, settings: SCIMClient.Settings, writes: Bool,
        report: @escaping @Sendable (CheckFinding) -> Void
    ) {
        client = SCIMClient(service, token: token, settings: settings)
        self.settings = settings
        self.writes = writes
        self.report = report
    }

    /// Ends in every case: each step has its time, and a cancelled task skips what is left. A test user that may be there
    /// is removed even then.
    package func run() async {
        var left = ["name", "connection", "tls", "authorization", "discovery", "features", "okta", "entra"]
        if writes { left += TestUser.steps }
        func tell(_ finding: CheckFinding) {
            report(finding)
            left.removeAll { $0 == finding.step }
        }
        do {
            let network = NetworkSteps(service: client.service, settings: settings)
            let addresses = try await network.name(tell)
            let address = try await network.connection(addresses, tell)
            try await network.tls(address, tell)
            let people = try await AuthorizationStep(client: client).run(tell)
            let description = try await ServiceDescription.ask(client)
            tell(description.finding)
            tell(description.features.finding)
            tell(IdentityProviderProbe.okta(people))
            tell(try await IdentityProviderProbe.entra(client))
            if writes {
                await TestUser(client: client, patches: description.features.patch ?? true).run(
                    tell, isStopped: { Task.isCancelled })
            }
        } catch let stop as Stop {
            tell(stop.finding)
        } catch {
            // Nobody waits any more.
        }
        for step in left { report(.skipped(step, Task.isCancelled ? "stopped before it" : "not tried")) }
        await client.close()
    }

    /// The step after which the others make no sense.
    struct Stop: Error { let finding: CheckFinding }
}
