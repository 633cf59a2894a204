import KubeJSON

/// One column of a printed table (meta.k8s.io/v1 TableColumnDefinition).
public struct TableColumn: Sendable, Hashable {
    public let name: String
    public let type: String
    public let format: String
    /// 0 is always shown, 1 with `-o wide`.
    public let priority: Int
    public let description: String

    public init(
        name: String, type: String, format: String = "", priority: Int = 0, description: String = ""
    ) {
        self.name = name
        self.type = type
        self.format = format
        self.priority = priority
        self.description = description
    }

    var json: JSON {
        [
            "name": .string(name), "type": .string(type), "format": .string(format),
            "description": .string(description), "priority": .integer(Int64(priority)),
        ]
    }
}

/// The columns of the built-in kinds: `+` marks a wide column, a type follows a colon (default: string).
enum TableColumns {
    static let fallback = parse("Name Created_At:date")

    static func of(_ kind: GroupKind) -> [TableColumn] { all[kind] ?? fallback }

    private static func parse(_ line: String) -> [TableColumn] {
        line.split(separator: " ").map { word in
            let isWide = word.first == "+"
            let parts = word.drop { $0 == "+" }.split(separator: ":")
            let name = String(parts[0]).split(separator: "_").joined(separator: " ")
            return TableColumn(
                name: name, type: parts.count > 1 ? String(parts[1]) : "string",
                format: name == "Name" ? "name" : "", priority: isWide ? 1 : 0, description: name)
        }
    }

    private static let all: [GroupKind: [TableColumn]] = {
        var result: [GroupKind: [TableColumn]] = [:]
        for (group, kind, line) in lines { result[GroupKind(group, kind)] = parse(line) }
        return result
    }()

    private static let replicas = "Name Desired:integer Current:integer Ready:integer Age "
    private static let event =
        "Last_Seen Type Reason Object +Subobject +Source Message +First_Seen +Count +Name"
    private static let binding = "Name Role Age +Users +Groups +ServiceAccounts"
    private static let admission = "admissionregistration.k8s.io"
    private static let containers = "+Containers +Images +Selector"
    private static let rbac = "rbac.authorization.k8s.io"

