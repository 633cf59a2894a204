import KubeAPI
import KubeJSON

/// Fills in and enforces what the namespace's LimitRanges say of containers, pods and claims.
struct LimitRanger: AdmissionPlugin {
    private static let annotation = "kubernetes.io/limit-ranger"

    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard limitsPod(attributes), attributes.old?.deletionTimestamp == nil else { return }
        for range in ranges(attributes, registry) { fill(&object, from: range) }
    }

    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        let isPod = limitsPod(attributes)
        let isClaim =
            attributes.isMain("", "persistentvolumeclaims")
            && (attributes.operation == .create || attributes.operation == .update)
        guard isPod || isClaim, attributes.old?.deletionTimestamp == nil else { return }
        for range in ranges(attributes, registry) {
            let errors = isPod ? LimitRules.check(pod: object, range) : LimitRules.check(claim: object, range)
            if errors.isEmpty { continue }
            throw .forbidden(
                attributes.resource.groupResource, attributes.name,
                errors.count == 1 ? errors[0] : "[" + errors.joined(separator: ", ") + "]")
        }
    }

    /// What a pod's containers ask for changes only with the pod's creation and by its subresource `resize`.
    private func limitsPod(_ attributes: AdmissionAttributes) -> Bool {
        if attributes.operation == .create { return attributes.isMain("", "pods") }
        return attributes.operation == .update && attributes.subresource == "resize"
            && attributes.resource.plural == "pods" && attributes.resource.group.isEmpty
    }

    private func ranges(_ attributes: AdmissionAttributes, _ registry: Registry) -> [JSON] {
        registry.objects("", "limitranges", in: attributes.namespace)
    }

    private func fill(_ pod: inout JSON, from range: JSON) {
        var requests = JSONObject()
        var limits = JSONObject()
        for limit in range["spec"]?["limits"]?.array ?? [] where limit["type"]?.string == "Container" {
            for (name, value) in limit["defaultRequest"]?.object ?? [:] { requests[name] = value }
            for (name, value) in limit["default"]?.object ?? [:] { limits[name] = value }
        }
        if requests.isEmpty, limits.isEmpty { return }
        var notes: [String] = []
        for (list, noun) in [("containers", "container"), ("initContainers", "init container")] {
            guard var containers = pod["spec"]?[list]?.array else { continue }
            for index in containers.indices {
                let name = containers[index]["name"]?.string ?? ""
                let addedLimits = Self.add(limits, to: &containers[index], "limits")
                let addedRequests = Self.add(requests, to: &containers[index], "requests")
                if !addedRequests.isEmpty {
                    notes.append("\(addedRequests.joined(separator: ", ")) request for \(noun) \(name)")
                }
                if !addedLimits.isEmpty {
                    notes.append("\(addedLimits.joined(separator: ", ")) limit for \(noun) \(name)")
                }
            }
            pod.set(.array(containers), at: "spec", list)
        }
        if notes.isEmpty { return }
        pod.set(
            .string("LimitRanger plugin set: " + notes.joined(separator: "; ")), at: "metadata",
            "annotations", Self.annotation)
    }

    /// - Returns: the names of what was not there, sorted.
    private static func add(_ defaults: JSONObject, to container: inout JSON, _ part: String) -> [String] {
        var added: [String] = []
        for name in defaults.sortedKeys where container["resources"]?[part]?[name] == nil {
            guard let value = defaults[name] else { continue }
            container.set(value, at: "resources", part, name)
            added.append(name)
        }
        return added
    }
}

/// Whether an object keeps within a LimitRange, and upstream's words where it does not.
enum LimitRules {
    static func check(pod: JSON, _ range: JSON) -> [String] {
        var errors: [String] = []
        for limit in range["spec"]?["limits"]?.array ?? [] {
            switch limit["type"]?.string {
            case "Container":
                for list in ["containers", "initContainers"] {
                    for container in pod["spec"]?[list]?.array ?? [] {
                        errors += check(
                            limit, ResourceAmounts(container["resources"]?["requests"]),
                            ResourceAmounts(container["resources"]?["limits"]))
                    }
                }
            case "Pod":
                errors += check(
                    limit, PodResourceTotals.total(.requests, of: pod, includesOverhead: false),
                    PodResourceTotals.total(.limits, of: pod, includesOverhead: false))
            default: continue
            }
        }
        return unique(errors)
    }

