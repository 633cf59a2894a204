import KubeAPI
import KubeAuth
import KubeJSON
import KubeRegistry
import KubeStore
import Logging
import NIOCore

/// Whether other servers are there, and what they serve: asked on the server's own account.
extension Aggregator {
    /// As whom other servers are asked.
    static let user = UserInfo(name: "system:kube-aggregator", groups: [Group.masters])
    /// Seconds.
    private static let patience: Int64 = 5
    /// Endpoints that are asked at a time.
    private static let attempts = 5

    func request(_ uri: String, accept: String = "application/json", as user: UserInfo = Aggregator.user)
        throws(FrontProxy.Failure) -> OutgoingRequest
    {
        OutgoingRequest(
            uri: uri, headers: [("Accept", accept)] + (try FrontProxy.headers(of: user)),
            seconds: Self.patience)
    }

    /// Sends a request to any of a server's endpoints.
    func send(
        _ request: OutgoingRequest, to route: Route, on loop: any EventLoop
    ) -> EventLoopFuture<OutgoingRequest.Answer> {
        do throws(FrontProxy.Failure) {
            let places = try places(route.reference)
            let place = places[Int.random(in: 0..<places.count)]
            return request.send(
                to: place, tls: try route.tls.get(), serverName: route.reference.serverName, on: loop)
        } catch {
            return loop.makeFailedFuture(error)
        }
    }

    // MARK: Whether they are there

    /// Looks whether the server of an APIService is there, and says so in its status.
    /// - Returns: whether it can wait until the usual time to be done again.
    func probe(_ name: String, on loop: any EventLoop) -> EventLoopFuture<Bool> {
        guard !isStopped, let (route, uid) = route(named: name) else {
            return loop.makeSucceededFuture(true)
        }
        let reference = route.reference
        let finding = AvailabilityRules.finding(
            reference, service: store.get(.services, key: "\(reference.namespace)/\(reference.name)")?.value,
            slices: store.endpointSlices(of: reference.namespace, reference.name))
        if let finding { return write(finding, of: name, uid: uid, reference, on: loop) }
        return answers(route, on: loop).flatMap { failure in
            self.write(failure.map { .failed($0) } ?? .passed, of: name, uid: uid, reference, on: loop)
                .map { $0 && failure == nil }
        }
    }

    /// Asks some of a server's endpoints at once; one that answers is enough.
    /// - Returns: nil, or why the last of them did not.
    private func answers(_ route: Route, on loop: any EventLoop) -> EventLoopFuture<String?> {
        let service = route.service
        let path =
            service.group.isEmpty ? "/api/\(service.version)" : "/apis/\(service.group)/\(service.version)"
        let asked: [EventLoopFuture<String?>]
        do throws(FrontProxy.Failure) {
            let request = try request(path)
            let tls = try route.tls.get()
            asked = try places(route.reference).shuffled().prefix(Self.attempts).map { place in
                let url = "https://\(place.authority)\(path)"
                return request.send(
                    to: place, tls: tls, serverName: route.reference.serverName, on: loop
                ).map { answer -> String? in
                    (200..<300).contains(answer.status)
                        ? nil
                        : "failing or missing response from \(url): bad status from \(url): \(answer.status)"
                }.recover { error -> String? in "failing or missing response from \(url): \(error)" }
            }
        } catch {
            return loop.makeSucceededFuture(error.description)
        }
        let promise = loop.makePromise(of: String?.self)
        let left = NIOLoopBoundBox(asked.count, eventLoop: loop)
        for answer in asked {
            answer.whenSuccess { failure in
                left.value -= 1
                if failure == nil || left.value == 0 { promise.succeed(failure) }
            }
        }
        return promise.futureResult
    }

