/// Why the store did not do what it was asked.
public enum StoreError: Error, Sendable {
    case alreadyExists(StoredObject)
    case notFound
    /// The object is not at the expected revision; this is what is there now.
    case conflict(StoredObject)
    /// History does not reach back to the revision asked for; the oldest one that can be asked for.
    case expired(oldest: UInt64)
    /// The revision asked for has not been reached yet.
    case tooLarge(current: UInt64)
    /// The disk or the quota is full. The write did not happen; later writes are tried again.
    case diskFull(path: String)
    /// Writing failed. Nothing is written any more until the store is opened again.
    case readOnly(reason: String)
    /// The file is not what the store wrote. It is left as it is.
    case damaged(path: String, detail: String)
    /// The log of the newest writes is gone though the store was not closed.
    case logMissing(path: String, mark: String)
    /// Another process, or another store in this one, has the directory open.
    case inUse(path: String)
    case cannotOpen(path: String, detail: String)
    case unsupportedVersion(path: String, found: Int, supported: Int)
    case closed
}

extension StoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .alreadyExists(let object): "\(object.key) already exists"
        case .notFound: "the object does not exist"
        case .conflict(let object): "\(object.key) was changed at revision \(object.revision)"
        case .expired(let oldest): "history begins at revision \(oldest)"
        case .tooLarge(let current): "the revision is ahead of the current one, \(current)"
        case .diskFull(let path):
            "no space left to write \(path): free some; the store takes no writes until then"
        case .readOnly(let reason): "the store is read-only: \(reason)"
        case .damaged(let path, let detail):
            "\(path) is damaged (\(detail)): put a backup in its place, or move it away to start empty"
        case .logMissing(let path, let mark):
            "\(path) is missing, and with it the newest writes before the server ended unexpectedly: put it "
                + "back, or restore a backup; to go on without those writes, remove \(mark)"
        case .inUse(let path): "\(path) is in use by another process: stop it or choose another directory"
        case .cannotOpen(let path, let detail): "cannot open \(path): \(detail)"
        case .unsupportedVersion(let path, let found, let supported):
            "\(path) has format \(found); this program reads format \(supported)"
        case .closed: "the store is closed"
        }
    }
}
