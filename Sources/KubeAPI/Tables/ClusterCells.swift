import KubeJSON

extension CellPrinter {
    private func list(_ path: String...) -> [JSON] { object.at(path)?.array ?? [] }
    private func joined(_ values: [String], or absent: String = "", by separator: String = ",") -> JSON {
        .string(values.isEmpty ? absent : values.joined(separator: separator))
    }
    /// Addresses of a load balancer, sorted, cut to 16 bytes unless wide output is asked for: the server
    /// always prints wide cells.
    private func balancer() -> [String] {
        let addresses = list("status", "loadBalancer", "ingress").compactMap { entry -> String? in
            let ip = entry["ip"]?.string ?? ""
            let host = entry["hostname"]?.string ?? ""
            return ip.isEmpty ? (host.isEmpty ? nil : host) : ip
        }
        return Set(addresses).sorted(by: utf8Less)
    }

    func service() -> [JSON] {
        let type = object.at("spec", "type")?.string ?? ""
        let external = list("spec", "externalIPs").compactMap(\.string)
        let outside: JSON
        switch type {
        case "ClusterIP", "NodePort": outside = joined(external, or: "<none>")
        case "LoadBalancer": outside = joined(balancer() + external, or: "<pending>")
        case "ExternalName": outside = text("spec", "externalName")
        default: outside = "<unknown>"
        }
        let ports = list("spec", "ports").map { port -> String in
            let node = port["nodePort"]?.integer ?? 0
            return
                "\(port["port"]?.integer ?? 0)\(node > 0 ? ":\(node)" : "")/\(port["protocol"]?.string ?? "")"
        }
        return [
            name, .string(type), text("spec", "clusterIP", or: "<none>"), outside,
            joined(ports, or: "<none>"), age, labels(object.at("spec", "selector")),
        ]
    }

    func endpoints() -> JSON {
        let subsets = list("subsets")
        if subsets.isEmpty { return "<none>" }
        var all: [String] = []
        for subset in subsets {
            let addresses = (subset["addresses"]?.array ?? []).map { $0["ip"]?.string ?? "" }
            let ports = subset["ports"]?.array ?? []
            if ports.isEmpty { all += addresses }
            for port in ports {
                for ip in addresses {
                    all.append((ip.contains(":") ? "[\(ip)]" : ip) + ":\(port["port"]?.integer ?? 0)")
                }
            }
        }
        return .string(firstThree(all))
    }

    private func firstThree(_ all: [String]) -> String {
        let text = all.prefix(3).joined(separator: ",")
        return all.count > 3 ? "\(text) + \(all.count - 3) more..." : text
    }

    func event() -> [JSON] {
        let about = object["involvedObject"] ?? object["regarding"]
        let source = object["source"] ?? object["deprecatedSource"]
        var component = source?["component"]?.string ?? ""
        var host = source?["host"]?.string ?? ""
        if component.isEmpty {
            component = (object["reportingComponent"] ?? object["reportingController"])?.string ?? ""
            host = object["reportingInstance"]?.string ?? ""
        }
        func first(_ keys: String...) -> JSON? {
            keys.lazy.compactMap { object[$0]?.string }.first.map { .string($0) }
        }
        let micro = first("eventTime")
        let began = first("firstTimestamp", "deprecatedFirstTimestamp") ?? micro
        var ended = first("lastTimestamp", "deprecatedLastTimestamp") ?? began
        var count = (object["count"] ?? object["deprecatedCount"])?.integer ?? 0
        if let series = object["series"], !series.isNull {
            ended = series["lastObservedTime"] ?? ended
            count = series["count"]?.integer ?? count
        } else if count == 0 {
            count = 1
        }
        let target = "\(about?["kind"]?.string?.lowercased() ?? "")/\(about?["name"]?.string ?? "")"
        let message = (object["message"] ?? object["note"])?.string ?? ""
        return [
            since(ended), text("type"), text("reason"), .string(target), plain(about?["fieldPath"], or: ""),
            .string(host.isEmpty ? component : "\(component), \(host)"),
            .string(message), since(began), .integer(count), name,
        ]
    }

