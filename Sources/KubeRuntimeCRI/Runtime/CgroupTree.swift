#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The machine's control groups: one hierarchy a controller (version 1, also beside an empty version 2), or
/// one for all (version 2).
public struct CgroupTree: Sendable {
    private let mount: String
    /// Directories of the hierarchies; links to them left out.
    private let hierarchies: [String]
    private let isUnified: Bool

    public init(mount: String = "/sys/fs/cgroup") {
        self.mount = mount
        isUnified = access(mount + "/cgroup.controllers", F_OK) == 0
        hierarchies =
            isUnified
            ? [mount]
            : FileBytes.names(in: mount).map { "\(mount)/\($0)" }.filter { path in
                var info = stat()
                return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
            }
    }

    /// The controllers that pods' limits need and this machine does not offer.
    public var missing: [String] {
        let offered: [String]
        if isUnified {
            let bytes = FileBytes.read(mount + "/cgroup.controllers") ?? []
            offered = bytes.split { $0 == 0x20 || $0 == 0x0A }.map { String(decoding: $0, as: UTF8.self) }
        } else {
            // Version 1 has a hierarchy, or a link to the one that two share, for each.
            offered = FileBytes.names(in: mount)
        }
        return ["cpu", "memory", "pids"].filter { !offered.contains($0) }
    }

    /// Makes a group, with weight and limits where they are given.
    /// - Parameter path: beneath the root, beginning with `/`.
    func make(_ path: String, _ resources: LinuxResources? = nil) throws {
        if isUnified {
            var parts = path.split(separator: "/").map(String.init)
            var directory = mount
            while !parts.isEmpty {
                let wanted = ["cpu", "memory", "pids", "io", "cpuset"]
                for controller in wanted { put("+" + controller, directory + "/cgroup.subtree_control") }
                directory += "/" + parts.removeFirst()
                try FileBytes.makeDirectory(directory)
            }
        } else {
            for name in ["cpu", "memory"] {
                try FileBytes.makeDirectory("\(mount)/\(name)\(path)")
            }
        }
        if let resources { set(resources, path) }
    }

    /// Weight and limits of a group that is there.
    func set(_ resources: LinuxResources, _ path: String) {
        if isUnified {
            let directory = mount + path
            // The kernel's scale of 1…10000 for what used to be 2…262144.
            put("\(1 + (resources.cpuShares - 2) * 9_999 / 262_142)", directory + "/cpu.weight")
            let quota = resources.cpuQuota > 0 ? "\(resources.cpuQuota)" : "max"
            put("\(quota) \(resources.cpuPeriod)", directory + "/cpu.max")
            put(resources.memoryLimit > 0 ? "\(resources.memoryLimit)" : "max", directory + "/memory.max")
            return
        }
        let (cpu, memory) = ("\(mount)/cpu\(path)", "\(mount)/memory\(path)")
        put("\(resources.cpuShares)", cpu + "/cpu.shares")
        put("\(resources.cpuPeriod)", cpu + "/cpu.cfs_period_us")
        put("\(resources.cpuQuota > 0 ? resources.cpuQuota : -1)", cpu + "/cpu.cfs_quota_us")
        put("\(resources.memoryLimit > 0 ? resources.memoryLimit : -1)", memory + "/memory.limit_in_bytes")
    }

    /// Takes a group away, with all beneath it; one with processes in it stays.
    /// - Parameter patience: seconds in which it is tried again. The kernel holds on to a group for a moment after
    ///   its last process ended, and tells nobody when it lets go.
    /// - Returns: whether it is gone.
    @discardableResult
    public func remove(_ path: String, patience: Double) async -> Bool {
        let deadline = ContinuousClock.now + .seconds(patience)
        while true {
            remove(path)
            if !hierarchies.contains(where: { FileBytes.isDirectory($0 + path) }) { return true }
            guard ContinuousClock.now < deadline, !Task.isCancelled else { return false }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Takes a group away, with all beneath it, as far as it can be at once.
    func remove(_ path: String) {
        guard path.count > 1, !path.contains("..") else { return }
        for hierarchy in hierarchies { Self.remove(directory: hierarchy + path) }
    }

    /// Whether a process is in a group or beneath it.
    public func hasProcesses(_ path: String) -> Bool {
        hierarchies.contains { Self.hasProcesses(directory: $0 + path) }
    }

    /// The processes in a group and beneath it.
    /// - Parameter path: beneath the root, beginning with `/`; the root itself has none for this.
    public func processes(_ path: String) -> Set<Int32> {
        guard path.count > 1, !path.contains("..") else { return [] }
        return hierarchies.reduce(into: []) { Self.collect(directory: $1 + path, &$0) }
    }

    private static func collect(directory: String, _ found: inout Set<Int32>) {
        let lines = (FileBytes.read(directory + "/cgroup.procs") ?? []).split(separator: 0x0A)
        found.formUnion(lines.compactMap { Int32(String(decoding: $0, as: UTF8.self)) })
        for name in FileBytes.names(in: directory) where FileBytes.isDirectory(directory + "/" + name) {
            collect(directory: directory + "/" + name, &found)
        }
    }

    private static func hasProcesses(directory: String) -> Bool {
        if FileBytes.read(directory + "/cgroup.procs")?.isEmpty == false { return true }
        return FileBytes.names(in: directory).contains { name in
            FileBytes.isDirectory(directory + "/" + name) && hasProcesses(directory: directory + "/" + name)
        }
    }

    private static func remove(directory: String) {
        for name in FileBytes.names(in: directory) where FileBytes.isDirectory(directory + "/" + name) {
            remove(directory: directory + "/" + name)
        }
        rmdir(directory)
    }

    /// A controller that is not there has nothing to be told.
    private func put(_ text: String, _ path: String) {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    }
}
