import Foundation
import JSON
import Testing

/// `notify.sendmail`: a real program takes the message, and another's MIME parser (Python's) reads it.
@Suite struct `Mail` {
    /// Writes down how it was called and what it was given.
    private static let takes = "#!/bin/sh\necho \"$@\" > \"$0.args\"\nexec cat > \"$0.mail\"\n"
    private static let reads = """
        import email, email.policy, json, sys
        mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
        parts = [part for part in mail.walk() if not part.is_multipart()]
        print(json.dumps({
            "headers": mail.keys(), "subject": mail["subject"], "to": mail["to"], "from": mail["from"] or "",
            "auto": mail["auto-submitted"], "defects": [str(d) for part in mail.walk() for d in part.defects],
            "types": [part.get_content_type() for part in parts],
            "names": [part.get_filename() or "" for part in parts],
            "texts": [part.get_content() for part in parts],
            "longest": max(len(line) for line in open(sys.argv[1], "rb").read().split(b"\\n")),
        }))
        """

    private func night(_ more: String, source: String = "okta", program: String = Self.takes) throws -> Night {
        let night = try Night(source: source)
        try night.folder.write("sendmail", program)
        chmod(night.folder.path("sendmail"), 0o755)
        let configuration = try night.folder.read("popl-sync.yaml")
        try night.folder.write(
            "popl-sync.yaml",
            configuration
                + "notify: [ { program: \(night.folder.path("sendmail")), on: [change, hold, failure], \(more) } ]\n")
        return night
    }

    private func mail(_ folder: ProgramFolder) throws -> JSONValue {
        try folder.write("read.py", Self.reads)
        let run = try folder.start(command: ["/usr/bin/python3", folder.path("read.py"), folder.path("sendmail.mail")])
            .end()
        try #require(run.exit == 0, "\(run.err)")
        return try JSON.parse(run.out)
    }

    @Test func `is one part of text, to whom it was asked for`() throws {
        let night = try night("sendmail: [it@example.com, hr@example.com], from: popl@example.com")
        let run = try night.sync()
        #expect(run.exit == 0 && !run.err.contains("not told"), "\(run.err)")
        #expect(try night.folder.read("sendmail.args") == "-t -i\n")
        let mail = try mail(night.folder)
        #expect(
            mail["headers"]?.array?.compactMap(\.string) == [
                "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
                "Content-Transfer-Encoding",
            ])
        #expect(mail["to"]?.string == "it@example.com, hr@example.com")
        #expect(mail["from"]?.string == "popl@example.com")
        #expect(mail["subject"]?.string == "popl-sync sync acme/okta: done")
        #expect(mail["auto"]?.string == "auto-generated")
        #expect(mail["defects"]?.array?.isEmpty == true)
        let text = mail["texts"]?.array?.first?.string ?? ""
        #expect(text.contains("Planned: 3 members to create\nOutcome: 3 applied\n"))
        #expect(!text.contains("acme.example"))
    }

    @Test func `has the report as a page where it is asked for, held ones too`() throws {
        let night = try night("sendmail: it@example.com, attach: html")
        #expect(try night.sync().exit == 0)
        try night.export([1])
        #expect(try night.sync().exit == 3)
        let mail = try mail(night.folder)
        #expect(mail["types"]?.array?.compactMap(\.string) == ["text/plain", "text/html"])
        #expect(mail["names"]?.array?.last?.string?.hasPrefix("popl-sync-2026") == true)
        #expect(mail["defects"]?.array?.isEmpty == true)
        let page = mail["texts"]?.array?.last?.string ?? ""
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
        #expect(page.contains("p2@acme.example"))
        let text = mail["texts"]?.array?.first?.string ?? ""
        #expect(text.contains("The guard deactivations holds the plan: 2, limit 1."))
        #expect(text.contains("--accept deactivations=2"))
    }

    @Test func `has a page in which digests stand for people, where privacy asks for that`() throws {
        let night = try night("sendmail: it@example.com, attach: html, names: true")
        try night.folder.write("popl-sync.yaml", try night.folder.read("popl-sync.yaml") + "privacy: hashed\n")
        #expect(try night.sync().exit == 0)
        let texts = try mail(night.folder)["texts"]?.array?.compactMap(\.string).joined() ?? ""
        #expect(texts.contains("hmac:"))
        #expect(!texts.contains("p1@acme.example") && !texts.contains("Pat"))
    }

    /// Whatever a name holds, it stays within its header and its line.
    @Test(arguments: [
        "x\\r\\nBcc: eve@example.com", "x\\n\\nbody", "=?utf-8?Q?x?=", "žluťoučký kůň 🐴 příliš úpěl ďábelské ódy",
        String(repeating: "long", count: 400),
    ])
    func `lets no name into another header`(source: String) throws {
        let night = try night("sendmail: it@example.com", source: source)
        let run = try night.sync()
        #expect(run.exit == 0, "\(run.err)")
        let mail = try mail(night.folder)
        let headers = mail["headers"]?.array?.compactMap(\.string) ?? []
        #expect(headers.count == 8 && !headers.contains("Bcc"))
        #expect(mail["defects"]?.array?.isEmpty == true)
        #expect(mail["longest"]?.integer ?? .max < 998)
        let name = source.replacing("\\r", with: #"\r"#).replacing("\\n", with: #"\n"#)
        #expect(mail["subject"]?.string == "popl-sync sync acme/\(name): done")
    }

    @Test(arguments: [
        ("#!/bin/sh\nexit 75\n", "ended with 75"), ("#!/bin/sh\nkill -9 $$\n", "ended with 9"),
        ("not a program", "cannot be started"),
    ])
    func `that cannot be sent is a warning`(program: String, reason: String) throws {
        let run = try night("sendmail: it@example.com", program: program).sync()
        #expect(run.exit == 0)
        #expect(run.err.contains("not told reason=\(reason) target=sendmail /"), "\(run.err)")
    }

    /// A large page waits in a file, not in a pipe that nobody empties.
    @Test func `is not waited for by a run whose mail program does not read it`() throws {
        let run = try night("sendmail: it@example.com, attach: html", program: "#!/bin/sh\nexit 0\n").sync()
        #expect(run.exit == 0 && !run.err.contains("not told"), "\(run.err)")
    }
}
