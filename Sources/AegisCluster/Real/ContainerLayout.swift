import Foundation
import KubeRuntimeCRI

/// Where a cluster of containers keeps what, below its data directory.
public struct ContainerLayout: Sendable {
    public let directory: String

    public init(_ directory: String) { self.directory = directory }

    public var containerd: ContainerdConfiguration {
        ContainerdConfiguration(dataDirectory: directory, sandboxImage: Self.pauseImage)
    }
    public static let pauseImage = "aegis.local/pause:1"
    public var pods: String { directory + "/pods" }
    public var persistentVolumes: String { directory + "/volumes" }
    /// Archives of images that are loaded when the cluster starts.
    public var images: String { directory + "/images" }
    private var nameFile: String { directory + "/cluster-name" }

    /// Tells this cluster's containers and control groups from another's; stays the same for a data directory.
    func clusterName() throws -> String {
        if let data = FileManager.default.contents(atPath: nameFile) {
            let name = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            if !name.isEmpty { return name }
        }
        let name = String(UUID().uuidString.lowercased().prefix(8))
        try Data(name.utf8).write(to: URL(fileURLWithPath: nameFile), options: .atomic)
        return name
    }

    static func cgroupRoot(_ cluster: String) -> String { "/aegis-\(cluster)" }

    /// Whether containers may have been left: containerd was started here, and was not taken down.
    public var hasRemnants: Bool { FileManager.default.fileExists(atPath: containerd.file) }

    /// After everything that they belong to has ended.
    static func removeRemnants(_ layout: ContainerLayout) {
        // What containerd mounted for sandboxes goes with it; a mount that is left must not be removed through.
        MountTable.unmountAll(below: layout.directory)
        let files = FileManager.default
        for path in [layout.containerd.state, layout.containerd.file, layout.pods] {
            guard MountTable.mounts(below: path).isEmpty else { continue }
            try? files.removeItem(atPath: path)
        }
    }
}

/// What is mounted on the machine.
enum MountTable {
    /// Directories below another on which something is mounted, the innermost first.
    static func mounts(below directory: String) -> [String] {
        guard let text = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8) else { return [] }
        let root = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
        let start = root.hasSuffix("/") ? root : root + "/"
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 4 else { return nil }
            let path = unescaped(String(words[4]))
            return path.hasPrefix(start) || path == root ? path : nil
        }.sorted { $0.utf8.count > $1.utf8.count }
    }

    static func unmountAll(below directory: String) {
        for path in mounts(below: directory) where umount2(path, 0) != 0 {
            umount2(path, Int32(MNT_DETACH))
        }
    }

    /// The kernel writes blanks and backslashes of paths in octal.
    private static func unescaped(_ path: String) -> String {
        guard path.contains("\\") else { return path }
        var bytes: [UInt8] = []
        var rest = Array(path.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
