import Foundation
import KubeJSON

/// Packages of Debian, found and fetched by `apt-get` with lists and a cache of its own: the machine's own
/// packages are neither looked at nor changed, and nothing of a package is run. apt checks signatures.
struct DebianPackages {
    struct Package: Equatable {
        var name: String
        /// Of the file, as apt names it.
        var file: String
        /// As `apt-get download` takes it.
        var version: String
        /// Bytes.
        var size: Int
    }

    /// How old lists may be, in seconds.
    private static let freshness = 6 * 3_600.0
    static let suite = "bookworm"

    let directory: String
    let architecture: String
    let mirror: String
    private let aptGet: String
    private let dpkgDeb: String

    init(directory: String, architecture: String) throws {
        guard let aptGet = Subprocess.find("apt-get"), let dpkgDeb = Subprocess.find("dpkg-deb") else {
            throw ImageFailure(
                "images are made of Debian's packages, and apt-get and dpkg-deb are not here: use a Debian "
                    + "machine, or load images with aegis image load --archive")
        }
        self.directory = directory
        self.architecture = architecture
        self.aptGet = aptGet
        self.dpkgDeb = dpkgDeb
        let given = ProcessInfo.processInfo.environment["AEGIS_DEBIAN_MIRROR"] ?? ""
        mirror = given.isEmpty ? "http://deb.debian.org" : given
    }

    private var archives: String { directory + "/archives" }
    private var configuration: String { directory + "/apt.conf" }
    private var stamp: String { directory + "/updated" }

    /// Fetches Debian's lists when those that are there are old.
    /// - Parameter isForced: fetches them in any case.
    func update(isForced: Bool = false) throws {
        let files = FileManager.default
        for folder in ["/state/lists/partial", "/cache/archives/partial", "/archives/partial"] {
            try files.createDirectory(atPath: directory + folder, withIntermediateDirectories: true)
        }
        let sources = sources
        try writeConfiguration()
        let path = directory + "/sources.list"
        let isSame = files.contents(atPath: path).map { Array($0) } == Array(sources.utf8)
        let time = (try? files.attributesOfItem(atPath: stamp))?[.modificationDate] as? Date
        if !isForced, isSame, let time, Date().timeIntervalSince(time) < Self.freshness { return }
        try Data(sources.utf8).write(to: URL(fileURLWithPath: path))
        let outcome = try apt(["update"])
        guard outcome.status == 0 else {
            throw ImageFailure(
                "Debian's lists of packages cannot be fetched from \(mirror) (\(outcome.reason)): is there a "
                    + "network? another mirror can be named in AEGIS_DEBIAN_MIRROR")
        }
        try Data().write(to: URL(fileURLWithPath: stamp))
    }

    private var sources: String {
        let keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
        let option = FileManager.default.fileExists(atPath: keys) ? " [signed-by=\(keys)]" : ""
        return """
            deb\(option) \(mirror)/debian \(Self.suite) main
            deb\(option) \(mirror)/debian \(Self.suite)-updates main
            deb\(option) \(mirror)/debian-security \(Self.suite)-security main

            """
    }

    /// apt's configuration: how the machine reaches the network, and nothing else of its own.
    private func writeConfiguration() throws {
        var lines: [String] = []
        if let program = Subprocess.find("apt-config") {
            let outcome = try Subprocess.run(program, ["dump"])
            lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
                .filter { $0.hasPrefix("Acquire::") }.map(String.init)
        }
        try Data().write(to: URL(fileURLWithPath: directory + "/status"))
        for (key, value) in [
            ("Dir::Etc::main", "/dev/null"), ("Dir::Etc::parts", "/dev/null"),
            ("Dir::Etc::sourcelist", directory + "/sources.list"), ("Dir::Etc::sourceparts", "/dev/null"),
            ("Dir::Etc::preferences", "/dev/null"), ("Dir::Etc::preferencesparts", "/dev/null"),
            ("Dir::State", directory + "/state"), ("Dir::State::status", directory + "/status"),
            ("Dir::Cache", directory + "/cache"), ("Dir::Cache::pkgcache", ""),
            ("Dir::Cache::srcpkgcache", ""), ("APT::Architecture", architecture),
            ("APT::Architectures", architecture), ("APT::Install-Recommends", "false"),
            ("APT::Sandbox::User", ""), ("APT::Update::Error-Mode", "any"), ("Acquire::Languages", "none"),
            ("Acquire::Retries", "3"), ("Acquire::http::Timeout", "30"),
        ] {
            lines.append("\(key) \"\(value)\";")
        }
        try Data(lines.joined(separator: "\n").utf8 + [10]).write(to: URL(fileURLWithPath: configuration))
    }

