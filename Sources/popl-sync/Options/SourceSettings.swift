import ArgumentParser
import Exports
import Foundation
import Reconciliation
import SCIM

/// One source as a run takes it: the configuration with the command line over it.
struct SourceSettings {
    let name: String
    let files: [InputFile]
    let reading: ReadingOptions
    let policy: Policy
    let privacy: Privacy

    init(_ options: SourceOptions, _ configuration: Configuration, asOf: Timestamp) throws {
        try self.init(ofFilesIfAny: options, configuration, asOf: asOf)
        if files.isEmpty { throw Self.noFiles(configuration) }
    }

    /// The same where no file need be named.
    init(ofFilesIfAny options: SourceOptions, _ configuration: Configuration, asOf: Timestamp) throws {
        name = Self.name(options, configuration)
        files = try Self.files(options, configuration)
        reading = options.reading.options(configuration, asOf: asOf)
        policy = Self.policy(configuration)
        privacy = configuration.privacy
        try Self.checkReadable(files)
    }

    static func name(_ options: SourceOptions, _ configuration: Configuration) -> String {
        options.source ?? configuration.source.name ?? "default"
    }

    /// Files on the command line replace those of the configuration.
    private static func files(_ options: SourceOptions, _ configuration: Configuration) throws -> [InputFile] {
        let given = options.reading.files(options.files)
        if !given.isEmpty { return given }
        let source = configuration.source
        func matches(_ patterns: [Located<String>], _ role: InputFile.Role) throws -> [InputFile] {
            try patterns.flatMap { try FilePattern.files($0, combines: source.combines) }.map {
                InputFile($0, role: role)
            }
        }
        var files = try matches(source.users, .users) + matches(source.groups, .groups)
        for members in source.groupMembers {
            files += try matches([members.file], .groupMembers(group: members.group))
        }
        return try files + matches(source.metadata, .metadata)
    }

    private static func noFiles(_ configuration: Configuration) -> any Error {
        guard let file = configuration.file else {
            return ValidationError("A FILE is missing, and there is no configuration that names one.")
        }
        return Failure(
            .configuration, code: "configuration", "source.users is not set, and no FILE is given.",
            mend: "Add source.users to \(file), or give the files on the command line:",
            next: Shell.thisCommand(adding: "FILE"), place: Place(file: file))
    }

    /// A file that is missing must not pass for one that is empty.
    static func checkReadable(_ files: [InputFile]) throws {
        for file in files {
            let descriptor = open(file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            let code = errno
            var status = stat()
            let isFolder = descriptor >= 0 && fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            if descriptor >= 0 { close(descriptor) }
            guard descriptor >= 0, !isFolder else {
                throw Failure.missing(
                    file.path, reason: FileBytes.reason(isFolder ? EISDIR : code), "Nothing was changed.")
            }
            // Its first bytes tell what a file is, then it is read from the start: what a pipe gave is gone by then.
            guard status.st_mode & S_IFMT != S_IFIFO else {
                throw Failure(
                    .noInput, code: "input-is-pipe",
                    "\(file.path) cannot be read: it is a pipe, and a file is looked at twice. Nothing was changed.",
                    mend: "Save what it gives as a file:", next: "cat \(Shell.quoted(file.path)) > export.csv",
                    place: Place(file: file.path))
            }
        }
    }

    static func policy(_ configuration: Configuration) -> Policy {
        var policy = Policy()
        policy.limits = configuration.limits
        policy.protect = configuration.protect.map(Pattern.init)
        policy.protectGroups = configuration.protectGroups
        policy.grace = configuration.source.grace
        policy.precedence = configuration.source.precedence
        policy.attributePrecedence = configuration.attributePrecedence
        policy.admins = configuration.admins.map(Pattern.init)
        policy.incomplete = configuration.incomplete ?? .refuse
        policy.isPartialSnapshot = configuration.source.isPartialSnapshot
        policy.trustsMetadata = configuration.source.trustsMetadata
        policy.leavers = configuration.mapping.leavers
        policy.syncsGroups = configuration.mapping.groups.isEnabled
        policy.metadata.entityID = configuration.source.entityID
        policy.metadata.requiresSignature = configuration.source.requiresSignature
        return policy
    }
}

extension ReadingArguments {
    func files(_ paths: [String]) -> [InputFile] {
        paths.map { InputFile($0) } + groupMembers.map { InputFile($0.file, role: .groupMembers(group: $0.group)) }
    }

    /// The command line over the configuration. A place is needed for complaints: the option's own name.
    func options(_ configuration: Configuration, asOf: Timestamp) -> ReadingOptions {
        var mapping = configuration.mapping
        if let attributes { mapping.preset = attributes }
        if let encoding { mapping.encoding = Located(encoding, at: Place(file: "--encoding")) }
        let format = inputFormat.map { Located($0, at: Place(file: "--input-format")) } ?? configuration.source.format
        return ReadingOptions(
            mapping: mapping, inputFormat: format, asOf: asOf, timeZone: configuration.source.timeZone ?? "UTC",
            isDeclaredPartial: configuration.source.isPartialSnapshot,
            expectedRecords: expectRecords ?? configuration.source.expectedRecords,
            trailer: trailer.map { Located($0, at: Place(file: "--trailer")) } ?? configuration.source.trailer)
    }
}
