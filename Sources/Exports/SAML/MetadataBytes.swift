import Glibc

/// Where a document's bytes come from: a file, or memory. Reads on in pieces; nothing is mapped, so that a file cut off
/// by somebody else while it is read ends early and does not kill the process.
struct MetadataBytes {
    private enum Source {
        case file(Int32)
        case memory([UInt8])
    }

    private let source: Source
    /// What was read ahead to look at the beginning.
    private(set) var head: [UInt8] = []
    private var headTaken = 0
    private var memoryTaken = 0
    /// Bytes read so far.
    private(set) var count = 0
    /// `errno` of the read that failed.
    private(set) var failure: Int32 = 0

    /// Runs `body` over the file's bytes and closes it.
    static func withFile<Result>(
        _ path: String, _ body: (inout MetadataBytes) throws(Refusal) -> Result
    ) throws(Refusal) -> Result {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw unreadable(path, EISDIR) }
        var bytes = MetadataBytes(source: .file(descriptor))
        return try body(&bytes)
    }

    init(_ memory: [UInt8]) { source = .memory(memory) }
    private init(source: Source) { self.source = source }

    static func unreadable(_ path: String, _ number: Int32) -> Refusal {
        let isMissing = number == ENOENT || number == ENOTDIR
        let why = String(cString: strerror(number))
        return Refusal(
            code: isMissing ? "file-missing" : "file-unreadable", place: Place(file: path),
            message: "\(path): \(why); \(isMissing ? "check the path" : "check its permissions").")
    }

    /// Reads ahead up to `wanted` bytes into ``head``; ``read(_:)`` gives them again.
    mutating func readHead(_ wanted: Int) {
        var buffer = [UInt8](repeating: 0, count: wanted)
        var filled = 0
        while filled < wanted {
            let got = buffer.withUnsafeMutableBytes { pull(UnsafeMutableRawBufferPointer(rebasing: $0[filled...])) }
            if got <= 0 { break }
            filled += got
        }
        head = Array(buffer[..<filled])
    }

    /// Leaves the first `bytes` of ``head`` out.
    mutating func skip(_ bytes: Int) { headTaken = bytes }

    /// Fills `buffer`; 0 at the end, negative when reading failed.
    mutating func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard failure == 0 else { return -1 }
        guard headTaken < head.count else { return pull(buffer) }
        let piece = head[headTaken..<min(head.count, headTaken + buffer.count)]
        buffer.copyBytes(from: piece)
        headTaken += piece.count
        return piece.count
    }

    private mutating func pull(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        switch source {
        case .memory(let bytes):
            let piece = bytes[memoryTaken..<min(bytes.count, memoryTaken + buffer.count)]
            buffer.copyBytes(from: piece)
            memoryTaken += piece.count
            count += piece.count
            return piece.count
        case .file(let descriptor):
            while true {
                let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if got >= 0 {
                    count += got
                    return got
                }
                if errno != EINTR {
                    failure = errno
                    return -1
                }
            }
        }
    }
}
