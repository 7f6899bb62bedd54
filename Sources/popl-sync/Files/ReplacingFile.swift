import Foundation

/// A file that appears whole or not at all: written under a temporary name in the same folder, made durable, then
/// renamed over the old one. What is not an ordinary file (`/dev/stdout`, a pipe) is written to directly.
struct ReplacingFile: ~Copyable {
    private let path: String
    /// `nil` when written directly.
    private let temporary: String?
    private let descriptor: Int32
    private var isCommitted = false

    /// `mode`: who may read it. Plans and reports hold people's names: not everybody on the machine.
    init(_ path: String, mode: mode_t = 0o640) throws {
        self.path = Self.resolved(path)
        temporary = Self.isSpecial(self.path) ? nil : Self.temporaryName(for: self.path)
        let flags = temporary == nil ? O_WRONLY | O_CLOEXEC : O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        descriptor = open(temporary ?? self.path, flags, mode)
        guard descriptor >= 0 else { throw Self.failure(path, errno, making: true) }
        // What is for everybody is so under any umask.
        if mode & 0o004 != 0, temporary != nil { fchmod(descriptor, mode) }
    }

    deinit {
        close(descriptor)
        if !isCommitted, let temporary { unlink(temporary) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        do { try writeAll(bytes, to: descriptor) } catch { throw Self.failure(path, error.code) }
    }

    func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    /// From here on the file has its name, and survives power loss.
    consuming func commit() throws {
        if let temporary {
            guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw Self.failure(path, errno) }
            isCommitted = true
            let folder = open(Self.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            if folder >= 0 {
                fsync(folder)
                close(folder)
            }
        }
    }

    /// What is missing when a file cannot be made is its folder.
    private static func failure(_ path: String, _ code: Int32, making: Bool = false) -> Failure {
        let hasNoFolder = making && code == ENOENT
        let reason = hasNoFolder ? "there is no folder \(folder(of: path))" : FileBytes.reason(code)
        let folder = Shell.quoted(folder(of: path))
        return Failure(
            .cannotWrite, code: "output-not-written",
            "\(path) cannot be written: \(reason). Whatever had that name is as it was.",
            mend: hasNoFolder
                ? "Make the folder:" : "Name a file in a folder that you may write to, with room for it. To look:",
            next: hasNoFolder ? "mkdir -p \(folder)" : "df -h \(folder) && ls -ld \(folder)")
    }

    /// A link keeps its place: what it points to is replaced.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func isSpecial(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func temporaryName(for path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? "output"
        return "\(folder(of: path))/.\(name).\(getpid()).tmp"
    }
}

/// The number that the system gave for a failed write.
struct WriteFailure: Error { var code: Int32 }

/// Writes everything, whatever pieces the system takes it in.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(WriteFailure) {
    var rest = bytes[...]
    while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, start, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw WriteFailure(code: errno) }
        rest = rest.dropFirst(count)
    }
}
