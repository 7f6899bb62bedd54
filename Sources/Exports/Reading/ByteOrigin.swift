#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where the bytes of an input come from: a descriptor that it opens and closes, or memory.
final class ByteOrigin {
    /// Bytes handed out so far.
    private(set) var position = 0
    private let descriptor: Int32
    private let memory: [UInt8]?
    private let path: String?
    private let before: FileState?

    init(bytes: [UInt8]) {
        memory = bytes
        descriptor = -1
        path = nil
        before = nil
    }

    init(path: String, name: String) throws(Refusal) {
        memory = nil
        guard path != "-" else {
            self.path = nil
            descriptor = STDIN_FILENO
            before = FileState(descriptor: descriptor)
            return
        }
        self.path = path
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .cannotOpen(name, errno) }
        descriptor = opened
        before = FileState(descriptor: descriptor)
        if isDirectory(opened) { throw .isDirectory(name) }
    }

    deinit { if descriptor > STDERR_FILENO { close(descriptor) } }

    /// Fills `space`, or as much of it as there are bytes left: fewer than asked means the end.
    func read(into space: UnsafeMutableRawBufferPointer, name: String) throws(Refusal) -> Int {
        if let memory {
            let count = min(space.count, memory.count - position)
            space.copyBytes(from: memory[position..<(position + count)])
            position += count
            return count
        }
        var count = 0
        while count < space.count {
            let piece = readSome(UnsafeMutableRawBufferPointer(rebasing: space[count...]))
            if piece < 0 {
                if errno == EINTR { continue }
                throw .cannotRead(name, errno, byteOffset: position + count)
            }
            if piece == 0 { break }
            count += piece
        }
        position += count
        return count
    }

    private func readSome(_ space: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, space.baseAddress, space.count)
        #elseif canImport(Musl)
            Musl.read(descriptor, space.baseAddress, space.count)
        #else
            Darwin.read(descriptor, space.baseAddress, space.count)
        #endif
    }

    /// Refuses a regular file that is not what it was when it was opened: it grew, was written to, was replaced.
    func requireUnchanged(name: String) throws(Refusal) {
        guard let before else { return }
        let same = FileState(descriptor: descriptor) == before && before.size == position
        let present = path.map { FileState(path: $0) == before } ?? true
        guard same && present else { throw .changedWhileRead(name, byteOffset: position) }
    }

    /// How many LFs stand before `offset`; `nil` where the input cannot be read twice.
    func lines(before offset: Int) -> Int? {
        if let memory { return memory.prefix(offset).reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) } }
        guard before != nil else { return nil }
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { space.deallocate() }
        var at = 0
        var lines = 0
        while at < offset {
            let count = pread(descriptor, space.baseAddress, min(space.count, offset - at), off_t(at))
            guard count > 0 else { return nil }
            for byte in space[..<count] where byte == 0x0A { lines += 1 }
            at += count
        }
        return lines
    }
}

private func isDirectory(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// What says that a regular file is still the one it was.
struct FileState: Equatable {
    var device: UInt64
    var inode: UInt64
    var size: Int
    var seconds: Int
    var nanoseconds: Int

    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    private init?(_ status: stat) {
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
        size = Int(status.st_size)
        #if canImport(Darwin)
            seconds = status.st_mtimespec.tv_sec
            nanoseconds = status.st_mtimespec.tv_nsec
        #else
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        #endif
    }
}
