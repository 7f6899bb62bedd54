import Reconciliation

/// Reads `guards:`, product.md's table of limits.
enum GuardLimitsReader {
    private enum Key: String, CaseIterable {
        case floor, deactivations, rejected
        case exportAge = "export-age"
        case exportShrunk = "export-shrunk"
        case anchorsReissued = "anchors-reissued"
        case planAge = "plan-age"
    }

    private enum DeactivationsKey: String, CaseIterable { case count, percent }
    private enum PercentKey: String, CaseIterable { case percent }

    static func limits(_ node: ConfigurationNode) throws -> GuardLimits {
        var limits = GuardLimits()
        for (key, value) in try node.section(Key.self) {
            switch key {
            case .floor: limits.floor = try value.count()
            case .deactivations:
                for (key, value) in try value.section(DeactivationsKey.self) {
                    switch key {
                    case .count: limits.deactivationCount = try value.count()
                    case .percent: limits.deactivationPercent = try value.percent()
                    }
                }
            case .rejected: limits.rejectedPercent = try percent(value)
            case .exportAge: limits.exportAgeHours = try value.hours()
            case .exportShrunk: limits.exportShrunkPercent = try percent(value)
            case .anchorsReissued: limits.anchorsReissuedPercent = try percent(value)
            case .planAge: limits.planAgeHours = try value.hours()
            }
        }
        return limits
    }

    /// `5`, or `{ percent: 5 }` as `deactivations` has it.
    private static func percent(_ node: ConfigurationNode) throws -> Double {
        guard node.isMapping else { return try node.percent() }
        guard let value = try node.section(PercentKey.self).first?.value else {
            throw node.mistake("needs a percentage, such as `5`.")
        }
        return try value.percent()
    }
}
