import Exports
import Reconciliation
import SCIM

extension TextPage {
    /// The changes of one kind, each with what it changes and why.
    mutating func changes(of kind: Change.Kind, in plan: Plan) {
        // By index: of a million changes only those shown are copied.
        let indexes = plan.changes.indices.filter { plan.changes[$0].kind == kind }
        guard let first = indexes.first else { return }
        blank()
        let common = plan.changes[first].reason
        let reason = indexes.allSatisfy { plan.changes[$0].reason == common } ? common : nil
        heading(kind.heading(indexes.count) + (reason.map { ": \($0)" } ?? ""))
        // A first import makes everybody: what is made of them is seen from a few, who they are from many.
        let whole = kind.makes && indexes.count > TextReport.listLimit ? 3 : TextReport.listLimit
        for (place, index) in indexes.prefix(TextReport.listLimit).enumerated() {
            change(plan.changes[index], showReason: reason == nil, isFolded: place >= whole)
        }
        more(indexes.count - TextReport.listLimit)
    }

    /// Folded: without what changes.
    mutating func change(_ change: Change, showReason: Bool, isFolded: Bool = false) {
        entry(mark: change.kind.mark, change.name, right: change.place.map(\.short), change.kind.meaning)
        if showReason { paragraph(change.reason, indent: 6, .faint) }
        if isFolded { return }
        let shown = change.shownAttributes
        let names = shown.map { TerminalText.width($0.path) }.max() ?? 0
        for attribute in shown {
            switch (attribute.old, attribute.new) {
            case (nil, let new?): fact(attribute.path, change.kind.makes ? new : "(none) → \(new)", names: names)
            case (let old?, nil): difference(attribute.path, old: old, new: "(none)", names: names)
            case (let old?, let new?): difference(attribute.path, old: old, new: new, names: names)
            case (nil, nil): break
            }
        }
        members(change.addMembers, "adds")
        members(change.removeMembers, "removes")
    }

    /// `… and 940 more`, when there are more, and how to see them.
    mutating func more(_ count: Int) {
        if count > 0 { paragraph("… and \(grouped(count)) more; \(whole)", indent: 4, .faint) }
    }

    private mutating func members(_ members: [MemberReference], _ verb: String) {
        guard !members.isEmpty else { return }
        let shown = members.prefix(3).map(\.userName)
        let rest = members.count > 3 ? ", …" : ""
        paragraph("\(verb) \(counted(members.count, "member")): \(shown.joined(separator: ", "))\(rest)", indent: 6)
    }
}

extension Change.Kind {
    func heading(_ count: Int) -> String {
        switch self {
        case .create: "Create \(SCIM.counted(count, "member"))"
        case .update: "Update \(SCIM.counted(count, "member"))"
        case .deactivate: "Deactivate \(SCIM.counted(count, "member"))"
        case .reactivate: "Reactivate \(SCIM.counted(count, "member"))"
        case .groupCreate: "Create \(SCIM.counted(count, "group"))"
        case .groupUpdate: "Update \(SCIM.counted(count, "group"))"
        case .connectionUpdate: "Update the SSO connection"
        }
    }

    /// What a sentence calls one of them: `deactivation failed`.
    var noun: String {
        switch self {
        case .create: "creation"
        case .update: "update"
        case .deactivate: "deactivation"
        case .reactivate: "reactivation"
        case .groupCreate: "creation of the group"
        case .groupUpdate: "update of the group"
        case .connectionUpdate: "update of the SSO connection"
        }
    }

    var mark: String {
        switch self {
        case .create, .groupCreate, .reactivate: "+"
        case .update, .groupUpdate, .connectionUpdate: "~"
        case .deactivate: "-"
        }
    }

    var meaning: Style.Meaning {
        switch self {
        case .create, .groupCreate, .reactivate: .added
        case .update, .groupUpdate, .connectionUpdate: .changed
        case .deactivate: .removed
        }
    }

    /// Whether it makes something, so that every value is a first one.
    var makes: Bool { self == .create || self == .groupCreate }
}

extension Change {
    /// Those that say something new.
    var shownAttributes: [AttributeChange] { attributes.filter { !saysAlready($0) } }

    /// What the heading and the name tell: that the deactivated are inactive, that a newcomer is active and has the
    /// name that the line begins with.
    private func saysAlready(_ attribute: AttributeChange) -> Bool {
        switch (kind, attribute.path) {
        case (.deactivate, "active"), (.reactivate, "active"): true
        case (.create, "active"): attribute.new == "true"
        case (.create, "userName"), (.groupCreate, "displayName"): attribute.new == name
        default: false
        }
    }
}

extension Place {
    /// The file's own name and the line or record: `okta-users.csv:18`. The inputs above give the whole path.
    var short: String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        return text(name)
    }
}
