/// The news in words: what every form for people is made of, so that they say the same.
struct NewsText {
    /// One line, for a subject or a heading.
    let title: String
    /// Short facts with their names.
    let facts: [(name: String, value: String)]
    /// Sentences, the most urgent first.
    let sentences: [String]
    let people: [String]
    let next: String?
    let reportURL: String?

    init(_ news: RunNews) {
        let who = [news.team, news.source].compactMap(\.self).joined(separator: "/")
        title = "popl-sync \(news.command)\(who.isEmpty ? "" : " \(who)"): \(Self.state(news))"
        facts = Self.facts(news)
        sentences = Self.sentences(news)
        people = Self.people(news)
        next = news.next
        reportURL = news.reportURL
    }

    private static func state(_ news: RunNews) -> String {
        switch news.events.first {
        case .hold: "held, nothing was changed"
        case .failure:
            switch news.exitCode {
            case 1: "done in part"
            case 130, 143: "stopped"
            default: "failed"
            }
        case .certificate: "a certificate ends"
        case .change, nil: news.outcomes.first.map { $0.count == 0 } ?? true ? "in sync" : "done"
        }
    }

    private static func facts(_ news: RunNews) -> [(name: String, value: String)] {
        func list(_ counts: [RunNews.Count]) -> String? {
            let some = counts.filter { $0.count > 0 }
            return some.isEmpty ? nil : some.map(\.words).joined(separator: ", ")
        }
        let facts: [(name: String, value: String?)] = [
            ("Planned", news.planned.isEmpty ? nil : list(news.planned) ?? "no changes"),
            ("Outcome", news.held.isEmpty ? list(news.outcomes) : nil), ("Left out", list(news.leftOut)),
            ("Run", news.run), ("Exit code", String(news.exitCode)), ("Time", news.at), ("Host", news.host),
        ]
        return facts.compactMap { fact in fact.value.map { (fact.name, $0) } }
    }

    private static func sentences(_ news: RunNews) -> [String] {
        var sentences: [String] = []
        if let problem = news.problem { sentences += [problem.message] + [problem.mend].compactMap(\.self) }
        sentences += news.held.map { hold in
            "The guard \(hold.guardName) holds the plan: \(hold.figure)"
                + (hold.limit.isEmpty ? "." : ", limit \(hold.limit).")
        }
        return sentences + news.certificates.map(\.message)
    }

    private static func people(_ news: RunNews) -> [String] {
        let more = news.people.count - RunNews.peopleLimit
        return news.people.prefix(RunNews.peopleLimit).map { "\($0.kind) \($0.name.prefix(100))" }
            + (more > 0 ? ["… and \(more) more"] : [])
    }

    /// All of it, a line each.
    var plain: String {
        var lines = [title, ""] + sentences
        if !sentences.isEmpty { lines.append("") }
        lines += facts.map { "\($0.name): \($0.value)" }
        if !people.isEmpty { lines += [""] + people }
        if let next { lines += ["", "Next:", "  \(next)"] }
        if let reportURL { lines += ["", "Report: \(reportURL)"] }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension RunNews {
    /// For a log or a monitor's page: a few lines of plain text.
    package var plainText: String { NewsText(self).plain }
}
