import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Runs a program to its end. Blocks: for queues of our own.
struct Command: Sendable {
    struct Outcome: Sendable {
        /// Of a program that a signal ended: 128 and the signal.
        var status: Int32
        var output: String
        var errors: String
        var isSuccess: Bool { status == 0 }
        /// What it said, in one line, for a report.
        var complaint: String {
            let text = errors.isEmpty ? output : errors
            let line = text.split(separator: "\n").first.map(String.init) ?? ""
            return line.isEmpty ? "it ended with status \(status)" : line
        }
    }

    struct Failure: Error, Sendable, CustomStringConvertible {
        let description: String
    }

    /// Where programs of the system are, whatever PATH says: a daemon's is often short.
    private static let directories = [
        "/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/local/bin",
    ]

    static func path(of program: String) -> String? {
        if program.contains("/") { return access(program, X_OK) == 0 ? program : nil }
        return directories.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }

    /// Words before every command, such as `ip netns exec NAME`.
    var prefix: [String] = []

    /// - Parameter input: what it reads.
    /// - Throws: `Failure` when it could not be started; what it says itself is in the outcome.
    func run(_ words: [String], input: String = "") throws(Failure) -> Outcome {
        let words = prefix + words
        guard let program = words.first, let path = Self.path(of: program) else {
            throw Failure(description: "\(words.first ?? ""): there is no such program")
        }
        // Files without a name rather than pipes: nobody waits for anybody, and no descriptor gets into a program
        // that another thread starts meanwhile, for they are closed on exec from the start.
        let standardInput = Self.temporaryFile()
        let standardOutput = Self.temporaryFile()
        let standardErrors = Self.temporaryFile()
        defer {
            for descriptor in [standardInput, standardOutput, standardErrors] where descriptor >= 0 {
                close(descriptor)
            }
        }
        guard standardInput >= 0, standardOutput >= 0, standardErrors >= 0, Self.fill(standardInput, input)
        else {
            throw Failure(description: "\(program): no temporary file: \(String(cString: strerror(errno)))")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, standardInput, 0)
        posix_spawn_file_actions_adddup2(&actions, standardOutput, 1)
        posix_spawn_file_actions_adddup2(&actions, standardErrors, 2)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        // Messages are read by us: always in one language.
        var environment: [UnsafeMutablePointer<CChar>?] = [
            strdup("LC_ALL=C"), strdup("PATH=" + Self.directories.joined(separator: ":")), nil,
        ]
        defer { for entry in environment { free(entry) } }
        var child: pid_t = 0
        let status = posix_spawn(&child, path, &actions, nil, &arguments, &environment)
        guard status == 0 else {
            throw Failure(description: "\(program): \(String(cString: strerror(status)))")
        }
        var ended: Int32 = 0
        while waitpid(child, &ended, 0) < 0, errno == EINTR {}
        let code = ended & 0x7F == 0 ? (ended >> 8) & 0xFF : 128 + (ended & 0x7F)
        return Outcome(
            status: code, output: Self.contents(standardOutput), errors: Self.contents(standardErrors))
    }

    private static let counter = Atomic<Int>(0)

    private static func temporaryFile() -> Int32 {
        for directory in ["/dev/shm", "/tmp", "/var/tmp"] {
            let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
            let path = "\(directory)/aegis-\(getpid())-\(number)"
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { continue }
            unlink(path)
            return descriptor
        }
        return -1
    }

    private static func fill(_ descriptor: Int32, _ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return false }
                written += count
            }
            return lseek(descriptor, 0, SEEK_SET) == 0
        }
    }

    private static func contents(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
