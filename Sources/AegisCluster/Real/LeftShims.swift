import Foundation
import KubeRuntimeCRI

/// What a containerd of ours left running that no containerd knows any more: shims, the runc that they call, and
/// the processes of their containers. It happens where containerd was killed while it made containers, or its
/// state was removed.
struct LeftShims {
    /// A process as the kernel's table has it.
    struct Entry {
        let id: Int32
        let parent: Int32
        /// Empty for one that ended, or belongs to the kernel.
        let words: [String]
    }

    /// The socket of the containerd, which must not run.
    let socket: String
    /// Where it keeps its state and its images, and has its mounts.
    let directory: String
    /// The control group of all the containers; of nothing else.
    let group: String

    /// Seconds that the kernel gets to end what was killed: one that writes to a slow disk ends late.
    private static let patience = 10.0

    /// Ends the processes and takes the mounts away.
    /// - Throws: ``MachineProblem`` with what does not end, or stays mounted.
    func end() throws {
        var left = Self.findings(self)
        let deadline = Date().addingTimeInterval(Self.patience)
        // A shim that starts another may do so between being seen and being killed: once is not enough.
        while !left.isEmpty, Date() < deadline {
            for process in left { kill(process.id, SIGKILL) }
            // Nobody tells when somebody else's child is gone.
            usleep(10_000)
            left = Self.findings(self)
        }
        guard left.isEmpty else {
            throw MachineProblem(
                lines: left.map {
                    "process \($0.id) of a container was killed and does not end: "
                        + "\($0.words.joined(separator: " ")); try again later"
                })
        }
        try unmount()
    }

    private func unmount() throws {
        var failed: [String] = []
        for _ in 0..<3 {
            let table = FileManager.default.contents(atPath: "/proc/self/mounts") ?? Data()
            let points = Self.mountPoints(String(decoding: table, as: UTF8.self), below: directory)
            if points.isEmpty { return }
            failed = points.compactMap {
                umount2($0, Int32(MNT_DETACH)) == 0 ? nil : "\($0): \(String(cString: strerror(errno)))"
            }
        }
        if !failed.isEmpty { throw MachineProblem(lines: failed.map { "cannot unmount \($0)" }) }
    }

    private static func findings(_ left: LeftShims) -> [Entry] {
        let table = processes()
        let meant = left.meant(table).union(CgroupTree().processes(left.group))
        return table.filter { meant.contains($0.id) && !$0.words.isEmpty }
    }

    /// The processes of a table that belong to the containerd: its shims, the runc that works in its
    /// directory, and all whom they started.
    func meant(_ table: [Entry]) -> Set<Int32> {
        var found = Set(
            table.filter { Self.isShim($0.words, of: socket) || Self.isRunc($0.words, below: directory) }
                .map(\.id))
        let children = Dictionary(grouping: table, by: \.parent)
        var next = Array(found)
        while let parent = next.popLast() {
            for child in children[parent] ?? [] where found.insert(child.id).inserted {
                next.append(child.id)
            }
        }
        return found
    }

    /// Whether words are the command line of a shim that answers to the containerd at a socket.
    static func isShim(_ words: [String], of socket: String) -> Bool {
        guard let program = words.first?.split(separator: "/").last, program.hasPrefix("containerd-shim"),
            let place = words.firstIndex(of: "-address"), place + 1 < words.count
        else { return false }
        return words[place + 1] == socket
    }

    /// Whether words are the command line of a runc that makes, starts or removes a container of a directory.
    static func isRunc(_ words: [String], below directory: String) -> Bool {
        guard let program = words.first?.split(separator: "/").last, program == "runc" else { return false }
        return words.contains { $0.hasPrefix(directory + "/") }
    }

    /// The innermost first.
    /// - Parameter table: as proc(5) describes /proc/mounts: blanks are written as \040.
    static func mountPoints(_ table: String, below directory: String) -> [String] {
        let points = table.split(separator: "\n").compactMap { line -> String? in
            let words = line.split(separator: " ")
            guard words.count > 1 else { return nil }
            let point = String(words[1]).replacing("\\040", with: " ")
            return point.hasPrefix(directory + "/") ? point : nil
        }
        return points.reversed()
    }

    private static func processes() -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { name in
            guard let id = Int32(name),
                let status = FileManager.default.contents(atPath: "/proc/\(id)/stat"),
                let parent = parent(String(decoding: status, as: UTF8.self))
            else { return nil }
            let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return Entry(id: id, parent: parent, words: words)
        }
    }

    /// - Parameter status: as proc(5) describes /proc/PID/stat: a name in brackets, which may hold any of its own,
    ///   a state and the parent.
    static func parent(_ status: String) -> Int32? {
        guard let end = status.lastIndex(of: ")") else { return nil }
        let fields = status[status.index(after: end)...].split(separator: " ")
        return fields.count > 1 ? Int32(fields[1]) : nil
    }
}
