/// What there is to say of a run to somebody who is not there: counts, never names, unless ``people`` has them.
///
/// Every text in it is fit for one line: whoever makes one has written control characters out.
package struct RunNews: Sendable {
    /// What somebody may want to hear of; the most urgent comes first.
    package enum Event: String, CaseIterable, Sendable { case failure, hold, certificate, change }

    /// A number with its name in docs/formats.md, `create`, and what it says in a sentence, `2 members to create`.
    package struct Count: Hashable, Sendable {
        package let name: String
        package let count: Int
        package let words: String
        package init(_ name: String, _ count: Int, words: String? = nil) {
            self.name = name
            self.count = count
            self.words = words ?? "\(count) \(name)"
        }
    }

    /// A guard that holds the plan.
    package struct Hold: Hashable, Sendable {
        package let guardName: String
        package let figure: String
        package let limit: String
        package init(guardName: String, figure: String, limit: String) {
            self.guardName = guardName
            self.figure = figure
            self.limit = limit
        }
    }

    /// A certificate that ends, or ended.
    package struct Certificate: Hashable, Sendable {
        package let level: String
        package let code: String
        package let message: String
        package init(level: String, code: String, message: String) {
            self.level = level
            self.code = code
            self.message = message
        }
    }

    /// Why the command could not do its work.
    package struct Problem: Hashable, Sendable {
        package let code: String
        /// Without what it quotes of a record.
        package let message: String
        package let mend: String?
        package init(code: String, message: String, mend: String?) {
            self.code = code
            self.message = message
            self.mend = mend
        }
    }

    /// Whom a change is about.
    package struct Person: Hashable, Sendable {
        package let kind: String
        package let name: String
        package init(kind: String, name: String) {
            self.kind = kind
            self.name = name
        }
    }

    package var events: [Event] = []
    package var command: String
    package var team: String?
    package var source: String?
    /// `nil` where there was no plan yet.
    package var run: String?
    package var exitCode: Int32
    /// RFC 3339.
    package var at: String
    /// The machine.
    package var host: String
    /// Planned changes by kind, and what became of them; empty where there was no plan yet.
    package var planned: [Count] = []
    package var outcomes: [Count] = []
    /// Rejected records, pinned and suspected members.
    package var leftOut: [Count] = []
    package var held: [Hold] = []
    package var certificates: [Certificate] = []
    package var problem: Problem?
    /// The command to type next.
    package var next: String?
    /// Where the report is, as `report-url` says.
    package var reportURL: String?
    /// Of changes; for those alone who asked for names.
    package var people: [Person] = []

    package init(command: String, exitCode: Int32, at: String, host: String) {
        self.command = command
        self.exitCode = exitCode
        self.at = at
        self.host = host
    }

    /// How many people a message names at most.
    package static let peopleLimit = 20

    /// What those who asked for names get besides, and the others not.
    package func naming(_ isAsked: Bool) -> RunNews {
        guard !isAsked else { return self }
        var news = self
        news.people = []
        return news
    }
}
