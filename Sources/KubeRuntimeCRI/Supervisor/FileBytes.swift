#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Small files, read and written whole.
enum FileBytes {
    struct Failure: Error, CustomStringConvertible {
        var description: String
        init(_ what: String, _ path: String) {
            description = "\(what) \(path): \(String(cString: strerror(errno)))"
        }
    }

    /// At most `limit` bytes, from the end of the file when `fromEnd`; nil when it cannot be read.
    static func read(_ path: String, limit: Int = 1 << 24, fromEnd: Bool = false) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        if fromEnd {
            let size = lseek(file, 0, SEEK_END)
            _ = lseek(file, max(0, size - off_t(limit)), SEEK_SET)
        }
        var result: [UInt8] = []
        while result.count < limit {
            let room = min(limit - result.count, 65_536)
            var buffer = [UInt8](repeating: 0, count: room)
            let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, room) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            result += buffer[..<count]
        }
        return result
    }

    /// Replaces a file as a whole, so that none sees half of it.
    static func write(_ bytes: some Collection<UInt8>, to path: String, mode: mode_t = 0o644) throws {
        let temporary = path + ".new"
        try overwrite(bytes, path: temporary, mode: mode)
        guard rename(temporary, path) == 0 else { throw Failure("cannot rename to", path) }
    }

    /// Writes into the file that is there, which keeps its identity for those who have it mounted.
    static func overwrite(_ bytes: some Collection<UInt8>, path: String, mode: mode_t = 0o644) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { throw Failure("cannot write", path) }
        defer { close(file) }
        fchmod(file, mode)
        let all = [UInt8](bytes)
        var done = 0
        while done < all.count {
            let count = all[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure("cannot write", path) }
            done += count
        }
    }

    /// Makes a directory and those above it.
    static func makeDirectory(_ path: String, mode: mode_t = 0o755) throws {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw Failure("cannot make", path)
        }
        try makeDirectory(String(path[..<slash]))
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw Failure("cannot make", path) }
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

    /// Bytes; nil when there is no such file.
    static func size(_ path: String) -> Int64? {
        var info = stat()
        return stat(path, &info) == 0 ? Int64(info.st_size) : nil
    }

    static func isDirectory(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    /// Removes a file, or a directory with all in it. Links are removed, not followed, and what another file
    /// system is mounted on stays.
    static func remove(_ path: String) {
        var info = stat()
        guard lstat(path, &info) == 0 else { return }
        if info.st_mode & S_IFMT == S_IFDIR {
            for name in names(in: path) {
                var inner = stat()
                let child = path + "/" + name
                if lstat(child, &inner) == 0, inner.st_dev == info.st_dev { remove(child) }
            }
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}