    /// Writes the condition if it says anything new.
    private func write(
        _ finding: AvailabilityRules.Finding, of name: String, uid: String,
        _ reference: APIServiceSummary.Reference, on loop: any EventLoop
    ) -> EventLoopFuture<Bool> {
        let promise = loop.makePromise(of: Bool.self)
        queue.async { [self] in
            guard !isStopped, let stored = store.get(.apiServices, key: name), stored.value.uid == uid,
                APIServiceSummary(stored.value).service == reference,
                let resource = registry.resources.preferredResource(
                    group: CollectionID.apiServices.group, plural: CollectionID.apiServices.resource)
            else { return promise.succeed(true) }
            var object = stored.value
            object.setCondition([
                "type": "Available", "status": .string(finding.status),
                "lastTransitionTime": .string(Timestamp(seconds: registry.environment.now().seconds).rfc3339),
                "reason": .string(finding.reason), "message": .string(finding.message),
            ])
            if object == stored.value { return promise.succeed(true) }
            var request = RegistryRequest(
                resource: resource, name: name, subresource: "status", user: Bootstrap.user,
                manager: "kube-apiserver")
            do throws(APIStatus) {
                _ = try registry.update(&request, body: object)
                promise.succeed(true)
            } catch {
                // Somebody changed it meanwhile: it is looked at anew.
                logger.log(
                    level: error.reason == "Conflict" ? .debug : .warning,
                    "the status of an APIService was not written, will retry",
                    metadata: ["name": .string(name), "error": .string(error.message)])
                promise.succeed(false)
            }
        }
        return promise.futureResult
    }

    // MARK: What they serve

    private static let aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

    /// Asks the server of an APIService what it serves.
    /// - Returns: whether it answered.
    func fetch(_ name: String, on loop: any EventLoop) -> EventLoopFuture<Bool> {
        guard !isStopped, let (route, uid) = route(named: name), !route.service.group.isEmpty else {
            return loop.makeSucceededFuture(true)
        }
        return resources(route, on: loop).flatMap { resources -> EventLoopFuture<Bool> in
            self.note(name, uid: uid, resources: resources, isStale: false)
            return self.openAPI(route, on: loop).map { document in
                self.note(name, uid: uid, openAPI: document)
                return true
            }.recover { error in
                // What was known of its schemas may still be asked for.
                self.said(nothing: error, name)
                return false
            }
        }.recover { error in
            self.said(nothing: error, name)
            self.note(name, uid: uid, resources: [], isStale: true)
            return false
        }
    }

    private func said(nothing error: any Error, _ name: String) {
        logger.debug(
            "a server behind this one did not say what it serves",
            metadata: ["apiservice": .string(name), "error": .string("\(error)")])
    }

    private func resources(_ route: Route, on loop: any EventLoop) -> EventLoopFuture<[JSON]> {
        let service = route.service
        return ask(route, "/apis", accept: Self.aggregatedType, on: loop).flatMapThrowing { answer in
            if answer.status == 503 {
                throw FrontProxy.Failure(description: "the server answered with status 503")
            }
            let form = DiscoveryForm(accept: answer.contentType)
            guard answer.status == 200, form.aggregated == "v2", form.format == .json else { return nil }
            return try RemoteVersion.resources(
                of: service.group, service.version, in: try JSONParser.parse(answer.body))
        }.flatMap { (resources: [JSON]?) -> EventLoopFuture<[JSON]> in
            if let resources { return loop.makeSucceededFuture(resources) }
            // A server that does not list all at once lists each version.
            return self.ask(route, "/apis/\(service.group)/\(service.version)", on: loop)
                .flatMapThrowing { answer in
                    guard answer.status == 200 else {
                        throw FrontProxy.Failure(
                            description: "the server answered with status \(answer.status)")
                    }
                    return try RemoteVersion.resources(inList: try JSONParser.parse(answer.body))
                }
        }
    }

    private func ask(
        _ route: Route, _ uri: String, accept: String = "application/json", on loop: any EventLoop
    ) -> EventLoopFuture<OutgoingRequest.Answer> {
        do throws(FrontProxy.Failure) {
            return send(try request(uri, accept: accept), to: route, on: loop)
        } catch {
            return loop.makeFailedFuture(error)
        }
    }

    /// What the server's OpenAPI index says of the version; nil where it says nothing.
    private func openAPI(_ route: Route, on loop: any EventLoop) -> EventLoopFuture<JSON?> {
        let service = route.service
        return ask(route, "/openapi/v3", on: loop).flatMapThrowing { answer in
            switch answer.status {
            case 200:
                return try JSONParser.parse(answer.body)["paths"]?[
                    "apis/\(service.group)/\(service.version)"]
            case 500...:
                throw FrontProxy.Failure(description: "the server answered with status \(answer.status)")
            default: return nil
            }
        }
    }
}