    /// Claims have requests only.
    static func check(claim: JSON, _ range: JSON) -> [String] {
        let requests = ResourceAmounts(claim.at("spec", "resources", "requests"))
        let none = ResourceAmounts()
        var errors: [String] = []
        for limit in range["spec"]?["limits"]?.array ?? []
        where limit["type"]?.string == "PersistentVolumeClaim" {
            let type = "PersistentVolumeClaim"
            for (name, bound) in bounds(limit, "min") {
                errors += minimum(type, name, bound, requests, none).map { [$0] } ?? []
            }
            for (name, bound) in bounds(limit, "max") {
                let words = "maximum \(name) usage per \(type) is \(bound)"
                if let request = requests[name] {
                    if request > bound { errors.append("\(words), but request is \(request)") }
                } else {
                    errors.append("\(words).  No request is specified")
                }
            }
        }
        return unique(errors)
    }

    /// An aggregate of errors says equal ones once.
    private static func unique(_ errors: [String]) -> [String] {
        var seen: Set<String> = []
        return errors.filter { seen.insert($0).inserted }
    }

    private static func bounds(_ limit: JSON, _ kind: String) -> [(String, Quantity)] {
        let amounts = ResourceAmounts(limit[kind])
        return amounts.names.compactMap { name in amounts[name].map { (name, $0) } }
    }

    private static func check(
        _ limit: JSON, _ requests: ResourceAmounts, _ limits: ResourceAmounts
    ) -> [String] {
        let type = limit["type"]?.string ?? ""
        var errors: [String] = []
        for (name, bound) in bounds(limit, "min") {
            if let error = minimum(type, name, bound, requests, limits) { errors.append(error) }
        }
        for (name, bound) in bounds(limit, "max") {
            if let error = maximum(type, name, bound, requests, limits) { errors.append(error) }
        }
        for (name, bound) in bounds(limit, "maxLimitRequestRatio") {
            if let error = ratio(type, name, bound, requests, limits) { errors.append(error) }
        }
        return errors
    }

    private static func minimum(
        _ type: String, _ name: String, _ bound: Quantity, _ requests: ResourceAmounts,
        _ limits: ResourceAmounts
    ) -> String? {
        let words = "minimum \(name) usage per \(type) is \(bound)"
        guard let request = requests[name] else { return "\(words).  No request is specified" }
        if request < bound { return "\(words), but request is \(request)" }
        if let limit = limits[name], limit < bound { return "\(words), but limit is \(limit)" }
        return nil
    }

    private static func maximum(
        _ type: String, _ name: String, _ bound: Quantity, _ requests: ResourceAmounts,
        _ limits: ResourceAmounts
    ) -> String? {
        let words = "maximum \(name) usage per \(type) is \(bound)"
        guard let limit = limits[name] else { return "\(words).  No limit is specified" }
        if limit > bound { return "\(words), but limit is \(limit)" }
        if let request = requests[name], request > bound { return "\(words), but request is \(request)" }
        return nil
    }

    private static func ratio(
        _ type: String, _ name: String, _ bound: Quantity, _ requests: ResourceAmounts,
        _ limits: ResourceAmounts
    ) -> String? {
        let words = "\(name) max limit to request ratio per \(type) is \(bound)"
        guard let request = requests[name], !request.isZero else {
            return "\(words), but no request is specified or request is 0"
        }
        guard let limit = limits[name], !limit.isZero else {
            return "\(words), but no limit is specified or limit is 0"
        }
        let most = Int64.max / 1_000
        let isSmall = request.wholeValue <= most && limit.wholeValue <= most
        let ratio =
            isSmall
            ? Double(limit.milliValue) / Double(request.milliValue)
            : Double(limit.wholeValue) / Double(request.wholeValue)
        if ratio * 1_000 <= Double(bound.milliValue) { return nil }
        return "\(words), but provided ratio is \(sixDecimals(ratio))"
    }

    /// C's `%f`.
    private static func sixDecimals(_ value: Double) -> String {
        let scaled = (value * 1_000_000).rounded(.toNearestOrEven)
        guard scaled < 9e18 else { return String(value) }
        let whole = Int64(scaled)
        let fraction = String(whole % 1_000_000)
        return "\(whole / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
    }
}
