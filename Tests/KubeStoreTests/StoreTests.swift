import Foundation
import KubeJSON
import Testing

@testable import KubeStore

struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ (state >> 29)) &* 0xBF58_476D_1CE4_E5B9
    }
}

let maps = CollectionID(group: "", resource: "configmaps")

func object(_ name: String, _ data: String = "x") -> EncodedObject {
    EncodedObject([
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)],
        "data": ["value": .string(data)],
    ])
}

final class Box<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value
    init(_ value: Value) { self.value = value }
    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return body(&value)
    }
}

func temporaryDirectory() -> String { NSTemporaryDirectory() + "store-test-" + UUID().uuidString }

@Suite struct PersistentSortedMapTests {
    @Test func agreesWithAModelAndKeepsSnapshots() {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = Generator(state: seed)
        var map = PersistentSortedMap<Int>()
        var model: [String: Int] = [:]
        var kept: [(PersistentSortedMap<Int>, [String: Int])] = []
        for round in 0..<30_000 {
            let key = "k\(Int.random(in: 0..<3_000, using: &random))"
            // Phases of growth and of decay, so that nodes split and merge.
            if Int.random(in: 0..<10, using: &random) < ((round / 5_000) % 2 == 0 ? 8 : 2) {
                #expect(map.insert(round, for: key) == model.updateValue(round, forKey: key))
            } else {
                #expect(map.removeValue(for: key) == model.removeValue(forKey: key))
            }
            if round % 3_000 == 0 { kept.append((map, model)) }
        }
        kept.append((map, model))
        for (map, model) in kept {
            let keys = model.keys.sorted(by: utf8Less)
            var seen: [String] = []
            map.forEach { key, value in
                seen.append(key)
                return model[key] == value
            }
            #expect(seen == keys)
            #expect(map.count == keys.count)
            for _ in 0..<50 {
                let key = "k\(Int.random(in: 0..<3_000, using: &random))"
                #expect(map.rank(of: key) == keys.filter { utf8Less($0, key) }.count)
                #expect(map[key] == model[key])
            }
        }
    }
}

