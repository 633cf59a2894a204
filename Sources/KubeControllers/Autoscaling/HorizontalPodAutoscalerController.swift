import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Scales what HorizontalPodAutoscalers name by what its pods' metrics say (pkg/controller/podautoscaler).
public struct HorizontalPodAutoscalerController: Controller {
    public let name = "horizontal-pod-autoscaler-controller"
    public let alias = "horizontalpodautoscaling"
    public let account = "horizontal-pod-autoscaler"
    static let component = "horizontal-pod-autoscaler"
    /// Seconds between two looks at an autoscaler (--horizontal-pod-autoscaler-sync-period).
    static let period = 15.0

    private struct State: Sendable {
        var due: Timestamp
        var history = ScalingHistory()
        /// The last write of the scale, until the target is seen again.
        var attempt: (old: Int, new: Int, isRecorded: Bool)?
    }

    private var states: [String: State] = [:]
    private let provider: any MetricsProvider
    private let calculator: ReplicaCalculator

    /// - Parameters:
    ///   - metrics: where pods' and other metrics come from.
    ///   - tolerance: how far off its target a metric may be (--horizontal-pod-autoscaler-tolerance).
    public init(metrics: any MetricsProvider = NoMetrics(), tolerance: Double = 0.1) {
        provider = metrics
        var calculator = ReplicaCalculator()
        calculator.tolerance = ReplicaCalculator.Tolerance(up: tolerance, down: tolerance)
        self.calculator = calculator
    }

    public mutating func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        event.collection == .horizontalPodAutoscalers ? [event.object.key] : []
    }

    public mutating func reconcile(
        _ key: String, _ view: ClusterView, now: Timestamp
    ) throws -> Reconciliation {
        guard let autoscaler = view.object(.horizontalPodAutoscalers, key) else {
            states.removeValue(forKey: key)
            return .nothing
        }
        // Changes do not hasten the next look.
        var state = states[key] ?? State(due: now.adding(Self.period))
        guard state.due <= now else {
            states[key] = state
            return Reconciliation(requeueAfter: state.due.since(now))
        }
        state.due = now.adding(Self.period)
        var sync = Sync(autoscaler, now)
        sync.run(&state.history, &state.attempt, provider, calculator, view)
        states[key] = state
        var result = Reconciliation(writes: sync.writes, requeueAfter: Self.period, events: sync.events)
        if sync.object["status"] != autoscaler["status"],
            let resource = view.resource(of: .horizontalPodAutoscalers)
        {
            result.writes.append(
                .updateStatus(
                    resource, namespace: autoscaler.namespace, name: autoscaler.name, sync.object))
        }
        return result
    }
}

/// One look at one autoscaler.
private struct Sync {
    /// With the new status.
    var object: JSON
    var writes: [ControllerWrite] = []
    var events: [RecordedEvent] = []
    private let now: Timestamp

    init(_ object: JSON, _ now: Timestamp) {
        self.object = object
        self.now = now
    }

    private func event(_ kind: RecordedEvent.Kind, _ reason: String, _ message: String) -> RecordedEvent {
        RecordedEvent(
            kind, reason, message, of: object, component: HorizontalPodAutoscalerController.component)
    }

    private mutating func condition(_ type: String, _ isTrue: Bool, _ reason: String, _ message: String) {
        object.setCondition([
            "type": .string(type), "status": isTrue ? "True" : "False",
            "lastTransitionTime": .string(now.rfc3339), "reason": .string(reason),
            "message": .string(message),
        ])
    }

    private mutating func setStatus(current: Int, desired: Int, metrics: [JSON]?, rescaled: Bool) {
        var status = object["status"]?.object ?? [:]
        if object.generation > 0 { status["observedGeneration"] = .integer(object.generation) }
        if rescaled { status["lastScaleTime"] = .string(now.rfc3339) }
        status.removeValue(forKey: "currentReplicas")
        if current != 0 { status["currentReplicas"] = .integer(Int64(current)) }
        status["desiredReplicas"] = .integer(Int64(desired))
        if let metrics, !metrics.isEmpty {
            status["currentMetrics"] = .array(metrics)
        } else {
            status["currentMetrics"] = .null
        }
        object["status"] = .object(status)
    }

