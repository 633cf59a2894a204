import KubeAPI

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The files of one container's log: the present one, and earlier ones beside it, named after the time at
/// which they were put aside (`0.log.20260102-030405`).
enum LogFiles {
    /// All of them, the oldest first.
    static func all(of path: String) -> [String] {
        guard let slash = path.lastIndex(of: "/") else { return [path] }
        let directory = String(path[..<slash])
        let name = String(path[path.index(after: slash)...])
        let old = FileBytes.names(in: directory).filter { $0.hasPrefix(name + ".") }
        return old.map { "\(directory)/\($0)" } + [path]
    }

    /// Puts the present file aside, and removes the oldest ones over a number.
    /// - Parameter count: of files with the present one.
    static func rotate(_ path: String, at time: Timestamp, keeping count: Int) throws {
        let old = all(of: path).dropLast()
        for name in old.prefix(max(0, old.count - (count - 2))) { FileBytes.remove(name) }
        var target = path + "." + stamp(time)
        // Twice in a second.
        var number = 1
        while access(target, F_OK) == 0 {
            target = path + "." + stamp(time) + "-\(number)"
            number += 1
        }
        guard rename(path, target) == 0 else { throw FileBytes.Failure("cannot rename", path) }
    }

    /// The runtime did not take up the new file: it goes on with the old one.
    static func undoRotation(_ path: String) {
        guard access(path, F_OK) != 0, let newest = all(of: path).dropLast().last else { return }
        rename(newest, path)
    }

    /// `20060102-150405`.
    private static func stamp(_ time: Timestamp) -> String {
        String(time.rfc3339.compactMap { $0.isNumber ? $0 : $0 == "T" ? "-" : nil })
    }
}
