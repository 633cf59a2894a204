import Foundation

/// A running `aegis up`; its standard output line by line.
final class Platform {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
        "aegis-up-\(UUID().uuidString)")
    let programs: Programs
    private let process = Process()
    private let output = Pipe()
    private var text = ""

    init(_ paths: [String], _ more: [String] = []) throws {
        guard let programs = Programs.environment else { throw Failed(description: "no programs") }
        self.programs = programs
        process.executableURL = URL(fileURLWithPath: programs.aegis)
        process.arguments =
            ["up", "--nodes", "hollow", "--data-dir", directory.path, "--secure-port", "0"] + more + paths
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// Reads until a line has the words; the program's end is an error.
    func wait(for words: String) throws {
        while true {
            while let end = text.firstIndex(of: "\n") {
                let line = text[..<end]
                text = String(text[text.index(after: end)...])
                if line.contains(words) { return }
            }
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { throw Failed(description: "aegis up ended before it said: \(words)") }
            text += String(decoding: data, as: UTF8.self)
        }
    }

    func stop() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: directory)
        return process.terminationStatus
    }

    var kubeconfig: String { directory.appendingPathComponent("kubeconfig").path }

    /// What kubectl answers to a line; an error when it does not end well.
    @discardableResult
    func kubectl(_ line: String, after first: [String] = []) throws -> String {
        let arguments = ["--kubeconfig", kubeconfig] + first + line.split(separator: " ").map(String.init)
        let outcome = try run(programs.tools + "/kubectl", arguments)
        guard outcome.status == 0 else {
            throw Failed(description: "kubectl \(line): \(outcome.output)\(outcome.errors)")
        }
        return outcome.output
    }
}
