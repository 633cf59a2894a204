import Foundation
import KubeAPI
import KubeJSON
import KubeNode
import KubeStore
import Synchronization
import Testing

@testable import KubeRuntimeCRI

/// A real containerd in a directory of its own, with images made of busybox and a network of its own. What is
/// missing for it is said once.
enum TestMachine {
    static let image = "aegis.local/busybox:test"
    static let pause = "aegis.local/pause:test"

    /// Why the tests with containers do not run here; nil when they do.
    static let missing: String? = {
        var words: String?
        if getuid() != 0 { words = "not root" }
        for program in ["containerd", "runc", "busybox", "ctr"] where words == nil {
            let places = ["/usr/bin/", "/usr/sbin/", "/bin/", "/usr/local/bin/"]
            if !places.contains(where: { access($0 + program, X_OK) == 0 }) { words = "no \(program)" }
        }
        if words == nil, access("/usr/lib/cni/ptp", X_OK) != 0 { words = "no CNI plugins" }
        if let words {
            print("skipped: tests with real containers: \(words) (scripts/bootstrap installs it)")
        }
        return words
    }()

    @discardableResult
    static func run(_ words: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        guard process.terminationStatus == 0 else {
            throw CRIError(kind: .other, description: "\(words): \(text)")
        }
        return text
    }

    static var repository: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
    }
}

/// Objects that a test says there are.
final class TestObjects: ObjectSource {
    private let all = Mutex<[String: JSON]>([:])

    func put(_ collection: CollectionID, _ object: JSON) {
        let key = "\(collection)/\(object["metadata"]?["namespace"]?.string ?? "")/\(object.name)"
        all.withLock { $0[key] = object }
    }

    func remove(_ collection: CollectionID, _ namespace: String, _ name: String) {
        all.withLock { _ = $0.removeValue(forKey: "\(collection)/\(namespace)/\(name)") }
    }

    func object(_ collection: CollectionID, _ namespace: String, _ name: String) -> JSON? {
        all.withLock { $0["\(collection)/\(namespace)/\(name)"] }
    }

    func objects(_ collection: CollectionID, in namespace: String?) -> [JSON] {
        all.withLock { all in
            let prefix = "\(collection)/" + (namespace.map { $0 + "/" } ?? "")
            return all.keys.filter { $0.hasPrefix(prefix) }.sorted().compactMap { all[$0] }
        }
    }
}

/// Gives each volume an empty directory.
struct TestVolumes: VolumeProvider {
    var data: String

    func prepare(pod: JSON, identity: PodIdentity) async throws -> [String: String] {
        var paths: [String: String] = [:]
        for volume in pod["spec"]?["volumes"]?.array ?? [] {
            let name = volume["name"]?.string ?? ""
            let path = "\(data)/pods/\(identity.uid)/volumes/\(name)"
            try FileBytes.makeDirectory(path, mode: 0o777)
            paths[name] = path
        }
        return paths
    }

    func release(_ identity: PodIdentity) async {
        FileBytes.remove("\(data)/pods/\(identity.uid)/volumes")
    }
}

