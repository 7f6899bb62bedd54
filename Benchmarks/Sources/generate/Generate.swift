import Glibc

/// Writes the benchmarks' data: two nights of exports in two shapes, a metadata aggregate, and beside them what a
/// reader must find (`expected.json`). The same arguments give the same bytes.
///
///     generate --people 1000000 --seed 1 --out DIR [--only entra|okta|metadata]
@main
enum Generate {
    static func main() {
        let options = Options(CommandLine.arguments.dropFirst())
        if mkdir(options.out, 0o755) != 0, errno != EEXIST { fail("cannot make \(options.out)") }
        let population = Population(people: options.people, seed: options.seed)
        let aggregate = SAMLAggregate(entities: options.entities)
        var files: [(String, Int)] = []

        func file(_ name: String, _ write: (OutputFile) -> Void) {
            let output = OutputFile(path: "\(options.out)/\(name)")
            write(output)
            output.close()
            files.append((name, output.count))
        }
        for night in 1...2 {
            if options.wants("entra") {
                file("entra-\(night).csv") { EntraCSV(population: population).write(night: night, to: $0) }
            }
            if options.wants("okta") {
                file("okta-\(night).json") { OktaJSON(population: population).write(night: night, to: $0) }
            }
        }
        if options.wants("metadata") { file("aggregate.xml", aggregate.write) }
        writeExpected(population, aggregate, files, to: "\(options.out)/expected.json")
    }

    /// Figures only, and names that need no escaping: plain text will do.
    private static func writeExpected(
        _ population: Population, _ aggregate: SAMLAggregate, _ files: [(String, Int)], to path: String
    ) {
        let sizes = files.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ")
        let kinds = Fate.Change.allCases.map { "\"\($0)\": \(population.count(of: $0))" }.joined(separator: ", ")
        let output = OutputFile(path: path)
        output.write(
            Array(
                """
                {
                  "people": \(population.people),
                  "seed": \(population.seed),
                  "records": [\(population.count(night: 1)), \(population.count(night: 2))],
                  "new": \(population.newcomers),
                  "gone": \(population.leavers),
                  "changed": \(population.changers),
                  "changes": { \(kinds) },
                  "aggregate": { "entities": \(aggregate.entities), "wanted": "\(aggregate.wanted)" },
                  "bytes": { \(sizes) }
                }

                """.utf8))
        output.close()
    }
}

private struct Options {
    var people = 1_000_000
    var seed: UInt64 = 1
    var entities = 48_000
    var out = ""
    private var only: String?

    init(_ arguments: some Sequence<String>) {
        var rest = arguments.makeIterator()
        while let name = rest.next() {
            guard let value = rest.next() else { Self.usage() }
            switch (name, Int(value)) {
            case ("--people", let count?) where count >= 1000 && count % Population.blockSize == 0: people = count
            case ("--seed", let number?) where number >= 0: seed = UInt64(number)
            case ("--entities", let count?) where count >= 3: entities = count
            case ("--out", _): out = value
            case ("--only", _): only = value
            default: Self.usage()
            }
        }
        if out.isEmpty { Self.usage() }
    }

    func wants(_ shape: String) -> Bool { only == nil || only == shape }

    private static func usage() -> Never {
        fail(
            "usage: generate --out DIR [--people N, a multiple of 200] [--seed N] [--entities N] [--only entra|okta|metadata]"
        )
    }
}
