import KubeAPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One file of a volume.
public struct VolumeFile: Sendable, Equatable {
    /// Relative to the volume.
    public var path: String
    public var bytes: [UInt8]
    /// Permission bits.
    public var mode: UInt32
    /// Nil leaves it to root.
    public var owner: UInt32?

    public init(path: String, bytes: [UInt8], mode: UInt32 = 0o644, owner: UInt32? = nil) {
        self.path = path
        self.bytes = bytes
        self.mode = mode
        self.owner = owner
    }
}

/// Files that change all at once for who reads them through the volume's directory, as upstream's
/// pkg/volume/util AtomicWriter does it: the files are in a directory of their own, `..data` points to it, and
/// each name in the volume points into `..data`.
struct AtomicDirectory: Sendable {
    private static let data = "..data"
    let path: String

    /// Makes the volume say this and nothing else.
    /// - Parameters:
    ///   - group: that the files are given to.
    ///   - now: names the directory that comes to be.
    /// - Returns: whether anything was different.
    @discardableResult
    func write(_ files: [VolumeFile], group: UInt32?, now: Timestamp) throws -> Bool {
        try HostFiles.makeDirectory(path)
        let old = HostFiles.target(ofLink: path + "/" + Self.data)
        if let old, holds(files, in: path + "/" + old) { return false }
        let name = freshName(now)
        let directory = path + "/" + name
        do {
            try HostFiles.makeDirectory(directory)
            for file in files {
                let target = directory + "/" + file.path
                if let slash = target.lastIndex(of: "/") {
                    try HostFiles.makeDirectory(String(target[..<slash]))
                }
                try HostFiles.write(file.bytes, to: target, mode: mode_t(file.mode))
                if let owner = file.owner, chown(target, owner, gid_t.max) != 0 {
                    throw HostFiles.Failure("cannot give away", target)
                }
            }
            if let group { try HostFiles.give(directory, toGroup: group, isReadOnly: true) }
            try HostFiles.replaceLink(path + "/" + Self.data, with: name)
        } catch {
            HostFiles.remove(directory)
            throw error
        }
        let wanted = Set(files.compactMap { $0.path.split(separator: "/").first.map(String.init) })
        for entry in wanted.sorted() where HostFiles.kind(path + "/" + entry, followsLinks: false) == nil {
            try HostFiles.replaceLink(path + "/" + entry, with: Self.data + "/" + entry)
        }
        for entry in HostFiles.names(in: path) where entry != Self.data && entry != name {
            if !wanted.contains(entry) { HostFiles.remove(path + "/" + entry) }
        }
        return true
    }

    private func freshName(_ now: Timestamp) -> String {
        let time = now.rfc3339Micro.filter { $0 != "-" && $0 != ":" && $0 != "Z" && $0 != "T" }
        var name = "..\(time)"
        var count = 1
        while HostFiles.kind(path + "/" + name, followsLinks: false) != nil {
            name = "..\(time)_\(count)"
            count += 1
        }
        return name
    }

    private func holds(_ files: [VolumeFile], in directory: String) -> Bool {
        for file in files where HostFiles.read(directory + "/" + file.path) != file.bytes { return false }
        return count(directory) == files.count
    }

    private func count(_ directory: String) -> Int {
        HostFiles.names(in: directory).reduce(0) { sum, name in
            let child = directory + "/" + name
            return sum + (HostFiles.kind(child, followsLinks: false) == .directory ? count(child) : 1)
        }
    }
}
