/// Where kustomizations are read from: a file system, or in tests a dictionary.
///
/// Paths are as the person wrote them, joined with `/` and cleaned; nothing follows links.
public protocol KustomizeFiles {
    /// The bytes of a file; nil where there is no such file.
    func contents(_ path: String) -> [UInt8]?
    func isDirectory(_ path: String) -> Bool
}

/// Files in memory, by path. A directory exists where a path goes through it.
public struct MemoryFiles: KustomizeFiles {
    private let files: [String: [UInt8]]

    public init(_ files: [String: String]) { self.files = files.mapValues { Array($0.utf8) } }

    public func contents(_ path: String) -> [UInt8]? { files[path] }

    public func isDirectory(_ path: String) -> Bool {
        files.keys.contains { $0.hasPrefix(path == "." ? "" : path + "/") }
    }
}

/// Paths as text.
enum FilePath {
    /// `a/b/../c` as `a/c`; `.` for the empty path.
    static func clean(_ path: String) -> String {
        let isAbsolute = path.hasPrefix("/")
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !isAbsolute {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        if isAbsolute { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }

    static func join(_ directory: String, _ path: String) -> String {
        clean(path.hasPrefix("/") || directory == "." ? path : directory + "/" + path)
    }

    /// Whether a path is in a directory or below it.
    static func isIn(_ path: String, _ directory: String) -> Bool {
        if directory == "." { return !path.hasPrefix("/") && path != ".." && !path.hasPrefix("../") }
        return path.hasPrefix(directory == "/" ? "/" : directory + "/")
    }

    /// What stands after the last `/`.
    static func name(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
