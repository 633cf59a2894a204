/// What a write leaves behind on disk.
struct JournalRecord: Sendable {
    public let kind: Event.Kind
    public let collection: CollectionID
    public let object: StoredObject

    public var revision: UInt64 { object.revision }
}

/// How much of a failure an acknowledged write survives.
public enum Durability: Sendable {
    /// The end of the process, however sudden: the data is with the kernel.
    case process
    /// The loss of power as well: the data is on the disk. Writers share one flush.
    case full
}

/// Where the store keeps its writes. The store calls `load` once, then the others; `append` and `remove`
/// never at the same time as each other, `sync` and `maintain` from threads of their own.
protocol Journal: Sendable {
    /// Hands over every record in order of revision.
    /// - Returns: the revision up to which superseded records may be missing.
    func load(_ trees: TreeCache, _ body: (JournalRecord) -> Void) throws(StoreError) -> UInt64
    /// Gives all records to the kernel, or none.
    func append(_ records: [JournalRecord]) throws(StoreError)
    /// Returns when what was appended before the call is on the disk.
    func sync() throws(StoreError)
    /// Forgets records that later ones have superseded, and notes that history begins after `floor`.
    func remove(_ revisions: [UInt64], floor: UInt64) throws(StoreError)
    /// Work that may take long and must not stop writers.
    func maintain()
    func close()
}
