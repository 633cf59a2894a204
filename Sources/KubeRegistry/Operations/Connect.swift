import KubeAPI
import KubeJSON

extension Registry {
    /// Judges a connection to an object (exec, attach, port-forward, proxy) by the rules of the cluster.
    /// - Parameter options: of the connection, with their kind.
    public func admitConnection(_ request: RegistryRequest, _ options: JSON) throws(APIStatus) {
        let attributes = AdmissionAttributes(
            operation: .connect, resource: request.resource, namespace: request.namespace,
            name: request.name, subresource: request.subresource, user: request.user, dryRun: false)
        var options = options
        try MutatingWebhookAdmission().admit(&options, attributes, in: self)
        try ValidatingPolicyAdmission().validate(options, attributes, in: self)
        try ValidatingWebhookAdmission().validate(options, attributes, in: self)
    }
}
