/// A stretch of an input as UTF-8 in memory of its own, which grows only when one record does not fit.
final class Chunk {
    // A chunk is one thread's at a time, and nothing in it is read while it is written.
    @exclusivity(unchecked) private(set) var base: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private(set) var capacity: Int
    /// Valid UTF-8, whole sequences only.
    @exclusivity(unchecked) var count = 0
    /// Where `base` lies in the file, in bytes as they lie on the disk.
    @exclusivity(unchecked) var fileOffset = 0
    /// How a position here becomes one in the file.
    @exclusivity(unchecked) var encoding = SourceEncoding.utf8
    @exclusivity(unchecked) private var known = (position: 0, offset: 0)

    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    var end: UnsafePointer<UInt8> { UnsafePointer(base + count) }

    /// Makes room for `more` bytes after those that are there.
    func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: count + more)
        grown.update(from: base, count: count)
        base.deallocate()
        base = grown
        capacity = count + more
    }

    /// Begins again with what stands from `position` on in `other` (or here), as nothing else is needed any more.
    func restart(with other: Chunk, from position: Int) {
        let rest = other.count - position
        fileOffset = other.offset(at: position)
        encoding = other.encoding
        known = (0, fileOffset)
        if other !== self {
            count = 0
            reserve(rest)
        }
        if rest > 0 { base.update(from: other.base + position, count: rest) }
        count = rest
    }

    /// Begins with nothing, at a place in the file.
    func restart(at offset: Int, encoding: SourceEncoding) {
        count = 0
        fileOffset = offset
        self.encoding = encoding
        known = (0, offset)
    }

    /// Where in the file the byte at `position` comes from.
    @inline(__always)
    func offset(at position: Int) -> Int {
        encoding == .utf8 ? fileOffset &+ position : offsetBeforeTranscoding(position)
    }

    private func offsetBeforeTranscoding(_ position: Int) -> Int {
        if position < known.position { known = (0, fileOffset) }
        var offset = known.offset
        for index in known.position..<position { offset += encoding.width(leading: base[index]) }
        known = (position, offset)
        return offset
    }

    func lines(upTo position: Int) -> Int {
        var lines = 0
        for index in 0..<position where base[index] == 0x0A { lines += 1 }
        return lines
    }
}

extension SourceEncoding {
    /// How many bytes of the file the UTF-8 sequence that begins with `byte` came from; 0 for its other bytes.
    fileprivate func width(leading byte: UInt8) -> Int {
        guard byte & 0xC0 != 0x80 else { return 0 }
        return switch self {
        case .utf8: byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        case .utf16LE, .utf16BE: byte < 0xF0 ? 2 : 4
        case .windows1252, .latin1: 1
        }
    }
}
