import NIOCore

/// What comes before HTTP: the name, a connection, TLS. Where there is a proxy, name and connection are the proxy's: the
/// service's are its matter.
struct NetworkSteps {
    let service: ServiceURL
    let settings: SCIMClient.Settings

    typealias Tell = (CheckFinding) -> Void

    private var host: String { settings.proxy?.host ?? service.host }
    private var port: Int { settings.proxy?.port ?? service.port }
    private var what: String { settings.proxy == nil ? "" : "the proxy " }

    func name(_ tell: Tell) async throws -> [String] {
        switch await NameLookup.addresses(of: host, seconds: settings.seconds) {
        case .success(let addresses):
            let isName = addresses != [host]
            tell(
                .passed(
                    "name",
                    what + (isName ? "\(host) is \(addresses.joined(separator: ", "))" : "\(host) is an address")))
            return addresses
        case .failure(let problem): throw ConnectionTest.Stop(finding: finding(problem))
        }
    }

    private func finding(_ problem: NameLookup.Problem) -> CheckFinding {
        switch problem {
        case .unknown:
            .failed(
                "name", "name-unknown", .unreachable, "There is no host \(host).",
                mend: "Check the spelling of \(settings.proxy == nil ? "the URL" : "target.proxy"). "
                    + "If the name is only known inside, run this where it is.")
        case .noAnswer, .timedOut:
            .failed(
                "name", "name-server-silent", .unreachable, "No name server told what \(host) is.",
                mend: "This machine cannot look up names: see /etc/resolv.conf, and whether it has a network.")
        case .other(let reason):
            .failed(
                "name", "name-not-looked-up", .unreachable, "\(host) could not be looked up: \(reason).",
                mend: "See /etc/resolv.conf and /etc/hosts.")
        }
    }

    /// The address that takes a connection.
    func connection(_ addresses: [String], _ tell: Tell) async throws -> String {
        let (reached, refusals) = await Reachability.connect(addresses, port: port, seconds: settings.seconds)
        try Task.checkCancellation()
        let reasons = refusals.map { "\($0.address): \($0.reason)" }.joined(separator: "; ")
        guard let reached else {
            throw ConnectionTest.Stop(
                finding: .failed(
                    "connection", "not-connected", .unreachable,
                    (settings.proxy == nil ? "Port \(port)" : "Port \(port) of the proxy \(host)")
                        + " cannot be reached" + (reasons.isEmpty ? "." : ": \(reasons)."),
                    mend: settings.proxy == nil
                        ? "Is the service running, the port right, and does a firewall let this machine out?"
                        : "Is target.proxy right, and is the proxy running?"))
        }
        // A dead address is told, and no warning: IPv6 is often this machine's own matter.
        tell(
            .passed(
                "connection",
                what + "\(reached) answers on port \(port)" + (reasons.isEmpty ? "" : " (not \(reasons))")))
        return reached
    }

    func tls(_ address: String, _ tell: Tell) async throws {
        guard service.isSecure else {
            return tell(.skipped("tls", "none: plain HTTP, which does not leave this machine"))
        }
        let handshake = Handshake(
            host: service.host, port: service.port, address: try SocketAddress(ipAddress: address, port: port),
            isTunnelled: settings.proxy != nil, configuration: settings.tls, seconds: settings.seconds)
        let secured: Handshake.Secured
        do { secured = try await handshake.verified() } catch {
            try Task.checkCancellation()
            throw ConnectionTest.Stop(finding: finding(error))
        }
        tell(
            .passed(
                "tls",
                secured.version + (secured.certificate.map { ", certificate valid until \($0.notAfter.day)" } ?? "")))
    }

    private func finding(_ problem: Handshake.Problem) -> CheckFinding {
        func failed(_ code: String, _ message: String, mend: String) -> CheckFinding {
            .failed("tls", code, .unreachable, message, mend: mend)
        }
        switch problem {
        case .expired(let certificate):
            return failed(
                "certificate-expired", "The certificate \(certificate.subject) expired on \(certificate.notAfter.day).",
                mend:
                    "It has to be renewed where the service runs. If it is not that old, this machine's clock is wrong."
            )
        case .notYetValid(let certificate):
            return failed(
                "certificate-not-yet-valid",
                "The certificate \(certificate.subject) is valid from \(certificate.notBefore.day) on.",
                mend: "Look at this machine's clock first.")
        case .wrongHost(let certificate):
            let names = certificate.names.isEmpty ? "no host" : certificate.names
            return failed(
                "certificate-wrong-host", "The certificate is for \(names), not for \(service.host).",
                mend: "Use a name that it is for, or have it issued anew with \(service.host) in it.")
        case .unknownIssuer(let certificate):
            let message =
                certificate.isSelfSigned
                ? "The certificate \(certificate.subject) was signed by itself, and this machine does not trust it."
                : "The certificate was issued by \(certificate.issuer), whom this machine does not trust."
            return failed(
                "certificate-unknown-issuer", message,
                mend:
                    "If that is your own authority, or a proxy's that looks into TLS, give its certificate with --ca-file. "
                    + "Otherwise the service has to send its intermediate certificates.")
        case .notTLS:
            return failed(
                "not-tls", "Port \(service.port) does not speak TLS.",
                mend: "Is it the port of plain HTTP? Use the one for https, 443 where the URL names none.")
        case .tooOld:
            return failed(
                "tls-too-old", "The service speaks no TLS that is safe: 1.2 is the least.",
                mend: "TLS 1.2 or 1.3 has to be enabled where the service runs.")
        case .hungUp:
            return failed(
                "tls-hung-up", "The connection was ended while TLS began.",
                mend: "Something on the way may refuse this machine: a firewall, or a proxy that has to be used.")
        case .proxyCredentials:
            return failed(
                "proxy-credentials", "The proxy \(host) wants a name and a password.",
                mend: "None can be given: use one that lets this machine through without, or ask for that.")
        case .proxyRefused:
            return failed(
                "proxy-refused", "The proxy \(host) does not lead to \(service.host), port \(service.port).",
                mend: "It has to be allowed there, or the service cannot be reached from it.")
        case .timedOut:
            return failed(
                "tls-timed-out", "TLS did not begin within \(settings.seconds) s.",
                mend: "Is it the right port? A service under load needs a longer --timeout.")
        case .other(let reason):
            return failed(
                "tls-failed", "There is no TLS connection: \(reason).",
                mend: "openssl s_client -connect \(service.host):\(service.port) shows more.")
        }
    }
}
