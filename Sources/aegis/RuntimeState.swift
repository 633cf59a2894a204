import AegisCluster
import Foundation
import KubeJSON

/// What a running `aegis up` leaves in its data directory for `aegis status` and `aegis down`.
struct RuntimeState: Sendable {
    let directory: String
    private var processFile: String { directory + "/aegis.pid" }
    private var progressFile: String { directory + "/progress.json" }
    private var requestFile: String { directory + "/request.json" }
    private var refusalFile: String { directory + "/refusal.json" }

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

    /// - Parameter request: the one whose platform this is the progress of; nil for the first platform.
    func write(_ progress: PlatformProgress, _ reach: Reachability?, answering request: String?) throws {
        var object = progress.json
        object["reachable"] = reach?.json ?? []
        if let request { object["request"] = .string(request) }
        try put(object, progressFile)
    }

    // MARK: Another `aegis up` for a platform that is up

    /// The last one.
    var request: (id: String, paths: [String])? {
        guard let object = read(requestFile), let id = object["id"]?.string else { return nil }
        return (id, (object["paths"]?.array ?? []).compactMap(\.string))
    }

    /// Leaves a request for the process that runs the platform.
    func ask(_ id: String, _ paths: [String]) throws {
        try put(["id": .string(id), "paths": .array(paths.map { .string($0) })], requestFile)
    }

    func refuse(_ id: String, _ why: String) throws {
        try put(["id": .string(id), "message": .string(why)], refusalFile)
    }

    /// Why a request was refused.
    func refusal(of id: String) -> String? {
        guard let object = read(refusalFile), object["id"]?.string == id else { return nil }
        return object["message"]?.string
    }

    func remove() {
        // Nothing is lost when they stay: the start time tells that the process is gone.
        for file in [processFile, progressFile, requestFile, refusalFile] {
            try? FileManager.default.removeItem(atPath: file)
        }
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
