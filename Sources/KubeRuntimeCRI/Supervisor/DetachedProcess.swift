#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A process of its own session, which outlives the one that started it.
struct DetachedProcess: Sendable, Equatable {
    var pid: Int32
    /// When the kernel says that it began: tells it from a later process with the same number.
    var birth: UInt64

    struct LaunchFailure: Error, CustomStringConvertible {
        var description: String
    }

    /// Starts a program with its output appended to a file. It inherits nothing else that is open here, so
    /// that no port stays taken after this process ends.
    static func launch(_ program: String, _ arguments: [String], log: String) throws -> DetachedProcess {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        Self.keepOpenFilesHere()
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | 0x80  // SETSID
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        argv.append(nil)
        defer { for pointer in argv { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, program, &actions, &attributes, argv, environ)
        guard code == 0 else {
            throw LaunchFailure(description: "cannot start \(program): \(String(cString: strerror(code)))")
        }
        return DetachedProcess(pid: pid, birth: Self.birth(of: pid) ?? 0)
    }

    /// Marks whatever is open here to be closed in programs that are started.
    private static func keepOpenFilesHere() {
        for name in FileBytes.names(in: "/proc/self/fd") {
            guard let file = Int32(name), file > 2 else { continue }
            let flags = fcntl(file, F_GETFD)
            if flags >= 0 { _ = fcntl(file, F_SETFD, flags | FD_CLOEXEC) }
        }
    }

    init(pid: Int32, birth: UInt64) {
        self.pid = pid
        self.birth = birth
    }

    /// As it was written to a file of process numbers.
    init?(text: String) {
        let parts = text.split(whereSeparator: \.isWhitespace)
        guard parts.count == 2, let pid = Int32(parts[0]), let birth = UInt64(parts[1]) else { return nil }
        self.init(pid: pid, birth: birth)
    }

    var text: String { "\(pid) \(birth)\n" }

    /// Whether it still runs; a child that ended is taken away.
    func isAlive() -> Bool {
        var status: Int32 = 0
        if waitpid(pid, &status, WNOHANG) == pid { return false }
        return Self.birth(of: pid) == birth
    }

    func signal(_ number: Int32) {
        if isAlive() { kill(pid, number) }
    }

    /// Clock ticks since the machine's start; nil when there is no such process, or it is a dead one.
    private static func birth(of pid: Int32) -> UInt64? {
        guard let bytes = FileBytes.read("/proc/\(pid)/stat", limit: 4_096) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        // The name in parentheses may hold anything.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return UInt64(fields[19])
    }
}
