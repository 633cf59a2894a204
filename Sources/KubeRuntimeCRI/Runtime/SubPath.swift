import KubeNode

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The part of a volume that a container sees, made sure to be within the volume.
enum SubPath {
    /// Makes the directory if nothing is there. Links are followed only within the volume: otherwise a
    /// container could have another show it any file of the machine.
    static func resolve(_ wanted: ContainerMounts.Wanted) throws -> ContainerMount {
        guard !wanted.subPath.isEmpty else { return wanted.mount }
        let failure = ContainerFailure(
            .configuration, "failed to prepare subPath for \(wanted.whose)")
        guard let volume = real(wanted.mount.hostPath) else { throw failure }
        var path = volume
        for part in wanted.subPath.split(separator: "/") where part != "." {
            let next = path + "/" + part
            if let resolved = real(next) {
                guard resolved == volume || resolved.hasPrefix(volume + "/") else { throw failure }
                path = resolved
                continue
            }
            var info = stat()
            stat(volume, &info)
            var link = stat()
            // A link that leads nowhere is something, and nothing that may be made.
            guard lstat(next, &link) != 0 else { throw failure }
            guard mkdir(next, info.st_mode & 0o7777) == 0 else {
                throw ContainerFailure(
                    .configuration, "failed to create subPath directory for \(wanted.whose)")
            }
            chmod(next, info.st_mode & 0o7777)
            path = next
        }
        var mount = wanted.mount
        mount.hostPath = path
        return mount
    }

    /// The bytes of a file in a volume; nil where there is none.
    /// - Throws: `ContainerFailure` where a link leads out of the volume.
    static func contents(_ file: String, in volume: String) throws -> [UInt8]? {
        guard let root = real(volume), let path = real(root + "/" + file) else { return nil }
        guard path.hasPrefix(root + "/") else {
            throw ContainerFailure(.configuration, "the file \"\(file)\" is not in its volume")
        }
        return FileBytes.read(path)
    }

    private static func real(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
