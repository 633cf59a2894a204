import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import KubeStore
import NIOCore

/// What a kubelet's own port answers, for nodes whose agents are part of this process.
struct NodeDocuments {
    private let call: Call
    private let node: JSON
    private let path: ProxyPath

    init(_ call: Call, _ node: JSON, _ path: ProxyPath) {
        self.call = call
        self.node = node
        self.path = path
    }

    func answer() throws(APIStatus) {
        guard ["GET", "HEAD"].contains(call.exchange.method) else { throw .methodNotAllowed() }
        switch path.path {
        case "/healthz", "/healthz/": text("ok")
        case "/pods", "/pods/", "/runningpods/":
            call.respond(["kind": "PodList", "apiVersion": "v1", "metadata": [:], "items": .array(pods)])
        case "/metrics", "/metrics/": text(figures.own, metrics: true)
        case "/metrics/resource", "/metrics/resource/": text(figures.resources, metrics: true)
        case "/metrics/cadvisor", "/metrics/cadvisor/":
            text(ContainerSeries(figures, node: node).text, metrics: true)
        case "/stats/summary", "/stats/summary/": call.respond(figures.summary)
        default: call.server.notFoundPage(call.exchange)
        }
    }

    private var pods: [JSON] {
        call.server.store.snapshot(.pods).page().items.lazy
            .filter { PodSummary($0).nodeName == node.name }.map(\.value)
    }

    private var figures: NodeFigures {
        let server = call.server
        let time = server.registry.environment.now()
        let now = Timestamp(seconds: time.seconds, nanoseconds: Int32(time.nanoseconds))
        let measured = server.metricsAPI?.usages(onNode: node.name, now) ?? (taken: now, usages: [])
        return NodeFigures(node: node.name, taken: measured.taken, usages: measured.usages, pods: pods)
    }

    private func text(_ text: String, metrics: Bool = false) {
        let type = metrics ? "text/plain; version=0.0.4; charset=utf-8" : "text/plain; charset=utf-8"
        call.exchange.respond(ResponseHead(contentType: type), body: Array(text.utf8))
    }
}
