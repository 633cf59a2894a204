import Foundation
import KubeNode

#if canImport(Glibc)
    import Glibc
#endif

extension MachineFacts {
    /// Of the machine that this process runs on.
    /// - Parameter runtimeVersion: name and version, as `containerd://1.6.20`.
    static func read(runtimeVersion: String) -> MachineFacts {
        func line(_ path: String) -> String? {
            (try? String(contentsOfFile: path, encoding: .utf8))?
                .split(separator: "\n").first.map { $0.trimmingCharacters(in: .whitespaces) }
        }
        var system = utsname()
        uname(&system)
        func text<Field>(_ field: Field) -> String {
            withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        let release = (try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)) ?? ""
        let pretty = release.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
        let architecture =
            switch text(system.machine) {
            case "x86_64": "amd64"
            case "aarch64": "arm64"
            case let other: other
            }
        return MachineFacts(
            machineID: line("/etc/machine-id") ?? "", bootID: line("/proc/sys/kernel/random/boot_id") ?? "",
            kernelVersion: text(system.release),
            osImage: pretty.map { String($0.dropFirst("PRETTY_NAME=".count)).replacing("\"", with: "") }
                ?? "Linux",
            architecture: architecture, runtimeVersion: runtimeVersion)
    }
}
