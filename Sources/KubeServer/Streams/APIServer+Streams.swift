import KubeAPI
import KubeAuth
import KubeJSON
import KubeRegistry
import NIOCore
import NIOWebSocket

/// log, exec, attach and portforward of pods: what the API server hands on to the nodes.
extension APIServer {
    func connect(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        let info = call.info
        let object = try registry.get(try call.request(resource))
        guard let streams = nodeProxy.streams else {
            throw .serviceUnavailable(
                "no node serves \(resource.plural)/\(info.subresource): this server runs no node agent")
        }
        let pod = object.value
        if info.subresource == "log" {
            guard info.verb == "get" else { throw .methodNotAllowed() }
            return try log(call, pod, streams)
        }
        guard info.verb == "get" || info.verb == "create" else { throw .methodNotAllowed() }
        try authorizeCreation(call)
        switch info.subresource {
        case "portforward": try portForward(call, pod, streams)
        default: try remoteCommand(call, pod, streams)
        }
    }

    /// WebSockets begin with a GET: who may only get must not run commands (upstream's
    /// AuthorizePodWebsocketUpgradeCreatePermission).
    private func authorizeCreation(_ call: Call) throws(APIStatus) {
        guard call.info.verb != "create" else { return }
        let info = call.info
        let attributes = Attributes(
            user: call.user, verb: "create", apiGroup: info.group, apiVersion: info.version,
            resource: info.resource, subresource: info.subresource, namespace: info.namespace,
            name: info.name)
        let decision = authorizer.authorize(attributes)
        if !decision.isAllowed { throw Forbidden.status(attributes, decision) }
    }

    // MARK: log

    private func log(_ call: Call, _ pod: JSON, _ streams: any NodeStreams) throws(APIStatus) {
        let query = call.info.query
        let time = registry.environment.now()
        let now = Timestamp(seconds: time.seconds, nanoseconds: Int32(time.nanoseconds))
        let options = try PodStreamRules.logOptions(query, pod: pod.name, now: now)
        let container = try PodStreamRules.container(query.first("container") ?? "", of: pod)
        guard PodStreamRules.isScheduled(pod) else {
            return call.exchange.respond(ResponseHead(status: 204, contentType: ""), body: ByteBuffer())
        }
        let id = try PodStreamRules.logInstance(container, of: pod, previous: query.flag("previous"))
        let exchange = call.exchange
        var session: StreamSession?
        if exchange.upgradeProtocol == "websocket" {
            session = try StreamSession(exchange)
            try session?.chooseBytes()
        }
        let reader = LogSender(exchange, session)
        let task = Task {
            do {
                let chunks = try await streams.logs(of: pod, container: container, id: id, options: options)
                try await reader.send(chunks)
            } catch {
                reader.fail(error)
            }
        }
        exchange.onCancel = { task.cancel() }
    }

    // MARK: exec and attach

    private func remoteCommand(_ call: Call, _ pod: JSON, _ streams: any NodeStreams) throws(APIStatus) {
        let query = call.info.query
        let container = try PodStreamRules.container(query.first("container") ?? "", of: pod)
        guard PodStreamRules.isScheduled(pod) else {
            throw .badRequest("pod \(pod.name) does not have a host assigned")
        }
        let options = PodStreamRules.commandOptions(query)
        let isExec = call.info.subresource == "exec"
        guard options.stdin || options.stdout || options.stderr else {
            throw .badRequest("you must specify at least 1 of stdin, stdout, stderr")
        }
        if isExec, options.command.isEmpty { throw .badRequest("you must specify at least 1 command") }
        let session = try StreamSession(call.exchange)
        if session.isWebSocket { try session.chooseChannels() }
        Task {
            do {
                let url =
                    isExec
                    ? try await streams.execURL(pod, container: container, options)
                    : try await streams.attachURL(pod, container: container, options)
                session.exchange.eventLoop.execute {
                    if session.isWebSocket { session.translate(url, options) } else { session.pass(url) }
                }
            } catch {
                session.exchange.eventLoop.execute { session.fail(error, options) }
            }
        }
    }

    // MARK: portforward

    private func portForward(_ call: Call, _ pod: JSON, _ streams: any NodeStreams) throws(APIStatus) {
        guard PodStreamRules.isScheduled(pod) else {
            throw .badRequest("pod \(pod.name) does not have a host assigned")
        }
        let session = try StreamSession(call.exchange)
        let isTunnel = session.isWebSocket && session.choosesTunnel()
        let named = call.info.query.all("ports")
        let ports = session.isWebSocket && !isTunnel ? try PodStreamRules.ports(named) : []
        Task {
            do {
                let url = try await streams.portForwardURL(pod, ports: ports)
                session.exchange.eventLoop.execute {
                    if isTunnel {
                        session.tunnel(url)
                    } else if session.isWebSocket {
                        session.passWebSocket(url)
                    } else {
                        session.pass(url)
                    }
                }
            } catch {
                session.exchange.eventLoop.execute { session.fail(error, nil) }
            }
        }
    }
}