@Suite struct StoreTests {
    @Test func writesCheckRevisions() throws {
        let store = try Store()
        let first = try store.create(maps, key: "a/b", object("b"))
        #expect(first.value.at("metadata", "resourceVersion")?.string == String(first.revision))
        #expect(try JSONParser.parse(first.bytes) == first.value)
        #expect(throws: StoreError.self) { try store.create(maps, key: "a/b", object("b")) }
        #expect(throws: StoreError.self) { try store.update(maps, key: "a/b", object("b"), expected: 99) }
        let second = try store.update(maps, key: "a/b", object("b", "y"), expected: first.revision)
        #expect(second.revision == first.revision + 1 && second.createRevision == first.revision)
        let last = try store.delete(maps, key: "a/b")
        #expect(
            try JSONParser.parse(last.bytes).at("metadata", "resourceVersion")?.string
                == String(last.revision))
        #expect(store.get(maps, key: "a/b") == nil)
        // Nothing of a commit that fails is done.
        #expect(throws: StoreError.self) {
            try store.commit([
                .create(maps, key: "a/c", object("c")), .update(maps, key: "a/d", object("d"), expected: nil),
            ])
        }
        #expect(store.revision == last.revision && store.get(maps, key: "a/c") == nil)
    }

    @Test func pagesAndOlderRevisionsAgreeWithAModel() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = Generator(state: seed)
        let store = try Store(limits: HistoryLimits(events: 600))
        var past: [UInt64: [String: UInt64]] = [:]
        var now: [String: UInt64] = [:]
        for _ in 0..<1_000 {
            let key = "n\(Int.random(in: 0..<3, using: &random))/\(Int.random(in: 0..<60, using: &random))"
            if now[key] == nil {
                now[key] = try store.create(maps, key: key, object(key)).revision
            } else if Bool.random(using: &random) {
                now[key] = try store.update(maps, key: key, object(key), expected: now[key]).revision
            } else {
                try store.delete(maps, key: key, expected: now[key])
                now[key] = nil
            }
            past[store.revision] = now
        }
        var expired = 0
        for (revision, model) in past {
            do {
                let snapshot = try store.snapshot(maps, at: revision)
                var found: [String: UInt64] = [:]
                var after: String?
                repeat {
                    let page = snapshot.page(prefix: "n1/", after: after, limit: 7)
                    for item in page.items { found[item.key] = item.revision }
                    #expect(page.remaining == model.filter { $0.key.hasPrefix("n1/") }.count - found.count)
                    after = page.lastKey
                } while after != nil
                #expect(found == model.filter { $0.key.hasPrefix("n1/") })
            } catch {
                guard case .expired(let oldest) = error else { throw error }
                #expect(revision < oldest)
                expired += 1
            }
        }
        #expect(expired == 399 || expired == 400)
        #expect(throws: StoreError.self) { try store.snapshot(maps, at: store.revision + 1) }
    }

    @Test func aCompactedPastIsNotShownThoughNothingChanged() throws {
        let store = try Store()
        let secrets = CollectionID(group: "", resource: "secrets")
        let first = try store.create(maps, key: "n/a", object("a")).revision
        for name in ["b", "c"] { try store.create(secrets, key: "n/\(name)", object(name)) }
        #expect(try store.snapshot(maps, at: first).page().items.count == 1)
        store.compact(to: store.revision)
        #expect(throws: StoreError.self) { try store.snapshot(maps, at: first) }
        #expect(try store.snapshot(maps, at: store.revision).page().items.count == 1)
        // Whoever watches does not notice.
        _ = try store.watch(maps, from: first) { _ in }
        // A revision that is yet to come does not end the present.
        store.compact(to: store.revision + 10)
        #expect(try store.snapshot(maps, at: store.revision).page().items.count == 1)
    }

    @Test func everyWatcherSeesEveryEventOnce() async throws {
        let store = try Store()
        let seen = Box<[[UInt64]]>(Array(repeating: [], count: 8))
        let starts = Box<[UInt64]>([])
        let watches = Box<[Watch]>([])
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for item in 0..<500 {
                        _ = try? store.create(maps, key: "n/\(writer)-\(item)", object("o"))
                    }
                }
            }
            group.addTask {
                for watcher in 0..<8 {
                    let (snapshot, watch) = store.listAndWatch(maps) { events in
                        seen.withLock { $0[watcher] += events.map(\.revision) }
                    }
                    starts.withLock { $0.append(snapshot.revision) }
                    watches.withLock { $0.append(watch) }
                    await Task.yield()
                }
            }
        }
        // A resumed watch gets the same from history.
        let resumed = Box<[UInt64]>([])
        let from = starts.withLock { $0[3] }
        let watch = try store.watch(maps, from: from) { events in
            resumed.withLock { $0 += events.map(\.revision) }
        }
        #expect(store.revision == 2_001)
        for (watcher, start) in starts.withLock({ $0 }).enumerated() {
            #expect(seen.withLock { $0[watcher] } == Array((start + 1)..<2_002))
        }
        #expect(resumed.withLock { $0 } == Array((from + 1)..<2_002))
        watch.cancel()
        try store.create(maps, key: "n/late", object("late"))
        #expect(resumed.withLock { $0.last ?? from } != 2_002)
    }

    /// Fails when told to.
    final class BrokenJournal: Journal {
        let error = Box<StoreError?>(nil)
        func load(_ trees: TreeCache, _ body: (JournalRecord) -> Void) throws(StoreError) -> UInt64 { 0 }
        func append(_ records: [JournalRecord]) throws(StoreError) {
            if let error = error.withLock({ $0 }) { throw error }
        }
        func sync() throws(StoreError) {}
        func remove(_ revisions: [UInt64], floor: UInt64) throws(StoreError) {}
        func maintain() {}
        func close() {}
    }

    @Test func aFullDiskChangesNothing() throws {
        let journal = BrokenJournal()
        let store = try Store(journal: journal)
        journal.error.withLock { $0 = .diskFull(path: "x") }
        #expect(throws: StoreError.self) { try store.create(maps, key: "a", object("a")) }
        #expect(store.revision == 1 && store.get(maps, key: "a") == nil && store.writeFailure != nil)
        journal.error.withLock { $0 = nil }
        try store.create(maps, key: "a", object("a"))
        #expect(store.writeFailure == nil)
    }
}