/// Stands for the node's agent: drives the state machines of pods over the runtime.
actor TestAgent {
    private struct Pod {
        var machine: PodStateMachine
        var object: JSON
        var address: String?
    }

    let runtime: CRIRuntime
    private let objects: TestObjects
    private var pods: [String: Pod] = [:]
    private(set) var events: [String] = []
    private var nextAddress: Int

    init(_ runtime: CRIRuntime, _ objects: TestObjects, firstAddress: Int = 10) {
        self.runtime = runtime
        self.objects = objects
        nextAddress = firstAddress
    }

    static func identity(_ pod: JSON) -> PodIdentity {
        PodIdentity(
            uid: pod.uid, namespace: pod["metadata"]?["namespace"]?.string ?? "", name: pod.name,
            node: "node-a")
    }

    func add(_ object: JSON, restored: Bool = false) {
        let identity = Self.identity(object)
        objects.put(.pods, object)
        let shape = PodShape(object)
        var machine = PodStateMachine(identity, shape: shape)
        var pod: Pod
        if restored {
            machine.restore(object["status"] ?? .null, now: WallClock.now())
            runtime.restore(identity, object, shape: shape, now: WallClock.now())
            pod = Pod(machine: machine, object: object)
        } else {
            runtime.add(identity, object, shape: shape)
            pod = Pod(machine: machine, object: object)
        }
        if object["spec"]?["hostNetwork"]?.bool != true {
            pod.address = object["status"]?["podIP"]?.string ?? "10.199.77.\(nextAddress)"
            nextAddress += 1
        }
        pods[identity.uid] = pod
        look(identity.uid)
    }

    func delete(_ uid: String, grace: Int) {
        guard var pod = pods[uid] else { return }
        pod.object.set("2026-01-01T00:00:00Z", at: "metadata", "deletionTimestamp")
        pod.object.set(.integer(Int64(grace)), at: "metadata", "deletionGracePeriodSeconds")
        pods[uid] = pod
        look(uid)
    }

    /// Forgets all pods, as an agent that dies does.
    func status(_ uid: String) -> JSON {
        guard var pod = pods[uid] else { return .null }
        let facts = NodeFacts(addresses: ["127.0.0.1"], runtimeName: "containerd")
        let status = pod.machine.status(pod.object, node: facts, now: WallClock.now())
        pods[uid] = pod
        return status
    }

    func isDone(_ uid: String) -> Bool { pods[uid]?.machine.isDone ?? true }

    func look(_ uid: String) {
        guard var pod = pods[uid] else { return }
        defer { if pods[uid] != nil { pods[uid] = pod } }
        let identity = pod.machine.identity
        if pod.machine.isDone { return }
        var next: Timestamp?
        for _ in 0..<100 {
            let now = WallClock.now()
            let observation = runtime.observe(identity, now: now)
            let step = pod.machine.step(pod.object, observation, now: now) { reference in
                if reference.kind == .image {
                    return runtime.hasImage(reference.name, for: identity) ? .present : .absent
                }
                return .present
            }
            events += step.events.map { "\(identity.name) \($0.reason): \($0.message)" }
            next = step.next
            if step.actions.isEmpty { break }
            for action in step.actions {
                runtime.perform(action, of: identity, now: now, address: pod.address)
            }
        }
        if pod.machine.isDone { return runtime.remove(identity) }
        if let next {
            let wait = max(next.since(WallClock.now()), 0.001)
            Task {
                try? await Task.sleep(for: .seconds(wait))
                self.look(uid)
            }
        }
    }

    func forget(_ uid: String) { pods[uid] = nil }

    /// Waits until something is so.
    func wait(
        _ what: String, seconds: Double = 60, _ location: SourceLocation = #_sourceLocation,
        until isSo: (TestAgent) async -> Bool
    ) async {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if await isSo(self) { return }
            try? await Task.sleep(for: .milliseconds(10))
        }
        var states = ""
        for uid in pods.keys { states += JSONWriter.string(status(uid)) + "\n" }
        Issue.record(
            "not within \(seconds) s: \(what)\n\(events.joined(separator: "\n"))\n\(states)",
            sourceLocation: location)
    }

    /// The state of a container in the status, with its name's status whole.
    func container(_ uid: String, _ name: String) -> JSON {
        let status = status(uid)
        let lists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"]
        let all = lists.flatMap { status[$0]?.array ?? [] }
        return all.first { $0["name"]?.string == name } ?? .null
    }
}

/// All of it together.
final class TestCluster: Sendable {
    let data: String
    let objects = TestObjects()
    let supervisor: ContainerdSupervisor
    private let agentBox = Mutex<TestAgent?>(nil)

    static func start(_ data: String? = nil) async throws -> TestCluster {
        let cluster = try await TestCluster(data)
        try await cluster.begin()
        return cluster
    }

