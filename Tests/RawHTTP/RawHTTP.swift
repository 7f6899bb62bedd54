import Foundation

/// What came back, taken apart.
package struct HTTPAnswer: Sendable {
    package private(set) var status = 0
    /// By lower-case name.
    package private(set) var headers: [String: String] = [:]
    package private(set) var body: [UInt8] = []
    /// Everything, as it came.
    package private(set) var raw: [UInt8] = []

    package init(_ raw: [UInt8]) {
        self.raw = raw
        let text = String(decoding: raw, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.last.map { $0.trimmingCharacters(in: .whitespaces) }
        }
        body = Array(text[end.upperBound...].utf8)
    }
}

/// A client that sends bytes exactly as told, over a real socket. It blocks on threads of its own: those of the tests are
/// the service's too.
package struct RawHTTP: Sendable {
    package let port: Int

    package init(port: Int) { self.port = port }

    package struct Failed: Error { let what: String }

    /// Sends `pieces` with a pause before each but the first, and reads until the other side ends the connection. Throws
    /// when it does not: nothing came for `seconds`.
    package func exchange(_ pieces: [[UInt8]], pause: Double = 0, seconds: Int = 60) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            // Not a dispatch queue: its threads are the ones that async functions run on.
            Thread.detachNewThread {
                continuation.resume(with: Result { try blocking(pieces, pause: pause, seconds: seconds) })
            }
        }
    }

    /// One SCIM request on a connection of its own.
    package func scim(
        _ method: String, _ path: String, _ body: String, token: String
    ) async throws -> HTTPAnswer {
        let request = """
            \(method) /api/external/scim/\(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
            Authorization: Bearer \(token)\r\nContent-Type: application/scim+json\r\n\
            Content-Length: \(body.utf8.count)\r\n\r\n\(body)
            """
        return HTTPAnswer(try await exchange([Array(request.utf8)]))
    }

    /// Sends `bytes`, and leaves without waiting for an answer.
    package func abandon(_ bytes: [UInt8]) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread {
                continuation.resume(with: Result { _ = try blocking([bytes], pause: 0, seconds: 60, reads: false) })
            }
        }
    }

    private func blocking(
        _ pieces: [[UInt8]], pause: Double, seconds: Int, reads: Bool = true
    ) throws -> [UInt8] {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failed(what: "socket") }
        defer { close(socket) }
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failed(what: "connect") }
        for (index, piece) in pieces.enumerated() {
            if index > 0 { usleep(UInt32(pause * 1_000_000)) }
            var sent = 0
            while sent < piece.count {
                let count = piece[sent...].withUnsafeBytes {
                    send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                // Who does not want to read more may hang up, and has often answered.
                guard count > 0 else { break }
                sent += count
            }
        }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while reads {
            let count = recv(socket, &buffer, buffer.count, 0)
            if count < 0, errno == EAGAIN { throw Failed(what: "no end within \(seconds) seconds") }
            guard count > 0 else { break }
            all += buffer[..<count]
        }
        return all
    }
}
