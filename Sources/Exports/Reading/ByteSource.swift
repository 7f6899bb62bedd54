import CScan

/// One input, read from its first byte to its last exactly once, as UTF-8.
///
/// A byte order mark decides the encoding and is taken off; without one the source's own word counts, and without that
/// the text must be UTF-8. Nothing is ever decoded with replacement characters (idp-exports.md §6.1). Whatever is
/// handed out was checked; memory is one piece, however long the input is.
package final class ByteSource {
    /// As places in diagnostics name it.
    package let name: String
    /// How many bytes are read at a time.
    package let pieceBytes: Int
    package let encoding: SourceEncoding
    /// Bytes of the file that were read so far.
    package var bytesRead: Int { origin.position }

    private let origin: ByteOrigin
    /// The first bytes, read early to see what they are, as far as they are not decoded yet.
    private var head: ArraySlice<UInt8>
    /// The start of a sequence that the last piece cut.
    private var pending: [UInt8] = []
    /// Decoded and only looked at so far.
    private var ahead: Chunk?
    private let markBytes: Int
    private var isAtEnd = false
    private var raw: UnsafeMutableRawBufferPointer?

    /// - Parameters:
    ///   - path: a regular file, a pipe, or `-` for standard input.
    ///   - encoding: what the source says, for files without a byte order mark.
    package convenience init(
        path: String, name: String? = nil, encoding: SourceEncoding? = nil, pieceBytes: Int = 1 << 20
    ) throws(Refusal) {
        let name = name ?? (path == "-" ? "standard input" : path)
        try self.init(
            origin: ByteOrigin(path: path, name: name), name: name, encoding: encoding, pieceBytes: pieceBytes)
    }

    /// An input that lies in memory already.
    package convenience init(
        bytes: [UInt8], name: String, encoding: SourceEncoding? = nil, pieceBytes: Int = 1 << 20
    ) throws(Refusal) {
        try self.init(origin: ByteOrigin(bytes: bytes), name: name, encoding: encoding, pieceBytes: pieceBytes)
    }

    private init(origin: ByteOrigin, name: String, encoding: SourceEncoding?, pieceBytes: Int) throws(Refusal) {
        precondition(pieceBytes > 0)
        self.origin = origin
        self.name = name
        self.pieceBytes = pieceBytes
        var head = [UInt8](repeating: 0, count: 1024)
        let count = try head.withUnsafeMutableBytes { raw -> Result<Int, Refusal> in
            Result { () throws(Refusal) in try origin.read(into: raw, name: name) }
        }.get()
        head.removeSubrange(count...)
        let mark = SourceEncoding.mark(of: head)
        self.encoding = mark?.encoding ?? encoding ?? .utf8
        markBytes = mark?.bytes ?? 0
        self.head = head[markBytes...]
        guard head.count > markBytes else { throw .emptyFile(name) }
        if let what = Signature.binary(head) { throw .binary(name, what) }
        if mark == nil, encoding == nil, let guess = SourceEncoding.widePattern(of: head) {
            throw .wideWithoutMark(name, guess)
        }
        if !self.encoding.isWide, Signature.isNoText(head) { throw .binary(name, .notText) }
    }

    deinit { raw?.deallocate() }

    /// The first bytes of what comes next, `count` of them or as many as there are, without consuming them. Good until
    /// the next call on this source.
    package func peek(_ count: Int) throws(Refusal) -> UnsafeRawBufferPointer {
        let chunk = ahead ?? Chunk(capacity: pieceBytes)
        if ahead == nil { begin(chunk) }
        ahead = chunk
        while chunk.count < count, try decode(into: chunk, atLeast: count - chunk.count) {}
        return UnsafeRawBufferPointer(start: chunk.base, count: min(count, chunk.count))
    }

    /// Refuses a web page or XML document that was saved under an export's name.
    package func refuseMarkup() throws(Refusal) {
        if let what = Signature.markup(try peek(256)) { throw .markup(name, what) }
    }

    /// Empties the chunk that the first ``fill(_:atLeast:)`` goes to.
    func begin(_ chunk: Chunk) { chunk.restart(at: markBytes, encoding: encoding) }

    /// Appends to `chunk` what comes next, a piece or `atLeast` bytes; false when there is nothing more.
    func fill(_ chunk: Chunk, atLeast: Int = 0) throws(Refusal) -> Bool {
        guard let waiting = ahead else { return try decode(into: chunk, atLeast: atLeast) }
        ahead = nil
        chunk.reserve(waiting.count)
        (chunk.base + chunk.count).update(from: waiting.base, count: waiting.count)
        chunk.count += waiting.count
        return waiting.count > 0 ? true : try decode(into: chunk, atLeast: atLeast)
    }

    private func decode(into chunk: Chunk, atLeast: Int) throws(Refusal) -> Bool {
        let before = chunk.count
        while !isAtEnd, chunk.count == before {
            let size = max(pieceBytes, atLeast)
            if encoding == .utf8 {
                try decodeUTF8(into: chunk, size)
            } else {
                try transcode(into: chunk, size)
            }
        }
        return chunk.count > before
    }

    private func decodeUTF8(into chunk: Chunk, _ size: Int) throws(Refusal) {
        chunk.reserve(pending.count + size)
        let start = chunk.base + chunk.count
        start.update(from: pending, count: pending.count)
        let space = UnsafeMutableRawBufferPointer(start: start + pending.count, count: size)
        let read = try readPiece(into: space)
        let total = pending.count + read
        var cut: Int32 = 0
        let valid = popl_utf8_valid_prefix(start, total, &cut)
        guard valid == total || (cut != 0 && !isAtEnd) else {
            throw .notUTF8(name, byteOffset: chunk.offset(at: chunk.count + valid), line: line(of: chunk, valid))
        }
        pending = valid == total ? [] : Array(UnsafeBufferPointer(start: start + valid, count: total - valid))
        chunk.count += valid
    }

    private func transcode(into chunk: Chunk, _ size: Int) throws(Refusal) {
        let raw = rawBuffer(pending.count + size)
        raw.copyBytes(from: pending)
        let space = UnsafeMutableRawBufferPointer(rebasing: raw[pending.count..<(pending.count + size)])
        let read = try readPiece(into: space)
        let total = pending.count + read
        // The widest growth: two bytes of UTF-16, or one of windows-1252, become three.
        chunk.reserve(3 * total)
        let before = chunk.count
        let input = UnsafeRawBufferPointer(rebasing: raw[..<total])
        let (used, written, failed) = Transcoder.decode(input, encoding, into: chunk.base + before)
        chunk.count += written
        guard !failed, used == total || !isAtEnd else {
            throw .notInEncoding(
                name, encoding, byteOffset: chunk.offset(at: chunk.count), line: line(of: chunk, written))
        }
        pending = Array(input[used...])
    }

    private func rawBuffer(_ count: Int) -> UnsafeMutableRawBufferPointer {
        if let raw, raw.count >= count { return raw }
        raw?.deallocate()
        let fresh = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        raw = fresh
        return fresh
    }

    private func readPiece(into space: UnsafeMutableRawBufferPointer) throws(Refusal) -> Int {
        let early = head.prefix(space.count)
        space.copyBytes(from: early)
        head = head.dropFirst(early.count)
        let rest = UnsafeMutableRawBufferPointer(rebasing: space[early.count...])
        let count = rest.isEmpty ? 0 : try origin.read(into: rest, name: name)
        if count < rest.count {
            isAtEnd = true
            try origin.requireUnchanged(name: name)
        }
        return early.count + count
    }

    /// The line of a byte that could not be decoded; found by reading the input again, since nobody counts lines while
    /// all goes well.
    private func line(of chunk: Chunk, _ appended: Int) -> Int? {
        guard encoding == .utf8 else { return nil }
        return origin.lines(before: chunk.fileOffset + chunk.count + appended).map { $0 + 1 }
    }
}
