import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs containerd under the data directory. It is a session of its own: it and the containers go on when
/// aegis ends, and are found again by the next start. One that dies is started again, each time later, up to
/// half a minute; containers do not notice.
public final class ContainerdSupervisor: Sendable {
    /// What keeps containerd from running, in one line with what to do.
    public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        public var description: String
    }

    private struct State: Sendable {
        var process: DetachedProcess?
        var watcher: Task<Void, Never>?
        var isStopping = false
        var starts = 0
    }

    public let configuration: ContainerdConfiguration
    private let program: String
    private let tell: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// - Parameter tell: told in one line what happens to containerd.
    /// - Throws: `Failure` when a program that is needed is missing.
    public init(
        _ configuration: ContainerdConfiguration, tell: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        var configuration = configuration
        if !Self.mayLowerMemoryScores() { configuration.lowersMemoryScores = false }
        self.configuration = configuration
        self.tell = tell
        program = try Self.findPrograms()
    }

    /// - Returns: the path of containerd.
    /// - Throws: `Failure` when it, its shim or runc is missing.
    @discardableResult
    public static func findPrograms() throws -> String {
        var found: [String] = []
        for name in ["containerd", "containerd-shim-runc-v2", "runc"] {
            guard let path = find(name) else {
                throw Failure(
                    description: "\(name) is not installed: apt-get install containerd runc "
                        + "containernetworking-plugins")
            }
            found.append(path)
        }
        return found[0]
    }

    /// Whether a runtime is one that aegis can work with: containerd 1.6 or later, which speaks CRI v1.
    public static func check(_ version: RuntimeVersion, socket: String) throws {
        guard version.name == "containerd" else {
            throw Failure(description: "\(socket) is \(version.name), not containerd")
        }
        let numbers = version.version.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        guard numbers.count == 2, (numbers[0], numbers[1]) >= (1, 6), version.interface == "v1" else {
            throw Failure(
                description: "containerd \(version.version) at \(socket) is too old: aegis needs 1.6 or later"
            )
        }
    }

    private static func mayLowerMemoryScores() -> Bool {
        let status = FileBytes.read("/proc/self/status").map { String(decoding: $0, as: UTF8.self) } ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let mask = line.flatMap { UInt64($0.dropFirst(7).filter { !$0.isWhitespace }, radix: 16) } ?? 0
        let resource: UInt64 = 1 << 24
        return mask & resource != 0
    }

    private static func find(_ name: String) -> String? {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let directories = path.split(separator: ":").map(String.init)
        let usual = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
        for directory in directories + usual where access("\(directory)/\(name)", X_OK) == 0 {
            return "\(directory)/\(name)"
        }
        return nil
    }

    /// How many times containerd was started, and whether it runs.
    public var starts: Int { state.withLock { $0.starts } }
    public var isRunning: Bool { state.withLock { $0.process?.isAlive() ?? false } }
    /// Of containerd, while it runs.
    public var processIdentifier: Int32? { state.withLock { $0.process?.pid } }

    /// Finds the running containerd or starts one, and waits until it answers.
    /// - Returns: whether it ran already.
    @discardableResult
    public func start(timeout: Duration = .seconds(60)) async throws -> Bool {
        guard getuid() == 0 else {
            throw Failure(description: "containers need root: run aegis as root, or with --nodes hollow")
        }
        try prepare()
        let client = try CRIClient(socket: configuration.socket)
        defer { client.close() }
        let running = FileBytes.read(configuration.pidFile).flatMap {
            DetachedProcess(text: String(decoding: $0, as: UTF8.self))
        }
        var isAdopted = false
        if let running, running.isAlive(), isOurs(running) {
            isAdopted = true
            state.withLock { $0.process = running }
        } else {
            try launch()
        }
        try await waitUntilReady(client, timeout)
        try Self.check(try await client.version(), socket: configuration.socket)
        let watcher = Task { [weak self] in
            var delay = Duration.milliseconds(200)
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(250))
                guard let self else { return }
                if await self.restartIfDead(after: delay) {
                    delay = min(delay * 2, .seconds(30))
                } else if delay > .milliseconds(200), self.hasRunLong() {
                    delay = .milliseconds(200)
                }
            }
        }
        state.withLock { $0.watcher = watcher }
        return isAdopted
    }

    /// Leaves containerd running and looks after it no longer.
    public func letGo() {
        state.withLock { state in
            state.watcher?.cancel()
            state.watcher = nil
        }
    }

    /// Ends containerd. Containers that still run go on without it: remove them before.
    public func stop() async {
        letGo()
        let process = state.withLock { state in
            state.isStopping = true
            return state.process
        }
        guard let process else { return }
        process.signal(SIGTERM)
        for round in 0..<200 where process.isAlive() {
            if round == 150 { process.signal(SIGKILL) }
            try? await Task.sleep(for: .milliseconds(50))
        }
        unlink(configuration.pidFile)
        unlink(configuration.socket)
        unlink(configuration.socket + ".ttrpc")
        state.withLock { $0.process = nil }
    }

    // MARK: Parts

    private func prepare() throws {
        guard configuration.socket.utf8.count < 100 else {
            throw Failure(
                description: "the data directory's path is too long for a socket beneath it: choose one "
                    + "of at most \(99 - "/containerd/containerd.sock".utf8.count) bytes")
        }
        for directory in [
            configuration.root, configuration.state, configuration.networkConfigurations,
            configuration.networkPlugins,
        ] {
            try FileBytes.makeDirectory(directory, mode: 0o711)
        }
        // The runtime takes one directory of network plugins: Debian's, and room for our own.
        for directory in ["/usr/lib/cni", "/opt/cni/bin"] {
            for name in FileBytes.names(in: directory) {
                _ = symlink("\(directory)/\(name)", "\(configuration.networkPlugins)/\(name)")
            }
        }
        try FileBytes.write(Array(configuration.text.utf8), to: configuration.file, mode: 0o600)
    }

    private func isOurs(_ process: DetachedProcess) -> Bool {
        guard let bytes = FileBytes.read("/proc/\(process.pid)/cmdline") else { return false }
        let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return words.contains(configuration.file)
    }

    private func launch() throws {
        // A socket that a dead one left would be taken for an answer that never comes.
        unlink(configuration.socket)
        keepLogSmall()
        let process = try DetachedProcess.launch(
            program, ["--config", configuration.file], log: configuration.log)
        try FileBytes.write(Array(process.text.utf8), to: configuration.pidFile)
        state.withLock { state in
            state.process = process
            state.starts += 1
        }
    }

    private func keepLogSmall() {
        if let size = FileBytes.size(configuration.log), size > 10 << 20 {
            rename(configuration.log, configuration.log + ".1")
        }
    }

    private func waitUntilReady(_ client: CRIClient, _ timeout: Duration) async throws {
        let end = ContinuousClock.now + timeout
        while true {
            if let version = try? await client.version(), !version.version.isEmpty { return }
            let isAlive = state.withLock { $0.process?.isAlive() ?? false }
            if !isAlive || ContinuousClock.now > end {
                let tail = FileBytes.read(configuration.log, limit: 2_048, fromEnd: true) ?? []
                let last = tail.split(separator: UInt8(ascii: "\n")).last ?? []
                throw Failure(
                    description: "containerd \(isAlive ? "does not answer" : "ended at once"); the end of "
                        + "\(configuration.log): \(String(decoding: last, as: UTF8.self))")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func restartIfDead(after delay: Duration) async -> Bool {
        let isDead = state.withLock { state in
            !state.isStopping && state.process.map { !$0.isAlive() } ?? false
        }
        guard isDead else { return false }
        tell("containerd ended; starting it again")
        try? await Task.sleep(for: delay)
        if Task.isCancelled { return true }
        do { try launch() } catch { tell("\(error)") }
        return true
    }

    private func hasRunLong() -> Bool {
        guard let process = state.withLock({ $0.process }), process.isAlive() else { return false }
        var info = stat()
        guard stat(configuration.pidFile, &info) == 0 else { return false }
        return time(nil) - info.st_mtim.tv_sec > 60
    }
}
