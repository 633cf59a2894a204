import AegisCluster
import Foundation
import KubeJSON

/// What a running `aegis up` leaves in its data directory for `aegis status` and `aegis down`.
struct RuntimeState: Sendable {
    let directory: String
    private var processFile: String { directory + "/aegis.pid" }
    private var progressFile: String { directory + "/progress.json" }

    /// The process that holds the directory; nil when none does. A number alone may have gone to another
    /// process: its start time must be the one that was written.
    var running: Int32? {
        guard let object = read(processFile), let number = object["pid"]?.int.flatMap({ Int32(exactly: $0) }),
            let started = object["started"]?.string, Self.startTime(of: number) == started
        else { return nil }
        return number
    }

    var description: JSON? { read(processFile) }
    var progress: JSON? { read(progressFile) }

    func write(kubeconfig: String, address: String) throws {
        let number = ProcessInfo.processInfo.processIdentifier
        try put(
            [
                "pid": .integer(Int64(number)), "started": .string(Self.startTime(of: number) ?? ""),
                "kubeconfig": .string(kubeconfig), "address": .string(address),
            ], processFile)
    }

    func write(_ progress: PlatformProgress) throws { try put(progress.json, progressFile) }

    func remove() {
        // Nothing is lost when they stay: the start time tells that the process is gone.
        try? FileManager.default.removeItem(atPath: processFile)
        try? FileManager.default.removeItem(atPath: progressFile)
    }

    private func put(_ object: JSON, _ path: String) throws {
        try Data(JSONWriter.bytes(object)).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    private func read(_ path: String) -> JSON? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return try? JSONParser.parse(Array(data))
    }

    /// In clock ticks since the machine started (proc(5), the 22nd field).
    private static func startTime(of process: Int32) -> String? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }
}
