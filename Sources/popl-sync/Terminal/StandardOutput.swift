import Foundation

/// stdout: the result and nothing else.
enum StandardOutput {
    /// A reader that went away (`popl-sync roster | head`) ends the output, not the command's meaning: it returns
    /// `false` and the rest need not be made. Anything else that cannot be written is exit 73.
    @discardableResult static func write(_ bytes: UnsafeRawBufferPointer) throws -> Bool {
        do {
            try writeAll(bytes, to: STDOUT_FILENO)
            return true
        } catch  where error.code == EPIPE {
            return false
        } catch {
            throw Failure(
                .cannotWrite, code: "output-not-written",
                "The result cannot be written to the standard output: \(FileBytes.reason(error.code)).")
        }
    }

    @discardableResult static func write(_ text: String) throws -> Bool {
        var text = text
        return try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    @discardableResult static func write(bytes: [UInt8]) throws -> Bool {
        try bytes.withUnsafeBytes { try write($0) }
    }

    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}

/// stderr: progress, log, errors. That it cannot be written is nobody's concern.
enum StandardError {
    static func write(_ text: String) {
        var text = text
        text.withUTF8 { try? writeAll(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
    }

    static func write(line: [UInt8]) {
        (line + [UInt8(ascii: "\n")]).withUnsafeBytes { try? writeAll($0, to: STDERR_FILENO) }
    }

    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// How wide the terminal is; `nil` where there is none.
    static var columns: Int? {
        var size = winsize()
        guard isTerminal else { return nil }
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col >= 20 ? Int(size.ws_col) : 80
    }
}
