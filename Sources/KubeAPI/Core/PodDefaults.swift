import KubeJSON

/// Rules for pods and the templates of pods: defaults and validation, used by Pod, PodTemplate and every
/// workload kind (pkg/apis/core/v1/defaults.go, pkg/apis/core/validation).
public enum PodSpecRules {}

// MARK: - Defaults

extension PodSpecRules {
    /// Fills the defaults of a PodTemplateSpec.
    public static func setTemplateDefaults(_ template: inout JSON) {
        template.change("spec") { setDefaults(&$0) }
        if template["spec"] == nil {
            var spec = JSON.object([:])
            setDefaults(&spec)
            template["spec"] = spec
        }
    }

    /// Fills the defaults of a PodSpec that hold for pods and templates alike.
    public static func setDefaults(_ spec: inout JSON) {
        spec.changeItems("volumes", setVolumeDefaults)
        spec.changeItems("initContainers", setContainerDefaults)
        spec.changeItems("containers", setContainerDefaults)
        spec.changeItems("ephemeralContainers", setContainerDefaults)
        spec.change("resources", setResourceDefaults)
        spec.change("overhead", roundResources)
        spec.fill("dnsPolicy", "ClusterFirst")
        spec.fill("restartPolicy", "Always")
        if spec["securityContext"] == nil { spec["securityContext"] = .object([:]) }
        if spec["terminationGracePeriodSeconds"] == nil { spec["terminationGracePeriodSeconds"] = 30 }
        spec.fill("schedulerName", "default-scheduler")
        syncServiceAccount(&spec)
    }

    /// Keeps the deprecated `serviceAccount` and `serviceAccountName` the same, the latter leading: upstream's
    /// conversion does so on every read and write, therefore also after admission.
    public static func syncServiceAccount(_ spec: inout JSON) {
        let name = spec.text("serviceAccountName")
        let old = spec.text("serviceAccount")
        if name == old { return }
        if name.isEmpty {
            spec["serviceAccountName"] = .string(old)
        } else {
            spec["serviceAccount"] = .string(name)
        }
    }

