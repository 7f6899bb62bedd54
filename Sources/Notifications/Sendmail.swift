import Foundation

/// Hands mail to the machine's own mail program, as `sendmail -t -i` is spoken to: Postfix, Exim, msmtp and others bring
/// it. Who gets the message stands in its head.
package struct Sendmail: Sendable {
    /// How long the program may take; some deliver at once, over the network.
    package static let seconds = 30

    private let program: String

    package init(program: String) { self.program = program }

    /// Blocks until the program has taken the message, or ends it.
    package func send(_ mail: Mail) throws(Hooks.NotTold) {
        let message: FileHandle
        do { message = try Self.spooled(mail.bytes) } catch {
            throw Hooks.NotTold(reason: "cannot be handed over: no temporary file can be written")
        }
        defer { try? message.close() }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = ["-t", "-i"]
        process.standardInput = message
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        do { try process.run() } catch { throw Hooks.NotTold(reason: "cannot be started") }
        if ended.wait(timeout: .now() + .seconds(Self.seconds)) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
            throw Hooks.NotTold(reason: "did not end within \(Self.seconds) s")
        }
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw Hooks.NotTold(reason: "ended with \(process.terminationStatus)")
        }
    }

    /// A file that has no name any more: the program may read it as slowly as it likes, and nobody else can.
    private static func spooled(_ bytes: [UInt8]) throws -> FileHandle {
        var name = Array((NSTemporaryDirectory() + "/popl-sync-mail.XXXXXX").utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        unlink(name)
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: Data(bytes))
        try file.seek(toOffset: 0)
        return file
    }
}
