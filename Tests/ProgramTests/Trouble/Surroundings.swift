import Foundation

/// A disk that is all but full, seen by one program only.
enum Disk {
    static let canBeMounted = {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "unshare -m mount -t tmpfs tmpfs /mnt"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// Runs a program with `kibibytes` of disk at `disk`, on which the file `name` of the folder is (an old text, when there
    /// is none), and brings back what is there then.
    static func full(keeping name: String, kibibytes: Int = 300) -> [String] {
        let script = """
            mkdir disk && mount -t tmpfs -o size=\(kibibytes)k tmpfs disk || exit 99
            [ -e \(name) ] || echo "the old one" > \(name)
            cp \(name) disk && rm \(name)
            case \(name) in *.plan) dd if=/dev/zero of=disk/filler bs=4096 2>/dev/null ;; esac
            "$@"; code=$?
            rm -f disk/filler && cp -a disk/. . && umount disk && rmdir disk
            exit $code
            """
        return ["/usr/bin/unshare", "-m", "/bin/sh", "-c", script, "sh"]
    }
}

/// Root may write anywhere; some tests need somebody who may not.
enum User {
    static let ordinary =
        geteuid() == 0 ? ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
}