    func node() -> [JSON] {
        var status = ["Unknown"]
        if let ready = list("status", "conditions").last(where: { $0["type"]?.string == "Ready" }) {
            status = [ready["status"]?.string == "True" ? "Ready" : "NotReady"]
        }
        if object.at("spec", "unschedulable")?.bool == true { status.append("SchedulingDisabled") }
        var roles: Set<String> = []
        for (key, value) in object.at("metadata", "labels")?.object ?? [:] {
            let prefix = "node-role.kubernetes.io/"
            if key.hasPrefix(prefix) { roles.insert(String(key.dropFirst(prefix.count))) }
            if key == "kubernetes.io/role" { roles.insert(value.string ?? "") }
        }
        roles.remove("")
        func address(_ type: String) -> JSON {
            plain(list("status", "addresses").first { $0["type"]?.string == type }?["address"], or: "<none>")
        }
        return [
            name, joined(status), joined(roles.sorted(by: utf8Less), or: "<none>"), age,
            text("status", "nodeInfo", "kubeletVersion"), address("InternalIP"), address("ExternalIP"),
            text("status", "nodeInfo", "osImage", or: "<unknown>"),
            text("status", "nodeInfo", "kernelVersion", or: "<unknown>"),
            text("status", "nodeInfo", "containerRuntimeVersion", or: "<unknown>"),
        ]
    }

    private func modes(_ value: JSON?) -> JSON {
        let given = Set((value?.array ?? []).compactMap(\.string))
        let short = [
            ("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"),
            ("ReadWriteOncePod", "RWOP"),
        ]
        return joined(short.filter { given.contains($0.0) }.map(\.1))
    }

    func persistentVolume() -> [JSON] {
        let claim = object.at("spec", "claimRef").map {
            "\($0["namespace"]?.string ?? "")/\($0["name"]?.string ?? "")"
        }
        return [
            name, plain(object.at("spec", "capacity", "storage"), or: "0"),
            modes(object.at("spec", "accessModes")), text("spec", "persistentVolumeReclaimPolicy"),
            isDeleted ? "Terminating" : text("status", "phase"), .string(claim ?? ""),
            text("spec", "storageClassName"), text("spec", "volumeAttributesClassName", or: "<unset>"),
            text("status", "reason"), age, text("spec", "volumeMode", or: "<unset>"),
        ]
    }

    func persistentVolumeClaim() -> [JSON] {
        let isBound = !(object.at("spec", "volumeName")?.string ?? "").isEmpty
        return [
            name, isDeleted ? "Terminating" : text("status", "phase"), text("spec", "volumeName"),
            isBound ? plain(object.at("status", "capacity", "storage"), or: "0") : "",
            isBound ? modes(object.at("status", "accessModes")) : "", text("spec", "storageClassName"),
            text("spec", "volumeAttributesClassName", or: "<unset>"), age,
            text("spec", "volumeMode", or: "<unset>"),
        ]
    }

    func resourceQuota() -> [JSON] {
        let hard = object.at("status", "hard")?.object ?? [:]
        var requests: [String] = []
        var limits: [String] = []
        for key in hard.sortedKeys {
            let used = plain(object.at("status", "used", key), or: "0").string ?? "0"
            let entry = "\(key): \(used)/\(plain(hard[key], or: "0").string ?? "0")"
            if key.hasPrefix("limits.") { limits.append(entry) } else { requests.append(entry) }
        }
        return [name, joined(requests, by: ", "), joined(limits, by: ", "), age]
    }

    func ingress() -> [JSON] {
        let hosts = list("spec", "rules").compactMap { $0["host"]?.string }.filter { !$0.isEmpty }
        return [
            name, text("spec", "ingressClassName", or: "<none>"),
            .string(hosts.isEmpty ? "*" : firstThree(hosts)),
            joined(balancer()), list("spec", "tls").isEmpty ? "80" : "80, 443", age,
        ]
    }

