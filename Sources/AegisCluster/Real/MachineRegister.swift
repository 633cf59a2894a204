import Foundation
import KubeJSON
import KubeNetwork

#if canImport(Glibc)
    import Glibc
#endif

/// What a cluster's data directory says of its place on the machine (`instance.json`). It stays when the cluster
/// is taken down: stored objects have addresses of its ranges.
public struct MachineRecord: Sendable, Equatable {
    public var instance: MachineInstance
    /// Something of it may be on the machine.
    public var isUp: Bool
    /// Of a containerd that somebody else runs; nil for one of the cluster's own.
    public var containerdSocket: String?

    static func file(_ dataDirectory: String) -> String { dataDirectory + "/instance.json" }

    /// - Returns: nil where there is none, or none that can be read.
    public static func read(_ dataDirectory: String) -> MachineRecord? {
        guard let data = FileManager.default.contents(atPath: file(dataDirectory)),
            let json = try? JSONParser.parse(Array(data)),
            let instance = json["number"]?.int.flatMap({ MachineInstance($0) })
        else { return nil }
        return MachineRecord(
            instance: instance, isUp: json["up"]?.bool ?? false,
            containerdSocket: json["containerdSocket"]?.string)
    }

    func write(_ dataDirectory: String) throws {
        var json: JSON = ["number": .integer(Int64(instance.number)), "up": .bool(isUp)]
        if let containerdSocket { json["containerdSocket"] = .string(containerdSocket) }
        try Data(JSONWriter.bytes(json)).write(
            to: URL(fileURLWithPath: Self.file(dataDirectory)), options: .atomic)
    }
}

/// Which cluster has which number of the machine: a file for each number that names the data directory. One
/// program at a time looks and writes. It is gone when the machine starts anew, and made again from what the
/// clusters' own directories say.
public struct MachineRegister: Sendable {
    private let directory: String

    public init(directory: String = "/run/aegis") { self.directory = directory }

    /// Gives a cluster the number that it had, or the smallest that is free, and notes that it is up.
    /// - Parameters:
    ///   - dataDirectory: made if it is not there.
    ///   - isTaken: whether something is on the machine that has an instance's names, though nobody who is
    ///     registered: what is left of a cluster whose data are gone, or another program's.
    ///   - prepare: what all clusters of the machine need; called before another program looks.
    /// - Throws: what is in the way and what to do, in one line.
    public func claim(
        _ dataDirectory: String, containerdSocket: String?,
        isTaken: (MachineInstance) -> Bool = { _ in false },
        prepare: (_ register: String) throws -> Void
    ) throws -> MachineInstance {
        try FileManager.default.createDirectory(
            atPath: dataDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let place = Self.canonical(dataDirectory)
        return try locked {
            let claims = claims()
            let instance: MachineInstance
            if let own = MachineRecord.read(place)?.instance {
                if let holder = claims[own.number], holder != place, MachineRecord.read(holder)?.isUp == true
                {
                    throw HostError(
                        "the addresses of this cluster are in use by the one of \(holder): "
                            + "aegis down --data-dir \(holder)")
                }
                instance = own
            } else {
                let all = (0..<MachineInstance.limit).compactMap { MachineInstance($0) }
                // What is left of this very cluster from before there were records is its own.
                let isOld = Self.hasContainers(place)
                let free =
                    all.first { claims[$0.number] == nil && (isOld || !isTaken($0)) }
                    ?? all.first { instance in
                        claims[instance.number].map { MachineRecord.read($0)?.isUp != true } ?? false
                    }
                // With no other left, what nobody answers for is in nobody's way.
                guard let found = free ?? all.first(where: { claims[$0.number] == nil }) else {
                    throw HostError(
                        "\(MachineInstance.limit) clusters are up on this machine, which is as many as there can be"
                    )
                }
                if found.number != 0, Self.hasObjects(place) {
                    throw HostError(
                        "the cluster of \(place) has addresses that the one of \(claims[0] ?? "another") uses: "
                            + "take that one down with --purge, or begin with another --data-dir")
                }
                instance = found
            }
            try prepare(directory)
            try MachineRecord(instance: instance, isUp: true, containerdSocket: containerdSocket).write(place)
            try Data((place + "\n").utf8).write(
                to: URL(fileURLWithPath: claim(instance.number)), options: .atomic)
            return instance
        }
    }

    /// Notes that nothing of a cluster is on the machine any more. It keeps its number.
    /// - Parameter last: called when it was the last one that was up, before another program looks.
    public func release(_ dataDirectory: String, last: (_ register: String) throws -> Void) throws {
        let place = Self.canonical(dataDirectory)
        try locked {
            let others = claims().values.filter { $0 != place && MachineRecord.read($0)?.isUp == true }
            if others.isEmpty { try last(directory) }
            guard var record = MachineRecord.read(place) else { return }
            record.isUp = false
            try record.write(place)
        }
    }

    /// A cluster whose data are about to go gives its number back.
    public func forget(_ dataDirectory: String) {
        let place = Self.canonical(dataDirectory)
        guard FileManager.default.fileExists(atPath: directory) else { return }
        // One that stays is found to be void by whoever looks next: its directory is gone.
        try? locked {
            for (number, holder) in claims() where holder == place {
                try? FileManager.default.removeItem(atPath: claim(number))
            }
        }
    }

    private func claim(_ number: Int) -> String { "\(directory)/\(number)" }

    /// The data directories by their numbers, as far as they say the same of themselves.
    private func claims() -> [Int: String] {
        var result: [Int: String] = [:]
        for number in 0..<MachineInstance.limit {
            guard let data = FileManager.default.contents(atPath: claim(number)) else { continue }
            let place = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
            if MachineRecord.read(place)?.instance.number == number { result[number] = place }
        }
        return result
    }

    private static func canonical(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }

    /// A store without a record: of simulated nodes, or of an earlier version, both with the usual ranges.
    private static func hasObjects(_ place: String) -> Bool {
        FileManager.default.fileExists(atPath: place + "/pki")
    }

    private static func hasContainers(_ place: String) -> Bool {
        FileManager.default.fileExists(atPath: place + "/containerd/config.toml")
    }

    private func locked<Value>(_ body: () throws -> Value) throws -> Value {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let path = directory + "/lock"
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw HostError("\(path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else { throw HostError("\(path): \(String(cString: strerror(errno)))") }
        }
        return try body()
    }
}