@Suite struct SQLiteJournalTests {
    @Test(arguments: [Durability.process, .full])
    func reopensWithStateAndHistory(durability: Durability) async throws {
        let directory = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let before = try Store(directory: directory, durability: durability)
        for item in 0..<50 { try before.create(maps, key: "n/\(item)", object("\(item)")) }
        let middle = before.revision
        try before.delete(maps, key: "n/7")
        try before.commit([
            .update(maps, key: "n/8", object("8", "new"), expected: nil),
            .create(maps, key: "n/é", object("é")),
        ])
        let revision = before.revision
        let failure = await withCheckedContinuation { done in
            before.whenDurable(revision) { done.resume(returning: $0.map { "\($0)" }) }
        }
        #expect(failure == nil)
        #expect(throws: StoreError.self) { try Store(directory: directory) }
        // What the kernel holds now is what a killed process leaves.
        let copy = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.copyItem(atPath: directory, toPath: copy)
        before.close()
        for path in [directory, copy] {
            let after = try Store(directory: path)
            #expect(after.revision == revision)
            let left = before.snapshot(maps).page().items
            let right = after.snapshot(maps).page().items
            #expect(left.map(\.bytes) == right.map(\.bytes) && left.map(\.value) == right.map(\.value))
            let kinds = Box<[Event.Kind]>([])
            let watch = try after.watch(maps, from: middle) { events in
                kinds.withLock { $0 += events.map(\.kind) }
            }
            #expect(kinds.withLock { $0 } == [.deleted, .modified, .added])
            watch.cancel()
            try after.create(maps, key: "n/after", object("after"))
            after.close()
        }
    }

    @Test func compactionKeepsTheState() throws {
        let directory = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let limits = HistoryLimits(events: 100)
        let before = try Store(directory: directory, limits: limits)
        for round in 0..<6_000 {
            let key = "n/\(round % 40)"
            if before.get(maps, key: key) == nil {
                try before.create(maps, key: key, object(key, "\(round)"))
            } else if round % 3 == 0 {
                try before.delete(maps, key: key)
            } else {
                try before.update(maps, key: key, object(key, "\(round)"), expected: nil)
            }
        }
        before.close()
        let after = try Store(directory: directory, limits: limits)
        #expect(after.revision == before.revision)
        #expect(
            after.snapshot(maps).page().items.map(\.bytes) == before.snapshot(maps).page().items.map(\.bytes))
        #expect(throws: StoreError.self) { try after.snapshot(maps, at: before.revision - 200) }
        after.close()
        let journal = try SQLiteJournal(directory: directory)
        var rows = 0
        _ = try journal.load(TreeCache(limit: 0)) { _ in rows += 1 }
        #expect(rows < 3_000)
    }

    @Test(arguments: ["empty", "missing", "garbage", "flipped", "truncated"])
    func damageIsToldNotHidden(kind: String) throws {
        let directory = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try Store(directory: directory)
        for item in 0..<400 { try store.create(maps, key: "n/\(item)", object("\(item)", "needle-\(item)-")) }
        store.close()
        let path = directory + "/store.db"
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        switch kind {
        case "empty": data = Data()
        case "garbage": data.replaceSubrange(0..<100, with: Data(repeating: 0x5A, count: 100))
        case "flipped":
            let range = try #require(data.range(of: Data("needle-200-".utf8)))
            data[range.lowerBound] ^= 1
        default: data = data.prefix(data.count / 8192 * 4096)
        }
        if kind == "missing" {
            try FileManager.default.removeItem(atPath: path)
        } else {
            try data.write(to: URL(fileURLWithPath: path))
        }
        let thrown = #expect(throws: StoreError.self) { try Store(directory: directory) }
        guard case .damaged(let named, _)? = thrown else {
            Issue.record("not told as damage: \(String(describing: thrown))")
            return
        }
        #expect(named == path)
    }

    /// SQLite would take up the database as it was at the last checkpoint, without a word.
    @Test(arguments: [Durability.process, .full])
    func aLogThatIsGoneAfterAnUncleanStopIsTold(_ durability: Durability) throws {
        let (directory, copy) = (temporaryDirectory(), temporaryDirectory())
        defer { for path in [directory, copy] { try? FileManager.default.removeItem(atPath: path) } }
        let store = try Store(directory: directory, durability: durability)
        try store.create(maps, key: "n/a", object("a", "x"))
        // What a kill would leave behind: the files of an open store.
        try FileManager.default.copyItem(atPath: directory, toPath: copy)
        store.close()
        let log = copy + "/store.db-wal"
        let kept = try Data(contentsOf: URL(fileURLWithPath: log))
        try FileManager.default.removeItem(atPath: log)
        let thrown = #expect(throws: StoreError.self) { try Store(directory: copy, durability: durability) }
        guard case .logMissing(log, _)? = thrown else {
            Issue.record("not told: \(String(describing: thrown))")
            return
        }
        // Put back, all is there; and a store that was closed needs no log.
        try kept.write(to: URL(fileURLWithPath: log))
        for _ in 0..<2 {
            let again = try Store(directory: copy, durability: durability)
            #expect(again.get(maps, key: "n/a") != nil)
            again.close()
            #expect(!FileManager.default.fileExists(atPath: log))
        }
        // Without the log by choice.
        try FileManager.default.removeItem(atPath: copy + "/store.lock")
        try Store(directory: copy, durability: durability).close()
    }
}

