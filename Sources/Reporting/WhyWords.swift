import Exports
import Reconciliation
import SCIM

/// What findings about one person are called where people read them.
extension Fate {
    /// What follows `A run of source okta now would`.
    var told: String {
        switch self {
        case .create: "create them"
        case .update: "update them"
        case .deactivate: "deactivate them"
        case .reactivate: "reactivate them"
        case .pinned: "leave them, pinned"
        case .protected: "leave them, protected"
        case .suspected: "leave them for now"
        case .released: "let go of them"
        case .inStep: "leave them, in sync"
        case .undecided, .spared, .gone, .absent, .neverManaged, .unmanaged: "leave them as they are"
        case .notCreated, .outOfScope, .rejected: "not create them"
        case .refused: "be refused"
        case .unread: "say nothing about people"
        }
    }

    var meaning: Style.Meaning {
        switch self {
        case .create, .reactivate: .added
        case .update: .changed
        case .deactivate: .removed
        case .pinned, .rejected, .refused: .alarm
        default: .heading
        }
    }
}

extension ExplainedGroup {
    var told: String { sources.isEmpty ? name : "\(name) (\(sources.joined(separator: ", ")))" }
}

extension JournaledChange {
    /// `by sync of source okta, ops@host`.
    var cause: String {
        let source = source.map { " of source \($0)" } ?? ""
        return "by \(actor)\(source)" + (by.map { ", \($0)" } ?? "")
    }
}

extension JournalEntry.Operation {
    var told: String {
        switch self {
        case .create: "made"
        case .update: "changed"
        case .delete: "deleted"
        case .addMembers: "members added"
        case .removeMembers: "members removed"
        case .skipMembers: "unknown members left out"
        }
    }
}

extension Correlation.Basis {
    var told: String {
        switch self {
        case .anchor: "link"
        case .externalId: "externalId"
        case .employeeNumber: "employee number"
        case .userName: "userName"
        case .email: "e-mail"
        case .reissuedAnchor: "login and name"
        }
    }
}

extension ExplainedEvidence {
    func told(source: String) -> String {
        let names = members.map(\.userName).joined(separator: ", ")
        let why = reason.map { ": \($0)" } ?? ""
        switch finding {
        case .matched where basis == .anchor: return "source \(source) is linked to \(names) by it"
        case .matched: return "\(names) has it\(why)"
        case .nobody where basis == .anchor: return "source \(source) is linked to nobody by it"
        case .nobody: return "nobody without a record of their own has it"
        case .somebodyElse: return "\(names) has it, and is somebody else\(why)"
        case .doubt: return "in doubt, so nobody is taken: \(names)\(why)"
        }
    }
}

extension ExplainedRecord {
    var told: String {
        let why = reason.map { ": \($0)" } ?? ""
        switch standing {
        case .theirs: return "this is theirs" + activityTold
        case .repeats: return "says again what theirs says"
        case .another: return "is about somebody else\(why)"
        case .rejected: return "rejected\(why)"
        case .outOfScope: return "does not count, out of scope\(why)"
        case .idle: return "nobody is made of it\(why)"
        case .unweighed: return "not weighed: the input is refused"
        }
    }

    private var activityTold: String {
        guard let activity else { return "" }
        let word: String
        switch activity {
        case .active: word = "active"
        case .inactive: word = "inactive"
        case .deleted: word = "deleted"
        case .undecided: word = "undecided"
        case .unstated: return ", and does not say whether they are active"
        }
        let from = activityFrom.map { "\($0.column ?? "") \"\($0.written ?? "")\"" }.joined(separator: ", ")
        return "; \(word)" + (from.isEmpty ? " for being in the file" : ": \(from)")
    }
}

extension ExplainedAttribute {
    /// Why it stays, where something else was said.
    var shownReason: String? { effect == .same || effect == .changes ? nil : reason }

    /// Where it comes from.
    var source: String? {
        if effect == .unmapped { return "no rule is for it" }
        guard let origin, let column = origin.column, let value else { return nil }
        guard let text = value.string else { return effect == .changes ? "\(column) is blank\(rule)" : nil }
        if origin.isLogin { return "from \(column), for want of an address\(rule)" }
        // What the record says is shown where it is not what is held, and what is written where more was made of it.
        if effect == .heldBack || effect == .kept { return "from \(column): \(text)\(rule)" }
        if origin.isFallback, let first = from.first { return "from \(column), for want of \(first)\(rule)" }
        let isPlain = path == "active" || origin.written == nil || origin.written?.words == text.words
        return "from \(column)" + (isPlain ? "" : ": \"\(origin.written ?? "")\"") + rule
    }

    private var rule: String {
        var facts: [String] = []
        if let configured { facts.append(configured.short) }
        // Of what is kept the reason says it.
        if effect != .kept, let overwrite, overwrite != .always { facts.append("overwrite: \(overwrite.rawValue)") }
        if clears { facts.append("clear: true") }
        return facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
    }
}

extension String {
    fileprivate var words: [Substring] { split { $0.isWhitespace } }
}

extension ExplainedRun {
    /// Somebody's record tells where their attributes come from.
    var hasRecord: Bool { attributes.contains { $0.effect != .unread } }
}
