import KubeJSON
import NIOConcurrencyHelpers
import Testing

@testable import KubeClient

/// A collection with a history, some of which it has forgotten, behind a transport that fails at random.
private final class Collection: Sendable {
    struct State {
        var version = 10
        var objects: [String: Int] = [:]
        var events: [(version: Int, event: JSON)] = []
        /// Events up to here are forgotten.
        var floor = 10
        var random: SeededGenerator
    }

    let state: NIOLockedValueBox<State>

    init(seed: UInt64) { state = NIOLockedValueBox(State(random: SeededGenerator(seed: seed))) }

    static func object(_ name: String, _ version: Int) -> JSON {
        ["metadata": ["name": .string(name), "resourceVersion": .string(String(version))]]
    }

    func change() {
        state.withLockedValue { state in
            state.version += 1
            let name = "o\(state.random.next() % 5)"
            let type: String
            if state.objects[name] == nil {
                type = "ADDED"
                state.objects[name] = state.version
            } else if state.random.next() % 3 == 0 {
                type = "DELETED"
                state.objects[name] = nil
            } else {
                type = "MODIFIED"
                state.objects[name] = state.version
            }
            state.events.append(
                (state.version, ["type": .string(type), "object": Self.object(name, state.version)]))
            if state.random.next() % 10 == 0 { state.floor = state.version - Int(state.random.next() % 3) }
        }
    }

    func answer(_ request: TransportRequest) throws -> TransportResponse {
        for _ in 0..<(state.withLockedValue { $0.random.next() % 4 }) { change() }
        return try state.withLockedValue { state in
            switch state.random.next() % 8 {
            case 0: throw ClientError.unreachable("cut")
            case 1: return Script.status(500, "InternalError")
            default: break
            }
            guard request.target.contains("watch=true") else {
                return Script.json([
                    "metadata": ["resourceVersion": .string(String(state.version))],
                    "items": .array(state.objects.sorted { $0.key < $1.key }.map { Self.object($0, $1) }),
                ])
            }
            let from =
                request.target.split(separator: "&").first { $0.hasPrefix("resourceVersion=") }
                .flatMap { Int($0.dropFirst("resourceVersion=".count)) } ?? 0
            if from < state.floor {
                let status: JSON = ["kind": "Status", "code": 410, "reason": "Expired"]
                return state.random.next() % 2 == 0
                    ? Script.status(410, "Expired")
                    : Script.lines([["type": "ERROR", "object": status]])
            }
            var events = state.events.filter { $0.version > from }.map(\.event)
            if state.random.next() % 3 == 0 {
                events.append(["type": "BOOKMARK", "object": Self.object("", state.version)])
            }
            let isCut = state.random.next() % 3 == 0
            if isCut { events = Array(events.prefix(Int(state.random.next() % 3))) }
            return Script.lines(
                events, cutInto: Int(state.random.next() % 40) + 1, failing: isCut ? .unreachable("cut") : nil
            )
        }
    }
}

struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D >> 11
    }
}

@Suite struct FollowTests {
    /// Whatever is cut, forgotten or refused, who follows ends up with what there is, and never sees an object
    /// go back.
    @Test func whoFollowsSeesEverything() async throws {
        for seed in 1...200 as ClosedRange<UInt64> {
            let collection = Collection(seed: seed)
            let script = Script { _, request in try collection.answer(request) }
            let seen = NIOLockedValueBox<[String: Int]>([:])
            let faults = NIOLockedValueBox<[String]>([])
            let client = try script.client()
            let isOver: @Sendable () -> Bool = {
                guard script.sent.count > 60 else { return false }
                return collection.state.withLockedValue { $0.objects } == seen.withLockedValue { $0 }
            }
            struct Enough: Error {}
            func version(_ object: JSON) -> Int {
                Int(object.at("metadata", "resourceVersion")?.string ?? "") ?? 0
            }
            func name(_ object: JSON) -> String { object.at("metadata", "name")?.string ?? "" }
            do {
                try await client.follow(.pods) { change in
                    seen.withLockedValue { seen in
                        switch change {
                        case .replaced(let items):
                            seen = Dictionary(uniqueKeysWithValues: items.map { (name($0), version($0)) })
                        case .added(let object):
                            if seen[name(object)] != nil {
                                faults.withLockedValue { $0.append("\(name(object)) was added twice") }
                            }
                            seen[name(object)] = version(object)
                        case .modified(let object):
                            if (seen[name(object)] ?? Int.max) >= version(object) {
                                faults.withLockedValue { $0.append("\(name(object)) went back") }
                            }
                            seen[name(object)] = version(object)
                        case .deleted(let object):
                            if seen.removeValue(forKey: name(object)) == nil {
                                faults.withLockedValue { $0.append("\(name(object)) was deleted twice") }
                            }
                        case .bookmark, .disconnected: break
                        }
                    }
                    if isOver() || script.sent.count > 2_000 { throw Enough() }
                }
            } catch is Enough {}
            #expect(script.sent.count <= 2_000, "seed \(seed): never caught up")
            #expect(faults.withLockedValue { $0 } == [], "seed \(seed)")
        }
    }

    @Test func aForgottenVersionIsListedAgain() throws {
        var machine = WatchMachine()
        #expect(machine.step == .list)
        machine.listed(at: "5")
        #expect(machine.step == .watch(from: "5"))
        _ = try machine.received(["type": "ADDED", "object": ["metadata": ["resourceVersion": "7"]]])
        #expect(machine.step == .watch(from: "7"))
        _ = try machine.received(["type": "BOOKMARK", "object": ["metadata": ["resourceVersion": "9"]]])
        #expect(machine.step == .watch(from: "9"))
        machine.failed(.unreachable("cut"))
        #expect(machine.step == .watch(from: "9"), "a lost connection goes on where it was")
        #expect(machine.pause(chance: 1) > 0)
        let expired: JSON = [
            "type": "ERROR", "object": ["kind": "Status", "code": 410, "reason": "Expired"],
        ]
        let change = try machine.received(expired)
        #expect(change.map { _ in true } == nil)
        #expect(machine.step == .list)
        machine.listed(at: "20")
        #expect(machine.pause(chance: 1) == 0)
        #expect(throws: ClientError.self) {
            _ = try machine.received(["type": "ERROR", "object": ["kind": "Status", "code": 500]])
        }
    }

    @Test func pausesGrowAndAreBounded() {
        var machine = WatchMachine()
        var last = 0.0
        for _ in 0..<20 {
            machine.failed(.timedOut)
            let pause = machine.pause(chance: 1)
            #expect(pause >= last)
            #expect(pause <= 30)
            last = pause
        }
        #expect(last == 30)
    }
}
