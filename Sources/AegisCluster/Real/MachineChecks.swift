import Foundation
import KubeNetwork
import KubeRuntimeCRI

#if canImport(Glibc)
    import Glibc
#endif

/// Why containers cannot run on this machine: what is missing and what to do, a line each.
public struct MachineProblem: Error, Sendable, CustomStringConvertible {
    public let lines: [String]
    public var description: String { lines.joined(separator: "\n") }
}

/// What containers need of a machine, looked at before anything is started.
struct MachineChecks {
    /// Below this a database and a few images do not fit.
    private static let leastSpace: Int64 = 2 << 30
    private let options: MachineCluster.Options

    init(_ options: MachineCluster.Options) { self.options = options }

    func run() throws {
        var lines: [String] = []
        if getuid() != 0 {
            lines.append("containers need root: run it as root, or simulate the pods with --nodes hollow")
        }
        if options.containerdSocket == nil {
            do { try ContainerdSupervisor.findPrograms() } catch { lines.append("\(error)") }
        } else if let socket = options.containerdSocket, !FileManager.default.fileExists(atPath: socket) {
            lines.append("there is no socket at \(socket): is containerd running?")
        }
        for (program, package) in [("nft", "nftables"), ("ip", "iproute2"), ("conntrack", "conntrack")]
        where !Self.isThere(program) {
            lines.append("\(program) is not installed: apt-get install \(package)")
        }
        for plugin in ["ptp", "loopback"] {
            let places = CNIConfiguration(dataDirectory: options.dataDirectory).pluginDirectories
            if !places.contains(where: { access("\($0)/\(plugin)", X_OK) == 0 }) {
                lines.append(
                    "the network plugin \(plugin) is missing: apt-get install containernetworking-plugins")
                break
            }
        }
        let missing = CgroupTree().missing
        if !missing.isEmpty {
            lines.append(
                "the machine has no control groups for \(missing.joined(separator: ", ")): mount them at "
                    + "/sys/fs/cgroup, or have the kernel's command line say cgroup_enable="
                    + missing.joined(separator: ","))
        }
        if let free = freeSpace(), free < Self.leastSpace {
            lines.append(
                "\(options.dataDirectory) has \(free >> 20) MB left; containers need 2048 MB: make room, "
                    + "or choose another place with --data-dir")
        }
        if !lines.isEmpty { throw MachineProblem(lines: lines) }
    }

    private static func isThere(_ program: String) -> Bool {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let places = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]
        return places.contains { access("\($0)/\(program)", X_OK) == 0 }
    }

    /// Bytes where the data directory is or will be.
    private func freeSpace() -> Int64? {
        var path = options.dataDirectory
        while !FileManager.default.fileExists(atPath: path), path.count > 1 {
            path = (path as NSString).deletingLastPathComponent
        }
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
        return (attributes?[.systemFreeSize] as? NSNumber)?.int64Value
    }
}
