import Foundation
import JSON
import TestSupport
import Testing

extension ProgramFolder {
    /// Makes the team acme in popl.sqlite, and issues it a token.
    func teamWithToken() throws -> (id: String, token: String) {
        #expect(try run("team create acme --database popl.sqlite").exit == 0)
        let issued = try JSON.parse(run("token issue --team acme --database popl.sqlite --format json").out)
        return (try #require(issued["id"]?.string), try #require(issued["token"]?.string))
    }

    /// Starts our own service, and waits until it says at which URL it is.
    func serving(_ arguments: [String]) async throws -> (program: RunningProgram, url: String) {
        try await said(["Serving SCIM at "], by: start(arguments))
    }

    /// Starts `scim2-server` of PyPI, which `.ci/setup conformance` installs; without a token it lets everybody in.
    func foreignService(token: String?) async throws -> (program: RunningProgram, url: String) {
        let command = Self.root.appending(path: ".build/conformance/bin/scim2-server").path
        try #require(
            FileManager.default.isExecutableFile(atPath: command),
            "The conformance tools are missing: run .ci/setup conformance, or make test.")
        let port = try Self.freePort()
        let arguments = [command, "--port", "\(port)"] + (token.map { ["--bearer-token", $0] } ?? [])
        let (program, url) = try await said(["Serving SCIM on "], by: start(command: arguments))
        return (program, url + "/")
    }

    struct NotServing: Error { let what: String }

    /// What `program` says behind one of `words` at the beginning of a line.
    func said(_ words: [String], by program: RunningProgram) async throws -> (program: RunningProgram, url: String) {
        var said: String?
        try? await Eventually.holds("it says where it serves") {
            let lines = program.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            said =
                words.lazy.compactMap { words in
                    lines.first { $0.hasPrefix(words) }.map { String($0.dropFirst(words.count)) }
                }.first
            return said != nil || !program.process.isRunning
        }
        if let said { return (program, said) }
        program.signal(SIGKILL)
        let run = try program.end()
        throw NotServing(what: run.out + run.err)
    }

    /// One that nobody has at this moment.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isBound)
        return Int(in_port_t(bigEndian: address.sin_port))
    }
}
