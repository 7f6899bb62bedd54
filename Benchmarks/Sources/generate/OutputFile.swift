import Glibc

/// A file being written from front to back through one buffer, since a gigabyte passes here a few bytes at a time.
final class OutputFile {
    private static let capacity = 1 << 20
    private let descriptor: Int32
    private let path: String
    private let buffer = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    private var used = 0
    private var flushed = 0

    /// Bytes written so far, buffered ones included.
    var count: Int { flushed + used }

    init(path: String) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        if descriptor < 0 { fail("cannot write \(path): \(String(cString: strerror(errno)))") }
    }

    deinit { buffer.deallocate() }

    func write(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count <= Self.capacity)
        if used + bytes.count > Self.capacity { flush() }
        guard let start = bytes.baseAddress else { return }
        memcpy(buffer + used, start, bytes.count)
        used += bytes.count
    }

    func write(_ text: StaticString) {
        write(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes(write) }

    func write(byte: UInt8) { withUnsafeBytes(of: byte, write) }

    /// In decimal, with leading zeros up to `width`.
    func write(_ number: Int, width: Int = 1) {
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { space in
            var start = space.count
            var rest = number
            repeat {
                start -= 1
                space[start] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0 || space.count - start < width
            write(UnsafeRawBufferPointer(rebasing: space[start...]))
        }
    }

    /// The low `digits` hexadecimal digits.
    func write(hexadecimal number: UInt64, digits: Int) {
        var text: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &text) { space in
            for index in 0..<digits {
                let nibble = UInt8(truncatingIfNeeded: number >> UInt64(4 * (digits - 1 - index))) & 15
                space[index] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
            }
            write(UnsafeRawBufferPointer(rebasing: space[..<digits]))
        }
    }

    /// A field of a CSV file, quoted only where RFC 4180 asks for it.
    func write(csv field: [UInt8]) {
        guard field.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else {
            return write(field)
        }
        write(byte: 0x22)
        for byte in field {
            if byte == 0x22 { write(byte: 0x22) }
            write(byte: byte)
        }
        write(byte: 0x22)
    }

    /// A string of a JSON document, quotes included.
    func write(json string: [UInt8]) {
        write(byte: 0x22)
        if string.contains(where: { $0 == 0x22 || $0 == 0x5C || $0 < 0x20 }) {
            for byte in string {
                switch byte {
                case 0x0A: write("\\n")
                case 0x0D: write("\\r")
                case 0x22, 0x5C:
                    write(byte: 0x5C)
                    write(byte: byte)
                default: write(byte: byte)
                }
            }
        } else {
            write(string)
        }
        write(byte: 0x22)
    }

    func close() {
        flush()
        if Glibc.close(descriptor) != 0 { fail("cannot write \(path): \(String(cString: strerror(errno)))") }
    }

    private func flush() {
        var start = 0
        while start < used {
            let written = Glibc.write(descriptor, buffer + start, used - start)
            if written < 0 { fail("cannot write \(path): \(String(cString: strerror(errno)))") }
            start += written
        }
        flushed += used
        used = 0
    }
}

func fail(_ message: String) -> Never {
    let line = Array("generate: \(message)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(1)
}
