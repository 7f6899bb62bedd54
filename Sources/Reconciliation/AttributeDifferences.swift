import Exports
import SCIM

extension IdentityRules {
    /// What the record would change of the user (product.md, rule 3), in the order of the mapping, after the anchor.
    ///
    /// A missing column is unmanaged and a blank cell keeps what is there, unless the mapping says `clear`.
    /// Counts in `tally` what each attribute would lose.
    func differences(
        _ record: IdentityRecord, _ user: Resource, isManaged: Bool, isShared: Bool, decides: (String) -> Bool,
        _ tally: inout AttributeTally
    ) -> [AttributeChange] {
        var found: [AttributeChange] = []
        if let anchor = record.anchor, !leavesOutAnchor, anchor != user.externalID,
            user.externalID == nil || decides("externalId")
        {
            found.append(AttributeChange(path: "externalId", old: user.externalID, new: anchor))
        }
        for (index, rule) in all.enumerated() where !leftOut.contains(index) {
            let old = Attributes.value(at: rule.path, in: user.attributes)
            let verdict = rule.verdict(record.values[index], over: old, isShared: isShared, decides: decides)
            // Of somebody not managed yet nobody knows whether the column ever had it.
            if verdict == .emptied || verdict == .cleared, isManaged || rule.clears { tally.empty(index) }
            if verdict == .replaced { tally.change(index) }
            if verdict.changes {
                found.append(AttributeChange(path: rule.name, old: old, new: record.values[index].string))
            }
        }
        return found
    }
}

/// What a rule makes of one value of a record and what the roster holds (product.md, rule 3).
package enum AttributeVerdict: String, Sendable {
    /// The record has no such column or member: unmanaged.
    case missing
    /// Blank, and nothing is there.
    case nothing
    /// Blank where there is a value, which stays: nothing says `clear`.
    case emptied
    /// Blank where there is a value, which stays: the attribute is not this source's to take away.
    case blank
    /// Blank, and the mapping says `clear`.
    case cleared
    case same
    /// There was nothing.
    case filled
    /// A value gives way to another one.
    case replaced
    /// Another value, which is not taken: `overwrite` is `if-empty` or `create-only`.
    case kept
    /// Another value, which is not taken: another source decides.
    case othersWord = "others-word"

    var changes: Bool { self == .cleared || self == .filled || self == .replaced }
}

extension AttributeRule {
    /// `isShared`: another source manages the member too; `decides`: whether this one's word counts then.
    func verdict(
        _ value: RecordValue, over old: String?, isShared: Bool, decides: (String) -> Bool
    ) -> AttributeVerdict {
        switch (value, old) {
        case (.missing, _): .missing
        case (.blank, nil): .nothing
        case (.blank, _?): overwrite != .always || isShared ? .blank : clears ? .cleared : .emptied
        case (.value, nil): overwrite == .createOnly ? .kept : .filled
        case (.value(let new), let old?):
            if holdsEqual(new, old) {
                .same
            } else if overwrite != .always {
                .kept
            } else {
                decides(name) ? .replaced : .othersWord
            }
        }
    }

    /// Whether the difference of two values is none in a batch run: another Unicode normal form never is one, another
    /// letter case where names and addresses are compared.
    fileprivate func holdsEqual(_ a: String, _ b: String) -> Bool {
        // Swift's `==` is canonical equivalence.
        a == b || comparison == .folded && TextFolding.key(a) == TextFolding.key(b)
    }
}