    mutating func run(
        _ history: inout ScalingHistory, _ attempt: inout (old: Int, new: Int, isRecorded: Bool)?,
        _ provider: any MetricsProvider, _ calculator: ReplicaCalculator, _ view: ClusterView
    ) {
        let spec = object["spec"] ?? [:]
        let target = spec["scaleTargetRef"] ?? [:]
        let kind = target["kind"]?.string ?? ""
        let targetName = target["name"]?.string ?? ""
        let version = target["apiVersion"]?.string ?? ""
        guard let resource = ScaleTargets.resource(apiVersion: version, kind: kind, view) else {
            let group = version.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(version[..<$0]) } ?? ""
            fail("no matches for kind \"\(kind)\" in group \"\(group)\"")
            return
        }
        guard ScaleTargets.hasScale(resource) else {
            fail("the server could not find the requested resource")
            return
        }
        guard
            let scale = ScaleTargets.scale(resource, namespace: object.namespace, name: targetName, view)
        else {
            fail("\(resource.groupResource) \"\(targetName)\" not found")
            return
        }
        condition(
            "AbleToScale", true, "SucceededGetScale",
            "the HPA controller was able to get the target's current scale")
        let current = scale["spec"]?["replicas"]?.int ?? 0
        if let tried = attempt, tried.isRecorded, current == tried.old, view.lastFailure != nil {
            history.undo(from: tried.old, to: tried.new)
        }
        attempt = nil
        if history.recommendations.isEmpty {
            history.recommendations = [ScalingHistory.Entry(count: current, time: now)]
        }
        let minimum = spec["minReplicas"]?.int ?? 1
        let maximum = spec["maxReplicas"]?.int ?? 0
        let up = ScalingHistory.Rules(spec["behavior"]?["scaleUp"], defaults: .up)
        let down = ScalingHistory.Rules(spec["behavior"]?["scaleDown"], defaults: .down)
        let hasBehavior = spec["behavior"]?.object != nil
        var desired = 0
        var reason = ""
        var rescales = true
        var statuses: [JSON]?
        if current == 0, minimum != 0 {
            rescales = false
            condition(
                "ScalingActive", false, "ScalingDisabled",
                "scaling is disabled since the replica count of the target is zero")
        } else if current > maximum {
            reason = "Current number of replicas above Spec.MaxReplicas"
            desired = maximum
        } else if current < minimum {
            reason = "Current number of replicas below Spec.MinReplicas"
            desired = minimum
        } else {
            var calculator = calculator
            if let tolerance = up.tolerance { calculator.tolerance.up = tolerance }
            if let tolerance = down.tolerance { calculator.tolerance.down = tolerance }
            let wanted = propose(scale, spec["metrics"]?.array ?? [], provider, calculator, view)
            statuses = wanted.statuses
            guard let replicas = wanted.replicas else {
                let before = object["status"]?["desiredReplicas"]?.int ?? 0
                setStatus(current: current, desired: before, metrics: statuses, rescaled: false)
                if let error = wanted.error {
                    events.append(event(.warning, "FailedComputeMetricsReplicas", error))
                }
                return
            }
            if replicas > current { reason = "\(wanted.name) above target" }
            if replicas < current { reason = "All metrics below target" }
            let verdict =
                hasBehavior
                ? history.normalize(
                    current: current, wanted: replicas, minimum: minimum, maximum: maximum, up: up,
                    down: down, now: now)
                : history.normalize(
                    current: current, wanted: replicas, minimum: minimum, maximum: maximum, now: now)
            condition("AbleToScale", true, verdict.able.reason, verdict.able.message)
            condition(
                "ScalingLimited", verdict.limited.isTrue, verdict.limited.reason, verdict.limited.message)
            desired = verdict.replicas
            rescales = desired != current
        }
        guard rescales else {
            setStatus(current: current, desired: current, metrics: statuses, rescaled: false)
            return
        }
        var patch = JSON.integer(Int64(desired))
        for field in (resource.scalePaths ?? .builtin).specReplicas.reversed() {
            patch = .object([field: patch])
        }
        writes.append(
            ControllerWrite(resource, namespace: object.namespace, name: targetName, .patch(patch))
                .recording(
                    event(.normal, "SuccessfulRescale", "New size: \(desired); reason: \(reason)"),
                    orFailure: event(
                        .warning, "FailedRescale",
                        "New size: \(desired); reason: \(reason); error: {error}")))
        condition(
            "AbleToScale", true, "SucceededRescale",
            "the HPA controller was able to update the target scale to \(desired)")
        if hasBehavior { history.scaled(from: current, to: desired, up: up, down: down, now: now) }
        attempt = (current, desired, hasBehavior)
        setStatus(current: current, desired: desired, metrics: statuses, rescaled: true)
    }

    private mutating func fail(_ error: String) {
        events.append(event(.warning, "FailedGetScale", error))
        condition(
            "AbleToScale", false, "FailedGetScale",
            "the HPA controller was unable to get the target's current scale: \(error)")
    }

    /// The most that a metric asks for. Without some of them it only goes up.
    private mutating func propose(
        _ scale: JSON, _ metrics: [JSON], _ provider: any MetricsProvider, _ calculator: ReplicaCalculator,
        _ view: ClusterView
    ) -> (replicas: Int?, name: String, statuses: [JSON]?, error: String?) {
        let text = scale["status"]?["selector"]?.string ?? ""
        if text.isEmpty {
            events.append(event(.warning, "SelectorRequired", "selector is required"))
            condition(
                "ScalingActive", false, "InvalidSelector", "the HPA target's scale is missing a selector")
            return (nil, "", nil, "selector is required")
        }
        let selector: LabelSelector
        do {
            selector = try LabelSelector.parse(text)
        } catch {
            let words = "couldn't convert selector into a corresponding internal selector object: \(error)"
            events.append(event(.warning, "InvalidSelector", words))
            condition("ScalingActive", false, "InvalidSelector", words)
            return (nil, "", nil, words)
        }
        let evaluation = MetricEvaluation(
            autoscaler: object, scale: scale,
            pods: view.pods(in: object.namespace).filter { selector.matches(labels: $0.labels) },
            selector: selector, calculator: calculator, provider: provider, view: view, now: now)
        var best = (replicas: 0, name: "")
        var statuses: [JSON] = []
        var failures: [MetricEvaluation.Failure] = []
        for metric in metrics {
            do throws(MetricEvaluation.Failure) {
                let (replicas, name, status) = try evaluation.evaluate(metric)
                statuses.append(status)
                if best.replicas == 0 || replicas > best.replicas { best = (replicas, name) }
            } catch {
                statuses.append(["type": ""])
                failures.append(error)
                events.append(event(.warning, error.reason, error.detail))
            }
        }
        let current = scale["spec"]?["replicas"]?.int ?? 0
        if let first = failures.first, failures.count >= metrics.count || best.replicas < current {
            condition(
                "ScalingActive", false, first.reason,
                "the HPA was unable to compute the replica count: \(first.detail)")
            return (
                nil, "", statuses,
                "invalid metrics (\(failures.count) invalid out of \(metrics.count)), first error is: "
                    + first.message
            )
        }
        condition(
            "ScalingActive", true, "ValidMetricFound",
            "the HPA was able to successfully calculate a replica count from \(best.name)")
        return (best.replicas, best.name, statuses, nil)
    }
}
