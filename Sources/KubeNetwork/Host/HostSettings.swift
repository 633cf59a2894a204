import Foundation

/// The kernel's settings that pods need. What they were is kept in a file and put back. All clusters of a machine
/// need the same: they share the file, and the last one puts back.
public struct HostSettings: Sendable {
    private let root: String
    private let file: String

    /// Without forwarding no packet passes between pods. Reverse-path filtering may stay as it is: the way back to a
    /// pod is always the interface that its packets come from.
    private static let wanted = [("net/ipv4/ip_forward", "1")]

    /// - Parameters:
    ///   - directory: where the file is.
    ///   - root: where the settings are.
    public init(directory: String, root: String = "/proc/sys") {
        self.root = root
        file = "\(directory)/host-settings"
    }

    /// Sets what is not set; does nothing twice.
    public func apply() throws(HostError) {
        var former = recorded()
        for (name, value) in Self.wanted {
            guard let present = read(name) else { throw HostError("\(root)/\(name) cannot be read") }
            if present == value { continue }
            if former[name] == nil {
                former[name] = present
                try record(former)
            }
            try write(name, value)
        }
    }

    /// Puts back what `apply` changed, also what a process that ended changed.
    public func restore() throws(HostError) {
        for (name, value) in recorded().sorted(by: { $0.key < $1.key }) { try write(name, value) }
        try? FileManager.default.removeItem(atPath: file)
    }

    private func read(_ name: String) -> String? {
        AddressPlugin.readFile("\(root)/\(name)")?.split(whereSeparator: \.isWhitespace).first.map(
            String.init)
    }

    private func write(_ name: String, _ value: String) throws(HostError) {
        guard let handle = FileHandle(forWritingAtPath: "\(root)/\(name)") else {
            throw HostError("\(root)/\(name) cannot be set to \(value): it takes root")
        }
        defer { try? handle.close() }
        do { try handle.write(contentsOf: Data("\(value)\n".utf8)) } catch {
            throw HostError("\(root)/\(name) cannot be set to \(value): \(error.localizedDescription)")
        }
    }

    private func recorded() -> [String: String] {
        var result: [String: String] = [:]
        for line in (AddressPlugin.readFile(file) ?? "").split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            if words.count == 2, Self.wanted.contains(where: { $0.0 == words[0] }) {
                result[words[0]] = words[1]
            }
        }
        return result
    }

    private func record(_ settings: [String: String]) throws(HostError) {
        let text = settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
        do {
            let directory = (file as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
        } catch { throw HostError("\(file) cannot be written: \(error.localizedDescription)") }
    }
}
