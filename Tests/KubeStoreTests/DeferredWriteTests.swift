import KubeJSON
import Testing

@testable import KubeStore

/// Writes that reach the journal together: nobody sees one that the journal does not have.
@Suite struct DeferredWriteTests {
    /// Keeps what it was given; takes nothing while it is full.
    final class MemoryJournal: Journal {
        struct State {
            var records: [JournalRecord] = []
            var transactions = 0
            var isFull = false
        }
        let state = Box(State())

        func load(_ trees: TreeCache, _ body: (JournalRecord) -> Void) throws(StoreError) -> UInt64 {
            for record in state.withLock(\.records) { body(record) }
            return 0
        }
        func append(_ records: [JournalRecord]) throws(StoreError) {
            let isFull = state.withLock { state in
                if state.isFull { return true }
                state.records += records
                state.transactions += 1
                return false
            }
            if isFull { throw .diskFull(path: "journal") }
        }
        func sync() throws(StoreError) {}
        func remove(_ revisions: [UInt64], floor: UInt64) throws(StoreError) {}
        func maintain() {}
        func close() {}

        var last: UInt64 { state.withLock { $0.records.last?.object.revision ?? 1 } }
    }

    @Test func manyShareOneTransaction() throws {
        let journal = MemoryJournal()
        let store = try Store(journal: journal)
        let heard = Box<[UInt64]>([])
        let watch = try store.watch(maps, from: 1) { events in heard.withLock { $0 += events.map(\.revision) }
        }
        for item in 0..<100 {
            try store.commit([.create(maps, key: "n/\(item)", object("\(item)"))], isDeferred: true)
        }
        #expect(journal.state.withLock(\.transactions) == 0 && heard.withLock(\.isEmpty))
        #expect(store.get(maps, key: "n/7", isDeferred: true) != nil)
        try store.flush()
        #expect(journal.state.withLock(\.transactions) == 1)
        #expect(heard.withLock { $0 } == Array(2...101))
        watch.cancel()
    }

    @Test func aRefusedFlushIsTriedAgain() throws {
        let journal = MemoryJournal()
        let store = try Store(journal: journal)
        let heard = Box<[UInt64]>([])
        let watch = try store.watch(maps, from: 1) { events in heard.withLock { $0 += events.map(\.revision) }
        }
        try store.commit([.create(maps, key: "n/a", object("a"))], isDeferred: true)
        journal.state.withLock { $0.isFull = true }
        #expect(throws: StoreError.self) { try store.flush() }
        #expect(throws: StoreError.self) { try store.create(maps, key: "n/b", object("b")) }
        #expect(heard.withLock(\.isEmpty) && store.writeFailure != nil)
        journal.state.withLock { $0.isFull = false }
        try store.create(maps, key: "n/b", object("b"))
        #expect(heard.withLock { $0 } == [2, 3] && store.writeFailure == nil)
        #expect(journal.state.withLock { $0.records.map(\.object.key) } == ["n/a", "n/b"])
        watch.cancel()
    }

    @Test(arguments: 0..<8)
    func nobodySeesWhatTheJournalHasNot(block: UInt64) throws {
        for seed in block * 50..<(block + 1) * 50 { try run(seed) }
    }

    private func run(_ seed: UInt64) throws {
        var random = Generator(state: seed &* 7_919 &+ 3)
        let journal = MemoryJournal()
        let store = try Store(journal: journal)
        let ahead = Box<[String]>([])
        let watch = try store.watch(nil, from: 1) { events in
            for event in events where event.revision > journal.last {
                ahead.withLock { $0.append("told of \(event.revision)") }
            }
        }
        for _ in 0..<60 {
            let key = "n/\(Int.random(in: 0..<8, using: &random))"
            let isDeferred = Bool.random(using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                _ = try? store.commit([.create(maps, key: key, object(key))], isDeferred: isDeferred)
            case 4..<6:
                let change = Write.update(
                    maps, key: key, object(key, "\(random.next())"), expected: nil)
                _ = try? store.commit([change], isDeferred: isDeferred)
            case 6:
                _ = try? store.commit(
                    [.delete(maps, key: key, expected: nil, final: nil)], isDeferred: isDeferred)
            case 7:
                let found = store.get(maps, key: key)
                #expect(found?.revision ?? 0 <= journal.last, "seed \(seed): got what is not written")
                let written = journal.state.withLock { $0.records.last { $0.object.key == key } }
                #expect((written.map { $0.kind != .deleted } ?? false) == (found != nil), "seed \(seed)")
            case 8: #expect(store.snapshot(maps).revision == journal.last, "seed \(seed): listed ahead")
            default: #expect(store.revision == journal.last, "seed \(seed): a revision ahead")
            }
        }
        store.close()
        watch.cancel()
        #expect(ahead.withLock { $0 } == [], "seed \(seed)")
        let revisions = journal.state.withLock { $0.records.map(\.object.revision) }
        #expect(revisions == Array(2..<UInt64(revisions.count + 2)), "seed \(seed): not in order")
        let again = try Store(journal: journal)
        #expect(
            again.snapshot(maps).page().items.map(\.bytes) == store.snapshot(maps).page().items.map(\.bytes),
            "seed \(seed)")
    }
}
