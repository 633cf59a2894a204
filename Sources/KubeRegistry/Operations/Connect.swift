import KubeAPI
import KubeJSON

extension Registry {
    /// Judges a connection to an object (exec, attach, port-forward, proxy) by the rules of the cluster.
    /// - Parameter options: of the connection, with their kind.
    public func admitConnection(_ request: inout RegistryRequest, _ options: JSON) throws(APIStatus) {
        var options = options
        try admit(&options, request.subresource, as: .connect, &request)
    }
}