    private init(_ data: String?) async throws {
        self.data = data ?? "/tmp/aegis-cri-test-\(UInt32.random(in: 0..<1_000_000))"
        let directory = self.data
        try FileBytes.makeDirectory(directory + "/cni/net.d")
        let network = """
            {"cniVersion":"0.4.0","name":"aegis-cri-test","plugins":[{"type":"ptp","ipMasq":false,
             "ipam":{"type":"host-local","subnet":"10.199.77.0/24","dataDir":"\(directory)/cni/ipam",
             "routes":[{"dst":"0.0.0.0/0"}]}}]}
            """
        try FileBytes.write(Array(network.utf8), to: directory + "/cni/net.d/10-test.conflist")
        supervisor = try ContainerdSupervisor(
            ContainerdConfiguration(dataDirectory: directory, sandboxImage: TestMachine.pause))
        objects.put(
            CollectionID(group: "", resource: "nodes"),
            [
                "metadata": ["name": "node-a"],
                "status": [
                    "addresses": [["type": "InternalIP", "address": "127.0.0.1"]],
                    "allocatable": ["cpu": "2", "memory": "8Gi"], "capacity": ["cpu": "2", "memory": "8Gi"],
                ],
            ])
    }

    private func begin() async throws {
        if try await supervisor.start() { return try await connect() }
        let archive = data + "/images.tar"
        try TestMachine.run("bash", TestMachine.repository + "/scripts/test-images", archive)
        try TestMachine.run(
            "ctr", "-a", supervisor.configuration.socket, "-n", "k8s.io", "images", "import", archive)
        try await connect()
    }

    /// A runtime and an agent that know nothing yet, as after a start.
    func connect() async throws {
        var settings = CRIRuntime.Settings(
            dataDirectory: data, cluster: data, cgroupRoot: "/aegis-cri-test" + data.suffix(6),
            resolver: ResolverSettings(servers: ["10.96.0.10"]))
        settings.logSize = 20_000
        let runtime = CRIRuntime(
            client: try CRIClient(socket: supervisor.configuration.socket), settings: settings,
            objects: objects, volumes: TestVolumes(data: data), tell: { print($0) }
        ) { [weak self] pod in
            guard let agent = self?.agentBox.withLock({ $0 }) else { return }
            Task { await agent.look(pod.uid) }
        }
        try await runtime.start()
        let agent = TestAgent(runtime, objects)
        agentBox.withLock { $0 = agent }
    }

    var agent: TestAgent {
        get throws { try #require(agentBox.withLock { $0 }) }
    }

    /// Leaves nothing of it on the machine.
    func end() async throws {
        let agent = try agent
        var failure: (any Error)?
        do { try await agent.runtime.removeAll() } catch { failure = error }
        agent.runtime.client.close()
        await supervisor.stop()
        FileBytes.remove(data)
        if let failure { throw failure }
        #expect(!FileBytes.isDirectory(data))
        #expect(!FileBytes.isDirectory("/sys/fs/cgroup/memory/aegis-cri-test" + data.suffix(6)))
    }

    func pod(_ name: String, _ spec: JSON, annotations: JSON = [:]) -> JSON {
        var spec = spec
        if spec["restartPolicy"] == nil { spec.set("Always", at: "restartPolicy") }
        return [
            "metadata": [
                "name": .string(name), "namespace": "default",
                "uid": .string("uid-\(name)-\(UInt32.random(in: 0..<UInt32.max))"),
                "labels": ["app": .string(name)], "annotations": annotations,
            ],
            "spec": spec, "status": ["qosClass": "Burstable"],
        ]
    }

    static func container(_ name: String, _ script: String, _ more: JSON = [:]) -> JSON {
        var container: JSON = [
            "name": .string(name), "image": .string(TestMachine.image),
            "command": ["sh", "-c", .string(script)],
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
            "imagePullPolicy": "IfNotPresent",
        ]
        for (key, value) in more.object ?? [:] { container.set(value, at: key) }
        return container
    }
}