    func binding() -> [JSON] {
        func subjects(_ kind: String) -> JSON {
            let names = list("subjects").filter { $0["kind"]?.string == kind }.map { subject -> String in
                let name = subject["name"]?.string ?? ""
                return kind == "ServiceAccount" ? "\(subject["namespace"]?.string ?? "")/\(name)" : name
            }
            return joined(names, by: ", ")
        }
        let role = object["roleRef"]
        return [
            name, .string("\(role?["kind"]?.string ?? "")/\(role?["name"]?.string ?? "")"), age,
            subjects("User"), subjects("Group"), subjects("ServiceAccount"),
        ]
    }

    /// Kinds of a few plain columns.
    func small(_ kind: GroupKind) -> [JSON] {
        func flag(_ path: String...) -> JSON { .bool(object.at(path)?.bool ?? false) }
        switch kind.kind {
        case "StorageClass":
            return [
                name, text("provisioner"), text("reclaimPolicy", or: "Delete"),
                text("volumeBindingMode", or: "Immediate"), flag("allowVolumeExpansion"), age,
            ]
        case "PriorityClass":
            return [name, count("value"), flag("globalDefault"), age, text("preemptionPolicy")]
        case "Lease": return [name, text("spec", "holderIdentity"), age]
        case "RuntimeClass": return [name, text("handler"), age]
        case "EndpointSlice":
            let ports = list("ports").map { plain($0["port"], or: "*").string ?? "" }
            let addresses = list("endpoints").flatMap { $0["addresses"]?.array ?? [] }.compactMap(\.string)
            return [
                name, text("addressType"), .string(ports.isEmpty ? "<unset>" : firstThree(ports)),
                .string(addresses.isEmpty ? "<unset>" : firstThree(addresses)), age,
            ]
        case "IngressClass":
            let parameters = object.at("spec", "parameters").map { value -> String in
                let group = value["apiGroup"]?.string ?? ""
                return (value["kind"]?.string ?? "") + (group.isEmpty ? "" : "." + group) + "/"
                    + (value["name"]?.string ?? "")
            }
            return [name, text("spec", "controller"), .string(parameters ?? "<none>"), age]
        case "CSIDriver":
            let tokens = list("spec", "tokenRequests").map { $0["audience"]?.string ?? "" }
            return [
                name, .bool(object.at("spec", "attachRequired")?.bool ?? true),
                flag("spec", "podInfoOnMount"),
                flag("spec", "storageCapacity"), joined(tokens, or: "<unset>"),
                flag("spec", "requiresRepublish"),
                joined(list("spec", "volumeLifecycleModes").compactMap(\.string), or: "<none>"), age,
            ]
        case "CSINode": return [name, size("spec", "drivers"), age]
        case "CSIStorageCapacity":
            return [name, text("storageClassName"), plain(object["capacity"], or: "<unset>")]
        case "VolumeAttachment":
            return [
                name, text("spec", "attacher"), text("spec", "source", "persistentVolumeName"),
                text("spec", "nodeName"), flag("status", "attached"), age,
            ]
        case "VolumeAttributesClass": return [name, text("driverName"), age]
        case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration":
            return [name, size("webhooks"), age]
        case "ValidatingAdmissionPolicy", "MutatingAdmissionPolicy":
            let kindOf = object.at("spec", "paramKind").map {
                "\($0["apiVersion"]?.string ?? "")/\($0["kind"]?.string ?? "")"
            }
            let rules = kind.kind.hasPrefix("V") ? size("spec", "validations") : size("spec", "mutations")
            return [name, rules, .string(kindOf ?? "<unset>"), age]
        case "FlowSchema":
            let missing = list("status", "conditions").first { $0["type"]?.string == "Dangling" }
            return [
                name, text("spec", "priorityLevelConfiguration", "name"), count("spec", "matchingPrecedence"),
                text("spec", "distinguisherMethod", "type", or: "<none>"), age,
                plain(missing?["status"], or: "?"),
            ]
        default:
            // Kinds without cells of their own show their age or time of creation in the right column,
            // and nothing where this printer knows no value.
            return TableColumns.of(kind).map { column in
                switch column.name {
                case "Name": name
                case "Age": age
                case "Created At": text("metadata", "creationTimestamp")
                default: "<unknown>"
                }
            }
        }
    }
}
