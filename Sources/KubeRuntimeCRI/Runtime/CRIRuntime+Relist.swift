import KubeAPI
import KubeJSON
import KubeNode

extension CRIRuntime {
    func relistOnce() async {
        do {
            try await relist()
            state.withLock { $0.lastTrouble = nil }
        } catch {
            // Said once, not every second.
            if Task.isCancelled { return }
            let words = "\(error)"
            let isNew = state.withLock { state in
                defer { state.lastTrouble = words }
                return state.lastTrouble != words
            }
            if isNew { tell("cannot list containers: \(words)") }
        }
    }

    /// Compares what there is with what was there before, and takes in what changed.
    func relist() async throws {
        // What is made while the listing is under way is not missing from it.
        let known = state.withLock { ($0.sandboxes, $0.containers) }
        async let sandboxList = client.sandboxes(labels: labels)
        async let containerList = client.containers(labels: labels)
        async let imageList = client.images()
        let (sandboxes, containers, images) = try await (sandboxList, containerList, imageList)
        takeImages(images)
        try await takeSandboxes(sandboxes, known.0)
        try await takeContainers(containers, known.1)
        state.withLock { $0.isListed = true }
        await collectGarbage()
    }

    private func takeSandboxes(
        _ listed: [CRIPodSandbox], _ known: [String: SandboxRecord]
    ) async throws {
        var records: [String: SandboxRecord] = [:]
        for sandbox in listed {
            guard let identity = PodLabels.identity(sandbox.labels) else { continue }
            var record =
                known[sandbox.id]
                ?? SandboxRecord(
                    id: sandbox.id, identity: identity, attempt: Int(sandbox.metadata.attempt),
                    isReady: false, created: Timestamp(nanoseconds: sandbox.createdAt))
            record.isReady = sandbox.state == .sandboxReady
            if known[sandbox.id] == nil, record.isReady {
                record.addresses = Self.addresses(try await client.sandboxStatus(sandbox.id))
            }
            records[sandbox.id] = record
        }
        let lost = state.withLock { state in
            let fresh = records
            let added = state.sandboxes.filter { known[$0.key] == nil }
            state.sandboxes = fresh.merging(added) { listed, _ in listed }
            return state.pods.values.filter { entry in
                guard let id = entry.sandboxID, let sandbox = entry.observation.sandbox, sandbox.isReady,
                    sandbox.id == id
                else { return false }
                if let record = fresh[id] { return !record.isReady }
                return known[id] != nil
            }.map(\.identity)
        }
        for pod in lost { update(pod) { $0.observation.sandbox?.isReady = false } }
    }

    private func takeContainers(
        _ listed: [CRIContainer], _ known: [String: ContainerRecord]
    ) async throws {
        var records: [String: ContainerRecord] = [:]
        var changed: [(CRIContainerStatus, PodIdentity)] = []
        for container in listed {
            guard let identity = PodLabels.identity(container.labels) else { continue }
            var record =
                known[container.id]
                ?? ContainerRecord(
                    id: container.id, identity: identity, name: container.metadata.name,
                    attempt: Int(container.metadata.attempt), sandbox: container.podSandboxID,
                    state: container.state)
            if record.status == nil || record.state != container.state {
                do {
                    let status = try await client.containerStatus(container.id)
                    record.status = status
                    record.state = status.state
                    changed.append((status, identity))
                } catch let error as CRIError where error.kind == .notFound {
                    continue
                }
            }
            records[container.id] = record
        }
        let lost = state.withLock { state in
            let added = state.containers.filter { known[$0.key] == nil }
            state.containers = records.merging(added) { listed, _ in listed }
            return state.pods.values.flatMap { entry in
                entry.observation.containers.compactMap { instance in
                    guard let instance, instance.state == .running, records[instance.id] == nil,
                        known[instance.id] != nil
                    else { return nil as (PodIdentity, String)? }
                    return (entry.identity, instance.id)
                }
            }
        }
        for (status, pod) in changed { take(status, pod) }
        for (pod, id) in lost { containerIsLost(id, pod) }
    }

    /// A container that somebody took away.
    private func containerIsLost(_ id: String, _ pod: PodIdentity) {
        let now = WallClock.now()
        update(pod) { entry in
            guard let index = entry.index(ofContainer: id) else { return }
            entry.observation.containers[index]?.state = .exited
            entry.observation.containers[index]?.finished = now
            entry.observation.containers[index]?.exitCode = 137
            entry.observation.containers[index]?.reason = "ContainerStatusUnknown"
            entry.observation.containers[index]?.message =
                "The container could not be located when the pod was deleted.  The container used to be "
                + "Running"
        }
    }

    // MARK: Events

    /// Follows the runtime's events until their stream breaks.
    func followEvents() async {
        var request = ContainerdSubscribeRequest()
        request.filters = [#"topic=="/tasks/exit",namespace=="k8s.io""#]
        try? await client.follow(
            "Subscribe", of: "containerd.services.events.v1.Events", request, as: ContainerdEnvelope.self
        ) { [weak self] envelope in
            guard let self, let exit = try? ContainerdTaskExit(serializedBytes: envelope.event.value) else {
                return
            }
            // The end of a command that was run in a container is no end of the container.
            guard exit.id == exit.containerID || exit.id.isEmpty else { return }
            Task { await self.processEnded(exit.containerID) }
        }
    }

    private func processEnded(_ id: String) async {
        let (pod, isSandbox) = state.withLock { state -> (PodIdentity?, Bool) in
            for entry in state.pods.values {
                if entry.sandboxID == id { return (entry.identity, true) }
                if entry.index(ofContainer: id) != nil { return (entry.identity, false) }
            }
            return (nil, false)
        }
        guard let pod else { return }
        if !isSandbox { return await refresh(id, pod, expecting: .containerExited) }
        for pause in [1, 2, 4, 8, 16, 32, 64, 128] {
            try? await Task.sleep(for: .milliseconds(pause))
            guard let status = try? await client.sandboxStatus(id) else { return }
            guard status.state == .sandboxNotready else { continue }
            update(pod) { entry in
                if entry.observation.sandbox?.id == id { entry.observation.sandbox?.isReady = false }
            }
            return
        }
    }
}
