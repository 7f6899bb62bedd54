import SCIM

/// In which order changes that move names among each other go to a service that knows no transactions: whoever frees a
/// name before whoever takes it. Where they go in a circle, one steps aside first, under a name that nobody has.
enum NameOrder {
    static func sorted(_ jobs: [Job]) -> [Job] {
        var left = jobs
        var sorted: [Job] = []
        var stepped: [Job] = []
        while !left.isEmpty {
            let held = Set(left.compactMap { $0.judged.nameBefore })
            let free = left.firstIndex { job in
                guard let name = job.judged.nameAfter, name != job.judged.nameBefore else { return true }
                return !held.contains(name)
            }
            if let free {
                sorted.append(left.remove(at: free))
            } else {
                // All that is left goes in circles.
                let job = left.remove(at: 0)
                guard let step = job.steppingAside else {
                    sorted.append(job)
                    continue
                }
                sorted.append(step)
                var rest = job
                rest.steppedFrom = step.wanted
                stepped.append(rest)
            }
        }
        return sorted + stepped
    }
}

extension Job {
    /// The same resource under a name that nobody has: its id's digits before its own. `nil` for what has none to give up.
    fileprivate var steppingAside: Job? {
        guard let id, let name = before[type.nameAttribute]?.string else { return nil }
        let digits = id.rawValue.filter(\.isHexDigit).lowercased()
        var attributes = before
        attributes[type.nameAttribute] = .string("\(digits)-\(name)")
        return Job(index: index, judged: judged, wanted: attributes, isStep: true)
    }
}
