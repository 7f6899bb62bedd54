import ArgumentParser
import Foundation

extension Failure {
    /// With the command to type next, where whoever threw it did not know one. `command`: what could not do its work.
    func withNextCommand(of command: any ParsableCommand.Type) -> Failure {
        guard next == nil, mend?.contains("popl-sync ") != true else { return self }
        var failure = self
        switch exit {
        case .usage:
            failure.mend = mend ?? "For example:"
            failure.next = command.example
        case .badInput where code.hasPrefix("plan-"):
            // What is no plan may be the export itself: it must not be written over.
            let isPlan = code != "plan-unreadable"
            let (file, plan) = (place?.file ?? "PLAN", "tonight.plan")
            failure.mend = mend ?? "Make one:"
            failure.next =
                "popl-sync plan \(isPlan ? "FILE" : Shell.quoted(file)) --database FILE --team NAME "
                + "--out \(isPlan ? Shell.quoted(file) : plan)"
        case .badInput:
            guard let file = place?.file ?? inputs.first(where: { $0.grade == .partial })?.file else { break }
            failure.mend = mend ?? "See what is in it:"
            failure.next = "popl-sync inspect \(Shell.quoted(file))"
        case .configuration where code == "configuration":
            failure.mend = (mend.map { $0.sentence + " " } ?? "") + "Mend it, then:"
            failure.next = Shell.thisCommand()
        case .cannotWrite, .busy: failure.next = Shell.thisCommand()
        default: break
        }
        return failure
    }

    /// A path that leads nowhere: the same command with the nearest name that is there, else what shows the names.
    static func missing(_ path: String, reason: String, _ consequence: String) -> Failure {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let folder = isFolder.boolValue ? path : (path as NSString).deletingLastPathComponent
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        var failure = Failure(
            .noInput, code: "input-missing", "\(path) cannot be read: \(reason). \(consequence)",
            mend: "See what is there:",
            place: .init(file: path))
        failure.next = "ls -l \(Shell.quoted(folder.isEmpty ? "." : folder))"
        guard !isThere, let near = Spelling.nearest(to: (path as NSString).lastPathComponent, among: names)
        else { return failure }
        let found = (folder as NSString).appendingPathComponent(near)
        failure.mend = "Did you mean \(found)?"
        failure.next = Shell.thisCommand(replacing: [path: found])
        return failure
    }
}

extension ParsableCommand {
    /// The first example of its help that is of the command itself.
    static var example: String {
        let lines = configuration.discussion.split(separator: "\n").map { $0.drop { $0 == " " } }
        let examples = lines.filter { $0.hasPrefix("popl-sync ") }
        let name = configuration.commandName ?? ""
        let own = examples.first { $0.split(separator: " ").prefix(3).contains { $0 == name } }
        return (own ?? examples.first).map(String.init) ?? "popl-sync --help"
    }
}
