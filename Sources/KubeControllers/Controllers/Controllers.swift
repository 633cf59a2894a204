import KubeAuth
import KubeEngine

/// The controllers that there are.
public enum Controllers {
    /// In the order in which they are asked for keys.
    /// - Parameters:
    ///   - rootCertificate: of the cluster's authority, PEM.
    ///   - metrics: what the autoscaler of pods goes by.
    public static func all(
        rootCertificate: String, metrics: any MetricsProvider = NoMetrics()
    ) -> [any Controller] {
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
            CertificateCleaningController(),
            ClaimProtectionController(),
            CronJobController(),
            DaemonSetController(),
            DisruptionController(),
            EphemeralVolumeController(),
            HorizontalPodAutoscalerController(metrics: metrics),
            NodeIPAMController(),
            NodeLifecycleController(),
            PersistentVolumeBinder(),
            JobController(),
            PodGarbageCollector(),
            ServiceAddressController(),
            StatefulSetController(),
            TTLAfterFinishedController(),
            TaintEvictionController(),
            VolumeExpansionController(),
            VolumeProtectionController(),
        ]
    }

    /// Those that answer certificate requests: they need the cluster's authority.
    /// - Parameter authorizer: says who may have a node's certificate.
    public static func ofCertificates(
        authority: CertificateAuthority, authorizer: @escaping @Sendable (Attributes) -> Decision
    ) -> [any Controller] {
        [
            CertificateApprovingController(authorizer: authorizer),
            CertificateSigningController(authority: authority),
        ]
    }
}
