import Exports
import SCIM

/// Where each attribute comes from, and why one that differs is not taken.
struct AttributeExplainer {
    private let planned: PlannedPerson
    private let trace: RecordTrace?
    private let change: Change?
    private let fate: Fate
    private let others: [SourceID]

    init(_ planned: PlannedPerson, _ trace: RecordTrace?, _ change: Change?, _ fate: Fate) throws {
        self.planned = planned
        self.trace = trace
        self.change = change
        self.fate = fate
        others = try planned.person.flatMap { try planned.draft?.members?.ownership.others(of: $0.row) } ?? []
    }

    /// In the order of the mapping; what no rule is for comes last.
    func attributes() throws -> [ExplainedAttribute] {
        guard let trace, let record = trace.record, let export = planned.export else {
            return unruled(except: [], .unread)
        }
        let ruled =
            [anchor(trace, record, export), active(trace, record, export)].compactMap(\.self)
            + export.rules.indices.map { attribute(export.rules[$0], record.values[$0], trace.values[$0]) }
        return ruled + unruled(except: Set(ruled.map(\.path)), .unmapped)
    }

    private func planned(_ path: String) -> AttributeChange? { change?.attributes.first { $0.path == path } }

    // MARK: By a rule

    private func attribute(_ rule: AttributeRule, _ value: RecordValue, _ origin: TracedValue) -> ExplainedAttribute {
        let old = planned.person.flatMap { Attributes.value(at: rule.path, in: $0.resource.attributes) }
        var attribute = ExplainedAttribute(
            path: rule.name, held: old, value: value, origin: origin, from: rule.from, configured: rule.configured,
            overwrite: rule.overwrite, clears: rule.clears, effect: .same, planned: planned(rule.name))
        if attribute.planned != nil {
            attribute.effect = .changes
            return attribute
        }
        let ownership = planned.draft?.members?.ownership
        let verdict = rule.verdict(
            value, over: old, isShared: !others.isEmpty, decides: { ownership?.decides($0, beside: others) ?? true })
        (attribute.effect, attribute.reason) = effect(verdict, of: rule, origin, isHeld: old != nil)
        return attribute
    }

    private func effect(
        _ verdict: AttributeVerdict, of rule: AttributeRule, _ origin: TracedValue, isHeld: Bool
    ) -> (ExplainedAttribute.Effect, String?) {
        let column = origin.column ?? "its column"
        let kept = "overwrite: \(rule.overwrite.rawValue)"
        switch verdict {
        case .same: return (.same, nil)
        case .nothing: return (.nothing, nil)
        case .missing where !isHeld: return (.nothing, nil)
        case .missing:
            return (.kept, origin.column.map { "the record has no \($0)" } ?? "the file has no column for it")
        case .emptied: return (.kept, "\(column) is blank, which takes nothing away without clear: true")
        case .blank:
            return (.kept, others.isEmpty ? "\(column) is blank; \(kept)" : "\(column) is blank; \(sharers) too")
        case .kept:
            return (
                .kept,
                rule.overwrite == .createOnly ? "\(kept) writes new members only" : "\(kept) leaves what is there"
            )
        case .othersWord: return (.kept, "\(sharers), and decides about it")
        case .cleared, .filled, .replaced: return (.heldBack, notTaken)
        }
    }

    /// Of somebody who is not created it is said once.
    private var notTaken: String? { planned.person == nil ? nil : "not taken: the member is \(fate.held)" }

    private var sharers: String {
        let names = planned.draft?.members?.ownership.names(of: others) ?? []
        return "source \(names.joined(separator: ", ")) manages them"
    }

    // MARK: What no rule is for

    private func anchor(_ trace: RecordTrace, _ record: IdentityRecord, _ export: UserExport) -> ExplainedAttribute? {
        guard export.hasAnchor else { return nil }
        let held = planned.person?.resource.externalID
        let change = planned("externalId")
        var attribute = ExplainedAttribute(
            path: "externalId", held: held, value: record.anchor.map { .value($0) }, origin: trace.anchor,
            configured: export.configured("externalId"), effect: .same, planned: change)
        if change != nil {
            attribute.effect = .changes
        } else if held != record.anchor {
            let decides = planned.draft?.members?.ownership.decides("externalId", beside: others) ?? true
            attribute.effect = decides ? .heldBack : .kept
            attribute.reason = decides ? notTaken : "\(sharers), and decides about it"
        }
        return attribute
    }

    private func active(_ trace: RecordTrace, _ record: IdentityRecord, _ export: UserExport) -> ExplainedAttribute {
        let held = planned.person.map { $0.resource.isActive ? "true" : "false" }
        let said: String? =
            switch record.activity {
            case .active: "true"
            case .inactive, .deleted: "false"
            case .undecided, .unstated: nil
            }
        let change = planned("active")
        var attribute = ExplainedAttribute(
            path: "active", held: held, value: said.map { .value($0) } ?? (export.statesActivity ? .blank : .missing),
            origin: trace.activity.first ?? TracedValue(column: nil, written: nil),
            configured: export.configured("active"), effect: .same, planned: change)
        if change != nil {
            attribute.effect = .changes
        } else if let said, said != held {
            attribute.effect = .heldBack
            attribute.reason = notTaken
        } else if said == nil {
            attribute.effect = .kept
            attribute.reason = trace.activity.isEmpty ? "the record does not say it" : "its status decides nothing"
        }
        return attribute
    }

    private func unruled(except known: Set<String>, _ effect: ExplainedAttribute.Effect) -> [ExplainedAttribute] {
        guard let person = planned.person else { return [] }
        return AttributeListing.entries(person.resource.attributes).filter { !known.contains($0.path) }.map {
            ExplainedAttribute(
                path: $0.path, held: $0.value, effect: effect)
        }
    }
}

extension Fate {
    /// What somebody is of whom nothing is taken.
    fileprivate var held: String {
        switch self {
        case .pinned: "pinned"
        case .protected: "protected"
        case .rejected: "not known for certain"
        case .refused: "not judged: the input is refused"
        case .gone: "inactive"
        case .deactivate: "leaving"
        default: "left as they are (\(rawValue))"
        }
    }
}
