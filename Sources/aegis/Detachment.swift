import Foundation

/// Going on in the background: the same command again as a process of its own, whose output is passed on until
/// everything is ready.
enum Detachment {
    private static let mark = "AEGIS_DETACHED_LOG"

    /// This process is the one in the background.
    static var isChild: Bool { ProcessInfo.processInfo.environment[mark] != nil }

    /// Returns when the process in the background says that all is ready; ends this one with its exit code
    /// when it fails before.
    static func start(logFile: String, directory: String) throws {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        child.arguments = Array(CommandLine.arguments.dropFirst())
        child.environment = ProcessInfo.processInfo.environment.merging([mark: logFile]) { $1 }
        child.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        child.standardOutput = pipe
        try child.run()
        // The child's end stays open in the child alone: the end of the text is its end, or its going away.
        try pipe.fileHandleForWriting.close()
        while true {
            let text = pipe.fileHandleForReading.availableData
            if text.isEmpty { break }
            FileHandle.standardOutput.write(text)
        }
        if child.isRunning {
            print("aegis is up in the background, process \(child.processIdentifier); aegis down stops it")
            return
        }
        child.waitUntilExit()
        if child.terminationStatus != 0 { exit(child.terminationStatus) }
    }

    /// In the background: from now on everything goes to the log, and the terminal is nobody's concern.
    static func detachIfChild() {
        guard let path = ProcessInfo.processInfo.environment[mark] else { return }
        let log = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard log >= 0 else { return }
        _ = setsid()
        dup2(log, STDOUT_FILENO)
        dup2(log, STDERR_FILENO)
        close(log)
    }
}
