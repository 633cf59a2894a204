import KubeAPI
import KubeAuth
import KubeEngine
import KubeJSON
import NIOCore

/// The part of a namespace's end that is other servers' (pkg/controller/namespace/deletion): each resource
/// that discovery lists is deleted there and looked for again.
extension Aggregator: AggregatedContent {
    /// Where a round of questions stands.
    enum Round: Sendable {
        case asked
        case done(AggregatedRemains)
    }

    /// Who waits for a round.
    struct Waiting: Sendable {
        let namespace: String
        let controller: String
    }

    /// How long the outcome of a round is kept for who asked.
    private static let keeping = TimeAmount.seconds(60)
    private static let account = UserInfo(
        name: "system:serviceaccount:kube-system:namespace-controller",
        groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", Group.authenticated])

    func empty(_ namespace: String, uid: String, for controller: String) -> AggregatedRemains? {
        let (remains, loop) = state.withLock { state -> (AggregatedRemains?, (any EventLoop)?) in
            if case .done(let remains) = state.rounds[uid] {
                state.rounds[uid] = nil
                return (remains, nil)
            }
            if state.entries.isEmpty { return (AggregatedRemains(), nil) }
            if state.rounds[uid] != nil { return (nil, nil) }
            guard let loop = state.loop else {
                // The server is about to start.
                state.waiting[uid] = Waiting(namespace: namespace, controller: controller)
                return (nil, nil)
            }
            state.rounds[uid] = .asked
            return (nil, loop)
        }
        if let loop { begin(Waiting(namespace: namespace, controller: controller), uid, on: loop) }
        return remains
    }

    /// Begins a round that has been noted as asked.
    func begin(_ waiting: Waiting, _ uid: String, on loop: any EventLoop) {
        let known = discovered.remote.sorted { left, right in
            let (first, second) = (left.service, right.service)
            if first.group != second.group { return utf8Less(first.group, second.group) }
            if first.priority.version != second.priority.version {
                return first.priority.version > second.priority.version
            }
            return ResourceCatalogue.versionPrecedes(first.version, second.version)
        }
        var remains = AggregatedRemains()
        var seen = Set<String>()
        var asked: [EventLoopFuture<AggregatedRemains>] = []
        for version in known where !version.service.group.isEmpty {
            if version.isStale {
                remains.unknown[version.groupVersion] =
                    "stale GroupVersion discovery: \(version.groupVersion)"
            }
            guard let (route, _) = route(named: version.service.name) else { continue }
            for resource in version.served
            where resource.isNamespaced && resource.verbs.contains("delete")
                && seen.insert("\(resource.plural).\(resource.group)").inserted
            {
                asked.append(empty(resource, of: waiting.namespace, route, on: loop))
            }
        }
        let start = remains
        EventLoopFuture.whenAllSucceed(asked, on: loop).whenSuccess { answers in
            var remains = start
            for answer in answers {
                remains.failures += answer.failures
                remains.objects.merge(answer.objects) { $0 + $1 }
                remains.finalizers.merge(answer.finalizers) { $0 + $1 }
            }
            self.state.withLock { $0.rounds[uid] = .done(remains) }
            loop.scheduleTask(in: Self.keeping) { self.state.withLock { $0.rounds[uid] = nil } }
            self.state.withLock { $0.answered }?(waiting.controller, waiting.namespace)
        }
    }

    /// Never fails: what goes wrong is told.
    private func empty(
        _ resource: RemoteVersion.Resource, of namespace: String, _ route: Route, on loop: any EventLoop
    ) -> EventLoopFuture<AggregatedRemains> {
        let path = "/apis/\(resource.group)/\(resource.version)/namespaces/\(namespace)/\(resource.plural)"
        return deleteAll(resource, path, route, on: loop).flatMap {
            resource.verbs.contains("list")
                ? self.list(path, route, on: loop) : loop.makeSucceededFuture([])
        }.map { objects in
            var remains = AggregatedRemains()
            if !objects.isEmpty { remains.objects["\(resource.plural).\(resource.group)"] = objects.count }
            for object in objects {
                for finalizer in object.finalizers { remains.finalizers[finalizer, default: 0] += 1 }
            }
            return remains
        }.recover { error in
            var remains = AggregatedRemains()
            remains.failures = ["\(error)"]
            return remains
        }
    }

    private func deleteAll(
        _ resource: RemoteVersion.Resource, _ path: String, _ route: Route, on loop: any EventLoop
    ) -> EventLoopFuture<Void> {
        if resource.verbs.contains("deletecollection") {
            return ask("DELETE", path, route, on: loop).flatMap { answer in
                // It may say that it can and not be able to.
                [404, 405].contains(answer.status)
                    ? self.deleteEach(resource, path, route, on: loop)
                    : self.check(answer, "DELETE", path, on: loop)
            }
        }
        return deleteEach(resource, path, route, on: loop)
    }

    private func deleteEach(
        _ resource: RemoteVersion.Resource, _ path: String, _ route: Route, on loop: any EventLoop
    ) -> EventLoopFuture<Void> {
        guard resource.verbs.contains("list") else { return loop.makeSucceededVoidFuture() }
        return list(path, route, on: loop).flatMap { objects in
            let deletions = objects.map { object in
                self.ask("DELETE", "\(path)/\(object.name)", route, on: loop).flatMap { answer in
                    [404, 405].contains(answer.status)
                        ? loop.makeSucceededVoidFuture()
                        : self.check(answer, "DELETE", "\(path)/\(object.name)", on: loop)
                }
            }
            return EventLoopFuture.andAllSucceed(deletions, on: loop)
        }
    }

    private func list(_ path: String, _ route: Route, on loop: any EventLoop) -> EventLoopFuture<[JSON]> {
        ask("GET", path, route, on: loop).flatMap { answer in
            if [404, 405].contains(answer.status) { return loop.makeSucceededFuture([]) }
            return self.check(answer, "GET", path, on: loop).flatMapThrowing {
                try JSONParser.parse(answer.body)["items"]?.array ?? []
            }
        }
    }

    private func check(
        _ answer: OutgoingRequest.Answer, _ method: String, _ path: String, on loop: any EventLoop
    ) -> EventLoopFuture<Void> {
        if (200..<300).contains(answer.status) { return loop.makeSucceededVoidFuture() }
        let told = (try? JSONParser.parse(answer.body))?["message"]?.string
        return loop.makeFailedFuture(
            FrontProxy.Failure(description: told ?? "\(method) \(path): status \(answer.status)"))
    }

    private func ask(
        _ method: String, _ path: String, _ route: Route, on loop: any EventLoop
    ) -> EventLoopFuture<OutgoingRequest.Answer> {
        guard route.service.isAvailable else {
            return loop.makeFailedFuture(
                FrontProxy.Failure(description: "the server is currently unable to handle the request"))
        }
        do throws(FrontProxy.Failure) {
            var request = try request(path, as: Self.account)
            request.method = method
            if method == "DELETE" {
                request.body = JSONWriter.bytes([
                    "kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background",
                ])
            }
            return send(request, to: route, on: loop)
        } catch {
            return loop.makeFailedFuture(error)
        }
    }
}
