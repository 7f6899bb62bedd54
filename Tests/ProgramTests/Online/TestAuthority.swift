import Foundation
import Testing

/// An authority of a test's own, with the certificates that it issues, in a test's folder.
struct TestAuthority {
    let folder: ProgramFolder
    let name: String

    init(_ folder: ProgramFolder, name: String = "authority") throws {
        self.folder = folder
        self.name = name
        try openssl("req -x509 \(Self.key) -keyout \(name).key -out \(name).pem -subj /CN=\(name) -days 30")
    }

    /// `NAME.pem` and `NAME.key`, for `host`, ending `days` from now.
    func issue(_ certificate: String, host: String = "localhost", days: Int = 20) throws {
        try openssl("req -new \(Self.key) -keyout \(certificate).key -out \(certificate).csr -subj /CN=\(certificate)")
        try folder.write("\(certificate).ext", "subjectAltName=DNS:\(host)\n")
        try openssl(
            "x509 -req -in \(certificate).csr -CA \(name).pem -CAkey \(name).key -CAcreateserial "
                + "-extfile \(certificate).ext -days \(days) -out \(certificate).pem")
    }

    private static let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"

    private func openssl(_ words: String) throws {
        let run = try folder.start(command: ["/usr/bin/openssl"] + words.split(separator: " ").map(String.init)).end()
        try #require(run.exit == 0, "openssl \(words)\n\(run.err)")
    }
}
