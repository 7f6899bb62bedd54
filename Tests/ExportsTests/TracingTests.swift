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
}
