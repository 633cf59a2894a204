import KubeAPI
import KubeJSON
import KubeNode

extension CRIRuntime {
    func startContainer(_ index: Int, attempt: Int, of pod: PodIdentity) async {
        guard let entry = entry(pod), let container = entry.container(index) else { return }
        do {
            guard let sandbox = entry.sandboxID else {
                throw ContainerFailure(.creation, "sandbox for pod \"\(pod.uid)\" not found")
            }
            let facts = facts(entry)
            let config = try await config(container, entry, facts, attempt: attempt)
            let sandboxConfig = sandboxConfig(facts, attempt: 0)
            try FileBytes.makeDirectory("\(paths.logs(pod))/\(entry.shape.containers[index].name)")
            let id = try await create(config, sandbox, sandboxConfig)
            let record = ContainerRecord(
                id: id, identity: pod, name: entry.shape.containers[index].name, attempt: attempt,
                sandbox: sandbox, state: .containerCreated)
            state.withLock { $0.containers[id] = record }
            let isWanted = update(pod, wakes: false) { entry in
                guard entry.observation.containers.indices.contains(index) else { return }
                entry.observation.containers[index] = ContainerInstance(
                    id: id, attempt: attempt, state: .created, imageID: config.image.image)
            }
            guard isWanted else {
                try? await client.removeContainer(id)
                return
            }
            do {
                try await client.startContainer(id)
            } catch {
                return await startFailed(id, index, pod, error)
            }
            await refresh(id, pod, expecting: nil)
            await removeOlder(than: attempt - 1, index, of: pod)
        } catch {
            let failure = error as? ContainerFailure ?? ContainerFailure(.creation, "\(error)")
            update(pod) { entry in
                guard entry.observation.containers.indices.contains(index) else { return }
                var instance = ContainerInstance(id: "", attempt: attempt, state: .created, imageID: "")
                instance.creationFailure = failure.description
                instance.creationReason = failure.reason.rawValue
                entry.observation.containers[index] = instance
            }
        }
    }

    private func create(
        _ config: CRIContainerConfig, _ sandbox: String, _ sandboxConfig: CRIPodSandboxConfig
    ) async throws -> String {
        try await whileAway { [client] in
            do {
                return try await client.createContainer(config, sandbox: sandbox, sandboxConfig)
            } catch let error as CRIError {
                // An earlier agent made it and did not come to start it.
                guard let holder = error.nameHolder else { throw error }
                try await client.removeContainer(holder)
                return try await client.createContainer(config, sandbox: sandbox, sandboxConfig)
            }
        }
    }

    /// The runtime keeps a container that could not be started, as one that ended.
    private func startFailed(_ id: String, _ index: Int, _ pod: PodIdentity, _ error: any Error) async {
        let words = "\(error)"
        let status = try? await whileAway { [client] in try await client.containerStatus(id) }
        let now = WallClock.now()
        update(pod) { entry in
            guard entry.observation.containers.indices.contains(index),
                var instance = entry.observation.containers[index], instance.id == id
            else { return }
            if let status { instance.take(status) }
            instance.state = .exited
            if instance.exitCode == 0 { instance.exitCode = 128 }
            instance.reason = "StartError"
            instance.message = (error as? CRIError)?.message ?? words
            instance.started = instance.started ?? now
            instance.finished = instance.finished ?? now
            entry.observation.containers[index] = instance
        }
    }

    /// All that the container's configuration takes from elsewhere, gathered.
    private func config(
        _ container: JSON, _ entry: PodEntry, _ facts: PodFacts, attempt: Int
    ) async throws -> CRIContainerConfig {
        let pod = entry.identity
        let name = container["name"]?.string ?? ""
        let wanted = container["image"]?.string ?? ""
        let found = try await whileAway { [client] in try await client.image(wanted) }
        guard let image = found else {
            throw ContainerFailure(.creation, "image \"\(wanted)\" not found")
        }
        let environment = try ContainerEnvironment(container, facts, objects: objects) { volume, path in
            guard let directory = entry.volumes?[volume] else {
                throw ContainerFailure(
                    .configuration, "cannot find the volume \"\(volume)\" referenced by FileKeyRef")
            }
            return try SubPath.contents(path, in: directory)
        }
        let words = paths.terminationMessage(pod, name, attempt: attempt)
        try FileBytes.makeDirectory("\(paths.pod(pod))/containers/\(name)")
        // Whoever the container runs as is to write there.
        try FileBytes.overwrite([], path: words, mode: 0o666)
        let mounts = try ContainerMounts(
            container, facts, volumes: entry.volumes ?? [:], environment: environment,
            hosts: paths.hosts(pod), terminationMessage: words)
        let target = container["targetContainerName"]?.string.flatMap { name in
            entry.index(of: name).flatMap { entry.observation.containers[$0]?.id }
        }
        return try ContainerConfigBuilder(
            facts: facts, container: container, image: image, environment: environment,
            mounts: mounts.wanted.map { try SubPath.resolve($0) }, cluster: settings.cluster, target: target
        ).build(attempt: attempt)
    }

