import Exports
import SCIM

/// What an administrator decided about a source, apart from the mapping: what removes, who is safe, how much is too much.
package struct Policy: Sendable {
    /// What a partial or plausible input may do (product.md, rule 1).
    package enum Incomplete: String, Sendable, CaseIterable {
        /// Partial is refused (exit 65); plausible removals are held by the guard `completeness`.
        case refuse
        /// Both kinds create and update; would-be removals are listed as suspected.
        case createsAndUpdates = "creates-and-updates"
    }

    package var limits = GuardLimits()
    /// Members that no plan touches: patterns over userName and addresses.
    package var protect: [Pattern] = []
    /// Groups whose members no plan touches, by displayName.
    package var protectGroups: [String] = []
    /// Whose word counts for members whom several sources manage, by name; the rest by who was first.
    package var precedence: [String] = []
    /// The same for single attributes, by the mapping's short notation.
    package var attributePrecedence: [String: [String]] = [:]
    package var grace = Grace()
    /// Members that count as admins beside those whose roles say so.
    package var admins: [Pattern] = []
    /// `nil`: what the format does.
    package var leavers: MappingConfiguration.Leavers?
    package var incomplete = Incomplete.refuse
    /// The source's own word that its files are not the whole list: absence means nothing.
    package var isPartialSnapshot = false
    /// A one-off import creates and updates, and takes nobody's access away.
    package var neverDeactivates = false
    /// `nil`: what the format does.
    package var syncsGroups: Bool?
    /// The metadata came by a way that the configuration trusts, so that new keys need no person to look.
    package var trustsMetadata = false

    /// What the place where changes go can take.
    package var target = TargetAbilities()

    /// How SAML metadata is read.
    package var metadata = MetadataOptions()

    package init() {}
}

/// Guards' limits, product.md's table.
package struct GuardLimits: Hashable, Sendable {
    /// Counts up to this are exempt from every percentage.
    package var floor = 5
    package var deactivationCount = 25
    package var deactivationPercent = 10.0
    /// Of the members whom the export names.
    package var updatesPercent = 50.0
    /// Of the active members.
    package var createsPercent = 50.0
    package var rejectedPercent = 5.0
    /// Removals that may rest on an input that is only plausible.
    package var completeness = 0
    package var exportAgeHours = 72
    /// How much older than the last one applied an export may be.
    package var exportOrderHours = 0
    package var exportShrunkPercent = 20.0
    /// Of the active, managed members of one e-mail domain.
    package var domainLeavingPercent = 50.0
    package var attributeChangedPercent = 80.0
    package var attributeEmptiedPercent = 20.0
    package var anchorsReissuedPercent = 5.0
    /// How long a saved plan may be applied.
    package var planAgeHours = 72
    /// Groups that may lose all, or over half, of their members.
    package var groupEmptied = 0
    /// Deactivations of a day, and of a week, as multiples of the limit of one run.
    package var rollingDay = 2
    package var rollingWeek = 4
    package init() {}

    /// Until when a plan made at `asOf` may be applied.
    func planExpiry(from asOf: Timestamp) -> Timestamp {
        Timestamp(rawValue: asOf.rawValue + Int64(planAgeHours) * 3_600_000)
    }
}

/// A pattern over an address: `*` stands for any run of characters, the rest compares without letter case.
package struct Pattern: Hashable, Sendable {
    package let text: String
    private let parts: [String]

    package init(_ text: String) {
        self.text = text
        parts = TextFolding.key(text).split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    }

    package func matches(_ value: String) -> Bool {
        var rest = Substring(TextFolding.key(value))
        guard let first = parts.first, rest.hasPrefix(first) else { return false }
        guard parts.count > 1, let last = parts.last else { return rest.count == first.count }
        rest = rest.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
