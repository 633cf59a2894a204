import Foundation

/// Going on in the background: the same command again as a process of its own, whose output is passed on until
/// everything is ready.
enum Detachment {
    private static let mark = "AEGIS_DETACHED_LOG"
    /// The last byte of a child's text that says that all is ready (the control character "end of transmission").
    /// The text of one that fails ends without it.
    private static let ready: UInt8 = 4

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
        var isReady = false
        while !isReady {
            var text = pipe.fileHandleForReading.availableData
            if text.isEmpty { break }
            isReady = text.last == ready
            if isReady { text.removeLast() }
            FileHandle.standardOutput.write(text)
        }
        if isReady {
            print("aegis is up in the background, process \(child.processIdentifier); aegis down stops it")
            return
        }
        child.waitUntilExit()
        exit(child.terminationReason == .exit ? child.terminationStatus : EXIT_FAILURE)
    }

    /// In the background: from now on everything goes to the log, and the terminal is nobody's concern.
    static func detachIfChild() {
        guard let path = ProcessInfo.processInfo.environment[mark] else { return }
        let log = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard log >= 0 else { return }
        FileHandle.standardOutput.write(Data([ready]))
        _ = setsid()
        dup2(log, STDOUT_FILENO)
        dup2(log, STDERR_FILENO)
        close(log)
    }
}