    private static let lines: [(String, String, String)] = [
        ("", "Pod", "Name Ready Status Restarts Age +IP +Node +Nominated_Node +Readiness_Gates"),
        ("", "PodTemplate", "Name Containers Images Pod_Labels"),
        ("", "ConfigMap", "Name Data Age"),
        ("", "Secret", "Name Type Data Age"),
        ("", "Service", "Name Type Cluster-IP External-IP Port(s) Age +Selector"),
        ("", "ServiceAccount", "Name Age"),
        ("", "Namespace", "Name Status Age"),
        ("", "Endpoints", "Name Endpoints Age"),
        ("", "ReplicationController", replicas + containers),
        ("", "ResourceQuota", "Name Request Limit Age"),
        ("", "ComponentStatus", "Name Status Message Error"),
        ("", "Event", event),
        ("events.k8s.io", "Event", event),
        (
            "", "Node",
            "Name Status Roles Age Version +Internal-IP +External-IP +OS-Image +Kernel-Version "
                + "+Container-Runtime"
        ),
        (
            "", "PersistentVolume",
            "Name Capacity Access_Modes Reclaim_Policy Status Claim StorageClass VolumeAttributesClass "
                + "Reason Age +VolumeMode"
        ),
        (
            "", "PersistentVolumeClaim",
            "Name Status Volume Capacity Access_Modes StorageClass VolumeAttributesClass Age +VolumeMode"
        ),
        ("apps", "Deployment", "Name Ready Up-to-date Available Age " + containers),
        ("apps", "ReplicaSet", replicas + containers),
        ("apps", "StatefulSet", "Name Ready Age +Containers +Images"),
        (
            "apps", "DaemonSet",
            "Name Desired:integer Current:integer Ready:integer Up-to-date:integer Available:integer "
                + "Node_Selector Age " + containers
        ),
        ("apps", "ControllerRevision", "Name Controller Revision Age"),
        ("batch", "Job", "Name Status Completions Duration Age " + containers),
        (
            "batch", "CronJob",
            "Name Schedule Timezone Suspend:boolean Active:integer Last_Schedule Age " + containers
        ),
        ("autoscaling", "HorizontalPodAutoscaler", "Name Reference Targets MinPods MaxPods Replicas Age"),
        (
            "policy", "PodDisruptionBudget",
            "Name Min_Available Max_Unavailable Allowed_Disruptions:integer Age"
        ),
        ("networking.k8s.io", "NetworkPolicy", "Name Pod-Selector Age"),
        ("networking.k8s.io", "Ingress", "Name Class Hosts Address Ports Age"),
        ("networking.k8s.io", "IngressClass", "Name Controller Parameters Age"),
        ("networking.k8s.io", "ServiceCIDR", "Name CIDRs Age"),
        ("networking.k8s.io", "IPAddress", "Name ParentRef Age"),
        (rbac, "RoleBinding", binding),
        (rbac, "ClusterRoleBinding", binding),
        (
            "storage.k8s.io", "StorageClass",
            "Name Provisioner ReclaimPolicy VolumeBindingMode AllowVolumeExpansion Age"
        ),
        (
            "storage.k8s.io", "CSIDriver",
            "Name AttachRequired:boolean PodInfoOnMount:boolean StorageCapacity:boolean TokenRequests "
                + "RequiresRepublish:boolean Modes Age"
        ),
        ("storage.k8s.io", "CSINode", "Name Drivers:integer Age"),
        ("storage.k8s.io", "CSIStorageCapacity", "Name StorageClassName Capacity"),
        ("storage.k8s.io", "VolumeAttachment", "Name Attacher PV Node Attached:boolean Age"),
        ("storage.k8s.io", "VolumeAttributesClass", "Name DriverName Age"),
        (
            "scheduling.k8s.io", "PriorityClass",
            "Name Value:integer Global-Default:boolean Age PreemptionPolicy"
        ),
        ("coordination.k8s.io", "Lease", "Name Holder Age"),
        ("discovery.k8s.io", "EndpointSlice", "Name AddressType Ports Endpoints Age"),
        ("node.k8s.io", "RuntimeClass", "Name Handler Age"),
        (
            "certificates.k8s.io", "CertificateSigningRequest",
            "Name Age SignerName Requestor RequestedDuration Condition"
        ),
        (admission, "ValidatingWebhookConfiguration", "Name Webhooks:integer Age"),
        (admission, "MutatingWebhookConfiguration", "Name Webhooks:integer Age"),
        (admission, "ValidatingAdmissionPolicy", "Name Validations:integer ParamKind Age"),
        (admission, "ValidatingAdmissionPolicyBinding", "Name PolicyName ParamRef Age"),
        (admission, "MutatingAdmissionPolicy", "Name Mutations:integer ParamKind Age"),
        (admission, "MutatingAdmissionPolicyBinding", "Name PolicyName ParamRef Age"),
        (
            "flowcontrol.apiserver.k8s.io", "FlowSchema",
            "Name PriorityLevel MatchingPrecedence DistinguisherMethod Age MissingPL"
        ),
        (
            "flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration",
            "Name Type NominalConcurrencyShares Queues HandSize QueueLengthLimit Age"
        ),
        ("resource.k8s.io", "DeviceClass", "Name Age"),
        ("resource.k8s.io", "ResourceClaim", "Name State Age"),
        ("resource.k8s.io", "ResourceClaimTemplate", "Name Age"),
        ("resource.k8s.io", "ResourceSlice", "Name Node Driver Pool Age"),
        ("apiregistration.k8s.io", "APIService", "Name Service Available Age"),
    ]
}
