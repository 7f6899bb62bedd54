import Foundation
import Synchronization

/// What a host's name resolves to, by the system's own resolver.
enum NameLookup {
    enum Problem: Error {
        /// There is no such name.
        case unknown
        /// No name server answers.
        case noAnswer
        case timedOut
        case other(String)
    }

    /// Numeric addresses, in the order in which they would be tried; each once.
    ///
    /// The resolver cannot be stopped: after `seconds` its thread is left to itself.
    static func addresses(of host: String, seconds: Int) async -> Result<[String], Problem> {
        await withCheckedContinuation { continuation in
            let once = Once(continuation)
            Thread.detachNewThread { once.resume(resolve(host)) }
            Task {
                try? await Task.sleep(for: .seconds(seconds))
                once.resume(.failure(.timedOut))
            }
        }
    }

    /// Resumes with whatever comes first.
    private final class Once: Sendable {
        private let continuation: Mutex<CheckedContinuation<Result<[String], Problem>, Never>?>
        init(_ continuation: CheckedContinuation<Result<[String], Problem>, Never>) {
            self.continuation = Mutex(continuation)
        }
        func resume(_ result: Result<[String], Problem>) {
            continuation.withLock { $0.take() }?.resume(returning: result)
        }
    }

    private static func resolve(_ host: String) -> Result<[String], Problem> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { return .failure(problem(code)) }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var next = list
        while let entry = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(
                entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
            {
                let address = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                if !addresses.contains(address) { addresses.append(address) }
            }
            next = entry.ai_next
        }
        return addresses.isEmpty ? .failure(.unknown) : .success(addresses)
    }

    /// `EAI_NODATA`: the name is there and has no address. The header hides it.
    private static let noData: Int32 = -5

    private static func problem(_ code: Int32) -> Problem {
        switch code {
        case EAI_NONAME, noData: .unknown
        case EAI_AGAIN, EAI_FAIL: .noAnswer
        default: .other(String(cString: gai_strerror(code)))
        }
    }
}
