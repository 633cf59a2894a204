import KubeAPI
import KubeEngine
import KubeJSON
import KubeNode

/// What pods leave behind.
extension CRIRuntime {
    /// How many listings find a pod's remains before they are taken away: an agent may be about to take it.
    private static let patience = 2

    /// Takes away what is left of pods that the API does not have any more.
    func collectGarbage() async {
        var found: [String: PodIdentity] = [:]
        let active: Set<String> = state.withLock { state in
            for record in state.containers.values { found[record.identity.uid] = record.identity }
            for record in state.sandboxes.values { found[record.identity.uid] = record.identity }
            return Set(state.pods.keys)
        }
        let nameless = FileBytes.names(in: settings.dataDirectory + "/pods").filter {
            found[$0] == nil && !active.contains($0)
        }
        if !nameless.isEmpty {
            let known = Set(objects.objects(.pods, in: nil).compactMap { $0["metadata"]?["uid"]?.string })
            for uid in nameless where !known.contains(uid) { found[uid] = identity(fromLogsOf: uid) }
        }
        let unknown = found.values.filter { pod in
            if active.contains(pod.uid) { return false }
            let object = objects.object(.pods, pod.namespace, pod.name)
            return object?["metadata"]?["uid"]?.string != pod.uid
        }
        let due = state.withLock { state -> [PodIdentity] in
            var counts: [String: Int] = [:]
            for pod in unknown { counts[pod.uid] = (state.orphans[pod.uid] ?? 0) + 1 }
            state.orphans = counts
            return unknown.filter { counts[$0.uid, default: 0] >= Self.patience }
        }
        guard !due.isEmpty else { return }
        await withTaskGroup(of: Void.self) { group in
            for pod in due { group.addTask { await self.removeRemains(of: pod) } }
        }
    }

    /// A pod's directory tells only its UID; its logs tell the rest.
    private func identity(fromLogsOf uid: String) -> PodIdentity {
        for name in FileBytes.names(in: paths.logs) where name.hasSuffix("_" + uid) {
            let parts = name.split(separator: "_")
            if parts.count == 3 {
                return PodIdentity(
                    uid: uid, namespace: String(parts[0]), name: String(parts[1]), node: "")
            }
        }
        return PodIdentity(uid: uid, namespace: "", name: "", node: "")
    }

    private func removeRemains(of pod: PodIdentity) async {
        let (sandboxes, containers) = state.withLock { state in
            (
                state.sandboxes.values.filter { $0.identity.uid == pod.uid }.map(\.id),
                state.containers.values.filter { $0.identity.uid == pod.uid }.map(\.id)
            )
        }
        do {
            for id in sandboxes {
                try await client.stopSandbox(id)
            }
            for id in containers { try await client.removeContainer(id) }
            for id in sandboxes { try await client.removeSandbox(id) }
        } catch {
            // It is tried again at the next listing.
            return
        }
        await volumes.release(pod)
        removeFiles(of: pod)
        state.withLock { state in
            for id in sandboxes { state.sandboxes.removeValue(forKey: id) }
            for id in containers { state.containers.removeValue(forKey: id) }
            state.orphans.removeValue(forKey: pod.uid)
        }
    }

    private func removeFiles(of pod: PodIdentity) {
        FileBytes.remove(paths.address(pod))
        FileBytes.remove(paths.pod(pod))
        if !pod.name.isEmpty { FileBytes.remove(paths.logs(pod)) }
        let node = cgroupNames.node(pod.node)
        for quality in ["", "/burstable", "/besteffort"] where !pod.node.isEmpty {
            cgroups.remove("\(node)\(quality)/pod\(pod.uid)")
        }
    }

    /// Ends and removes every pod of the cluster, whoever made it, for the cluster's own end. Logs and
    /// persistent volumes stay.
    public func removeAll() async throws {
        stop()
        let sandboxes = try await client.sandboxes(labels: labels)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sandbox in sandboxes {
                let id = sandbox.id
                group.addTask { [client] in
                    try await client.stopSandbox(id)
                    try await client.removeSandbox(id)
                }
            }
            try await group.waitForAll()
        }
        for container in try await client.containers(labels: labels) {
            try await client.removeContainer(container.id)
        }
        for sandbox in sandboxes {
            guard let pod = PodLabels.identity(sandbox.labels) else { continue }
            await volumes.release(pod)
            FileBytes.remove(paths.address(pod))
            FileBytes.remove(paths.pod(pod))
        }
        cgroups.remove(settings.cgroupRoot)
        state.withLock { state in
            state.pods = [:]
            state.sandboxes = [:]
            state.containers = [:]
        }
    }
}
