/// The group that a file of members is about, by the file's name: nothing inside it says so.
enum GroupFileName {
    private static let mark = "group-members-"

    /// `Popl-Users` of `exports/group-members-Popl-Users.json`.
    static func group(in path: String) -> String? {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
        guard let range = stem.firstRange(of: mark), range.upperBound < stem.endIndex else { return nil }
        return String(stem[range.upperBound...])
    }

    /// What is left of a group's name when it was made fit for a file's name: letters and digits.
    static func key(_ name: String) -> String {
        String(
            TextFolding.key(name).unicodeScalars.filter {
                $0.properties.isAlphabetic || $0.properties.numericType != nil
            })
    }
}
