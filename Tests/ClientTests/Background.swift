import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A program that runs beside the test; what it says goes to a file.
final class Background {
    private let process = Process()
    private let log: URL

    init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: URL
    ) throws {
        log = folder.appendingPathComponent(URL(fileURLWithPath: program).lastPathComponent + ".log")
        try Data().write(to: log)
        let output = try FileHandle(forWritingTo: log)
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        // Threads of the pool that tests run on block signals, and programs inherit that.
        var everything = sigset_t()
        var before = sigset_t()
        sigfillset(&everything)
        pthread_sigmask(SIG_UNBLOCK, &everything, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    /// What it has said so far.
    var text: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    /// Asks it to end, waits until it has, and kills it when it takes too long; its exit code.
    @discardableResult
    func stop(within seconds: Double = 20) -> Int32 {
        if process.isRunning { process.terminate() }
        let end = Date().addingTimeInterval(seconds)
        while process.isRunning, Date() < end { usleep(20_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        return process.terminationStatus
    }
}

/// Looks again and again until there is an answer.
func poll<Value>(
    _ what: String, within seconds: Double = 60, _ look: () throws -> Value?, or words: () -> String = { "" }
) throws -> Value {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
        if let value = try look() { return value }
        usleep(100_000)
    }
    throw Failed(description: "not within \(seconds) s: \(what)\n\(words())")
}

/// A port of this machine that nobody listens on.
func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failed(description: "no socket") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> Int32 in
            guard bind(descriptor, pointer, length) == 0 else { return -1 }
            return getsockname(descriptor, pointer, &length)
        }
    }
    guard result == 0 else { throw Failed(description: "no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
}
