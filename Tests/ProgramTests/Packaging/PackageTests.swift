import Foundation
import Testing

@Suite(.serialized) struct `Debian package` {
    private let package: DebianPackage

    init() throws { package = try DebianPackage.built.get() }

    @Test func `holds the program, its units, its manual, its completions and its documents`() throws {
        let contents = try package.ask("--contents")
        for line in contents.split(separator: "\n") { #expect(line.contains(" root/root "), "\(line)") }
        for file in [
            "usr/bin/popl-sync", "lib/systemd/system/popl-sync.service", "lib/systemd/system/popl-sync.timer",
            "lib/systemd/system/popl-sync-serve.service", "usr/share/man/man1/popl-sync.1.gz",
            "usr/share/man/man5/popl-sync.yaml.5.gz", "usr/share/bash-completion/completions/popl-sync",
            "usr/share/zsh/vendor-completions/_popl-sync", "usr/share/fish/vendor_completions.d/popl-sync.fish",
            "etc/popl-sync/popl-sync.yaml.example", "usr/share/doc/popl-sync/docs/operations.md",
            "usr/share/doc/popl-sync/copyright",
        ] {
            #expect(contents.contains(" ./\(file)\n"), "\(file)")
        }
    }

    @Test func `has the program's version, and needs the libraries that it is linked with`() throws {
        let version = try ProgramFolder().run("--version").out
        #expect(try package.ask("--field", "Version") == version)
        let needed = try package.ask("--field", "Depends")
        for library in ["libc6 (>= ", "libxml2 (>= ", "libsqlite3-0 (>= ", "libssl3 (>= "] {
            #expect(needed.contains(library), "\(needed)")
        }
    }

    /// What Package.swift names is in the program, unless it only helps the tests.
    @Test func `names the licence of every library`() throws {
        let copyright = try DocumentFolder.text("packaging/debian/copyright")
        let manifest = try DocumentFolder.text("Package.swift")
        let libraries = manifest.matches(of: /url: "[^"]*\/([^"\/]+)"/).map(\.1).filter { $0 != "swift-custom-dump" }
        #expect(libraries.count >= 10)
        for library in libraries { #expect(copyright.contains(library), "\(library)") }
    }

    @Test(
        .enabled(
            if: Machine.canBeCopied,
            "This machine cannot be copied (no root, or no overlays), so nothing was installed."))
    func `installs, plans, has a manual and completions, and leaves nothing when it is purged`() throws {
        let run = try Machine.run([], DebianPackage.script("Tests/Packaging/install"), package.path)
        #expect(run.exit == 0, "\(run.out)\n\(run.err)")
    }

    @Test(
        .enabled(if: Machine.canBoot, "No systemd of its own can run here (no root, or no control groups)."))
    func `has units that systemd starts, in their sandbox, and whose failures show`() throws {
        let run = try Machine.run(
            ["--boot"], DebianPackage.script("Tests/Packaging/night"), package.path, ProgramFolder.root.path)
        #expect(run.exit == 0, "\(run.out)\n\(run.err)")
    }

    @Test(
        .enabled(if: Machine.canBoot, "No systemd of its own can run here (no root, or no control groups)."),
        arguments: ["docs/tutorial-okta.md", "docs/tutorial-entra.md"])
    func `is all that the tutorials need`(page: String) throws {
        let run = try Machine.run(
            ["--boot"], DebianPackage.script("Tests/Packaging/tutorial"), package.path, DebianPackage.script(page))
        #expect(run.exit == 0, "\(run.out)\n\(run.err)")
    }
}
