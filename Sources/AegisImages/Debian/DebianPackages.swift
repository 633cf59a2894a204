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
    private let programs: Programs

    /// What is run: apt-get with its arguments in a folder, and dpkg-deb, which writes a package's files as tar.
    struct Programs {
        var aptGet:
            (_ configuration: String, _ arguments: [String], _ folder: String?) throws -> Subprocess.Outcome
        var dpkgDeb: (_ archive: String) throws -> Subprocess.Outcome
        /// Rests before a mirror is asked again, for so many seconds.
        var rest: (Double) -> Void
    }

    /// Rests between the times that lists are asked for: a mirror that is being brought up to date has lists and
    /// packages for a moment that do not fit each other.
    private static let rests = [2.0, 10.0]

    init(directory: String, architecture: String) throws {
        guard let aptGet = Subprocess.find("apt-get"), let dpkgDeb = Subprocess.find("dpkg-deb") else {
            throw ImageFailure(
                "images are made of Debian's packages, and apt-get and dpkg-deb are not here: use a Debian "
                    + "machine, or load images with aegis image load --archive")
        }
        self.init(
            directory: directory, architecture: architecture,
            Programs(
                aptGet: { configuration, arguments, folder in
                    try Subprocess.run(
                        aptGet, ["-qq"] + arguments,
                        environment: ["APT_CONFIG": configuration, "DEBIAN_FRONTEND": "noninteractive"],
                        in: folder)
                },
                dpkgDeb: { try Subprocess.run(dpkgDeb, ["--fsys-tarfile", $0]) },
                rest: { Thread.sleep(forTimeInterval: $0) }))
    }

    init(directory: String, architecture: String, _ programs: Programs) {
        self.directory = directory
        self.architecture = architecture
        self.programs = programs
        let given = ProcessInfo.processInfo.environment["AEGIS_DEBIAN_MIRROR"] ?? ""
        mirror = given.isEmpty ? "http://deb.debian.org" : given
    }

    private var archives: String { directory + "/archives" }
    private var configuration: String { directory + "/apt.conf" }
    private var stamp: String { directory + "/updated" }

    /// Fetches Debian's lists when those that are there are old.
    /// - Parameter isForced: fetches them in any case.
    /// - Returns: whether they were fetched.
    @discardableResult
    func update(isForced: Bool = false) throws -> Bool {
        let files = FileManager.default
        for folder in ["/state/lists/partial", "/cache/archives/partial", "/archives/partial"] {
            try files.createDirectory(atPath: directory + folder, withIntermediateDirectories: true)
        }
        let sources = sources
        try writeConfiguration()
        let path = directory + "/sources.list"
        let isSame = files.contents(atPath: path).map { Array($0) } == Array(sources.utf8)
        let time = (try? files.attributesOfItem(atPath: stamp))?[.modificationDate] as? Date
        if !isForced, isSame, let time, Date().timeIntervalSince(time) < Self.freshness { return false }
        try Data(sources.utf8).write(to: URL(fileURLWithPath: path))
        var outcome = try apt(["update"])
        for rest in Self.rests where outcome.status != 0 {
            programs.rest(rest)
            outcome = try apt(["update"])
        }
        guard outcome.status == 0 else {
            throw ImageFailure(
                "Debian's lists of packages cannot be fetched from \(mirror) (\(outcome.reason)): is there a "
                    + "network? another mirror can be named in AEGIS_DEBIAN_MIRROR")
        }
        try Data().write(to: URL(fileURLWithPath: stamp))
        return true
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
        try programs.aptGet(configuration, arguments, folder)
    }

    /// Packages with all that they depend on, in order of name, once they are here. Lists that are some hours old
    /// may name files which the mirror has replaced since: then they are fetched anew, and the packages with them.
    /// - Parameters:
    ///   - without: patterns of packages that are left out, see `Glob.isExcluded`.
    ///   - known: names of packages that are not needed.
    ///   - isForced: fetches the lists in any case.
    func obtain(
        _ names: [String], without: [String], known: Set<String>, isForced: Bool,
        progress: (_ done: Int, _ packages: [Package]) -> Void
    ) throws -> [Package] {
        func obtain() throws -> [Package] {
            let packages = try resolve(names, without: without).filter { !known.contains($0.name) }
            try fetch(packages) { done, _ in progress(done, packages) }
            return packages
        }
        let isFresh = try update(isForced: isForced)
        do { return try obtain() } catch let failure as ImageFailure {
            if isFresh { throw failure }
            try update(isForced: true)
            return try obtain()
        }
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

    /// The files of a fetched package. Its scripts are left out. One that is damaged is fetched again, once.
    func contents(_ package: Package) throws -> FileTree {
        let archive = archives + "/" + package.file
        var outcome = try programs.dpkgDeb(archive)
        if outcome.status != 0 {
            try? FileManager.default.removeItem(atPath: archive)
            try fetch([package]) { _, _ in }
            outcome = try programs.dpkgDeb(archive)
        }
        guard outcome.status == 0 else {
            try? FileManager.default.removeItem(atPath: archive)
            throw ImageFailure("\(package.file) from \(mirror) is damaged: \(outcome.reason)")
        }
        var tree = try TarReader.read(outcome.output)
        // The merged layout has links there.
        for name in FileTree.merged { tree.remove(name) }
        return tree
    }

    /// Removes fetched packages that no image has any more.
    /// - Parameter used: by name and version, as `name=version`.
    static func prune(_ directory: String, but used: Set<String>) throws {
        let files = FileManager.default
        let archives = directory + "/archives"
        guard files.fileExists(atPath: archives) else { return }
        for file in try files.contentsOfDirectory(atPath: archives) where file.hasSuffix(".deb") {
            guard let package = package("'' \(file) 0"), !used.contains("\(package.name)=\(package.version)")
            else { continue }
            try files.removeItem(atPath: archives + "/" + file)
        }
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
