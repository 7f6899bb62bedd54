import Foundation
import Synchronization

/// A service that answers exactly as told, for what no real one does. One request a connection.
package final class ScriptedService: Sendable {
    /// What comes back for a request, head and body: bytes, or `nil` to say nothing and hold the connection open.
    package typealias Script = @Sendable (_ request: String) -> String?

    package let port: Int
    private let listener: Int32
    private let received = Mutex<[String]>([])
    private let held = Mutex<[Int32]>([])

    /// Everything that was asked, head and body.
    package var requests: [String] { received.withLock { $0 } }

    package init(_ script: @escaping Script) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> in_port_t? in
                guard bind(listener, generic, length) == 0, listen(listener, 16) == 0,
                    getsockname(listener, generic, &length) == 0
                else { return nil }
                return UnsafeRawPointer(pointer).load(as: sockaddr_in.self).sin_port
            }
        }
        guard let port else { throw RawHTTP.Failed(what: "listen") }
        self.port = Int(in_port_t(bigEndian: port))
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0, let service = self else { return }
                Thread.detachNewThread { service.serve(connection, script) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        for connection in held.withLock({ $0 }) { close(connection) }
    }

    private func serve(_ connection: Int32, _ script: Script) {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while !Self.isWhole(String(decoding: bytes, as: UTF8.self)) {
            let count = recv(connection, &piece, piece.count, 0)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        guard !bytes.isEmpty else {
            close(connection)
            return
        }
        let request = String(decoding: bytes, as: UTF8.self)
        received.withLock { $0.append(request) }
        guard let answer = script(request) else { return held.withLock { $0.append(connection) } }
        Array(answer.utf8).withUnsafeBytes { _ = send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        shutdown(connection, Int32(SHUT_WR))
        while recv(connection, &piece, piece.count, 0) > 0 {}
        close(connection)
    }

    private static func isWhole(_ text: String) -> Bool {
        guard let end = text.range(of: "\r\n\r\n") else { return false }
        let length = text[..<end.lowerBound].firstMatch(of: /(?i)\r\ncontent-length: *(\d+)/).flatMap { Int($0.1) } ?? 0
        return text[end.upperBound...].utf8.count >= length
    }

    /// A whole answer, which ends its connection.
    package static func answer(
        _ status: Int, _ body: String, type: String = "application/scim+json", headers: [String] = []
    ) -> String {
        let lines = [
            "HTTP/1.1 \(status) Said", "Content-Type: \(type)", "Content-Length: \(body.utf8.count)",
            "Connection: close",
        ]
        return (lines + headers + ["", body]).joined(separator: "\r\n")
    }

    /// A ListResponse of `resources`, which are JSON.
    package static func list(_ resources: [String] = []) -> String {
        answer(
            200,
            """
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":\(resources.count),\
            "startIndex":1,"itemsPerPage":\(resources.count),"Resources":[\(resources.joined(separator: ","))]}
            """)
    }

    /// A SCIM error.
    package static func error(_ status: Int, _ detail: String = "no") -> String {
        answer(
            status,
            #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"\#(status)","detail":"\#(detail)"}"#)
    }
}
