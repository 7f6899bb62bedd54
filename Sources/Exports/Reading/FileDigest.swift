import Dispatch
import Foundation
import SCIM
import Synchronization

/// SHA-256 of a file, taken on a thread of its own while the file is read: so reading is as quick as without.
///
/// It reads by a descriptor of its own. Make it before the reader opens the file: that both read the same bytes follows
/// from each of them refusing a file that is another one at the end.
final class FileDigest: Sendable {
    private let path: String
    private let before: FileState?
    private let done = DispatchGroup()
    private let hex = Mutex<String?>(nil)
    private let isCancelled = Atomic(false)

    private static let pieceBytes = 1 << 18

    init(_ path: String) {
        self.path = path
        before = FileState(path: path)
        DispatchQueue.global(qos: .userInitiated).async(group: done) { [self] in
            let digest = digest()
            hex.withLock { $0 = digest }
        }
    }

    /// Nobody wants to know any more. Returns when its thread has ended: one that outlives the program's last line finds
    /// OpenSSL taken down, and the program ends with a crash instead of its exit code.
    func cancel() {
        isCancelled.store(true, ordering: .relaxed)
        done.wait()
    }

    /// 64 lower-case hex digits; `nil` for what is no regular file, cannot be read, or changed meanwhile.
    func finish() -> String? {
        done.wait()
        return hex.withLock { $0 }
    }

    private func digest() -> String? {
        guard let before else { return nil }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let stream = SHA256Stream()
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: 64)
        defer { space.deallocate() }
        while !isCancelled.load(ordering: .relaxed) {
            let count = read(descriptor, space.baseAddress, space.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let isSame =
                    count == 0 && FileState(descriptor: descriptor) == before && FileState(path: path) == before
                return isSame ? stream.finish() : nil
            }
            stream.update(UnsafeRawBufferPointer(rebasing: space[..<count]))
        }
        return nil
    }
}
