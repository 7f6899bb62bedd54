import Hummingbird
import Logging

/// What the HTTP server alone can do here: a router, one route a size, and a constant behind it.
///
///     bare-route PORT BYTES…        GET /BYTES answers so many bytes
@main
struct BareRoute {
    static func main() async throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard let port = numbers.first else { fatalError("bare-route PORT BYTES…") }
        let router = Router()
        for bytes in numbers.dropFirst() {
            let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: bytes)
            router.get("/\(bytes)") { _, _ in
                Response(
                    status: .ok, headers: [.contentType: "application/scim+json"], body: ResponseBody(byteBuffer: body))
            }
        }
        var log = Logger(label: "bare-route")
        log.logLevel = .error
        let address = ApplicationConfiguration(address: .hostname("127.0.0.1", port: port))
        try await Application(router: router, configuration: address, logger: log).runService()
    }
}
