import KubeJSON

/// What somebody who follows a collection is told.
public enum Change: Sendable {
    /// Everything there is: at the beginning, and when the server no longer knew what had been missed.
    case replaced([JSON])
    case added(JSON)
    case modified(JSON)
    case deleted(JSON)
    /// Nothing changed up to here, and the server is there.
    case bookmark
    /// The way to the server is broken; it is tried again.
    case disconnected(ClientError)
}

/// Where following a collection stands. Pure: what happened goes in, what to do next comes out.
public struct WatchMachine: Sendable {
    public enum Step: Sendable, Equatable {
        case list
        case watch(from: String)
    }

    private(set) var resourceVersion: String?
    /// Failures since something last worked.
    private(set) var failures = 0

    public init() {}

    /// What to do next.
    public var step: Step { resourceVersion.map { .watch(from: $0) } ?? .list }

    /// How long to wait before the next step, in seconds.
    public func pause(chance: Double) -> Double {
        guard failures > 0 else { return 0 }
        // Doubling from 0.2 s to 30 s.
        let exponent = min(failures - 1, 8)
        return min(0.2 * Double(1 << exponent), 30) * (0.5 + chance / 2)
    }

    public mutating func listed(at version: String) {
        resourceVersion = version
        failures = 0
    }

    /// Takes in one line of a watch.
    /// - Returns: what it tells the follower; nil when it only tells how to go on.
    /// - Throws: what the server said in an ERROR event, when it is not that the version has expired.
    public mutating func received(_ event: JSON) throws(ClientError) -> Change? {
        let object = event["object"] ?? .null
        let type = event["type"]?.string ?? ""
        if type == "ERROR" {
            let status = Status(code: object["code"]?.int ?? 500, object: object)
            if status.code == 410 || status.reason == "Expired" || status.reason == "Gone" {
                resourceVersion = nil
                return nil
            }
            throw .refused(status)
        }
        guard let version = object.at("metadata", "resourceVersion")?.string, !version.isEmpty else {
            throw .malformed("a watch event without resourceVersion")
        }
        let change: Change
        switch type {
        case "ADDED": change = .added(object)
        case "MODIFIED": change = .modified(object)
        case "DELETED": change = .deleted(object)
        case "BOOKMARK": change = .bookmark
        default: throw .malformed("a watch event of type \(type)")
        }
        resourceVersion = version
        failures = 0
        return change
    }

    /// The watch ended as it should: its time was over.
    public mutating func ended() { failures = 0 }

    public mutating func failed(_ error: ClientError) {
        failures += 1
        // A server that refuses the version, or that sent nonsense, is asked for everything again.
        if error.isExpired || error.code == 400 { resourceVersion = nil }
        if case .malformed = error { resourceVersion = nil }
    }
}

/// Lines out of bytes that come in pieces.
struct LineBuffer {
    private var pending: [UInt8] = []
    /// The longest line there may be; objects are at most a few MiB.
    static let limit = 64 << 20

    /// The lines that are whole with these bytes.
    mutating func take(_ bytes: [UInt8]) throws(ClientError) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            if pending.isEmpty {
                lines.append(rest[..<end])
            } else {
                pending += rest[..<end]
                lines.append(pending[...])
                pending = []
            }
            rest = rest[(end + 1)...]
        }
        pending += rest
        guard pending.count <= Self.limit else { throw .malformed("a line of more than \(Self.limit) bytes") }
        return lines.filter { !$0.isEmpty }
    }
}
