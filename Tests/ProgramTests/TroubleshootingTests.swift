import Foundation
import Testing

@Suite struct `Troubleshooting` {
    static let roster = "--database roster.sqlite --team acme"
    static let imported = "popl-sync import users.json \(roster) --create-team"
    static let synced = "popl-sync sync users.json \(roster) --create-team"

    /// What is printed, as the page has it, and the commands that provoke it; the last one prints it.
    static let provocations = [
        "--database FILE is missing, and there is no configuration that says it.": "popl-sync plan users.json",
        "Nothing was done: there is no roster database …": "popl-sync plan users.json \(roster)",
        "Nothing was done: there is no team …": "\(imported); popl-sync roster --database roster.sqlite --team acne",
        "… is not a key that popl-sync knows": "echo 'taem: acme' > popl-sync.yaml; popl-sync plan users.json",
        "… cannot be read: permission denied":
            "chmod 0 users.json; chmod 755 .; \(User.ordinary.joined(separator: " ")) popl-sync inspect users.json",
        "No file matches …": "echo 'source: { users: \"exports/*.csv\" }' > popl-sync.yaml; popl-sync plan \(roster)",
        "Another run holds the lock of team …":
            "\(imported); flock roster.sqlite.team-1.lock popl-sync sync users.json \(roster)",
        "The roster database is damaged or not a roster": "cp users.json roster.sqlite; popl-sync roster \(roster)",
        "The file is empty.": "> new.csv; popl-sync inspect new.csv",
        "The export is empty: it lists nobody.": "echo '[]' > new.json; popl-sync inspect new.json",
        "The file was cut": "head -c 900 users.json > new.json; popl-sync inspect new.json",
        "The file is a ZIP archive or an .xlsx workbook.":
            "printf 'PK\\003\\004' > new.xlsx; popl-sync inspect new.xlsx",
        "The file is a web page": "echo '<!doctype html><html>' > new.csv; popl-sync inspect new.csv",
        "The file is not an export but an API's error":
            "echo '{\"errorCode\":\"E0000011\",\"errorSummary\":\"Invalid token\"}' > new.json; "
            + "popl-sync inspect new.json",
        "No column is known to hold a login or an e-mail address.":
            "printf 'a,b\\n1,2\\n' > new.csv; popl-sync inspect new.csv",
        "None of the … records can be used.":
            "printf 'id,login,email,status\\n1,a,a;b,active\\n2,b,b;c,active\\n' > new.csv; popl-sync inspect new.csv",
        "The cell holds several e-mail addresses: keep one.": "popl-sync inspect tuesday.json",
        "1 record was rejected and 1 member is pinned": "\(imported); popl-sync sync tuesday.json \(roster)",
        "… is nobody in team …": "\(imported); popl-sync why nobody \(roster)",
        "members would be deactivated.": "\(imported); popl-sync plan wednesday.json \(roster)",
        "records, … fewer than the last export applied.": "\(synced); popl-sync plan wednesday.json \(roster)",
        "the export is … hours old; is the job that writes it still running?":
            "\(imported); touch -d '30 days ago' tuesday.json; popl-sync plan tuesday.json \(roster)",
        "mapping or scope changed since the last run":
            "\(synced); popl-sync plan wednesday.json --attributes minimal \(roster)",
        "this is not a plan of format version 1": "\(imported); popl-sync apply users.json --database roster.sqlite",
        "There is no run …": "\(imported); popl-sync undo yesterday \(roster)",
        "It does not work: name.":
            "echo popl_t > token; popl-sync check --scim https://scim.invalid/ --token-file token",
        "It does not work: connection.":
            "echo popl_t > token; popl-sync check --scim https://127.0.0.1:1/ --token-file token",
        "The token of … has more than one word.":
            "echo SSWS popl_t > token; popl-sync check --scim https://127.0.0.1:1/ --token-file token",
        "is plain HTTP, and the token would travel in clear text.":
            "popl-sync check --scim http://scim.example.com/ --token-file token",
        "The service cannot listen on …":
            "\(imported); popl-sync serve --database roster.sqlite --host 192.0.2.1",
    ]

    @Test func `has an entry for each message that is provoked here, and no other`() throws {
        let page = try DocumentFolder.text("docs/troubleshooting.md")
        let keys = page.matches(of: /\n### `([^`]+)`\n/).map { String($0.1) }
        #expect(keys.count == page.components(separatedBy: "\n### ").count - 1)
        #expect(Set(keys) == Set(Self.provocations.keys))
    }

    @Test(arguments: provocations.keys.sorted()) func `has the words that are printed`(key: String) throws {
        let document = try DocumentFolder([
            "users.json": "okta/monday/users.json", "tuesday.json": "okta/tuesday/users.json",
            "wednesday.json": "okta/wednesday/users.json",
        ])
        let run = try document.run(try #require(Self.provocations[key]))
        #expect(run.exit != 0 || key == "The cell holds several e-mail addresses: keep one.")
        // Reports are wrapped at eighty characters.
        let said = run.said.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let pattern = key.components(separatedBy: "…").map(NSRegularExpression.escapedPattern).joined(separator: ".+")
        #expect(said.range(of: pattern, options: .regularExpression) != nil, "\(run.said)")
    }
}
