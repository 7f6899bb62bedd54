/// A shape of export that a vendor writes: all of it data, so that the next vendor is one small file and one line in
/// ``Format/all``. What the columns mean is idp-exports.md §3 to §5.
package struct Format: Sendable {
    package enum Kind: Sendable { case users, groups, groupMembers }

    /// What the file is, besides whose.
    package enum Container: Hashable, Sendable {
        case csv
        /// A CSV with one JSON object a row, in the column of that name.
        case csvOfJSON(column: String)
        /// One array of records, or several one after the other.
        case jsonArray
        /// An object whose member at this path is the array of records.
        case jsonMember(String)
        /// An object in which whichever member is an array of objects holds the records.
        case jsonAnyMember
        case ndjson
        case ldif

        package var isJSON: Bool {
            switch self {
            case .jsonArray, .jsonMember, .jsonAnyMember, .ndjson: true
            case .csv, .csvOfJSON, .ldif: false
            }
        }
    }

    /// A SCIM attribute in short notation, and where the vendor has it.
    package struct Attribute: Sendable {
        package var name: String
        /// In order of preference: the first that is not blank.
        package var from: [Source]
        package init(_ name: String, _ from: Source...) {
            self.name = name
            self.from = from
        }
    }

    /// `okta-users-json`: as in `--input-format` and in reports.
    package let name: String
    /// For people: `Okta users (API, JSON)`.
    package let title: String
    package let kind: Kind
    package let container: Container
    package let recognition: Recognition
    /// Becomes `externalId`. Empty where the vendor gives no stable id.
    package let anchor: [Source]
    package let attributes: [Attribute]
    package let status: [StatusColumn]
    /// Being in the file means to be active, where no status column says otherwise.
    package let presenceMeansActive: Bool
    package let employment: EmploymentDates
    package let guests: GuestRule?
    package let groups: GroupColumn?
    /// Of formats that list groups.
    package let groupShape: GroupShape?
    package let syncsGroupsByDefault: Bool
    package let preset: MappingConfiguration.Preset
    package let leavers: MappingConfiguration.Leavers
    package let dates: MappingConfiguration.DateDialect
    package let paging: Paging
    /// Values such as `System.String[]` stand for something that was not exported.
    package let hasTypeNames: Bool

    package init(
        _ name: String, _ title: String, kind: Kind = .users, container: Container, recognition: Recognition,
        anchor: [Source] = [], attributes: [Attribute] = [], status: [StatusColumn] = [],
        presenceMeansActive: Bool = false, employment: EmploymentDates = EmploymentDates(), guests: GuestRule? = nil,
        groups: GroupColumn? = nil, groupShape: GroupShape? = nil, syncsGroupsByDefault: Bool = true,
        preset: MappingConfiguration.Preset = .full, leavers: MappingConfiguration.Leavers = .both,
        dates: MappingConfiguration.DateDialect = .iso, paging: Paging = Paging(), hasTypeNames: Bool = false
    ) {
        self.name = name
        self.title = title
        self.kind = kind
        self.container = container
        self.recognition = recognition
        self.anchor = anchor
        self.attributes = attributes
        self.status = status
        self.presenceMeansActive = presenceMeansActive
        self.employment = employment
        self.guests = guests
        self.groups = groups
        self.groupShape = groupShape
        self.syncsGroupsByDefault = syncsGroupsByDefault
        self.preset = preset
        self.leavers = leavers
        self.dates = dates
        self.paging = paging
        self.hasTypeNames = hasTypeNames
    }

    /// What `attributes: minimal` maps: name and e-mail, as Popl's own page for Microsoft Entra has it.
    package static let minimalAttributes: Set<String> = [
        "userName", "name.givenName", "name.familyName", "displayName", "emails.work",
    ]

    package static func named(_ name: String) -> Format? { all.first { $0.name == name } }
}
