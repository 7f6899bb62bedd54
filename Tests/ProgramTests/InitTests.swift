import Foundation
import Testing

/// `init` finds out what it can, and what it writes works right away.
@Suite struct `Configuration from an export` {
    /// Every sample of a vendor, with the team and the source that it is found to be of.
    @Test(arguments: [
        ("okta/monday/users.json", "okta"), ("okta/rockstar-users.csv", "okta"), ("okta/import-template.csv", "okta"),
        ("entra/graph-users.json", "entra"), ("entra/portal-users.csv", "entra"),
        ("entra/portal-users-older.csv", "entra"), ("entra/m365-users.csv", "entra"),
        ("google/directory-users.json", "google"), ("google/admin-users.csv", "google"),
        ("google/gam-users.csv", "google"), ("scim/users.json", "scim"), ("generic/people.json", "default"),
        ("generic/people.ndjson", "default"), ("generic/people.csv", "default"),
    ])
    func `works as it is written`(sample: String, source: String) throws {
        let name = String(sample.split(separator: "/").last ?? "")
        let document = try DocumentFolder([name: sample])
        let said = try document.run("popl-sync init \(name)")
        #expect(said.exit == 0, "\(said.said)")
        #expect(said.said.hasPrefix("popl-sync.yaml is written for team fernhill, source \(source):\n"), "\(said.said)")
        let next = try #require(said.said.split(separator: "\n").last)
        #expect(next == "  popl-sync team create fernhill && popl-sync plan")
        let plan = try document.run(String(next))
        #expect(plan.exit == 0, "\(plan.said)")
        #expect(plan.said.contains("members to create"))
        // With what the plan says, and then nothing is left to do.
        #expect(try [0, 1].contains(document.run("popl-sync sync").exit))
        #expect(try document.run("popl-sync plan --detailed-exitcode").exit == 0)
    }

    @Test func `finds groups, their members and metadata beside the one file that is given`() throws {
        let document = try DocumentFolder([:])
        try document.lay(night: "monday")
        // None of these is of this source, or an export at all.
        try document.lay("entra/graph-groups.json", as: "exports/other-groups.json")
        try document.lay("okta/rockstar-users.csv", as: "exports/older.csv")
        try document.folder.write("exports/notes.csv", "remember the milk\n")
        try document.folder.write("exports/users.json.manifest.json", "{\"records\":29}")
        let said = try document.run("popl-sync init exports/users.json")
        #expect(
            said.said == """
                popl-sync.yaml is written for team fernhill, source okta:
                  exports/users.json: okta-users-json
                  exports/groups.json: okta-groups-json, found beside it
                  exports/group-members-Leadership.json: members of the group Leadership, found beside it
                  exports/group-members-Sales.json: members of the group Sales, found beside it
                  exports/metadata.xml: saml-metadata, found beside it
                Look at it: what is often set stands there as comments. Then:
                  popl-sync team create fernhill && popl-sync plan

                """)
        let plan = try document.run("popl-sync team create fernhill && popl-sync plan")
        #expect(plan.exit == 0, "\(plan.said)")
        #expect(plan.said.contains("29 members to create, 2 groups to create, the SSO connection to update"))
        // Who names several files means these.
        let two = try document.run("popl-sync init exports/users.json exports/groups.json --out two.yaml")
        #expect(!two.said.contains("metadata.xml"))
        #expect(two.said.hasSuffix("  popl-sync plan --config two.yaml\n"), "\(two.said)")
    }

    @Test func `takes the names of a roster that is there`() throws {
        let document = try DocumentFolder(["users.json": "okta/monday/users.json"])
        let here = "--database popl.sqlite --team acme --source hr"
        #expect(try document.run("popl-sync import users.json \(here) --create-team").exit == 0)
        let said = try document.run("popl-sync init users.json")
        #expect(said.said.hasPrefix("popl-sync.yaml is written for team acme, source hr:\n"), "\(said.said)")
        #expect(said.said.hasSuffix("\n  popl-sync plan\n"))
        #expect(try document.run("popl-sync plan --detailed-exitcode").exit == 0)
    }

    @Test func `takes a pattern where the name has a date in it`() throws {
        let document = try DocumentFolder(["exports/okta-users-2026-03-02.json": "okta/monday/users.json"])
        #expect(try document.run("popl-sync init exports/okta-users-2026-03-02.json").exit == 0)
        #expect(try document.folder.read("popl-sync.yaml").contains("users: \"exports/okta-users-*.json\""))
        #expect(try document.run("popl-sync team create fernhill && popl-sync plan").exit == 0)
    }

    @Test func `is written over nothing that is there`() throws {
        let document = try DocumentFolder(["users.json": "okta/monday/users.json"])
        try document.folder.write("popl-sync.yaml", "team: mine\n")
        let refused = try document.run("popl-sync init users.json")
        #expect(refused.exit == 73)
        #expect(refused.said.hasSuffix("  popl-sync init users.json --force\n"), "\(refused.said)")
        #expect(try document.folder.read("popl-sync.yaml") == "team: mine\n")
        #expect(try document.run("popl-sync init users.json --force").exit == 0)
        #expect(try document.folder.read("popl-sync.yaml").contains("team: fernhill"))
    }

    @Test func `asks which group a list of members is about, since nothing says it`() throws {
        let document = try DocumentFolder([:])
        try document.folder.write("who.csv", "id,userPrincipalName,displayName,userType\n1,a@x.example,A,Member\n")
        let said = try document.run("popl-sync init who.csv --group-members Sales=who.csv --out x.yaml")
        #expect(said.exit == 0, "\(said.said)")
        #expect(try document.folder.read("x.yaml").contains("group-members:\n    Sales: who.csv"))
    }
}
