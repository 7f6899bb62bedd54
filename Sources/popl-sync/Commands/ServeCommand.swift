import ArgumentParser
import Foundation
import Logging
import Reporting
import SCIM
import SCIMServer
import SQLiteStorage

struct ServeCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer SCIM 2.0 over HTTP, for all teams of a database.",
        discussion: """
            Identity providers connect to the URL that it prints, each team with a token of its own (popl-sync token issue). \
            It goes through the same core as the nightly job, and both may run at once. /healthz says that it is alive, \
            /readyz that it can answer, /metrics what it did, in Prometheus' text format.

            Without TLS files it speaks plain HTTP: then let it listen on this machine only, behind a proxy that speaks TLS. \
            Ctrl-C and SIGTERM end it after the requests that had begun are answered.

            EXAMPLES
              popl-sync serve --database popl.sqlite
              popl-sync serve --host 0.0.0.0 --tls-certificate chain.pem --tls-key key.pem
              popl-sync serve --base-url https://api.example.com/api/external/scim/
            """)

    @Option(help: ArgumentHelp("The roster database, a SQLite file; overrides target.database.", valueName: "file"))
    var database: String?
    @Option(
        help: ArgumentHelp("The address to listen on; 127.0.0.1 unless serve.host says another.", valueName: "address"))
    var host: String?
    @Option(
        help: ArgumentHelp(
            "The port to listen on, 0 for one that is free; 8080 unless serve.port says another.", valueName: "number"))
    var port: Int?
    @Option(
        help: ArgumentHelp(
            "Where clients find the service, for the URLs in its answers; otherwise they get the host that they asked.",
            valueName: "url"))
    var baseURL: String?
    @Option(help: ArgumentHelp("The certificate and its chain, PEM; with --tls-key.", valueName: "file"))
    var tlsCertificate: String?
    @Option(help: ArgumentHelp("The certificate's private key, PEM.", valueName: "file"))
    var tlsKey: String?
    @Option(help: ArgumentHelp("Requests a second that each team may make; more get 429.", valueName: "number"))
    var rateLimit: Int?
    @Flag(help: "Believe X-Forwarded-For, -Host and -Proto: only behind a proxy that sets them itself.")
    var trustForwarded = false
    @OptionGroup var configurationFile: ConfigurationOptions
    @OptionGroup var common: CommonOptions

    var wantsJSON: Bool { false }

    func validate() throws {
        if (tlsCertificate == nil) != (tlsKey == nil) {
            throw ValidationError("--tls-certificate and --tls-key belong together; give both.")
        }
        guard (0...65_535).contains(port ?? 0) else { throw ValidationError("A port is a number from 0 to 65535.") }
        guard (rateLimit ?? 1) > 0 else { throw ValidationError("--rate-limit is a number of requests, 1 or more.") }
        guard baseURL.map(ServiceSettings.isBaseURL) ?? true else {
            throw ValidationError("--base-url is a whole URL, such as https://api.example.com/api/external/scim/.")
        }
    }

    func perform(_ terminal: Terminal) throws -> ExitCode {
        let configuration = try ConfigurationReader.read(named: configurationFile.config)
        let path = try RosterLocation.database(database, configuration)
        try RosterLocation.requireDatabase(path)
        let store = try SQLiteStore(path: path, mode: .serving)
        defer { store.close() }
        let settings = settings(configuration.serve.settings)
        let service = SCIMService(store: store, limits: configuration.serve.limits, now: { Timestamp.now })
        let server = try Self.server(service, settings, terminal.log)
        Interruption.startListening()
        do {
            try awaiting(stop: server.stop) {
                try await server.run { url, port in
                    let hint = (try? Self.hint(store, path, url)) ?? ""
                    let place = settings.baseURL == nil ? "" : "Listening on \(settings.host):\(port)\n"
                    _ = try? StandardOutput.write("Serving SCIM at \(url)\n\(place)\(hint)")
                }
            }
        } catch {
            throw Failure(
                .unavailable, code: "cannot-listen",
                "The service cannot listen on \(settings.host):\(settings.port): \(Self.reason(error)). "
                    + "Nothing was served.",
                mend: "Give another --port or --host, or stop what listens there. To see it:",
                next: "ss -ltnp \"sport = :\(settings.port)\"")
        }
        return Interruption.exitCode ?? .done
    }

    /// The command line wins over the configuration.
    private func settings(_ configured: ServiceSettings) -> ServiceSettings {
        var settings = configured
        settings.host = host ?? settings.host
        settings.port = port ?? settings.port
        settings.baseURL = baseURL ?? settings.baseURL
        settings.requestsPerSecond = rateLimit ?? settings.requestsPerSecond
        settings.trustsForwarded = trustForwarded || settings.trustsForwarded
        if let tlsCertificate, let tlsKey { settings.tls = .init(certificate: tlsCertificate, key: tlsKey) }
        return settings
    }

    private static func server(
        _ service: SCIMService, _ settings: ServiceSettings, _ log: Logger
    ) throws -> SCIMServer {
        if let tls = settings.tls {
            for file in [tls.certificate, tls.key] { try checkReadable(file) }
        } else if !["127.0.0.1", "::1", "localhost"].contains(settings.host) {
            log.warning(
                "Tokens travel in clear text: give --tls-certificate and --tls-key, or listen on this machine only.")
        }
        do { return try SCIMServer(service, settings: settings, log: log) } catch {
            throw Failure(
                .configuration, code: "tls-files",
                "The certificate and key cannot be used: they must be PEM, and belong together.",
                mend:
                    "openssl x509 -in \(Shell.quoted(settings.tls?.certificate ?? "")) -noout -text shows what is in it."
            )
        }
    }

    /// What to type next.
    private static func hint(_ store: SQLiteStore, _ path: String, _ url: String) throws -> String {
        let database = "--database \(Shell.quoted(path))"
        return try store.read { store in
            let teams = try store.teams()
            guard let first = teams.first else {
                return "No team yet. Make one: popl-sync team create NAME \(database)\n"
            }
            if try teams.allSatisfy({ try store.tokens(team: $0.id).isEmpty }) {
                return "No token yet. Issue one: popl-sync token issue --team \(Shell.quoted(first.name)) \(database)\n"
            }
            return
                "Try it: curl -H \"Authorization: Bearer $TOKEN\" \"\(url)\(url.hasSuffix("/") ? "" : "/")Users?count=1\"\n"
        }
    }

    private static func checkReadable(_ file: String) throws {
        do { _ = try FileBytes.read(file, limit: 1 << 20) } catch {
            throw Failure(
                .noInput, code: "input-unreadable", "\(file) cannot be read: \(error.reason). Nothing was served.")
        }
    }

    private static func reason(_ error: any Error) -> String {
        (error as? SCIMServer.CannotListen)?.code.map(FileBytes.reason) ?? "it is no address of this machine"
    }
}
