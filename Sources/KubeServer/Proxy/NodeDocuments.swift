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
        default: call.server.notFoundPage(call.exchange)
        }
    }

    private var pods: [JSON] {
        call.server.store.snapshot(.pods).page().items.lazy
            .filter { PodSummary($0).nodeName == node.name }.map(\.value)
    }

    private func text(_ text: String) {
        call.exchange.respond(
            ResponseHead(contentType: "text/plain; charset=utf-8"), body: Array(text.utf8))
    }
}
