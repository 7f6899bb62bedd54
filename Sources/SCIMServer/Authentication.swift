import HTTPTypes
import Hummingbird
import Logging
import SCIM

/// Who asks: the team comes from the token alone.
struct Authentication: Sendable {
    let service: SCIMService
    let refusals: RequestRates<String>
    let rates: RequestRates<TeamID>?
    let metrics: Metrics
    let log: Logger
    let clock: @Sendable () -> ContinuousClock.Instant

    init(_ service: SCIMService, _ settings: ServiceSettings, _ metrics: Metrics, _ log: Logger) {
        self.service = service
        self.metrics = metrics
        self.log = log
        clock = settings.clock
        let perMinute = Double(settings.limits.refusalsPerMinute)
        refusals = RequestRates(perSecond: perMinute / 60, burst: perMinute)
        rates = settings.requestsPerSecond.map { RequestRates(perSecond: Double($0), burst: Double($0)) }
    }

    /// The token of a request. Refused with the same 401 whatever is wrong; from an address that was refused too often
    /// with 429. A right token is let in from any address: several teams' identity providers share theirs.
    func authenticate(_ exchange: Exchange) throws -> Result<TokenRecord, Refusal> {
        if let token = bearer(exchange), let record = try service.authenticate(token) {
            if let seconds = rates?.take(record.team, at: clock()) { return .failure(.tooMany(seconds: seconds)) }
            return .success(record)
        }
        metrics.tokenWasRefused()
        if let seconds = refusals.take(exchange.address, at: clock()) { return .failure(.tooMany(seconds: seconds)) }
        return .failure(.unauthorized)
    }

    enum Refusal: Error {
        case unauthorized
        case tooMany(seconds: Int)

        var answer: Answer {
            switch self {
            case .unauthorized: Answer(.unauthorized).adding(.wwwAuthenticate, "Bearer")
            case .tooMany(let seconds): Answer(.tooManyRequests).adding(.retryAfter, String(seconds))
            }
        }
    }

    private func bearer(_ exchange: Exchange) -> APIToken? {
        let bearer = Bearer(header: exchange.headers[.authorization] ?? "")
        if bearer.isNamedTwice {
            log.warning(
                "The Authorization header says \"Bearer\" twice: the identity provider wants the token alone.",
                metadata: ["request": "\(exchange.id)"])
        }
        return bearer.token
    }
}

/// What an `Authorization` header brings (RFC 6750 §2.1); the scheme in any letter case.
struct Bearer {
    /// `nil` for what cannot be one of ours.
    let token: APIToken?
    /// Somebody pasted the scheme's name together with the token.
    let isNamedTwice: Bool

    init(header: String) {
        // As nearly every client writes it.
        if let token = APIToken(header.utf8.starts(with: "Bearer ".utf8) ? Substring(header.utf8.dropFirst(7)) : "") {
            self.token = token
            isNamedTwice = false
            return
        }
        let words = header.utf8.split(separator: UInt8(ascii: " ")).map { Substring($0) }
        let isBearer = words.first?.lowercased() == "bearer"
        isNamedTwice = isBearer && words.count == 3 && words[1].lowercased() == "bearer"
        token = isBearer && words.count == 2 ? APIToken(words[1]) : nil
    }
}
