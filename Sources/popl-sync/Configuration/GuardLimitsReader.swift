import Reconciliation

/// Reads `guards:`, product.md's table of limits.
enum GuardLimitsReader {
    private enum Key: String, CaseIterable {
        case floor, deactivations, updates, creates, rejected, completeness
        case exportAge = "export-age"
        case exportOrder = "export-order"
        case exportShrunk = "export-shrunk"
        case domainLeaving = "domain-leaving"
        case attributeChanged = "attribute-changed"
        case attributeEmptied = "attribute-emptied"
        case anchorsReissued = "anchors-reissued"
        case planAge = "plan-age"
        case groupEmptied = "group-emptied"
        case rollingDeactivations = "rolling-deactivations"
    }

    private enum DeactivationsKey: String, CaseIterable { case count, percent }
    private enum PercentKey: String, CaseIterable { case percent }
    private enum RollingKey: String, CaseIterable { case day, week }

    static func limits(_ node: ConfigurationNode) throws -> GuardLimits {
        var limits = GuardLimits()
        for (key, value) in try node.section(Key.self) {
            switch key {
            case .floor: limits.floor = try value.count()
            case .deactivations: try readDeactivations(value, into: &limits)
            case .updates: limits.updatesPercent = try percent(value)
            case .creates: limits.createsPercent = try percent(value)
            case .rejected: limits.rejectedPercent = try percent(value)
            case .completeness: limits.completeness = try value.count()
            case .exportAge: limits.exportAgeHours = try value.hours()
            case .exportOrder: limits.exportOrderHours = try value.hours()
            case .exportShrunk: limits.exportShrunkPercent = try percent(value)
            case .domainLeaving: limits.domainLeavingPercent = try percent(value)
            case .attributeChanged: limits.attributeChangedPercent = try percent(value)
            case .attributeEmptied: limits.attributeEmptiedPercent = try percent(value)
            case .anchorsReissued: limits.anchorsReissuedPercent = try percent(value)
            case .planAge: limits.planAgeHours = try value.hours()
            case .groupEmptied: limits.groupEmptied = try value.count()
            case .rollingDeactivations: try readRolling(value, into: &limits)
            }
        }
        return limits
    }

    private static func readDeactivations(_ node: ConfigurationNode, into limits: inout GuardLimits) throws {
        for (key, value) in try node.section(DeactivationsKey.self) {
            switch key {
            case .count: limits.deactivationCount = try value.count()
            case .percent: limits.deactivationPercent = try value.percent()
            }
        }
    }

    private static func readRolling(_ node: ConfigurationNode, into limits: inout GuardLimits) throws {
        for (key, value) in try node.section(RollingKey.self) {
            switch key {
            case .day: limits.rollingDay = try value.count()
            case .week: limits.rollingWeek = try value.count()
            }
        }
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
