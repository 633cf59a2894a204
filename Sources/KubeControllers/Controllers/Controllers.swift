import KubeEngine

/// The controllers that there are.
public enum Controllers {
    /// In the order in which they are asked for keys.
    /// - Parameter rootCertificate: of the cluster's authority, PEM.
    public static func all(rootCertificate: String) -> [any Controller] {
        [
            ServiceAccountController(),
            RootCAPublisher(certificate: rootCertificate),
            NamespaceController(),
            GarbageCollector(),
            ResourceQuotaController(),
            EndpointSliceController(),
            EndpointSliceMirroringController(),
            EndpointsController(),
            DeploymentController(),
            ReplicaSetController(),
            ReplicaSetController.ofReplicationControllers,
            DaemonSetController(),
            DisruptionController(),
            HorizontalPodAutoscalerController(),
            NodeIPAMController(),
            NodeLifecycleController(),
            PodGarbageCollector(),
            ServiceAddressController(),
            StatefulSetController(),
            TTLAfterFinishedController(),
            TaintEvictionController(),
        ]
    }
}
