import KubeNode

extension CRIRuntime {
    /// A container whose hook took all the time has this long after its signal (kuberuntime_container.go).
    private static let leastGrace = 2

    /// Has every container of the cluster end as its pod asks for it: its preStop hook, its signal, and what time
    /// its pod gives it; sidecars after the others. Pods end side by side. Nothing is removed. The agents of the
    /// nodes must have been stopped, or they would start it all again.
    /// - Parameters:
    ///   - most: seconds that no pod gets more than; nothing is done for 0.
    ///   - tell: told which pods (`namespace/name`) still run, at first and when one of them has ended.
    /// - Throws: `CRIError` when the runtime does not say what runs.
    public func endAll(within most: Int, tell: @escaping @Sendable ([String]) -> Void) async throws {
        guard most > 0 else { return }
        let endings = PodEnding.all(try await client.containers(labels: labels), most: most)
        guard !endings.isEmpty else { return }
        var left = endings.map { "\($0.pod.namespace)/\($0.pod.name)" }
        tell(left)
        await withTaskGroup(of: String.self) { group in
            for ending in endings {
                group.addTask {
                    await self.end(ending)
                    return "\(ending.pod.namespace)/\(ending.pod.name)"
                }
            }
            for await name in group {
                if let index = left.firstIndex(of: name) { left.remove(at: index) }
                tell(left)
            }
        }
    }

    private func end(_ ending: PodEnding) async {
        let deadline = ContinuousClock.now + .seconds(ending.grace)
        var address = ""
        if (ending.containers + ending.sidecars).contains(where: { $0.preStop?["httpGet"] != nil }),
            let status = try? await client.sandboxStatus(ending.sandbox)
        {
            address = Self.addresses(status).first ?? ""
        }
        let place = address
        await withTaskGroup(of: Void.self) { group in
            for container in ending.containers {
                group.addTask { await self.end(container, of: ending, at: place, deadline) }
            }
        }
        for sidecar in ending.sidecars { await end(sidecar, of: ending, at: place, deadline) }
    }

    private func end(
        _ container: PodEnding.Container, of ending: PodEnding, at address: String,
        _ deadline: ContinuousClock.Instant
    ) async {
        func left() -> Int { max(0, Int(ContinuousClock.now.duration(to: deadline).components.seconds)) }
        let name = "\(ending.pod.namespace)/\(ending.pod.name)"
        if let hook = container.preStop, left() > 0 {
            do {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    let seconds = left()
                    group.addTask {
                        try await self.run(
                            hook, container.spec, container.id, of: name, at: address, limit: seconds)
                    }
                    group.addTask { try await Task.sleep(for: .seconds(seconds)) }
                    try await group.next()
                    group.cancelAll()
                }
            } catch {
                self.tell("\(error)")
            }
        }
        do {
            let grace = ending.grace == 0 ? 0 : max(left(), Self.leastGrace)
            try await client.stopContainer(container.id, grace: grace)
        } catch let error as CRIError where error.kind == .notFound {
        } catch {
            self.tell("cannot end container \(container.name) of \(name): \(error)")
        }
    }
}
