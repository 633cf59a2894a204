import KubeAPI
import KubeJSON
import KubeNode

extension CRIRuntime {
    /// Makes the volumes, the control group and the sandbox of a pod, in place of the sandbox that was there.
    func makeSandbox(_ pod: PodIdentity, attempt: Int) async {
        guard let entry = entry(pod) else { return }
        await removeOldSandboxes(pod)
        let mounted: [String: String]
        do {
            mounted = try await volumes.prepare(pod: entry.object, identity: pod)
        } catch {
            return sandboxFailed(pod, "\(error)", event: "FailedMount")
        }
        do {
            let facts = facts(entry)
            let handler = try handler(of: facts)
            try makeGroups(facts)
            try FileBytes.makeDirectory(paths.logs(pod))
            try FileBytes.makeDirectory(paths.pod(pod))
            if let address = entry.address {
                if let network {
                    try await network.connect(pod, address: address)
                } else {
                    try FileBytes.write(Array(address.utf8), to: paths.address(pod))
                }
            }
            let config = sandboxConfig(facts, attempt: attempt)
            let id = try await whileAway { [client] in
                do {
                    return try await client.runSandbox(config, handler: handler)
                } catch let error as CRIError {
                    guard let holder = error.nameHolder else { throw error }
                    try? await client.stopSandbox(holder)
                    try? await client.removeSandbox(holder)
                    return try await client.runSandbox(config, handler: handler)
                }
            }
            let status = try await whileAway { [client] in try await client.sandboxStatus(id) }
            let addresses = Self.addresses(status)
            try writeHosts(entry, addresses)
            let created = Timestamp(nanoseconds: status.createdAt)
            let record = SandboxRecord(
                id: id, identity: pod, attempt: attempt, isReady: true, created: created,
                addresses: addresses)
            state.withLock { $0.sandboxes[id] = record }
            let isWanted = update(pod) { entry in
                entry.sandboxID = id
                entry.volumes = mounted
                entry.observation.sandbox = SandboxState(
                    id: id, isReady: true, addresses: addresses, created: created)
            }
            if !isWanted { await takeAway(id, pod) }
        } catch {
            sandboxFailed(pod, "\(error)", event: nil)
            if self.entry(pod) == nil { await takeAway(nil, pod) }
        }
    }

    private struct Refusal: Error, CustomStringConvertible {
        var description: String
    }

    /// The runtime's name for what the pod's RuntimeClass asks for (pkg/kubelet/runtimeclass); empty without one.
    /// - Throws: why no sandbox can be made for the pod. User namespaces are refused rather than left out: the
    ///   runtimes that are spoken to here have none (pkg/kubelet/userns).
    private func handler(of facts: PodFacts) throws -> String {
        let name = PodHostName(facts.pod, clusterDomain: settings.resolver.clusterDomain)
        if !facts.usesHostNetwork, let problem = name.problem { throw Refusal(description: problem) }
        var handler = ""
        if let name = facts.spec["runtimeClassName"]?.string, !name.isEmpty {
            guard let found = objects.object(.runtimeClasses, "", name) else {
                throw Refusal(description: "failed to look up RuntimeClass \(name): not found")
            }
            handler = found["handler"]?.string ?? ""
        }
        if facts.spec["hostUsers"]?.bool == false {
            let who = handler.isEmpty ? "runtime" : "RuntimeClass handler \"\(handler)\""
            throw Refusal(
                description: "can't set `spec.hostUsers: false`, \(who) does not support user namespaces")
        }
        return handler
    }

    private func sandboxFailed(_ pod: PodIdentity, _ words: String, event: String?) {
        update(pod) { entry in
            var state = SandboxState(
                id: "", isReady: false, addresses: [], created: WallClock.now(), failure: words)
            state.failureEvent = event
            entry.observation.sandbox = state
        }
    }

    static func addresses(_ status: CRIPodSandboxStatus) -> [String] {
        let first = status.network.ip
        return first.isEmpty ? [] : [first] + status.network.additionalIps.map(\.ip)
    }

    func sandboxConfig(_ facts: PodFacts, attempt: Int) -> CRIPodSandboxConfig {
        SandboxConfigBuilder(
            facts: facts, cluster: settings.cluster, paths: paths, resolver: settings.resolver,
            cgroupParent: cgroupNames.pod(facts)
        ).build(attempt: attempt)
    }

    /// The groups of the node, the pod's class and the pod; those above take their weight from below.
    private func makeGroups(_ facts: PodFacts) throws {
        var requests = ResourceAmounts()
        if facts.quality == "Burstable" {
            // The class weighs what its pods ask for together.
            let node = facts.identity.node
            let pods = state.withLock { $0.pods.values.filter { $0.identity.node == node } }
            for pod in pods where pod.object["status"]?["qosClass"]?.string == "Burstable" {
                requests.add(pod.shape.requests)
            }
        }
        if facts.quality != "Guaranteed" {
            let resources = LinuxResources(requests: requests, limits: ResourceAmounts())
            try cgroups.make(cgroupNames.quality(facts), resources)
        }
        try cgroups.make(cgroupNames.pod(facts), PodCgroups.resources(facts))
    }

    private func writeHosts(_ entry: PodEntry, _ addresses: [String]) throws {
        let name = PodHostName(entry.object, clusterDomain: settings.resolver.clusterDomain)
        var machine: String?
        if entry.shape.usesHostNetwork {
            machine = FileBytes.read("/etc/hosts").map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        let text = HostsFile.text(
            addresses: addresses, hostName: name.name, domain: name.full == name.name ? "" : name.full,
            aliases: entry.object["spec"]?["hostAliases"]?.array ?? [], machine: machine)
        try FileBytes.overwrite(Array(text.utf8), path: paths.hosts(entry.identity))
    }

    /// A pod has one sandbox: what an earlier attempt or an earlier agent left goes first.
    private func removeOldSandboxes(_ pod: PodIdentity) async {
        var old = state.withLock { state in
            state.sandboxes.values.filter { $0.identity.uid == pod.uid }.map(\.id)
        }
        if let present = entry(pod)?.sandboxID, !old.contains(present) { old.append(present) }
        for id in old {
            try? await whileAway { [client] in try await client.stopSandbox(id) }
            // How they ended is asked while there is someone to ask.
            for case let instance? in entry(pod)?.observation.containers ?? [] where instance.state != .exited
            {
                await refresh(instance.id, pod, expecting: .containerExited)
            }
            try? await whileAway { [client] in try await client.removeSandbox(id) }
            state.withLock { _ = $0.sandboxes.removeValue(forKey: id) }
        }
        if !old.isEmpty { update(pod, wakes: false) { $0.sandboxID = nil } }
    }

    /// Ends a sandbox with all that runs in it, and lets go of the pod's volumes and network. Its containers
    /// stay for their logs, until the pod is gone from the API.
    /// - Parameter id: nil when none was made.
    func takeAway(_ id: String?, _ pod: PodIdentity) async {
        if let id {
            do {
                try await whileAway(for: .seconds(120)) { [client] in try await client.stopSandbox(id) }
            } catch {
                tell("cannot stop the sandbox of \(pod.namespace)/\(pod.name): \(error)")
            }
            state.withLock { $0.sandboxes[id]?.isReady = false }
        }
        FileBytes.remove(paths.address(pod))
        await network?.disconnect(pod)
        await volumes.release(pod)
    }
}

extension CRIError {
    /// The sandbox or container that has the name that was asked for.
    var nameHolder: String? {
        guard let range = description.firstRange(of: "is reserved for \"") else { return nil }
        return description[range.upperBound...].split(separator: "\"").first.map(String.init)
    }
}
