extension ServiceDescription {
    var finding: CheckFinding {
        let here = [
            features == Features() ? nil : "ServiceProviderConfig",
            resourceTypes.isEmpty ? nil : "ResourceTypes (\(resourceTypes.joined(separator: ", ")))",
            schemas.isEmpty ? nil : "Schemas (\(schemas.count))",
        ].compactMap(\.self)
        let faults = told.compactMap { document, told -> CheckFinding.Fact? in
            switch told {
            case .told: nil
            case .missing: .init(document, "is missing")
            case .wrong(let how): .init(document, how)
            }
        }
        guard !faults.isEmpty else { return .passed("discovery", here.joined(separator: ", ")) }
        return .warning(
            "discovery", "discovery-incomplete", "The service does not describe itself as a whole (RFC 7644 §4).",
            mend: "It works without: what is not said is found out by trying. Its makers should know.", facts: faults)
    }
}

extension ServiceDescription.Features {
    /// What it can do is no fault, whatever it is.
    var finding: CheckFinding {
        guard self != Self() else { return .skipped("features", "the service does not say what it supports") }
        var finding = CheckFinding.passed("features", "what the service says that it supports")
        finding.features = self
        return finding
    }
}