    static func setContainerDefaults(_ container: inout JSON) {
        container.fill("imagePullPolicy", .string(pullPolicy(for: container.text("image"))))
        container.fill("terminationMessagePath", "/dev/termination-log")
        container.fill("terminationMessagePolicy", "File")
        container.changeItems("ports") { $0.fill("protocol", "TCP") }
        container.changeItems("env") { variable in
            variable.change("valueFrom") { source in
                source.change("fieldRef") { $0.fill("apiVersion", "v1") }
                source.change("fileKeyRef") { if $0["optional"] == nil { $0["optional"] = false } }
            }
        }
        container.change("resources", setResourceDefaults)
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            container.change(probe, setProbeDefaults)
        }
        container.change("lifecycle") { lifecycle in
            for hook in ["postStart", "preStop"] {
                lifecycle.change(hook) { $0.change("httpGet", setHTTPGetDefaults) }
            }
        }
    }

    /// Always for the tag `latest`, which is also what no tag and no digest mean.
    static func pullPolicy(for image: String) -> String {
        var name = image[...]
        let digest = name.firstIndex(of: "@")
        if let digest { name = name[..<digest] }
        let last = name.split(separator: "/", omittingEmptySubsequences: false).last ?? name
        if let colon = last.lastIndex(of: ":") {
            return last[last.index(after: colon)...] == "latest" ? "Always" : "IfNotPresent"
        }
        return digest == nil && !image.isEmpty ? "Always" : "IfNotPresent"
    }

    private static func setProbeDefaults(_ probe: inout JSON) {
        for (key, value) in [
            ("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3),
        ] as [(String, Int64)] where probe.number(key) == 0 {
            probe[key] = .integer(value)
        }
        probe.change("httpGet", setHTTPGetDefaults)
        probe.change("grpc") { if $0["service"]?.string == nil { $0["service"] = "" } }
    }

    private static func setHTTPGetDefaults(_ action: inout JSON) {
        action.fill("path", "/")
        action.fill("scheme", "HTTP")
    }

    private static func setResourceDefaults(_ resources: inout JSON) {
        resources.change("limits", roundResources)
        resources.change("requests", roundResources)
    }

    /// Rounds quantities up to thousandths, the finest that the API keeps in resource lists.
    static func roundResources(_ list: inout JSON) {
        guard case .object(let object) = list else { return }
        let isFine = { (value: JSON) in value.string.map { $0.hasSuffix("n") || $0.hasSuffix("u") } ?? false }
        guard object.contains(where: { isFine($0.value) }) else { return }
        list = .object(
            object.mapValues { value in
                guard isFine(value), let text = value.string, let quantity = Quantity(text) else {
                    return value
                }
                return .string(Quantity("\(quantity.milliValue)m")?.description ?? text)
            })
    }

    private static let volumeSources: Set<String> = [
        "hostPath", "emptyDir", "gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "secret", "nfs",
        "iscsi",
        "glusterfs", "persistentVolumeClaim", "rbd", "flexVolume", "cinder", "cephfs", "flocker",
        "downwardAPI",
        "fc", "azureFile", "configMap", "vsphereVolume", "quobyte", "azureDisk", "photonPersistentDisk",
        "projected", "portworxVolume", "scaleIO", "storageos", "csi", "ephemeral", "image",
    ]

    private static func setVolumeDefaults(_ volume: inout JSON) {
        guard let object = volume.object, let source = object.first(where: { volumeSources.contains($0.key) })
        else {
            volume["emptyDir"] = .object([:])
            return
        }
        switch source.key {
        case "secret", "configMap", "downwardAPI", "projected":
            volume.change(source.key) { setFileVolumeDefaults(&$0) }
        case "ephemeral":
            volume.change("ephemeral") { ephemeral in
                ephemeral.change("volumeClaimTemplate") { template in
                    template.change("spec") { PersistentVolumeClaimRules.setSpecDefaults(&$0) }
                }
            }
        case "image":
            volume.change("image") {
                $0.fill("pullPolicy", .string(pullPolicy(for: $0.text("reference"))))
            }
        default: volume.change(source.key) { setSourceDefaults(source.key, &$0) }
        }
    }

    /// Defaults of the sources that pods and persistent volumes share.
    static func setSourceDefaults(_ kind: String, _ source: inout JSON) {
        switch kind {
        case "hostPath": if source["type"] == nil { source["type"] = "" }
        case "iscsi": source.fill("iscsiInterface", "default")
        case "rbd":
            source.fill("pool", "rbd")
            source.fill("user", "admin")
            source.fill("keyring", "/etc/ceph/keyring")
        case "azureDisk":
            if source["cachingMode"] == nil { source["cachingMode"] = "ReadWrite" }
            if source["kind"] == nil { source["kind"] = "Shared" }
            if source["fsType"] == nil { source["fsType"] = "ext4" }
            if source["readOnly"] == nil { source["readOnly"] = false }
        case "scaleIO":
            source.fill("storageMode", "ThinProvisioned")
            source.fill("fsType", "xfs")
        default: break
        }
    }

    private static func setFileVolumeDefaults(_ source: inout JSON) {
        if source["defaultMode"] == nil { source["defaultMode"] = 420 }
        let setItems = { (items: inout JSON) in
            items.changeItems("items") { item in item.change("fieldRef") { $0.fill("apiVersion", "v1") } }
        }
        setItems(&source)
        source.changeItems("sources") { projection in
            projection.change("downwardAPI") { setItems(&$0) }
            projection.change("serviceAccountToken") {
                if $0["expirationSeconds"] == nil { $0["expirationSeconds"] = 3600 }
            }
        }
    }

    /// Defaults of a Pod that its templates do not get.
    static func setPodDefaults(_ pod: inout JSON) {
        pod.change("spec") { spec in
            setDefaults(&spec)
            for list in ["containers", "initContainers"] {
                spec.changeItems(list, requestLimits)
            }
            if spec["resources"]?["limits"]?.object?.isEmpty == false {
                spec["resources"] = PodResources.withDefaultRequests(spec)
            }
            if spec["enableServiceLinks"] == nil { spec["enableServiceLinks"] = true }
            if spec.flag("hostNetwork") {
                for list in ["containers", "initContainers"] {
                    spec.changeItems(list) { container in
                        container.changeItems("ports") { port in
                            if port.number("hostPort") == 0 { port["hostPort"] = port["containerPort"] }
                        }
                    }
                }
            }
            // A negative grace period is taken as 1 second, in pods but not in templates.
            if spec.number("terminationGracePeriodSeconds") < 0 { spec["terminationGracePeriodSeconds"] = 1 }
        }
        pod.change("status") { status in
            if let address = status["podIP"]?.string, !address.isEmpty,
                status.items("podIPs").first?["ip"]?.string != address
            {
                status["podIPs"] = [["ip": .string(address)]]
            } else if status["podIP"] == nil, let first = status.items("podIPs").first?["ip"] {
                status["podIP"] = first
            }
        }
    }

    /// A limit without a request is also the request.
    private static func requestLimits(_ container: inout JSON) {
        guard let limits = container["resources"]?["limits"]?.object, !limits.isEmpty else { return }
        container.change("resources") { resources in
            if resources["requests"] == nil { resources["requests"] = .object([:]) }
            resources.change("requests") { requests in
                for (key, value) in limits where requests[key] == nil { requests[key] = value }
            }
        }
    }
}

