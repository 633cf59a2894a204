import Foundation

/// What a containerd of ours left running that no containerd knows any more: shims, and the processes of their
/// containers. It happens where containerd was killed while it made containers, or its state was removed.
enum LeftShims {
    /// Ends those that belong to a containerd, which must not run, and takes its mounts away.
    /// - Parameters:
    ///   - socket: the containerd's.
    ///   - state: the directory of its mounts.
    static func end(socket: String, state: String) {
        var ended: [Int32] = []
        for shim in processes() where isShim(commandLine(shim), of: socket) {
            ended += children(shim) + [shim]
        }
        for process in ended { kill(process, SIGKILL) }
        // Nobody tells when somebody else's child is gone; the kernel takes a moment.
        for _ in 0..<100 where ended.contains(where: { !commandLine($0).isEmpty }) { usleep(20_000) }
        let mounts = FileManager.default.contents(atPath: "/proc/self/mounts") ?? Data()
        for point in mountPoints(String(decoding: mounts, as: UTF8.self), below: state) {
            umount2(point, Int32(MNT_DETACH))
        }
    }

    /// Whether words are the command line of a shim that answers to the containerd at a socket.
    static func isShim(_ words: [String], of socket: String) -> Bool {
        guard let program = words.first?.split(separator: "/").last, program.hasPrefix("containerd-shim"),
            let place = words.firstIndex(of: "-address"), place + 1 < words.count
        else { return false }
        return words[place + 1] == socket
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

    private static func processes() -> [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
    }

    private static func commandLine(_ process: Int32) -> [String] {
        let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
        return line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func children(_ process: Int32) -> [Int32] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return tasks.flatMap { task -> [Int32] in
            let list =
                FileManager.default.contents(atPath: "/proc/\(process)/task/\(task)/children") ?? Data()
            return String(decoding: list, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
        }
    }
}
