import Foundation
import KubeRuntimeCRI

/// What containers need of the machine, looked at before anything is started.
public struct StartChecks: Sendable {
    public var directory: String
    public var host: String
    public var port: Int
    /// Of the disk, in bytes.
    public static let leastSpace: Int64 = 2 << 30
    private static let places = [
        "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
    ]

    public init(directory: String, host: String, port: Int) {
        self.directory = directory
        self.host = host
        self.port = port
    }

    /// Whether this machine can run containers for us at all, or is better asked for simulated nodes.
    public static var canRunContainers: Bool { programProblems().isEmpty && geteuid() == 0 }

    /// All that is missing, each in one line that says what to do.
    public func problems() -> [StartProblem] {
        var found: [StartProblem] = []
        if geteuid() != 0 {
            found.append(
                StartProblem("containers need root: run it as root, or simulate with --nodes hollow"))
        }
        found += Self.programProblems()
        if !Self.hasControlGroups {
            found.append(
                StartProblem(
                    "/sys/fs/cgroup has no control groups of processors and memory: mount them, or simulate "
                        + "with --nodes hollow"))
        }
        if let problem = spaceProblem() { found.append(problem) }
        if let problem = portProblem() { found.append(problem) }
        return found
    }

    private static func programProblems() -> [StartProblem] {
        func problem(_ what: String, _ package: String) -> StartProblem {
            StartProblem("\(what) is missing: apt-get install \(package)")
        }
        let packages = [
            ("containerd", "containerd"), ("containerd-shim-runc-v2", "containerd"), ("ctr", "containerd"),
            ("runc", "runc"), ("nft", "nftables"),
        ]
        var found = packages.filter { !isInstalled($0.0) }.map { problem($0.0, $0.1) }
        let plugins = ["ptp", "loopback"].filter { name in
            !["/usr/lib/cni", "/opt/cni/bin"].contains { access("\($0)/\(name)", X_OK) == 0 }
        }
        if !plugins.isEmpty {
            found.append(
                problem(
                    "the CNI plugin \(plugins.joined(separator: " and "))", "containernetworking-plugins"))
        }
        return found
    }

    private static func isInstalled(_ name: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let directories = path.split(separator: ":").map(String.init) + places
        return directories.contains { access("\($0)/\(name)", X_OK) == 0 }
    }

    private static var hasControlGroups: Bool {
        if let text = try? String(contentsOfFile: "/sys/fs/cgroup/cgroup.controllers", encoding: .utf8) {
            let names = text.split(whereSeparator: \.isWhitespace)
            if names.contains("cpu"), names.contains("memory") { return true }
        }
        return access("/sys/fs/cgroup/memory", F_OK) == 0 && access("/sys/fs/cgroup/cpu", F_OK) == 0
    }

    private func spaceProblem() -> StartProblem? {
        // The nearest directory above that is there.
        var path = directory
        while !FileManager.default.fileExists(atPath: path), path.count > 1 {
            path = (path as NSString).deletingLastPathComponent
            if path.isEmpty { path = "." }
        }
        var info = statvfs()
        guard statvfs(path, &info) == 0 else { return nil }
        let free = Int64(info.f_bavail) * Int64(info.f_frsize)
        guard free < Self.leastSpace else { return nil }
        return StartProblem(
            "\(path) has \(free >> 20) MiB free, and containers need \(Self.leastSpace >> 20): make room, or choose "
                + "another place with --data-dir")
    }

    private func portProblem() -> StartProblem? {
        guard port != 0 else { return nil }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // What waits for its last packets does not hold the port.
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return nil }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result != 0, errno == EADDRINUSE else { return nil }
        return StartProblem(
            "port \(port) on \(host) is taken: stop what uses it or choose another with --secure-port")
    }
}
