import Exports
import Foundation
import Yams

/// Finds `popl-sync.yaml` and reads it as YAML, without knowing what its keys mean.
enum ConfigurationFile {
    /// Where it is looked for when nobody names one, in this order.
    static let defaultPaths = ["popl-sync.yaml", "/etc/popl-sync/popl-sync.yaml"]

    /// More than any configuration needs; a wrong path can be a very large file.
    private static let byteLimit = 1 << 20

    /// The file's root, or `nil` when there is no file at a default path. A named one must exist.
    /// An empty file has no root.
    static func open(named path: String?) throws -> (path: String, root: ConfigurationNode?)? {
        guard let path = path ?? defaultPaths.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            return nil
        }
        return (path, try parse(try read(path), file: path))
    }

    private static func read(_ path: String) throws -> String {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, limit: byteLimit)
        } catch {
            throw Failure(
                .configuration, code: "configuration-unreadable",
                "The configuration \(path) cannot be read: \(error.reason).",
                mend: "Name another one with --config, or write one:",
                next: "popl-sync init FILE --out \(Shell.quoted(path))")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(
                place: Place(file: path, line: 1, column: "1"), key: "",
                message: "The file is not UTF-8 text; save it as UTF-8.")
        }
        return text
    }

    private static func parse(_ text: String, file: String) throws -> ConfigurationNode? {
        do {
            return try Yams.compose(yaml: text).map { ConfigurationNode($0, file: file) }
        } catch let error as YamlError {
            throw mistake(of: error, file: file)
        }
    }

    private static func mistake(of error: YamlError, file: String) -> ConfigurationError {
        func at(_ mark: Mark?, _ key: String, _ message: String) -> ConfigurationError {
            let place = Place(file: file, line: mark?.line ?? 1, column: String(mark?.column ?? 1))
            return ConfigurationError(place: place, key: key, message: message)
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return at(mark, "", "The file is not YAML here: \(problem). Check indentation, colons and quotes.")
        case .duplicatedKeysInMapping(let names, let context):
            return at(
                context.mark, names.first ?? "the file", "is given more than once in the same block; keep one of them.")
        case .reader(let problem, _, _, _):
            return at(nil, "", "The file has characters that YAML does not allow: \(problem).")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return at(nil, "", "The file cannot be read as YAML.")
        }
    }
}
