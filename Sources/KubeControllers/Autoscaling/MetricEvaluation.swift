import KubeAPI
import KubeEngine
import KubeJSON

/// What one metric of an autoscaler asks for, with its name for messages and its status.
struct MetricEvaluation {
    /// Why a metric could not be taken.
    struct Failure: Error {
        /// Of the Event and of the condition ScalingActive.
        var reason: String
        /// What the Event says.
        var detail: String
        /// What the whole computation says.
        var message: String
    }

    var autoscaler: JSON
    var scale: JSON
    var pods: [PodSummary]
    var selector: LabelSelector
    var calculator: ReplicaCalculator
    var provider: any MetricsProvider
    var view: ClusterView
    var now: Timestamp

    private var namespace: String { autoscaler.namespace }
    private var specReplicas: Int { scale["spec"]?["replicas"]?.int ?? 0 }
    private var statusReplicas: Int { scale["status"]?["replicas"]?.int ?? 0 }

    func evaluate(_ metric: JSON) throws(Failure) -> (replicas: Int, name: String, status: JSON) {
        let type = metric["type"]?.string ?? ""
        switch type {
        case "Resource": return try resource(metric, "resource", "FailedGetResourceMetric", "resource")
        case "ContainerResource":
            return try resource(
                metric, "containerResource", "FailedGetContainerResourceMetric", "container")
        case "Pods": return try custom(metric)
        case "Object": return try object(metric)
        case "External": return try external(metric)
        default:
            let words = "unknown metric source type \"\(type)\""
            throw Failure(reason: "InvalidMetricSourceType", detail: words, message: words)
        }
    }

    private func milli(_ json: JSON?) -> Int64? { json?.string.flatMap { Quantity($0) }?.milliValue }
    private func text(_ milli: Int64) -> JSON { .string(Quantity(milli: milli).description) }

    private func resource(
        _ metric: JSON, _ field: String, _ reason: String, _ noun: String
    ) throws(Failure) -> (replicas: Int, name: String, status: JSON) {
        let source = metric[field] ?? [:]
        let name = source["name"]?.string ?? ""
        let container = source["container"]?.string
        func failure(_ detail: String) -> Failure {
            Failure(
                reason: reason, detail: detail,
                message: "failed to get \(name) \(noun) metric value: \(detail)")
        }
        func status(_ current: JSON) -> JSON {
            var inner: JSONObject = ["name": .string(name)]
            if let container { inner["container"] = .string(container) }
            inner["current"] = current
            return ["type": metric["type"] ?? "", field: .object(inner)]
        }
        func measured(_ what: String) throws(Failure) -> [String: PodMetric] {
            do {
                return try provider.resource(
                    name, container: container, namespace: namespace, pods: selector, view, now: now)
            } catch {
                throw failure(
                    "failed to get \(name) \(what): unable to get metrics for resource \(name): \(error)")
            }
        }
        if let target = milli(source["target"]?["averageValue"]) {
            let metrics = try measured("usage")
            do {
                let proposal = try calculator.average(
                    current: specReplicas, target: target, resource: name, metrics: metrics,
                    pods: facts(name, container), now: now)
                return (
                    proposal.replicas, "\(name) resource", status(["averageValue": text(proposal.value)])
                )
            } catch {
                throw failure("failed to get \(name) usage: \(error)")
            }
        }
        guard let target = source["target"]?["averageUtilization"]?.int else {
            throw failure(
                "invalid resource metric source: neither an average utilization target nor an average value "
                    + "(usage) target was set")
        }
        let metrics = try measured("utilization")
        do {
            let proposal = try calculator.utilization(
                current: specReplicas, target: target, resource: name, metrics: metrics,
                pods: facts(name, container), now: now)
            return (
                proposal.replicas, "\(name) resource utilization (percentage of request)",
                status([
                    "averageUtilization": .integer(Int64(proposal.utilization ?? 0)),
                    "averageValue": text(proposal.value),
                ])
            )
        } catch {
            throw failure("failed to get \(name) utilization: \(error)")
        }
    }

    private func custom(_ metric: JSON) throws(Failure) -> (replicas: Int, name: String, status: JSON) {
        let source = metric["pods"] ?? [:]
        let identifier = source["metric"] ?? [:]
        let name = identifier["name"]?.string ?? ""
        func failure(_ detail: String) -> Failure {
            Failure(
                reason: "FailedGetPodsMetric", detail: detail,
                message: "failed to get pods metric value: \(detail)")
        }
        let metrics: [String: PodMetric]
        do {
            metrics = try provider.custom(
                name, metric: try LabelSelector(metric: identifier["selector"]), namespace: namespace,
                pods: selector, view, now: now)
        } catch { throw failure("unable to get metric \(name): \(error)") }
        do {
            let proposal = try calculator.average(
                current: specReplicas, target: milli(source["target"]?["averageValue"]) ?? 0, resource: "",
                metrics: metrics, pods: facts("", nil), now: now)
            return (
                proposal.replicas, "pods metric \(name)",
                [
                    "type": "Pods",
                    "pods": ["metric": identifier, "current": ["averageValue": text(proposal.value)]],
                ]
            )
        } catch { throw failure("\(error)") }
    }