/// Sums of resources over a pod's containers.
public enum PodResources {
    public static func isRestartable(_ initContainer: JSON) -> Bool {
        initContainer.text("restartPolicy") == "Always"
    }

    /// What the containers ask for together: the containers and sidecars at once, or the largest init
    /// container with the sidecars started before it, whichever is more; without overhead.
    public static func aggregateRequests(_ spec: JSON) -> [String: Quantity] {
        var sum: [String: Quantity] = [:]
        for container in spec.items("containers") { add(container, to: &sum) }
        var sidecars: [String: Quantity] = [:]
        var largest: [String: Quantity] = [:]
        for container in spec.items("initContainers") {
            var need = sidecars
            add(container, to: &need)
            if isRestartable(container) {
                sidecars = need
                add(container, to: &sum)
            }
            for (name, quantity) in need where largest[name].map({ quantity > $0 }) ?? true {
                largest[name] = quantity
            }
        }
        for (name, quantity) in largest where sum[name].map({ quantity > $0 }) ?? true {
            sum[name] = quantity
        }
        return sum
    }

    private static func add(_ container: JSON, to sum: inout [String: Quantity]) {
        for (name, value) in container["resources"]?["requests"]?.object ?? [:] {
            guard let quantity = value.string.flatMap({ Quantity($0) }) else { continue }
            sum[name] = sum[name].map { $0 + quantity } ?? quantity
        }
    }

    /// Pod-level requests default to what the containers ask for, else to the pod's limits.
    static func withDefaultRequests(_ spec: JSON) -> JSON {
        var resources = spec["resources"] ?? .object([:])
        var requests = resources["requests"] ?? .object([:])
        for (name, quantity) in aggregateRequests(spec).sorted(by: { utf8Less($0.key, $1.key) })
        where requests[name] == nil && ResourceNames.isPodLevel(name) && ResourceNames.allowsOvercommit(name)
        {
            requests[name] = .string(quantity.description)
        }
        for (name, limit) in resources["limits"]?.object ?? [:]
        where requests[name] == nil && ResourceNames.isPodLevel(name) {
            requests[name] = limit
        }
        if requests.object?.isEmpty == false { resources["requests"] = requests }
        return resources
    }

    /// The pod's quality of service: BestEffort without any request or limit of cpu or memory, Guaranteed
    /// when each container limits both and requests what it limits, Burstable otherwise.
    public static func qualityOfService(_ spec: JSON) -> String {
        let podResources = spec["resources"]
        let hasPodLevel =
            podResources?["requests"]?.object?.isEmpty == false
            || podResources?["limits"]?.object?.isEmpty == false
        let holders: [JSON?] =
            hasPodLevel
            ? [podResources]
            : (spec.items("containers") + spec.items("initContainers")).map { $0["resources"] }
        var isGuaranteed = true
        var requests: [String: Quantity] = [:]
        var limits: [String: Quantity] = [:]
        func add(_ list: JSON?, to sum: inout [String: Quantity]) -> Int {
            var found = 0
            for name in ["cpu", "memory"] {
                guard let quantity = list?[name]?.string.flatMap({ Quantity($0) }), quantity.sign > 0 else {
                    continue
                }
                found += 1
                sum[name] = sum[name].map { $0 + quantity } ?? quantity
            }
            return found
        }
        for resources in holders {
            _ = add(resources?["requests"], to: &requests)
            if add(resources?["limits"], to: &limits) < 2 { isGuaranteed = false }
        }
        if requests.isEmpty, limits.isEmpty { return "BestEffort" }
        if isGuaranteed {
            for (name, quantity) in requests
            where limits[name].map({ $0 < quantity || quantity < $0 }) ?? true {
                isGuaranteed = false
            }
        }
        return isGuaranteed && requests.count == limits.count ? "Guaranteed" : "Burstable"
    }
}
