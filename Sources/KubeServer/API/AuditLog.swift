import Foundation
import KubeAuth
import Synchronization

/// Appends audit events to a file, a JSON document a line (audit.k8s.io/v1). Lines are gathered and written
/// by a thread of their own, so that a slow disk does not slow requests; `close` writes what is left.
final class AuditLog: Sendable {
    private let queue = DispatchQueue(label: "aegis.audit")
    private let file: FileHandle
    private let pending = Mutex<[UInt8]>([])

    init(path: String) throws {
        if !FileManager.default.fileExists(atPath: path) {
            guard
                FileManager.default.createFile(
                    atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
            else { throw CocoaError(.fileWriteNoPermission, userInfo: [NSFilePathErrorKey: path]) }
        }
        file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seekToEnd()
    }

    func append(_ event: AuditEvent) {
        let isFirst = pending.withLock { lines in
            let isFirst = lines.isEmpty
            event.write(into: &lines)
            return isFirst
        }
        if isFirst { queue.async { [self] in flush() } }
    }

    private func flush() {
        let lines = pending.withLock { lines in
            let taken = lines
            lines = []
            return taken
        }
        // An audit log that cannot be written must not stop the server; the failure shows in its own log.
        do { try file.write(contentsOf: Data(lines)) } catch {
            FileHandle.standardError.write(Data("audit log: \(error)\n".utf8))
        }
    }

    func close() { queue.sync { flush() } }
}
