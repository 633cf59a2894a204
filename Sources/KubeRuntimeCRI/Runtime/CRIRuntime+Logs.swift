import KubeNode

extension CRIRuntime {
    /// Begins anew the logs of running containers that have grown long (pkg/kubelet/logs).
    func rotateLogs() async {
        let running = state.withLock { state in
            state.containers.values.filter { $0.state == .containerRunning }
        }
        for record in running {
            let path = paths.log(record.identity, record.name, attempt: record.attempt)
            guard let size = FileBytes.size(path), size > settings.logSize else { continue }
            do {
                try LogFiles.rotate(path, at: WallClock.now(), keeping: settings.logFiles)
                try await client.reopenLog(record.id)
            } catch {
                LogFiles.undoRotation(path)
                tell("cannot begin the log \(path) anew: \(error)")
            }
        }
    }

    /// A reader of a container's log.
    /// - Parameter previous: of the instance before the present one.
    /// - Throws: `PodLogsFailure` when there is no such instance.
    public func logs(
        of pod: PodIdentity, container: String, previous: Bool = false, options: PodLogOptions
    ) throws -> PodLogs {
        let records = state.withLock { state in
            state.containers.values.filter { $0.identity.uid == pod.uid && $0.name == container }
        }.sorted { $0.attempt > $1.attempt }
        let instance = entry(pod).flatMap { entry in
            entry.index(of: container).flatMap { entry.observation.containers[$0] }
        }
        // The newest may have been made since the last listing.
        var attempts = records.map(\.attempt)
        if let instance, !instance.id.isEmpty, !attempts.contains(instance.attempt) {
            attempts.insert(instance.attempt, at: 0)
        }
        let wanted = previous ? 1 : 0
        guard attempts.indices.contains(wanted) else {
            throw PodLogsFailure(
                description: previous
                    ? "previous terminated container \"\(container)\" in pod \"\(pod.name)\" not found"
                    : "container \"\(container)\" in pod \"\(pod.name)\" is waiting to start: "
                        + "ContainerCreating")
        }
        let attempt = attempts[wanted]
        return PodLogs(path: paths.log(pod, container, attempt: attempt), options: options) { [weak self] in
            guard let self else { return false }
            return self.isRunning(pod, container, attempt: attempt)
        }
    }

    /// A reader of the log of one instance of a container, by its id.
    /// - Throws: `PodLogsFailure` when it is not there any more.
    public func logs(
        of pod: PodIdentity, container: String, id: String, options: PodLogOptions
    ) throws -> PodLogs {
        let attempt = state.withLock { state -> Int? in
            if let record = state.containers[id] { return record.attempt }
            // It may have been made since the last listing.
            guard let entry = state.pods[pod.uid], let index = entry.index(of: container),
                let instance = entry.observation.containers[index], instance.id == id
            else { return nil }
            return instance.attempt
        }
        guard let attempt else {
            throw PodLogsFailure(description: "unable to retrieve container logs for containerd://\(id)")
        }
        return PodLogs(path: paths.log(pod, container, attempt: attempt), options: options) { [weak self] in
            self?.isRunning(pod, container, attempt: attempt) ?? false
        }
    }

    private func isRunning(_ pod: PodIdentity, _ container: String, attempt: Int) -> Bool {
        state.withLock { state in
            if let entry = state.pods[pod.uid], let index = entry.index(of: container),
                let instance = entry.observation.containers[index]
            {
                return instance.attempt == attempt && instance.state != .exited
            }
            return state.containers.values.contains {
                $0.identity.uid == pod.uid && $0.name == container && $0.attempt == attempt
                    && $0.state == .containerRunning
            }
        }
    }

    /// The ids by which streams reach a pod: its sandbox, and a container's running instance.
    public func sandboxID(of pod: PodIdentity) -> String? { entry(pod)?.sandboxID }

    public func containerID(of pod: PodIdentity, container: String) -> String? {
        guard let entry = entry(pod), let index = entry.index(of: container),
            let instance = entry.observation.containers[index], instance.state == .running
        else { return nil }
        return instance.id
    }
}
