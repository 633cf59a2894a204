import KubeAPI
import KubeEngine
import KubeJSON
import KubeRegistry
import NIOCore

/// The `proxy` subresource of pods, Services and nodes.
extension APIServer {
    func proxy(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        let info = call.info
        var request = try call.request(resource)
        let kind = resource.singular.isEmpty ? resource.kind.lowercased() : resource.singular
        let name = try ProxyLocation.Name(info.name, kind: kind)
        request.name = name.name
        request.subresource = ""
        let object = try registry.get(request).value
        let path = ProxyPath(call.exchange.uri, segments: info.namespace.isEmpty ? 5 : 7)
        let place: ProxyLocation
        switch resource.plural {
        case "pods": place = try ProxyLocation(pod: object, name)
        case "services":
            place = try ProxyLocation(
                service: object, slices: store.endpointSlices(of: info.namespace, name.name), name,
                choose: { Int.random(in: 0..<$0) })
        default:
            if name.port.isEmpty || name.port == "10250" || name.port == "10255" {
                return try NodeDocuments(call, object, path).answer()
            }
            place = try ProxyLocation(node: object, name)
        }
        if path.path.isEmpty, call.exchange.upgradeProtocol == nil,
            ["GET", "HEAD"].contains(call.exchange.method)
        {
            let location = info.path + "/" + path.query
            return call.exchange.respond(
                ResponseHead(status: 301, contentType: "", headers: [("location", location)]),
                body: ByteBuffer())
        }
        ReverseProxy(call.exchange, try ReverseProxy.Target(place), path).start()
    }
}
