import KubeStore

/// The collections that several controllers ask for.
extension CollectionID {
    public static let namespaces = CollectionID(group: "", resource: "namespaces")
    public static let nodes = CollectionID(group: "", resource: "nodes")
    public static let runtimeClasses = CollectionID(group: "node.k8s.io", resource: "runtimeclasses")
    public static let pods = CollectionID(group: "", resource: "pods")
    public static let services = CollectionID(group: "", resource: "services")
    public static let endpoints = CollectionID(group: "", resource: "endpoints")
    public static let serviceAccounts = CollectionID(group: "", resource: "serviceaccounts")
    public static let configMaps = CollectionID(group: "", resource: "configmaps")
    public static let secrets = CollectionID(group: "", resource: "secrets")
    public static let events = CollectionID(group: "", resource: "events")
    public static let replicationControllers = CollectionID(group: "", resource: "replicationcontrollers")
    public static let persistentVolumes = CollectionID(group: "", resource: "persistentvolumes")
    public static let persistentVolumeClaims = CollectionID(group: "", resource: "persistentvolumeclaims")
    public static let replicaSets = CollectionID(group: "apps", resource: "replicasets")
    public static let deployments = CollectionID(group: "apps", resource: "deployments")
    public static let statefulSets = CollectionID(group: "apps", resource: "statefulsets")
    public static let daemonSets = CollectionID(group: "apps", resource: "daemonsets")
    public static let controllerRevisions = CollectionID(group: "apps", resource: "controllerrevisions")
    public static let jobs = CollectionID(group: "batch", resource: "jobs")
    public static let cronJobs = CollectionID(group: "batch", resource: "cronjobs")
    public static let horizontalPodAutoscalers = CollectionID(
        group: "autoscaling", resource: "horizontalpodautoscalers")
    public static let podDisruptionBudgets = CollectionID(group: "policy", resource: "poddisruptionbudgets")
    public static let endpointSlices = CollectionID(group: "discovery.k8s.io", resource: "endpointslices")
    public static let leases = CollectionID(group: "coordination.k8s.io", resource: "leases")
    public static let storageClasses = CollectionID(group: "storage.k8s.io", resource: "storageclasses")
    public static let volumeAttributesClasses = CollectionID(
        group: "storage.k8s.io", resource: "volumeattributesclasses")
    public static let apiServices = CollectionID(group: "apiregistration.k8s.io", resource: "apiservices")
    public static let customResourceDefinitions = CollectionID(
        group: "apiextensions.k8s.io", resource: "customresourcedefinitions")
    public static let priorityClasses = CollectionID(group: "scheduling.k8s.io", resource: "priorityclasses")
}
