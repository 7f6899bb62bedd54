import Exports
import Reconciliation

/// What `popl-sync.yaml` says, with nothing filled in: an absent key is absent, and a default is decided where it is
/// used. docs/configuration.md explains each key.
struct Configuration {
    /// The file it was read from; `nil` when there is none.
    var file: String?
    var team: String?
    var database: String?
    /// A SCIM service elsewhere.
    var remote = Remote()
    var source = Source()
    /// `mapping:`, `attributes:`, `scope:`, `status:` and the source's `encoding:` and `dates:`, in the export room's
    /// own words.
    var mapping = MappingConfiguration()
    var protect: [String] = []
    var protectGroups: [String] = []
    /// By the key of the mapping, names of sources.
    var attributePrecedence: [String: [String]] = [:]
    var admins: [String] = []
    var incomplete: Policy.Incomplete?
    var limits = GuardLimits()
    var retention = Retention()
    var privacy = Privacy.plain
    var serve = ServeConfiguration()
    var surroundings = SurroundingsConfiguration()

    /// One IdP's files and how they are to be believed.
    struct Source {
        var name: String?
        /// Patterns as written, with their places; what they match is looked up when a command needs files.
        var users: [Located<String>] = []
        var groups: [Located<String>] = []
        var groupMembers: [GroupMembers] = []
        var metadata: [Located<String>] = []
        var format: Located<String>?
        var isPartialSnapshot = false
        /// All files that a pattern matches are one export, instead of the newest alone.
        var combines = false
        var timeZone: String?
        /// The metadata must be signed.
        var requiresSignature = false
        var entityID: String?
        var trustsMetadata = false
        var grace = Grace()
        var expectedRecords: Int?
        var trailer: Located<String>?
        /// Names of sources, the one whose word counts first.
        var precedence: [String] = []
    }

    /// `target.scim` and what goes with it, each with its place.
    struct Remote {
        var scim: Located<String>?
        var tokenFile: Located<String>?
        var tokenVariable: Located<String>?
        var authorities: Located<String>?
        var certificate: Located<String>?
        var certificateKey: Located<String>?
        var proxy: Located<String>?
        /// Where the mirror of its roster is kept.
        var state: String?
        /// Requests on their way at once, at most.
        var concurrency: Int?
        /// Seconds that one request is tried.
        var patience: Int?
    }

    /// Who is in one group: the file itself does not name it.
    struct GroupMembers {
        var group: String
        var file: Located<String>
    }
}
