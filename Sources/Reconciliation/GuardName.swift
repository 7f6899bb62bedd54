/// The guards by name, as a person writes them after `--accept` (product.md's table).
package enum GuardName: String, CaseIterable, Sendable {
    case deactivations, updates, creates, rejected, completeness
    case exportAge = "export-age"
    case exportOrder = "export-order"
    case exportShrunk = "export-shrunk"
    case domainLeaving = "domain-leaving"
    case attributeChanged = "attribute-changed"
    case attributeEmptied = "attribute-emptied"
    case anchorsReissued = "anchors-reissued"
    case groupEmptied = "group-emptied"
    case fingerprint
    case rollingDeactivations = "rolling-deactivations"
    case ssoKeysReplaced = "sso-keys-replaced"
    case ssoEntity = "sso-entity"
    case ssoHost = "sso-host"
    case wrongTeam = "wrong-team"
    case lastAdmin = "last-admin"

    /// Of a finding's key, which may go on with what it is about: `attribute-changed.title`.
    package init?(key: String) {
        let parts = key.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first.flatMap({ GuardName(rawValue: String($0)) }),
            parts.count == 1 || name.hasSubjects
        else { return nil }
        self = name
    }

    private var hasSubjects: Bool {
        switch self {
        case .attributeChanged, .attributeEmptied, .rollingDeactivations: true
        default: false
        }
    }

    package var canBeAccepted: Bool { self != .wrongTeam && self != .lastAdmin }

    /// What its figures are, where `text` cannot be one; `nil` where it can.
    package func requirement(unmetBy text: String) -> String? {
        switch self {
        case .ssoKeysReplaced, .ssoEntity, .ssoHost, .wrongTeam: nil
        case .fingerprint:
            text.utf8.count == 8 && text.allSatisfy { $0.isASCII && $0.isHexDigit } ? nil : "eight hexadecimal digits"
        default: !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? nil : "a number"
        }
    }
}
