import Exports
import Foundation

/// `exports/okta-users-*.csv`: the files that a pattern of the configuration stands for.
enum FilePattern {
    /// The newest match by modification time, or all of them by name when they are one export (`combine: true`).
    /// A pattern that matches nothing is an input that is missing: an export job that did not run must not pass for
    /// one that had nothing to say.
    static func files(_ pattern: Located<String>, combines: Bool) throws -> [String] {
        let matches = matching(pattern.value)
        guard !matches.isEmpty else {
            throw Failure(
                .noInput, code: "no-file-matches", "No file matches \(pattern.value).",
                mend: "Check that the export was written there, or change the pattern:",
                next: "ls -l \(Shell.quoted(folder(of: pattern.value)))", place: pattern.place)
        }
        if combines { return matches }
        return matches.max { modified($0) < modified($1) }.map { [$0] } ?? []
    }

    /// By name, ascending bytes; folders are no matches. A name without wildcards stands for itself if it exists.
    private static func matching(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0, let paths = found.gl_pathv else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }.filter {
            // What a job says of its export is no export.
            !isFolder($0) && !$0.hasSuffix(".manifest.json")
        }
    }

    /// Up to the first wildcard.
    private static func folder(of pattern: String) -> String {
        let plain = pattern.prefix { !"*?[".contains($0) }
        guard let slash = plain.lastIndex(of: "/") else { return "." }
        return slash == plain.startIndex ? "/" : String(plain[..<slash])
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func modified(_ path: String) -> (Int, Int) {
        var status = stat()
        guard stat(path, &status) == 0 else { return (0, 0) }
        return (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
}
