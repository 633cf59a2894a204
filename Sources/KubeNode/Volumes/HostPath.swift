import KubeJSON

/// A path of the machine as a volume (pkg/volume/hostpath).
enum HostPath {
    /// Checks what the volume says the path is, and makes it where the volume wants it made.
    static func check(_ source: JSON) throws -> String {
        let path = source["path"]?.string ?? ""
        let kind = HostFiles.kind(path)
        func require(_ wanted: HostFiles.Kind, _ words: String) throws {
            if kind != wanted {
                throw VolumeFailure("hostPath type check failed: \(path) is not \(words)")
            }
        }
        switch source["type"]?.string ?? "" {
        case "DirectoryOrCreate":
            if kind == nil {
                try HostFiles.makeDirectory(path)
            } else {
                try require(.directory, "a directory")
            }
        case "Directory": try require(.directory, "a directory")
        case "FileOrCreate":
            if kind == nil {
                try HostFiles.write([], to: path, mode: 0o644)
            } else {
                try require(.file, "a file")
            }
        case "File": try require(.file, "a file")
        case "Socket": try require(.socket, "a socket file")
        case "CharDevice": try require(.characterDevice, "a character device")
        case "BlockDevice": try require(.blockDevice, "a block device")
        default: if kind == nil { try HostFiles.makeDirectory(path) }
        }
        return path
    }
}
