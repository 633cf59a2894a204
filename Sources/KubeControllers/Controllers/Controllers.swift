import KubeAuth
import KubeEngine

/// The controllers that there are.
public enum Controllers {
    /// In the order in which they are asked for keys.
    /// - Parameters:
    ///   - rootCertificate: of the cluster's authority, PEM.
    ///   - metrics: what the autoscaler of pods goes by.
    ///   - volumes: the directory below which persistent volumes are on their node.
    ///   - addresses: of pods; their usual ones by default.
    ///   - others: what servers behind this one hold; nil where there are none.
    public static func all(
        rootCertificate: String, metrics: any MetricsProvider = NoMetrics(),
        volumes: String = DirectoryProvisioner.usualDirectory,
        addresses: NodeIPAMController = NodeIPAMController(), others: (any AggregatedContent)? = nil
    ) -> [any Controller] {
        [
            ServiceAccountController(),
            RootCAPublisher(certificate: rootCertificate),
            NamespaceController(others: others),
            GarbageCollector(),
            ResourceQuotaController(),
            EndpointSliceController(),
            EndpointSliceMirroringController(),
            EndpointsController(),
            DeploymentController(),
            ReplicaSetController(),
            ReplicaSetController.ofReplicationControllers,
            AttributesClassProtectionController(),
            CertificateCleaningController(),
            ClaimProtectionController(),
            CronJobController(),
            DaemonSetController(),
            DisruptionController(),
            EphemeralVolumeController(),
            HorizontalPodAutoscalerController(metrics: metrics),
            addresses,
            NodeLifecycleController(),
            PersistentVolumeBinder(directory: volumes),
            JobController(),
            PodGarbageCollector(),
            ServiceCIDRController(),
            StatefulSetController(),
            TTLAfterFinishedController(),
            TaintEvictionController(),
            AdmissionPolicyStatusController.checkingTypes,
            VolumeExpansionController(),
            VolumeProtectionController(),
        ]
    }

    /// Those that are a part of kube-apiserver: they run whatever `--controllers` says.
    public static func ofServer(_ server: ServerContext) -> [any Controller] {
        [
            DefaultServiceCIDRController(range: server.serviceRange),
            ServiceAddressRepair(),
            NodePortRepair(),
            ServerLeaseController(identity: server.identity),
            ServerLeaseCollector(),
            FlowSchemaController(),
            APIServiceRegistration(),
            LocalAvailabilityController(),
            AuthenticationTrustController(trust: server.authentication),
        ]
    }

    /// Those that answer certificate requests: they need the cluster's authority.
    public static func ofCertificates(_ trust: ClusterTrust) -> [any Controller] {
        [
            CertificateApprovingController(authorizer: trust.authorizer),
            CertificateSigningController(sign: trust.sign),
        ]
    }
}
