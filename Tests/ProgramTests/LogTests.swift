import Foundation
import Testing

/// What goes to stderr and to whatever collects it.
@Suite struct `The log` {
    private static let people = """
        id,login,first name,last name,mobile phone,title,status
        Z01,zacharias@acme.example,Zacharias,Zeppelin,+49 555 7001,Zoologist,active
        Z02,yolanda@acme.example,Yolanda,Yttrium,+49 555 7002,Yodeller,active

        """
    /// One is new and one changed; one has a status of no known meaning, one the address of somebody else.
    private static let tonight = """
        id,login,first name,last name,mobile phone,title,status
        Z01,zacharias@acme.example,Zacharias,Zeppelin,+49 555 7009,Zoologist,active
        Z02,yolanda@acme.example,Yolanda,Yttrium,+49 555 7002,Yodeller,Abgereist
        Z03,xerxes@acme.example,Xerxes,Xylophon,+49 555 7003,Xylographer,active

        """
    private static let values = [
        "Z01", "Z02", "Z03", "zacharias", "yolanda", "xerxes", "Zacharias", "Yolanda", "Xerxes", "Zeppelin", "Yttrium",
        "Xylophon", "555 700", "Zoologist", "Yodeller", "Xylographer", "Abgereist", "acme.example",
    ]

    @Test(arguments: ["text", "json"]) func `holds ids and counts, and no personal value`(format: String) throws {
        let folder = try ProgramFolder()
        try folder.write("people.csv", Self.people)
        try folder.write("tonight.csv", Self.tonight)
        try folder.write("nobody.csv", Self.people.replacing(",active", with: ",Abgereist"))
        let here = "--database roster.sqlite --team acme --verbose --log-format \(format)"
        let loud = "--accept rejected=1"
        var log = ""
        for (command, exit) in [
            ("import people.csv \(here) --create-team", Int32(0)), ("plan tonight.csv \(here)", 0),
            ("sync tonight.csv \(here) --as-of 2031-01-01T00:00:00Z", 3), ("sync tonight.csv \(here) \(loud)", 1),
            ("sync nobody.csv \(here)", 65), ("roster \(here)", 0), ("history \(here)", 0),
            ("roster --database roster.sqlite --team amce --log-format \(format)", 78),
        ] {
            let run = try folder.run(command)
            #expect(run.exit == exit, "\(command)\n\(run.out)\(run.err)")
            log += run.err
        }
        for message in ["run ended", "held", "planned"] { #expect(log.contains(message), "\(log)") }
        // In the text form an error is no line of the log.
        let errors = log.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
        #expect(errors.isEmpty == (format == "json"))
        let lines = log.split(separator: "\n").filter { !$0.hasPrefix("Error: ") }
        #expect(lines.count >= 6)
        for value in Self.values { #expect(!lines.contains { $0.contains(value) }, "\(value)\n\(log)") }
        if format == "json" {
            #expect(log.contains("The first, on line 2: The status \\\"…\\\" is not known"), "\(log)")
        }
    }
}