/// Lists by label look at the bits first; what they give must be what a scan gives.
@Suite struct SelectionTests {
    @Test(arguments: 0..<40) func selectionEqualsAScan(seed: Int) throws {
        var generator = SplitMix(state: UInt64(seed) &* 7_919 &+ 1)
        let store = try Store()
        let things = CollectionID(group: "", resource: "things")
        for number in 0..<200 {
            var labels: JSONObject = [:]
            for _ in 0..<generator.below(4) {
                labels["k\(generator.below(5))"] = .string("v\(generator.below(5))")
            }
            let object: JSON = [
                "kind": "Thing", "apiVersion": "v1",
                "metadata": ["name": .string("t\(number)"), "labels": .object(labels)],
            ]
            let key = "n\(generator.below(3))/t\(generator.below(120))"
            if store.get(things, key: key) == nil {
                try store.create(things, key: key, EncodedObject(object))
            } else if generator.below(3) == 0 {
                try store.delete(things, key: key)
            } else {
                try store.update(things, key: key, EncodedObject(object), expected: nil)
            }
        }
        let snapshot = store.snapshot(things)
        for _ in 0..<30 {
            let (key, value) = ("k\(generator.below(5))", "v\(generator.below(5))")
            let prefix = generator.below(2) == 0 ? "" : "n\(generator.below(3))/"
            let limit = generator.below(6)
            var bits = LabelBits()
            bits.insert(key: key, value: value)
            let all = snapshot.page(prefix: prefix).items.filter { $0.labels?[key]?.string == value }
            let found = snapshot.select(prefix: prefix, limit: limit, labels: bits) {
                $0.labels?[key]?.string == value
            }
            let wanted = limit == 0 ? all : Array(all.prefix(limit))
            #expect(found.items.map(\.key) == wanted.map(\.key), "seed \(seed)")
            #expect(found.hasMore == (wanted.count < all.count), "seed \(seed)")
            if let last = wanted.last {
                let rest = snapshot.select(prefix: prefix, after: last.key, labels: bits) {
                    $0.labels?[key]?.string == value
                }
                #expect(rest.items.map(\.key) == all.dropFirst(wanted.count).map(\.key), "seed \(seed)")
            }
        }
    }
}

private struct SplitMix {
    var state: UInt64
    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(bound))
    }
}
