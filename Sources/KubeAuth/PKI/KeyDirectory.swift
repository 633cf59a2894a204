import Foundation

/// A directory of keys: 0700, its files 0600, written whole or not at all.
struct KeyDirectory {
    let path: String

    struct Failure: Error, CustomStringConvertible {
        let action: String
        let path: String
        let code: Int32

        var description: String { "cannot \(action) \(path): \(String(cString: strerror(code)))" }
    }

    init(_ path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard chmod(path, 0o700) == 0 else { throw Failure(action: "protect", path: path, code: errno) }
    }

    /// The text of a file; nil when there is none.
    func read(_ name: String) throws -> String? {
        let file = path + "/" + name
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure(action: "read", path: file, code: errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8192)
        while true {
            let count = buffer.withUnsafeMutableBytes {
                Foundation.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure(action: "read", path: file, code: errno)
            }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer.prefix(count)
        }
    }

    /// Replaces a file. It is written beside and renamed, so that no reader and no crash sees half a key.
    func write(_ name: String, _ text: String) throws {
        let file = path + "/" + name
        let draft = file + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(action: "create", path: draft, code: errno) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                let code = errno
                close(descriptor)
                unlink(draft)
                throw Failure(action: "write", path: draft, code: code)
            }
            rest = rest.dropFirst(count)
        }
        close(descriptor)
        guard rename(draft, file) == 0 else { throw Failure(action: "replace", path: file, code: errno) }
    }
}
