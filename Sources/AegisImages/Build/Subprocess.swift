import Foundation

/// A program run to its end.
enum Subprocess {
    struct Outcome {
        var status: Int32
        var output: [UInt8]
        var errors: String

        /// The first line in which the program says what went wrong.
        var reason: String {
            let lines = errors.split(whereSeparator: \.isNewline).map(String.init)
            return lines.first { $0.hasPrefix("E:") } ?? lines.last ?? "it ended with \(status)"
        }
    }

    /// The path of a program; nil when it is not installed.
    static func find(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let places = path.split(separator: ":").map(String.init)
        return (places + ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]).map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        in folder: String? = nil
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            .merging(["LC_ALL": "C"]) { $1 }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        // Through a file, so that nobody has to read two pipes at once.
        let errors = FileManager.default.temporaryDirectory.appendingPathComponent(
            "aegis-images-\(UUID().uuidString)")
        try Data().write(to: errors)
        defer { try? FileManager.default.removeItem(at: errors) }
        let sink = try FileHandle(forWritingTo: errors)
        process.standardError = sink
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try sink.close()
        let said = (try? Data(contentsOf: errors)) ?? Data()
        return Outcome(
            status: process.terminationStatus, output: Array(bytes),
            errors: String(decoding: said, as: UTF8.self))
    }
}

/// Why an image is not there, in one line with what to do.
public struct ImageFailure: Error, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