    private func apt(_ arguments: [String], in folder: String? = nil) throws -> Subprocess.Outcome {
        try Subprocess.run(
            aptGet, ["-qq"] + arguments,
            environment: ["APT_CONFIG": configuration, "DEBIAN_FRONTEND": "noninteractive"], in: folder)
    }

    /// Packages with all that they depend on, in order of name.
    /// - Parameter without: patterns of packages that are left out, see `Glob.isExcluded`.
    func resolve(_ names: [String], without: [String]) throws -> [Package] {
        guard !names.isEmpty else { return [] }
        let outcome = try apt(["--print-uris", "-y", "install"] + names)
        guard outcome.status == 0 else {
            throw ImageFailure(
                "Debian \(Self.suite) has no \(names.joined(separator: ", ")): \(outcome.reason)")
        }
        return String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
            .compactMap { Self.package(String($0)) }
            .filter { package in !Glob.isExcluded(package.name, by: without) }
            .sorted { utf8Less($0.name, $1.name) }
    }

    /// A line such as `'http://…/libc6_2.36-9_amd64.deb' libc6_2.36-9_amd64.deb 2759320 MD5Sum:…`.
    static func package(_ line: String) -> Package? {
        let words = line.split(separator: " ").map(String.init)
        guard words.count >= 3, words[0].hasPrefix("'"), let size = Int(words[2]) else { return nil }
        let parts = words[1].split(separator: "_")
        guard parts.count == 3, words[1].hasSuffix(".deb") else { return nil }
        return Package(
            name: String(parts[0]), file: words[1], version: String(parts[1]).replacing("%3a", with: ":"),
            size: size)
    }

    /// Fetches what is not there yet.
    func fetch(_ packages: [Package], progress: (_ done: Int, _ bytes: Int) -> Void) throws {
        let files = FileManager.default
        let missing = packages.filter { !files.fileExists(atPath: archives + "/" + $0.file) }
        var bytes = 0
        var done = packages.count - missing.count
        progress(done, bytes)
        // A few at a time: what an interruption finds done is not fetched again.
        var rest = missing[...]
        while !rest.isEmpty {
            let batch = rest.prefix(12)
            rest = rest.dropFirst(12)
            let partial = archives + "/partial"
            let outcome = try apt(["download"] + batch.map { "\($0.name)=\($0.version)" }, in: partial)
            guard outcome.status == 0 else {
                throw ImageFailure("packages cannot be fetched from \(mirror): \(outcome.reason)")
            }
            for package in batch {
                try files.moveItem(
                    atPath: partial + "/" + package.file, toPath: archives + "/" + package.file)
                bytes += package.size
            }
            done += batch.count
            progress(done, bytes)
        }
    }

    /// The files of a fetched package. Its scripts are left out.
    func contents(_ package: Package) throws -> FileTree {
        let outcome = try Subprocess.run(dpkgDeb, ["--fsys-tarfile", archives + "/" + package.file])
        guard outcome.status == 0 else {
            try? FileManager.default.removeItem(atPath: archives + "/" + package.file)
            throw ImageFailure("\(package.file) is damaged and was removed: run it again (\(outcome.reason))")
        }
        var tree = try TarReader.read(outcome.output)
        // The merged layout has links there.
        for name in FileTree.merged { tree.remove(name) }
        return tree
    }

    /// What Debian calls this machine's architecture.
    static var architecture: String {
        #if arch(arm64)
            "arm64"
        #else
            "amd64"
        #endif
    }
}
