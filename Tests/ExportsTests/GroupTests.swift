import SCIM
import Testing

@testable import Exports

@Suite struct `Group exports` {
    private func read(
        _ files: [InputFile], _ mapping: MappingConfiguration = MappingConfiguration()
    ) throws -> (export: GroupExport, groups: [GroupRecord], summaries: [InputSummary]) {
        let inputs = try Inputs.open(files, options: ReadingOptions(mapping: mapping, asOf: asOf))
        let export = try #require(inputs.groups)
        let (groups, summaries) = try export.read()
        return (export, groups, summaries)
    }

    @Test func `of Okta have their members in files of their own`() throws {
        let files = ["okta/groups.json", "okta/group-members-Popl-Users.json"].map { InputFile(Fixtures.path($0)) }
        let (export, groups, summaries) = try read(files)
        #expect(export.isEnabled)
        #expect(groups.map(\.name) == ["Popl-Users", "Popl-Admins", "Sales, EMEA", "R&D; Labs", "Everyone"])
        #expect(groups.map(\.isBuiltIn) == [false, false, false, false, true])
        #expect(groups[0].anchor == "00gFICT01xyz0g4")
        #expect(groups[0].members?.count == 8)
        #expect(
            groups[0].members?[0]
                == GroupMemberReference(
                    anchor: AnchorDigest.of(anchor: "00uFICT01abcDEF0g4"), userName: "ada.novakova@example.com"))
        #expect(groups[1].members == nil)
        #expect(!groups.contains { !$0.membersComplete })
        #expect(summaries.map(\.records) == [5, 8])
        #expect(summaries.map(\.kind) == [.groups, .groups])
        #expect(summaries.map(\.grade) == [.complete, .complete])
    }

    @Test func `find a group by what is left of its name or id in a file's name`() throws {
        let directory = try Directory()
        let csv = "id,login,firstName,lastName,status\n1,a@example.com,A,B,ACTIVE\n"
        let listing = InputFile(Fixtures.path("okta/groups.json"))
        for (name, group) in [("Sales-EMEA", 2), ("00gFICT04xyz0g4", 3), ("r_d_labs", 3)] {
            let path = try directory.write(csv, to: "group-members-\(name).csv")
            let groups = try read([listing, InputFile(path)]).groups
            #expect(groups[group].members?.map(\.userName) == ["a@example.com"], "\(name)")
        }
        let path = try directory.write(csv, to: "group-members-Nobody.csv")
        let summaries = try read([listing, InputFile(path)]).summaries
        #expect(summaries[1].refusal?.code == "unknown-group")
        let alone = try read([InputFile(path)])
        #expect(alone.groups.map(\.name) == ["Nobody"])
    }

    @Test func `take the group's name from the configuration`() throws {
        let path = Fixtures.path("okta/rockstar-export-group-members.csv")
        let unnamed = try read([InputFile(path)])
        #expect(unnamed.groups.isEmpty)
        #expect(unnamed.summaries[0].records == 8)
        #expect(unnamed.summaries[0].diagnostics.map(\.code) == ["group-unnamed"])
        let named = try read([InputFile(path, role: .groupMembers(group: "Popl-Users"))])
        #expect(named.groups.map(\.name) == ["Popl-Users"])
        #expect(named.groups[0].members?.count == 8)
    }

    @Test func `of Graph keep people and count the rest`() throws {
        let (export, groups, summaries) = try read([InputFile(Fixtures.path("entra/graph-groups-expand-members.json"))])
        #expect(!export.isEnabled)
        #expect(groups.map { $0.members?.count } == [8, 2, 2, 1])
        #expect(groups.map(\.skippedMembers) == [2, 0, 0, 0])
        #expect(!groups.contains { !$0.membersComplete })
        #expect(summaries[0].grade == .complete)
    }

    @Test(arguments: [(19, true), (20, false), (21, true), (100, false)])
    func `of Graph may be cut at twenty or a hundred members`(count: Int, isComplete: Bool) throws {
        let members = (0..<count).map { ##"{"@odata.type":"#microsoft.graph.user","id":"\##($0)"}"## }
        let directory = try Directory()
        let path = try directory.write(
            #"{"value":[{"id":"g","displayName":"G","groupTypes":[],"members":[\#(members.joined(separator: ","))]}]}"#,
            to: "groups.json")
        let groups = try read([InputFile(path)]).groups
        #expect(groups[0].membersComplete == isComplete)
        #expect(groups[0].members?.count == count)
    }

    @Test func `of SCIM name members by an id that leads to their anchor`() throws {
        let directory = try Directory()
        let users = try directory.write(
            #"{"totalResults":2,"Resources":[{"id":"u1","externalId":"x1","userName":"a@example.com"},{"id":"u2","userName":"b@example.com"}]}"#,
            to: "users.json")
        let groups = try directory.write(
            #"{"totalResults":1,"Resources":[{"id":"g1","displayName":"G","members":[{"value":"u1"},{"value":"u2","type":"User"},{"value":"g2","type":"Group"}]}]}"#,
            to: "groups.json")
        let (export, records, summaries) = try read([InputFile(users), InputFile(groups)])
        #expect(export.format.name == "scim-groups-json")
        #expect(summaries[0].grade == .complete)
        #expect(
            records[0].members?.map(\.anchor) == [AnchorDigest.of(anchor: "x1"), AnchorDigest.of(anchor: "u2")])
        #expect(records[0].skippedMembers == 1)
    }

    @Test func `go by login where the mapping has another anchor`() throws {
        var mapping = MappingConfiguration()
        mapping.entries = [.init("externalId", from: "profile.employeeNumber")]
        let path = Fixtures.path("okta/group-members-Popl-Users.json")
        let groups = try read([InputFile(path)], mapping).groups
        #expect(groups[0].members?.first == GroupMemberReference(anchor: nil, userName: "ada.novakova@example.com"))
    }

    @Test func `with a broken or partial list of members are not complete`() throws {
        let directory = try Directory()
        let listing = InputFile(Fixtures.path("okta/groups.json"))
        let page = #"[{"id":"1","status":"ACTIVE","profile":{"login":"a@example.com"}}"#
        let cut = try directory.write(page, to: "group-members-Popl-Users.json")
        let (_, groups, summaries) = try read([listing, InputFile(cut)])
        #expect(summaries[1].refusal != nil)
        #expect(!groups[0].membersComplete)
        let first = try directory.write(page + "]", to: "group-members-Popl-Admins.json")
        _ = try directory.write("link: <x>; rel=\"next\"", to: "group-members-Popl-Admins.headers.txt")
        let partial = try read([listing, InputFile(first)])
        #expect(partial.summaries[1].grade == .partial)
        #expect(!partial.groups[1].membersComplete)
    }

    @Test func `without a name or without groups are refused`() throws {
        let directory = try Directory()
        let nameless = try directory.write(
            #"[{"id":"1","type":"OKTA_GROUP","profile":{"name":" "}},{"id":"2","type":"OKTA_GROUP","profile":{"name":"B"}}]"#,
            to: "groups.json")
        let (_, groups, summaries) = try read([InputFile(nameless)])
        #expect(summaries[0].rejected.map(\.code) == ["no-group-name"])
        #expect(groups.map(\.name) == ["B"])
        let empty = try directory.write("[]", to: "empty.json")
        let inputs = try Inputs.open([InputFile(empty, role: .groups)], options: ReadingOptions(asOf: asOf))
        #expect(inputs.refused.map { $0.refusal?.code } == ["empty-export"])
        #expect(inputs.refused.map(\.kind) == [.groups])
    }

    @Test func `are told from users in one list of files`() throws {
        let files = [
            "okta/groups.json", "okta/users-default-list.json", "okta/group-members-Popl-Users.json", "traps/empty.csv",
        ].map { InputFile(Fixtures.path($0)) }
        let inputs = try Inputs.open(files, options: ReadingOptions(asOf: asOf))
        #expect(inputs.users?.files == [files[1].path])
        #expect(inputs.groups?.files == [files[0].path, files[2].path])
        #expect(inputs.refused.map(\.file) == [files[3].path])
    }
}
