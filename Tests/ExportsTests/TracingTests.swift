import SCIM
import Testing

@testable import Exports

/// The second pass finds what the first one read, and knows where it stood.
@Suite struct `Tracing records` {
    @Test(arguments: `Export fixtures`.expectations.map(\.file))
    func `finds every record of every fixture again, as it was read`(file: String) throws {
        let reading = try Reading([Fixtures.path(file)], options: `Export fixtures`.options(file))
        guard let export = reading.export else { return }
        for record in reading.records.prefix(25) {
            var query = RecordQuery()
            query.anchors = [record.anchorDigest]
            let traces = export.trace(query)
            let trace = try #require(traces.first { $0.file == record.file && $0.line == record.line })
            #expect(trace.record?.fingerprint == record.fingerprint)
            #expect(trace.record?.activity == record.activity)
            for (index, rule) in export.rules.enumerated() {
                let origin = trace.values[index]
                switch record.values[index] {
                case .value: #expect(origin.column != nil && origin.written != nil, "\(rule.name)")
                case .blank: #expect(origin.column != nil && origin.written == nil, "\(rule.name)")
                // A name whose letters were lost is written there, and counts as missing.
                case .missing: #expect(origin.written == nil || rule.comparison == .folded, "\(rule.name)")
                }
            }
        }
        for reject in reading.rejected where reject.anchor != nil {
            var query = RecordQuery()
            query.add(anchor: reject.anchor ?? "")
            #expect(
                export.trace(query).contains {
                    if case .rejected(let found) = $0.standing {
                        found.line == reject.line && found.code == reject.code
                    } else {
                        false
                    }
                })
        }
    }

    private func trace(
        _ csv: String, _ mapping: MappingConfiguration = MappingConfiguration(), format: String? = nil
    ) throws -> (export: UserExport, trace: RecordTrace) {
        let directory = try Directory()
        var options = ReadingOptions(mapping: mapping, asOf: asOf)
        options.inputFormat = format.map { Located($0, at: Place(file: "command line")) }
        let inputs = try Inputs.open([InputFile(try directory.write(csv))], options: options)
        let export = try #require(inputs.users)
        var query = RecordQuery()
        query.add(typed: "A@x.example")
        return (export, try #require(export.trace(query).first))
    }

    private func origin(_ name: String, _ traced: (export: UserExport, trace: RecordTrace)) throws -> TracedValue {
        traced.trace.values[try #require(traced.export.rules.firstIndex { $0.name == name })]
    }

    @Test func `names the column that a value was taken from, among several`() throws {
        var mapping = MappingConfiguration()
        mapping.entries = [.init("phoneNumbers.work", from: "Mobile", "Desk", line: 7)]
        let traced = try trace("id,login,Mobile,Desk,status\n1,a@x.example,, +1 2,active\n", mapping)
        #expect(
            try origin("phoneNumbers.work", traced) == TracedValue(column: "Desk", written: " +1 2", isFallback: true))
        #expect(traced.export.rules.first { $0.name == "phoneNumbers.work" }?.configured?.line == 7)
        #expect(traced.export.rules.first { $0.name == "userName" }?.configured == nil)
        #expect(traced.trace.activity == [TracedValue(column: "status", written: "active")])
    }

    @Test func `names all columns of what is joined, and the one that a blank was found in`() throws {
        let traced = try trace("id,Login,First Name,lastName,title\n1,a@x.example,Ann,Lee,\n")
        #expect(
            try origin("displayName", traced) == TracedValue(column: "First Name + lastName", written: "Ann Lee"))
        #expect(try origin("title", traced) == TracedValue(column: "title", written: nil))
        #expect(
            try origin("emails.work", traced) == TracedValue(column: "Login", written: "a@x.example", isLogin: true))
    }

    @Test func `tells what left a record out of the scope`() throws {
        var mapping = MappingConfiguration()
        mapping.scope.include = [.init(column: located("department", line: 3), in: ["Sales"])]
        let csv = "id,login,department,status\n1,a@x.example,HR,active\n2,b@x.example,Sales,active\n"
        guard case .outOfScope(let miss) = try trace(csv, mapping).trace.standing else {
            Issue.record("it is in the scope")
            return
        }
        #expect(miss.rule == .notIncluded)
        #expect(miss.value == "HR")
        #expect(miss.place?.line == 3)
        let guest =
            "id,userPrincipalName,userType,mail\n1,A@x.example,Guest,a@x.example\n2,b@x.example,Member,b@x.example\n"
        guard case .outOfScope(let miss) = try trace(guest).trace.standing else {
            Issue.record("the guest is in the scope")
            return
        }
        #expect(miss.rule == .guest)
    }

    @Test func `finds a record that cannot be used, and passes over other people's`() throws {
        let csv =
            "id,login,email,status\n0,z@x.example,z@x.example,active\n1,a@x.example,a@x.example; b@x.example,active\n"
        let traced = try trace(csv)
        #expect(traced.trace.line == 3)
        guard case .rejected(let reject) = traced.trace.standing else {
            Issue.record("it is used")
            return
        }
        #expect(reject.code == "two-addresses")
    }
}
