import ArgumentParser
import Exports
import Foundation
import SCIMClient

/// Which SCIM service, and what is shown to it.
struct RemoteOptions: ParsableArguments {
    @Option(
        name: .customLong("scim"),
        help: ArgumentHelp(
            "The SCIM service's base URL; overrides target.scim, and target.token with it.", valueName: "url"))
    var scim: String?

    @Option(
        name: .customLong("token-file"),
        help: ArgumentHelp(
            "The file with the token; overrides target.token. Without either it is taken from POPL_SCIM_TOKEN.",
            valueName: "file"))
    var tokenFile: String?

    @Option(
        name: .customLong("ca-file"),
        help: ArgumentHelp(
            "Certificates (PEM) of authorities to trust beside the system's; overrides target.ca-file.",
            valueName: "file"))
    var authorities: String?
}

/// A SCIM service as a command takes it: the configuration with the command line over it.
struct RemoteTarget {
    let service: ServiceURL
    let token: BearerToken
    /// What is particular to it; the rest is as it always is.
    let settings: SCIMClient.Settings
    /// Requests on their way at once, at most.
    let concurrency: Int
    /// How long one request is tried.
    let patience: Duration

    /// `nil` when neither names one.
    init?(_ options: RemoteOptions, _ configuration: Configuration) throws {
        let scim = options.scim.map { Located($0, at: Self.commandLine) } ?? configuration.remote.scim
        guard let scim else { return nil }
        // A token is for one service, and so is a certificate: those of the configuration do not go to another URL.
        var remote = options.scim == nil ? configuration.remote : Configuration.Remote()
        remote.authorities =
            options.authorities.map { Located($0, at: Self.commandLine) } ?? configuration.remote.authorities
        remote.proxy = configuration.remote.proxy
        try self.init(scim, remote, tokenFile: options.tokenFile)
    }

    /// As the configuration has it; `nil` when it names none.
    init?(_ configuration: Configuration) throws {
        guard let scim = configuration.remote.scim else { return nil }
        try self.init(scim, configuration.remote, tokenFile: nil)
    }

    private init(_ scim: Located<String>, _ remote: Configuration.Remote, tokenFile: String?) throws {
        do { service = try ServiceURL(scim.value) } catch { throw Self.failure(error, scim) }
        token = try Self.token(tokenFile, remote)
        concurrency = remote.concurrency ?? 8
        patience = .seconds(remote.patience ?? 300)
        var settings = SCIMClient.Settings()
        settings.authorities = try remote.authorities.map(Self.authorities) ?? .system
        settings.certificate = try Self.certificate(remote)
        settings.proxy = try remote.proxy.map(Self.proxy)
        settings.connections = concurrency
        self.settings = settings
    }

    private static func proxy(_ text: Located<String>) throws -> ProxyAddress {
        if let address = ProxyAddress(text.value) { return address }
        throw ConfigurationError(
            place: text.place, key: "target.proxy",
            message: "must be host and port of an HTTP proxy, such as `http://proxy.example.com:3128`.")
    }

    private static func certificate(_ remote: Configuration.Remote) throws -> ClientCertificate? {
        guard let file = remote.certificate else {
            guard let key = remote.certificateKey else { return nil }
            throw ConfigurationError(
                place: key.place, key: "target.client-key", message: "needs target.client-certificate beside it.")
        }
        // One file may hold both.
        let key = remote.certificateKey ?? file
        let chain = try bytes(file.value, limit: 1 << 20)
        do {
            return try ClientCertificate(chain: chain, key: try bytes(key.value, limit: 1 << 20))
        } catch let mistake as ClientCertificate.Mistake {
            let (place, what) =
                switch mistake {
                case .noCertificate: (file, "no certificate")
                case .noKey: (key, "no private key that can be read without a passphrase")
                }
            throw Failure(
                .configuration, code: "client-certificate-unusable", "\(place.value) holds \(what). Nothing was asked.",
                mend: "It must be PEM: -----BEGIN CERTIFICATE-----, -----BEGIN PRIVATE KEY-----.", place: place.place)
        }
    }

    private static let commandLine = Place(file: "the command line")

    private static func token(_ option: String?, _ remote: Configuration.Remote) throws -> BearerToken {
        if let file = option ?? remote.tokenFile?.value {
            return try parse(String(decoding: try bytes(file, limit: 64 << 10), as: UTF8.self), from: file)
        }
        let variable = remote.tokenVariable?.value ?? "POPL_SCIM_TOKEN"
        guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else {
            throw Failure(
                .configuration, code: "token-missing", "No token is given: \(variable) is not set. Nothing was asked.",
                mend: "Put the token into a file that only this user can read, and give --token-file FILE.",
                place: remote.tokenVariable?.place)
        }
        return try parse(text, from: variable)
    }

    private static func parse(_ text: String, from place: String) throws -> BearerToken {
        do { return try BearerToken(text) } catch {
            let (what, mend) =
                switch error {
                case .empty: ("is empty", "Put the token into it, alone on one line.")
                case .bearerPrefix: ("begins with the word Bearer", "Take the word out: the token alone belongs there.")
                case .quoted: ("has quotation marks around it", "Take them out: the token alone belongs there.")
                case .severalWords: ("has more than one word", "The token alone belongs there, on one line.")
                case .characters: ("has characters that no token has", "Copy the token again, as plain text.")
                case .tooLong: ("is longer than any token", "The token alone belongs there.")
                }
            throw Failure(
                .configuration, code: "token-unusable", "The token of \(place) \(what). Nothing was asked.", mend: mend)
        }
    }

    private static func authorities(_ file: Located<String>) throws -> TrustedAuthorities {
        do { return try TrustedAuthorities(pem: try bytes(file.value, limit: 1 << 20)) } catch is TrustedAuthorities
            .NoCertificates
        {
            throw Failure(
                .configuration, code: "ca-file-unusable", "\(file.value) holds no certificate. Nothing was asked.",
                mend: "It must be PEM: -----BEGIN CERTIFICATE-----, one after the other.")
        }
    }

    private static func bytes(_ file: String, limit: Int) throws -> [UInt8] {
        do { return try FileBytes.read(file, limit: limit) } catch {
            throw Failure(
                .noInput, code: "input-unreadable", "\(file) cannot be read: \(error.reason). Nothing was asked.",
                mend: "Check the path, and that this user may read it.", place: Place(file: file))
        }
    }

    /// Of the command line it is usage, of the configuration a mistake with its place.
    private static func failure(_ mistake: ServiceURL.Mistake, _ scim: Located<String>) -> any Error {
        let (what, mend) =
            switch mistake {
            case .notAURL: ("is no URL of a SCIM service", "Write it whole, such as https://api.example.com/scim/v2/.")
            case .clearText(let url):
                ("is plain HTTP, and the token would travel in clear text", "Use https: \(url)")
            case .credentials: ("has a name or a password in it", "Take them out: the token comes from a file.")
            case .query: ("has a query or a fragment", "Take everything from ? or # on out.")
            case .endpoint(let url): ("goes on to an endpoint", "Give the base that Users is put behind: \(url)")
            }
        guard scim.place != commandLine else { return ValidationError("The URL of --scim \(what). \(mend)") }
        return Failure(
            .configuration, code: "configuration", "target.scim \(what).", mend: mend, place: scim.place)
    }
}
