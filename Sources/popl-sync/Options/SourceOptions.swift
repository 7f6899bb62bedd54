import ArgumentParser
import Exports
import SCIM

/// One source's files and how to read them.
struct SourceOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Users, groups or metadata of one source; which is which is told by content. They replace the files that the"
                + " configuration names.", valueName: "file"))
    var files: [String] = []

    @Option(help: ArgumentHelp("The source that these people belong to (default: default).", valueName: "name"))
    var source: String?

    @OptionGroup(title: "Reading") var reading: ReadingArguments
}

/// How files are read, wherever files are read.
struct ReadingArguments: ParsableArguments {
    @Option(
        name: .customLong("input-format"),
        help: ArgumentHelp(
            "The input's format, such as okta-users-json, instead of telling it by content.", valueName: "name"))
    var inputFormat: String?

    @Option(
        name: .customLong("group-members"),
        help: ArgumentHelp(
            "Who is in one group, where the file itself does not name it (repeatable).", valueName: "group=file"))
    var groupMembers: [GroupMembersArgument] = []

    @Option(
        name: .customLong("expect-records"),
        help: ArgumentHelp(
            "How many records the users files have together: fewer are a part, as many are proved to be all.",
            valueName: "n"))
    var expectRecords: Int?

    @Option(
        help: ArgumentHelp(
            "What the last row of each CSV file of users begins with, which says how many records stand before it.",
            valueName: "word"))
    var trailer: String?

    @Option(help: ArgumentHelp("The encoding of files without a byte order mark (default: utf-8).", valueName: "name"))
    var encoding: String?

    @Option(help: "How much of a person is mapped: minimal (names and e-mail) or full.")
    var attributes: MappingConfiguration.Preset?

    @OptionGroup var clock: ClockOptions
}

/// What SAML metadata is held against.
struct MetadataArguments: ParsableArguments {
    @Option(
        name: .customLong("entity-id"),
        help: ArgumentHelp("The entityID to pick from metadata, exactly as it is written there.", valueName: "id"))
    var entityID: String?

    @Option(
        name: .customLong("metadata-signer"),
        help: ArgumentHelp(
            "A certificate that metadata must be signed with (repeatable). Not available yet.", valueName: "cert.pem"))
    var signers: [String] = []

    @Flag(name: .customLong("require-signature"), help: "Refuse unsigned metadata. Not available yet.")
    var requireSignature = false
}

struct ClockOptions: ParsableArguments {
    @Option(
        name: .customLong("as-of"),
        help: ArgumentHelp("Judge by this moment (RFC 3339) instead of now, to replay a run.", valueName: "timestamp"))
    var asOf: TimestampArgument?
}

/// `2026-03-02T08:15:30Z`.
struct TimestampArgument: ExpressibleByArgument {
    var value: Timestamp
    init?(argument: String) {
        guard argument.contains(where: { $0 == "T" || $0 == "t" }),
            argument.last?.isNumber == true
                || argument.last?.lowercased() == "z", let value = Timestamp(iso8601: argument)
        else { return nil }
        self.value = value
    }
}

/// `GROUP=FILE`.
struct GroupMembersArgument: ExpressibleByArgument {
    var group: String
    var file: String
    init?(argument: String) {
        guard let equals = argument.lastIndex(of: "="), equals != argument.startIndex else { return nil }
        group = String(argument[..<equals])
        file = String(argument[argument.index(after: equals)...])
        if file.isEmpty { return nil }
    }
}

extension MappingConfiguration.Preset: ExpressibleByArgument {}
