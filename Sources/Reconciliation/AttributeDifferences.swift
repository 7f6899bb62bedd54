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
        if let anchor = record.anchor, anchor != user.externalID, user.externalID == nil || decides("externalId") {
            found.append(AttributeChange(path: "externalId", old: user.externalID, new: anchor))
        }
        for (index, rule) in all.enumerated() {
            let old = Attributes.value(at: rule.path, in: user.attributes)
            switch (record.values[index], old) {
            case (.missing, _), (.blank, nil): continue
            case (.blank, let old?):
                guard rule.overwrite == .always, !isShared else { continue }
                // Of somebody not managed yet nobody knows whether the column ever had it.
                if isManaged || rule.clears { tally.empty(index) }
                if rule.clears {
                    found.append(AttributeChange(path: rule.name, old: old, new: nil))
                }
            case (.value(let new), nil):
                if rule.overwrite != .createOnly {
                    found.append(AttributeChange(path: rule.name, old: nil, new: new))
                }
            case (.value(let new), let old?):
                if rule.overwrite == .always, !rule.holdsEqual(new, old), decides(rule.name) {
                    tally.change(index)
                    found.append(AttributeChange(path: rule.name, old: old, new: new))
                }
            }
        }
        return found
    }
}

extension AttributeRule {
    /// Whether the difference of two values is none in a batch run: another Unicode normal form never is one, another
    /// letter case where names and addresses are compared.
    fileprivate func holdsEqual(_ a: String, _ b: String) -> Bool {
        // Swift's `==` is canonical equivalence.
        a == b || comparison == .folded && TextFolding.key(a) == TextFolding.key(b)
    }
}
