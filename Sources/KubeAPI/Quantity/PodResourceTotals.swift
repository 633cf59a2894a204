import KubeJSON

/// What a pod asks of its node (k8s.io/component-helpers/resource): its containers together, or what its
/// init containers need one after the other, whichever is more.
public enum PodResourceTotals {
    public enum Part: String, Sendable {
        case requests, limits
    }

    /// - Parameters:
    ///   - includesStatus: counts what the containers still hold while a resize is under way.
    ///   - includesOverhead: adds what the pod's RuntimeClass costs.
    public static func total(
        _ part: Part, of pod: JSON, includesStatus: Bool = false, includesOverhead: Bool = true
    ) -> ResourceAmounts {
        let spec = pod["spec"]
        func amounts(_ container: JSON, _ statuses: String) -> ResourceAmounts {
            var amounts = ResourceAmounts(container["resources"]?[part.rawValue])
            guard includesStatus, let list = pod["status"]?[statuses]?.array,
                let status = list.first(where: { $0["name"] == container["name"] })
            else { return amounts }
            amounts.raise(to: ResourceAmounts(status["resources"]?[part.rawValue]))
            if part == .requests { amounts.raise(to: ResourceAmounts(status["allocatedResources"])) }
            return amounts
        }
        var total = ResourceAmounts()
        for container in spec?.items("containers") ?? [] {
            total.add(amounts(container, "containerStatuses"))
        }
        // Sidecars run on beside whatever starts after them.
        var sidecars = ResourceAmounts()
        var initial = ResourceAmounts()
        for container in spec?.items("initContainers") ?? [] {
            let own = amounts(container, "initContainerStatuses")
            if container["restartPolicy"]?.string == "Always" {
                total.add(own)
                sidecars.add(own)
                initial.raise(to: sidecars)
            } else {
                initial.raise(to: own.adding(sidecars))
            }
        }
        total.raise(to: initial)
        // What is said for the whole pod goes before what its containers say.
        for (name, amount) in ResourceAmounts(spec?["resources"]?[part.rawValue]).amounts
        where name == "cpu" || name == "memory" || name.hasPrefix("hugepages-") {
            total[name] = amount
        }
        if includesOverhead {
            for (name, amount) in ResourceAmounts(spec?["overhead"]).amounts {
                // A limit grows only where there is one.
                if let present = total[name] {
                    if part == .requests || !present.isZero { total[name] = present + amount }
                } else if part == .requests {
                    total[name] = amount
                }
            }
        }
        return total
    }
}
