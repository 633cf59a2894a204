import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Why a server of a test did not start.
public struct ServerFailure: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) { self.description = description }
}

private let handedOut = Mutex<Set<Int>>([])

/// A port of this machine in a range that tests of databases have to themselves; never the same twice.
public func databasePort() throws -> Int {
    for port in (17_750...17_799).shuffled() where handedOut.withLock({ $0.insert(port).inserted }) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { continue }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return port }
    }
    throw ServerFailure(description: "no free port from 17750 to 17799")
}

/// A program of a test that runs until it is stopped, with its words in a file.
public final class ServerProcess: @unchecked Sendable {
    private let process = Process()
    private let log: URL

    public init(
        _ program: String, _ arguments: [String], environment: [String: String]? = nil, log: URL
    ) throws {
        self.log = log
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        output.seekToEndOfFile()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        if let environment { process.environment = environment }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        // Threads that tests run on block signals, and programs inherit that.
        var everything = sigset_t()
        var before = sigset_t()
        sigfillset(&everything)
        pthread_sigmask(SIG_UNBLOCK, &everything, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    public var text: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }
    public var isRunning: Bool { process.isRunning }
    public var processIdentifier: Int32 { process.processIdentifier }

    /// A test that failed leaves nothing running.
    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// Asks it to end; kills it when it takes too long.
    @discardableResult
    public func stop(signal number: Int32 = SIGTERM, within seconds: Double = 20) -> Int32 {
        if process.isRunning { kill(process.processIdentifier, number) }
        let end = Date().addingTimeInterval(seconds)
        while process.isRunning, Date() < end { usleep(10_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        return process.terminationStatus
    }
}

/// A PostgreSQL of a test's own, in a temporary directory.
public final class PostgresServer: @unchecked Sendable {
    private static let programs = "/usr/lib/postgresql/15/bin"
    public static var isInstalled: Bool {
        FileManager.default.isExecutableFile(atPath: programs + "/postgres")
    }

    public let port: Int
    private let directory: URL
    private var process: ServerProcess?

    /// How programs are started: PostgreSQL does not run as root.
    private static func command(_ program: String, _ arguments: [String]) -> (String, [String]) {
        guard geteuid() == 0 else { return (program, arguments) }
        return ("/usr/sbin/runuser", ["-u", "postgres", "--", program] + arguments)
    }

    public init() throws {
        port = try databasePort()
        directory = URL(fileURLWithPath: "/tmp/aegis-postgres-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        if geteuid() == 0, let user = getpwnam("postgres") {
            chown(directory.path, user.pointee.pw_uid, user.pointee.pw_gid)
        }
        let (program, arguments) = Self.command(
            Self.programs + "/initdb",
            [
                "-D", directory.path + "/data", "-A", "trust", "-U", "aegis", "--no-sync", "-E", "UTF8",
                "--locale=C",
            ])
        let initialise = try ServerProcess(
            program, arguments,
            log: FileManager.default.temporaryDirectory.appendingPathComponent("initdb-\(port).log"))
        while initialise.isRunning { usleep(10_000) }
        guard initialise.stop() == 0 else { throw ServerFailure(description: "initdb: \(initialise.text)") }
        try start()
    }

    public var url: String { "postgres://aegis@127.0.0.1:\(port)/postgres" }

    public func start() throws {
        let (program, arguments) = Self.command(
            Self.programs + "/postgres",
            [
                "-D", directory.path + "/data", "-p", String(port), "-c", "listen_addresses=127.0.0.1",
                "-c", "unix_socket_directories=" + directory.path, "-c", "fsync=off",
            ])
        let log = FileManager.default.temporaryDirectory.appendingPathComponent("postgres-\(port).log")
        let process = try ServerProcess(program, arguments, log: log)
        self.process = process
        let end = Date().addingTimeInterval(30)
        while Date() < end, process.isRunning {
            if process.text.contains("database system is ready to accept connections") { return }
            usleep(20_000)
        }
        throw ServerFailure(description: "PostgreSQL: \(process.text)")
    }

    /// Ends it and every connection; `start` brings it back with its data.
    public func stop() {
        // The postmaster's number is in its own file: what runs as root is only what started it.
        let file = directory.appendingPathComponent("data/postmaster.pid")
        if let text = try? String(contentsOf: file, encoding: .utf8),
            let first = text.split(separator: "\n").first, let number = Int32(first)
        {
            kill(number, SIGINT)
        }
        process?.stop(within: 10)
        process = nil
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: directory)
    }
}

/// A Redis of a test's own.
public final class RedisServer: @unchecked Sendable {
    private static let program = "/usr/bin/redis-server"
    public static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

    public let port: Int
    private let directory: URL
    private var process: ServerProcess?

    public init() throws {
        port = try databasePort()
        directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "aegis-redis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try start()
    }

    public var url: String { "redis://127.0.0.1:\(port)" }

    public func start() throws {
        let process = try ServerProcess(
            Self.program,
            ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory.path],
            log: directory.appendingPathComponent("log"))
        self.process = process
        let end = Date().addingTimeInterval(20)
        while Date() < end, process.isRunning {
            if process.text.contains("Ready to accept connections") { return }
            usleep(20_000)
        }
        throw ServerFailure(description: "Redis: \(process.text)")
    }

    public func stop() {
        process?.stop(within: 10)
        process = nil
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: directory)
    }
}
