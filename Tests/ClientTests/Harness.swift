import Foundation
import Testing

/// Where the programs are that these tests drive; `scripts/test` says so in the environment.
struct Programs {
    let aegis: String
    let tools: String

    static let environment: Programs? = {
        let variables = ProcessInfo.processInfo.environment
        guard let aegis = variables["AEGIS_BINARY"], let tools = variables["AEGIS_TOOLS"] else { return nil }
        return Programs(aegis: aegis, tools: tools)
    }()
}

extension Trait where Self == ConditionTrait {
    /// Tests of real clients run only where `scripts/test` has said where the programs are.
    static var clients: Self {
        .enabled("AEGIS_BINARY and AEGIS_TOOLS are not set: run scripts/test") { Programs.environment != nil }
    }
}

struct Failed: Error, CustomStringConvertible {
    let description: String
}

/// What a program left behind.
struct Outcome {
    let status: Int32
    let output: String
    let errors: String
}

/// Runs a program to its end. Output goes through files, so that no pipe can fill up.
@discardableResult
func run(_ program: String, _ arguments: [String], input: String = "", in folder: URL? = nil) throws
    -> Outcome
{
    let work = FileManager.default.temporaryDirectory.appendingPathComponent("aegis-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: work) }
    func file(_ name: String, _ text: String = "") throws -> URL {
        let url = work.appendingPathComponent(name)
        try Data(text.utf8).write(to: url)
        return url
    }
    let (given, output, errors) = (try file("in", input), try file("out"), try file("err"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder }
    process.standardInput = try FileHandle(forReadingFrom: given)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Outcome(
        status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
        errors: try String(contentsOf: errors, encoding: .utf8))
}

/// A server of its own, on a free port, with data of its own.
final class Cluster {
    let programs: Programs
    let directory: URL
    private(set) var port = 0
    private var server: Process
    private let arguments: [String]

    /// - Parameter directory: data of an earlier server, which is then kept.
    static func start(_ arguments: [String] = ["--in-memory"], directory: URL? = nil) async throws -> Cluster
    {
        guard let programs = Programs.environment else { throw Failed(description: "no programs") }
        let cluster = Cluster(programs, arguments, directory)
        try cluster.launch()
        return cluster
    }

    private init(_ programs: Programs, _ arguments: [String], _ directory: URL?) {
        self.programs = programs
        self.arguments = arguments
        self.directory =
            directory
            ?? FileManager.default.temporaryDirectory.appendingPathComponent(
                "aegis-test-\(UUID().uuidString)")
        server = Process()
    }

    /// Starts the server and waits for its line that says it is ready.
    func launch() throws {
        server = Process()
        server.executableURL = URL(fileURLWithPath: programs.aegis)
        server.arguments =
            ["serve", "--data-dir", directory.path, "--secure-port", "0"] + arguments
        let output = Pipe()
        server.standardOutput = output
        server.standardError = FileHandle.nullDevice
        try server.run()
        var line = ""
        while !line.contains("\n") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { throw Failed(description: "the server ended before it was ready: \(line)") }
            line += String(decoding: data, as: UTF8.self)
        }
        guard let address = line.split(separator: " ").first(where: { $0.hasPrefix("https://") }),
            let digits = address.split(separator: ":").last?.prefix(while: \.isNumber),
            let number = Int(digits)
        else { throw Failed(description: "no address in: \(line)") }
        port = number
    }

    var processIdentifier: Int32 { server.processIdentifier }
    var isRunning: Bool { server.isRunning }

    var kubeconfig: String { directory.appendingPathComponent("kubeconfig").path }
    var address: String { "https://127.0.0.1:\(port)" }

    /// Ends the server as a power cut of the process would.
    func kill() {
        Foundation.kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
    }

    /// Ends the server in good order; its exit code.
    @discardableResult
    func terminate() -> Int32 {
        server.terminate()
        server.waitUntilExit()
        return server.terminationStatus
    }

    func stop() {
        terminate()
        try? FileManager.default.removeItem(at: directory)
    }

    /// kubectl's output; an error when it does not end well.
    @discardableResult
    func kubectl(_ arguments: String..., input: String? = nil) throws -> String {
        try tool("kubectl", ["--kubeconfig", kubeconfig] + arguments, input: input ?? "")
    }

    /// What kubectl says when it is expected to fail.
    func refusal(_ arguments: String..., input: String = "") throws -> String {
        let outcome = try run(
            programs.tools + "/kubectl", ["--kubeconfig", kubeconfig] + arguments, input: input)
        if outcome.status == 0 { throw Failed(description: "kubectl \(arguments) was expected to fail") }
        return outcome.errors
    }

    @discardableResult
    func tool(_ name: String, _ arguments: [String], input: String = "") throws -> String {
        let outcome = try run(programs.tools + "/" + name, arguments, input: input)
        guard outcome.status == 0 else {
            throw Failed(
                description: "\(name) \(arguments.joined(separator: " ")): \(outcome.output)\(outcome.errors)"
            )
        }
        return outcome.output
    }

    /// The admin's certificate and key as files, for clients that read no kubeconfig.
    func credentials() throws -> (certificate: String, key: String) {
        let text = try String(contentsOfFile: kubeconfig, encoding: .utf8)
        func item(_ name: String) throws -> String {
            guard
                let line = text.split(separator: "\n").first(where: { $0.contains(name + ":") }),
                let value = line.split(separator: ":").last?.trimmingCharacters(
                    in: CharacterSet(charactersIn: " \"")),
                let data = Data(base64Encoded: value)
            else { throw Failed(description: "no \(name) in the kubeconfig") }
            let path = directory.appendingPathComponent(name + ".pem").path
            try data.write(to: URL(fileURLWithPath: path))
            return path
        }
        return (try item("client-certificate-data"), try item("client-key-data"))
    }
}
