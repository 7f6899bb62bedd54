import Exports
import SCIM

/// Says in time that signing in is going to fail, from what is stored: with or without a metadata file in the run.
package enum ConnectionExpiry {
    /// Days before a certificate's end at which it is spoken of.
    package static let thresholdDays: [Int64] = [60, 30, 14, 7, 1]

    /// Notices about `connection`, soonest end first.
    ///
    /// A certificate that nothing outlives is critical: when it ends, nobody can sign in. One with a successor that is
    /// valid by then is information: rollover is under way. `previous` is when this was last said: with it, only
    /// thresholds passed since are spoken of, so that each is once; without it, each run says how things stand.
    package static func notices(
        _ connection: ComplexValue, asOf: Timestamp, since previous: Timestamp? = nil
    ) -> [Notice] {
        let stored = ConnectionAttributes(connection)
        let entityID = stored.entityID ?? "the identity provider"
        var notices: [Notice] = []
        for (certificate, end) in ending(stored.signing) {
            guard let threshold = threshold(end, asOf: asOf) else { continue }
            if let previous, threshold.passed <= previous { continue }
            let successor = stored.signing.first { outlives($0, certificate, end, asOf) }
            notices.append(notice(certificate, end, successor, entityID, asOf))
        }
        if let end = stored.validUntil, end < asOf, previous.map({ $0 <= end }) ?? true {
            notices.append(
                Notice(
                    .warning, code: "metadata-expired",
                    message: "The stored metadata of \(entityID) was valid until \(XMLDateTime.text(end)); "
                        + "give the run a new one."))
        }
        return notices
    }

    /// When nobody can sign in any more, as far as is stored: the end of the certificate that lasts longest; `nil` where
    /// there is none that ends.
    package static func end(of connection: ComplexValue) -> Timestamp? {
        let ends = ConnectionAttributes(connection).signing.map(\.notAfter)
        return ends.contains(nil) ? nil : ends.compactMap(\.self).max()
    }

    private static func ending(_ certificates: [StoredCertificate]) -> [(StoredCertificate, Timestamp)] {
        certificates.compactMap { certificate in certificate.notAfter.map { (certificate, $0) } }
            .sorted { ($0.1, $0.0.sha256) < ($1.1, $1.0.sha256) }
    }

    /// The last threshold passed: when that was. The certificate's own end is the last one of all.
    private static func threshold(_ end: Timestamp, asOf: Timestamp) -> (days: Int64, passed: Timestamp)? {
        (thresholdDays + [0]).map { ($0, Timestamp(rawValue: end.rawValue - $0 * 86_400_000)) }
            .last { $0.1 <= asOf }
    }

    /// Whether `other` goes on when `certificate` ends: valid by then (or by now), and for longer.
    private static func outlives(
        _ other: StoredCertificate, _ certificate: StoredCertificate, _ end: Timestamp, _ asOf: Timestamp
    ) -> Bool {
        guard other.sha256 != certificate.sha256, let otherEnd = other.notAfter, otherEnd > end else { return false }
        return other.notBefore.map { $0 <= max(end, asOf) } ?? true
    }

    private static func notice(
        _ certificate: StoredCertificate, _ end: Timestamp, _ successor: StoredCertificate?, _ entityID: String,
        _ asOf: Timestamp
    ) -> Notice {
        let isExpired = end < asOf
        let when =
            isExpired
            ? "expired on \(XMLDateTime.text(end))"
            : "expires in \(days(until: end, asOf)), on \(XMLDateTime.text(end))"
        let code = isExpired ? "certificate-expired" : "certificate-expiring"
        if let successor {
            return Notice(
                .info, code: code,
                message: "A signing certificate (\(certificate.description)) of \(entityID) \(when); "
                    + "\(successor.shortDigest) goes on: a rollover is under way.")
        }
        return Notice(
            .critical, code: code,
            message: "The last signing certificate (\(certificate.description)) of \(entityID) \(when): "
                + "then nobody can sign in. Get the identity provider's new metadata.")
    }

    private static func days(until end: Timestamp, _ asOf: Timestamp) -> String {
        let days = (end.rawValue - asOf.rawValue) / 86_400_000
        return days == 0 ? "less than a day" : days == 1 ? "1 day" : "\(days) days"
    }
}
