#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The few things that volumes need of the machine's file system.
enum HostFiles {
    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ what: String, _ path: String) {
            description = "\(what) \(path): \(String(cString: strerror(errno)))"
        }
    }

    enum Kind: Sendable { case directory, file, socket, characterDevice, blockDevice, link, other }

    /// What is at a path; nil when nothing is.
    static func kind(_ path: String, followsLinks: Bool = true) -> Kind? {
        var info = stat()
        guard (followsLinks ? stat(path, &info) : lstat(path, &info)) == 0 else { return nil }
        switch info.st_mode & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFREG: return .file
        case S_IFSOCK: return .socket
        case S_IFCHR: return .characterDevice
        case S_IFBLK: return .blockDevice
        case S_IFLNK: return .link
        default: return .other
        }
    }

    /// Makes a directory and those above it.
    static func makeDirectory(_ path: String, mode: mode_t = 0o755) throws {
        if mkdir(path, mode) == 0 { return }
        if errno == EEXIST, kind(path) == .directory { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw Failure("cannot make the directory", path)
        }
        try makeDirectory(String(path[..<slash]))
        guard mkdir(path, mode) == 0 || errno == EEXIST else {
            throw Failure("cannot make the directory", path)
        }
    }

    /// Sets the permissions whatever the process masks.
    static func setMode(_ path: String, _ mode: mode_t) throws {
        guard chmod(path, mode) == 0 else { throw Failure("cannot set the permissions of", path) }
    }

    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { throw Failure("cannot write", path) }
        defer { close(file) }
        guard fchmod(file, mode) == 0 else { throw Failure("cannot set the permissions of", path) }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { buffer in
                #if canImport(Glibc)
                    Glibc.write(file, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                    Musl.write(file, buffer.baseAddress, buffer.count)
                #else
                    Darwin.write(file, buffer.baseAddress, buffer.count)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure("cannot write", path) }
            done += count
        }
    }

    /// At most 4 MB.
    static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while result.count < 4 << 20 {
            let count = buffer.withUnsafeMutableBytes { part in
                #if canImport(Glibc)
                    Glibc.read(file, part.baseAddress, part.count)
                #elseif canImport(Musl)
                    Musl.read(file, part.baseAddress, part.count)
                #else
                    Darwin.read(file, part.baseAddress, part.count)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            result += buffer[..<count]
        }
        return result
    }

    static func target(ofLink path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink(path, &buffer, buffer.count)
        return count > 0
            ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    /// Has a link point elsewhere, in one step for who follows it.
    static func replaceLink(_ path: String, with target: String) throws {
        let temporary = path + "_tmp"
        unlink(temporary)
        guard symlink(target, temporary) == 0 else { throw Failure("cannot link", temporary) }
        guard rename(temporary, path) == 0 else { throw Failure("cannot link", path) }
    }

    /// The names in a directory, in order; none when it cannot be read.
    static func names(in directory: String) -> [String] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes what is at a path with all in it. Links are removed, not followed; what another file system is
    /// mounted on stays.
    static func remove(_ path: String) {
        var info = stat()
        guard lstat(path, &info) == 0 else { return }
        guard info.st_mode & S_IFMT == S_IFDIR else {
            unlink(path)
            return
        }
        for name in names(in: path) {
            var inner = stat()
            let child = path + "/" + name
            if lstat(child, &inner) == 0, inner.st_dev == info.st_dev { remove(child) }
        }
        rmdir(path)
    }

    /// Gives a tree to a group: files that their owner may write the group may write too, and what is made in
    /// a directory later is the group's (pkg/volume: SetVolumeOwnership).
    static func give(_ path: String, toGroup group: UInt32, isReadOnly: Bool = false) throws {
        var info = stat()
        guard lstat(path, &info) == 0 else { return }
        let type = info.st_mode & S_IFMT
        guard lchown(path, uid_t.max, group) == 0 else { throw Failure("cannot give away", path) }
        if type == S_IFLNK { return }
        var mode = info.st_mode & 0o7777
        mode |= isReadOnly ? 0o440 : 0o660
        if type == S_IFDIR { mode |= 0o2110 }
        try setMode(path, mode)
        guard type == S_IFDIR else { return }
        for name in names(in: path) {
            try give(path + "/" + name, toGroup: group, isReadOnly: isReadOnly)
        }
    }

    /// Bytes of the disk that a tree takes; a file with several names counts once, and what other file systems
    /// have mounted there does not.
    static func usage(_ path: String) -> Int64 {
        var root = stat()
        guard lstat(path, &root) == 0 else { return 0 }
        var seen: Set<UInt64> = []
        func sum(_ path: String) -> Int64 {
            var info = stat()
            guard lstat(path, &info) == 0, info.st_dev == root.st_dev,
                seen.insert(UInt64(info.st_ino)).inserted
            else { return 0 }
            let own = Int64(info.st_blocks) * 512
            guard info.st_mode & S_IFMT == S_IFDIR else { return own }
            return names(in: path).reduce(own) { $0 + sum(path + "/" + $1) }
        }
        return sum(path)
    }

    // MARK: Mounts

    static func isMountPoint(_ path: String) -> Bool {
        var own = stat()
        var parent = stat()
        guard lstat(path, &own) == 0, lstat(path + "/..", &parent) == 0 else { return false }
        return own.st_dev != parent.st_dev
    }

    #if os(Linux)
        /// Mounts memory as a file system.
        /// - Parameter size: bytes; nil for half of the machine's memory.
        static func mountMemory(_ path: String, size: Int64?) throws {
            let options = size.map { "size=\($0),mode=0777" } ?? "mode=0777"
            guard mount("tmpfs", path, "tmpfs", 0, options) == 0 else {
                throw Failure("cannot mount memory on", path)
            }
        }

        static func unmount(_ path: String) {
            // Lazily: a process may still be in there.
            umount2(path, Int32(MNT_DETACH))
        }
    #else
        static func mountMemory(_ path: String, size: Int64?) throws {
            errno = ENOTSUP
            throw Failure("cannot mount memory on", path)
        }

        static func unmount(_ path: String) {}
    #endif
}
