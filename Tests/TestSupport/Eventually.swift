/// Waiting for what another thread or process does, however slow the machine is.
package enum Eventually {
    package struct NeverHeld: Error, CustomStringConvertible {
        package let description: String
    }

    /// Asks again and again. Throws, with what was waited for, when `condition` does not hold within four minutes.
    package static func holds(_ what: String, _ condition: () async throws -> Bool) async throws {
        let patience = ContinuousClock.now + .seconds(240)
        while try await !condition() {
            guard ContinuousClock.now < patience else { throw NeverHeld(description: what) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