    // MARK: The end of containers

    func stopContainer(_ id: String, grace: Int, of pod: PodIdentity) async {
        do {
            try await whileAway(for: .seconds(120)) { [client] in
                try await client.stopContainer(id, grace: grace)
            }
        } catch let error as CRIError where error.kind == .notFound {
        } catch {
            tell("cannot stop a container of \(pod.namespace)/\(pod.name): \(error)")
        }
        await refresh(id, pod, expecting: nil)
    }

    /// Asks how a container is.
    /// - Parameter expecting: a state that is known to come; it is waited for, a second at most.
    func refresh(_ id: String, _ pod: PodIdentity, expecting: CRIContainerState?) async {
        var status: CRIContainerStatus?
        var pause = 1
        for _ in 0..<12 {
            status = try? await whileAway { [client] in try await client.containerStatus(id) }
            guard let expecting, let found = status, found.state != expecting else { break }
            try? await Task.sleep(for: .milliseconds(pause))
            pause = min(pause * 2, 200)
        }
        guard let status else { return }
        take(status, pod)
    }

    /// Takes in a container's status, its last words among it.
    func take(_ status: CRIContainerStatus, _ pod: PodIdentity) {
        guard let entry = entry(pod), let index = entry.index(ofContainer: status.id),
            let present = entry.observation.containers[index]
        else { return }
        var words: String?
        if status.state == .containerExited || status.state == .containerUnknown, present.state != .exited {
            let name = entry.shape.containers[index].name
            words = TerminationMessage.read(
                path: paths.terminationMessage(pod, name, attempt: present.attempt),
                log: paths.log(pod, name, attempt: present.attempt),
                fallsBack: status.annotations[PodLabels.terminationPolicy] == "FallbackToLogsOnError",
                exitCode: Int(status.exitCode))
        }
        let isNews = present.state != .exited
        update(pod, wakes: isNews) { entry in
            guard var instance = entry.observation.containers[index], instance.id == status.id,
                instance.state != .exited
            else { return }
            instance.take(status)
            if let words, !words.isEmpty {
                instance.message = instance.message.isEmpty ? words : instance.message + ": " + words
            }
            entry.observation.containers[index] = instance
        }
        state.withLock { state in
            state.containers[status.id]?.status = status
            state.containers[status.id]?.state = status.state
        }
    }

    /// One instance before the present one is kept, for its log.
    private func removeOlder(than attempt: Int, _ index: Int, of pod: PodIdentity) async {
        guard let name = entry(pod)?.shape.containers[index].name else { return }
        let old = state.withLock { state in
            state.containers.values.filter {
                $0.identity.uid == pod.uid && $0.name == name && $0.attempt < attempt
                    && $0.state != .containerRunning
            }
        }
        for record in old {
            guard (try? await client.removeContainer(record.id)) != nil else { continue }
            removeLogs(record)
            state.withLock { _ = $0.containers.removeValue(forKey: record.id) }
        }
    }

    func removeLogs(_ record: ContainerRecord) {
        let log = paths.log(record.identity, record.name, attempt: record.attempt)
        for path in LogFiles.all(of: log) { FileBytes.remove(path) }
        FileBytes.remove(paths.terminationMessage(record.identity, record.name, attempt: record.attempt))
    }

    // MARK: Resources

    /// Gives running containers what a changed spec says, while they run.
    func resize(_ pod: PodIdentity, from old: JSON, to new: JSON) {
        guard let entry = entry(pod), old["spec"] != new["spec"] else { return }
        let lists = ["initContainers", "containers"]
        let before = lists.flatMap { old["spec"]?[$0]?.array ?? [] }
        let after = lists.flatMap { new["spec"]?[$0]?.array ?? [] }
        guard before.count == after.count,
            zip(before, after).contains(where: { $0["resources"] != $1["resources"] })
                || old["spec"]?["resources"] != new["spec"]?["resources"]
        else { return }
        let facts = facts(entry)
        var updates: [(String, CRILinuxContainerResources)] = []
        for (index, container) in after.enumerated()
        where before[index]["resources"] != container["resources"] {
            guard let instance = entry.observation.containers[index], instance.state == .running else {
                continue
            }
            updates.append((instance.id, ContainerConfigBuilder.resources(container, facts)))
        }
        let group = cgroupNames.pod(facts)
        let resources = PodCgroups.resources(facts)
        Task { [updates] in
            // Room above first; what is beneath may then grow. Shrinking needs the other order.
            cgroups.set(resources, group)
            for (id, resources) in updates {
                do {
                    try await client.updateResources(id, resources)
                } catch {
                    tell("cannot resize a container of \(pod.namespace)/\(pod.name): \(error)")
                }
            }
            cgroups.set(resources, group)
            update(pod) { _ in }
        }
    }
}