    private func object(_ metric: JSON) throws(Failure) -> (replicas: Int, name: String, status: JSON) {
        let source = metric["object"] ?? [:]
        let identifier = source["metric"] ?? [:]
        let name = identifier["name"]?.string ?? ""
        let described = source["describedObject"] ?? [:]
        let kind = described["kind"]?.string ?? ""
        func failure(_ detail: String, _ prefix: String = "") -> Failure {
            Failure(
                reason: "FailedGetObjectMetric", detail: detail,
                message: "failed to get object metric value: \(prefix)\(detail)")
        }
        func status(_ current: JSON) -> JSON {
            [
                "type": "Object",
                "object": ["metric": identifier, "current": current, "describedObject": described],
            ]
        }
        let type = source["target"]?["type"]?.string
        let prefix = type == "AverageValue" ? "failed to get \(name) object metric: " : ""
        func value() throws(Failure) -> Int64 {
            do {
                return try provider.object(
                    name, metric: try LabelSelector(metric: identifier["selector"]), namespace: namespace,
                    of: described, view, now: now)
            } catch {
                throw failure(
                    "unable to get metric \(name): \(kind) on \(namespace) "
                        + "\(described["name"]?.string ?? "")/\(error)", prefix)
            }
        }
        if type == "Value", let target = milli(source["target"]?["value"]) {
            let value = try value()
            do {
                let proposal = try calculator.value(
                    current: specReplicas, target: target, value: value, pods: facts("", nil))
                return (proposal.replicas, "\(kind) metric \(name)", status(["value": text(value)]))
            } catch { throw failure("\(error)") }
        }
        if type == "AverageValue", let target = milli(source["target"]?["averageValue"]) {
            let proposal = calculator.valuePerPod(
                replicas: statusReplicas, target: target, value: try value())
            return (
                proposal.replicas, "external metric \(name)(\(SelectorText.go(identifier["selector"])))",
                status(["averageValue": text(proposal.value)])
            )
        }
        throw failure(
            "invalid object metric source: neither a value target nor an average value target was set")
    }

    private func external(_ metric: JSON) throws(Failure) -> (replicas: Int, name: String, status: JSON) {
        let source = metric["external"] ?? [:]
        let identifier = source["metric"] ?? [:]
        let name = identifier["name"]?.string ?? ""
        let words = SelectorText.go(identifier["selector"])
        func failure(_ detail: String, _ inner: String) -> Failure {
            Failure(
                reason: "FailedGetExternalMetric", detail: detail,
                message: "failed to get \(name) external metric value: \(inner)\(detail)")
        }
        func value(_ inner: String) throws(Failure) -> Int64 {
            do {
                return try provider.external(
                    name, metric: try LabelSelector(metric: identifier["selector"]), namespace: namespace,
                    view, now: now
                ).reduce(0, +)
            } catch {
                throw failure("unable to get external metric \(namespace)/\(name)/\(words): \(error)", inner)
            }
        }
        func status(_ current: JSON) -> JSON {
            ["type": "External", "external": ["metric": identifier, "current": current]]
        }
        if let target = milli(source["target"]?["averageValue"]) {
            let proposal = calculator.valuePerPod(
                replicas: statusReplicas, target: target,
                value: try value("failed to get \(name) external metric: "))
            return (
                proposal.replicas, "external metric \(name)(\(words))",
                status(["averageValue": text(proposal.value)])
            )
        }
        if let target = milli(source["target"]?["value"]) {
            let inner = "failed to get external metric \(name): "
            let value = try value(inner)
            do {
                let proposal = try calculator.value(
                    current: specReplicas, target: target, value: value, pods: facts("", nil))
                return (
                    proposal.replicas, "external metric \(name)(\(words))", status(["value": text(value)])
                )
            } catch { throw failure("\(error)", inner) }
        }
        throw failure(
            "invalid external metric source: neither a value target nor an average value target was set", "")
    }

    private func facts(_ resource: String, _ container: String?) -> [ReplicaCalculator.Pod] {
        pods.map { ReplicaCalculator.Pod($0, resource: resource, container: container) }
    }
}

extension LabelSelector {
    /// Of a metric identifier: none selects all.
    fileprivate init(metric selector: JSON?) throws(SelectorError) {
        if let selector, selector.object != nil {
            try self.init(object: selector)
        } else {
            self = .everything
        }
    }
}

extension ReplicaCalculator.Pod {
    init(_ pod: PodSummary, resource: String, container: String?) {
        self.init(name: pod.name)
        phase = pod.phase
        isTerminating = pod.isTerminating
        readySince = pod.readySince
        readiness = pod.isReady ? .ready : .absent
        // Only resources are shares of requests, and have rules for pods that start.
        if resource.isEmpty { return }
        let value = pod.value
        started = value["status"]?["startTime"]?.string.flatMap { Timestamp($0) }
        if !pod.isReady {
            let ready = value["status"]?["conditions"]?.array?.first { $0["type"]?.string == "Ready" }
            readiness =
                ready == nil ? .absent : ready?["status"]?.string == "False" ? .unready : .unknown
        }
        let spec = value["spec"]
        if container == nil, let whole = spec?["resources"]?["requests"]?[resource]?.string {
            request = Quantity(whole)?.milliValue
            return
        }
        var containers = spec?["containers"]?.array ?? []
        containers += (spec?["initContainers"]?.array ?? []).filter {
            $0["restartPolicy"]?.string == "Always"
        }
        var sum: Int64 = 0
        for entry in containers where container == nil || entry["name"]?.string == container {
            guard let text = entry["resources"]?["requests"]?[resource]?.string,
                let quantity = Quantity(text)
            else {
                unrequested = entry["name"]?.string ?? ""
                return
            }
            sum += quantity.milliValue
        }
        request = sum
    }
}
