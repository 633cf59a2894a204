import KubeJSON

extension KubeClient {
    /// Follows a collection: everything that is there, then every change, across ends of watches, lost
    /// connections and versions that the server no longer keeps. Goes on until it is cancelled, or `deliver`
    /// throws.
    public func follow(
        _ resource: Resource, namespace: String? = nil, allNamespaces: Bool = false,
        _ selection: Selection = Selection(), deliver: (Change) async throws -> Void
    ) async throws {
        let path = resource.path(namespace: allNamespaces ? nil : namespace ?? self.namespace)
        var single = self
        single.retry = .never
        var machine = WatchMachine()
        while true {
            try Task.checkCancellation()
            let pause = machine.pause(chance: environment.chance())
            if pause > 0 { try await environment.sleep(pause) }
            do {
                switch machine.step {
                case .list:
                    let list = try await single.list(
                        resource, namespace: namespace, allNamespaces: allNamespaces, selection)
                    machine.listed(at: list.resourceVersion)
                    try await deliver(.replaced(list.items))
                case .watch(let version):
                    try await single.watch(path, selection, from: version, &machine, deliver)
                    machine.ended()
                }
            } catch let error as ClientError {
                machine.failed(error)
                if !error.isExpired { try await deliver(.disconnected(error)) }
            }
        }
    }

    /// One watch, until it ends or the version that it stands on has expired.
    private func watch(
        _ path: String, _ selection: Selection, from version: String, _ machine: inout WatchMachine,
        _ deliver: (Change) async throws -> Void
    ) async throws {
        // Short watches: a connection that died silently is found out when the watch ought to have ended.
        let seconds = 60 + (environment.chance() * 60).rounded()
        let query =
            selection.query + [
                ("watch", "true"), ("resourceVersion", version), ("allowWatchBookmarks", "true"),
                ("timeoutSeconds", String(Int(seconds))),
            ]
        let response = try await send(
            "watch", TransportRequest(.get, target(path, query), timeout: seconds + 15))
        // The way is there again, also when nothing happens.
        try await deliver(.bookmark)
        var lines = LineBuffer()
        for try await bytes in response.body {
            for line in try lines.take(bytes) {
                let event: JSON
                do {
                    event = try JSONParser.parse(line)
                } catch {
                    throw ClientError.malformed("a watch event: \(error)")
                }
                guard let change = try machine.received(event) else { return }
                try await deliver(change)
            }
        }
        try Task.checkCancellation()
    }
}
