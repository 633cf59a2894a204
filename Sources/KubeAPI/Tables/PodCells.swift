import KubeJSON

extension CellPrinter {
    /// A pod's cells: readiness, the one word for its state, restarts and where it runs.
    func pod() -> [JSON] {
        let spec = object["spec"]
        let status = object["status"]
        let conditions = status?["conditions"]?.array ?? []
        func isTrue(_ type: String) -> Bool {
            conditions.contains { $0["type"]?.string == type && $0["status"]?.string == "True" }
        }
        let initial = spec?["initContainers"]?.array ?? []
        let sidecars = Set(
            initial.filter { $0["restartPolicy"]?.string == "Always" }.compactMap { $0["name"]?.string })
        let total = (spec?["containers"]?.array?.count ?? 0) + sidecars.count
        var ready = 0
        var restarts: Int64 = 0
        var lastRestart: Int64?
        var sidecarRestarts: Int64 = 0
        var lastSidecarRestart: Int64?
        let phase = status?["phase"]?.string ?? ""
        let given = status?["reason"]?.string ?? ""
        var reason = given.isEmpty ? phase : given
        if conditions.contains(where: {
            $0["type"]?.string == "PodScheduled" && $0["reason"]?.string == "SchedulingGated"
        }) {
            reason = "SchedulingGated"
        }
        func finished(_ status: JSON) -> Int64? {
            status.at("lastState", "terminated", "finishedAt")?.string.flatMap(DurationFormat.seconds)
        }
        func later(_ left: Int64?, _ right: Int64?) -> Int64? {
            guard let left, let right else { return left ?? right }
            return max(left, right)
        }

        var isInitializing = false
        for (index, container) in (status?["initContainerStatuses"]?.array ?? []).enumerated() {
            let isSidecar = sidecars.contains(container["name"]?.string ?? "")
            restarts += container["restartCount"]?.integer ?? 0
            lastRestart = later(lastRestart, finished(container))
            if isSidecar {
                sidecarRestarts += container["restartCount"]?.integer ?? 0
                lastSidecarRestart = later(lastSidecarRestart, finished(container))
            }
            let ended = container.at("state", "terminated")
            if let ended, ended["exitCode"]?.integer ?? 0 == 0 { continue }
            if isSidecar, container["started"]?.bool == true {
                if container["ready"]?.bool == true { ready += 1 }
                continue
            }
            isInitializing = true
            let waiting = container.at("state", "waiting", "reason")?.string ?? ""
            if let ended {
                reason = "Init:" + Self.ending(ended)
            } else if !waiting.isEmpty, waiting != "PodInitializing" {
                reason = "Init:" + waiting
            } else {
                reason = "Init:\(index)/\(initial.count)"
            }
            break
        }
        if !isInitializing || isTrue("Initialized") {
            restarts = sidecarRestarts
            lastRestart = lastSidecarRestart
            var hasRunning = false
            for container in (status?["containerStatuses"]?.array ?? []).reversed() {
                restarts += container["restartCount"]?.integer ?? 0
                lastRestart = later(lastRestart, finished(container))
                if let waiting = container.at("state", "waiting", "reason")?.string, !waiting.isEmpty {
                    reason = waiting
                } else if let ended = container.at("state", "terminated") {
                    reason = Self.ending(ended)
                } else if container["ready"]?.bool == true, container.at("state", "running") != nil {
                    hasRunning = true
                    ready += 1
                }
            }
            if reason == "Completed", hasRunning { reason = isTrue("Ready") ? "Running" : "NotReady" }
        }
        if isDeleted {
            if given == "NodeLost" {
                reason = "Unknown"
            } else if phase != "Succeeded", phase != "Failed" {
                reason = "Terminating"
            }
        }
        var restartText = String(restarts)
        if restarts > 0, let lastRestart {
            restartText += " (\(DurationFormat.human(now - lastRestart)) ago)"
        }
        let gates = spec?["readinessGates"]?.array ?? []
        let passed = gates.filter { isTrue($0["conditionType"]?.string ?? "") }.count
        let address = object["status"]?["podIPs"]?[0]?["ip"]?.string ?? ""
        return [
            name, .string("\(ready)/\(total)"), .string(reason), .string(restartText), age,
            address.isEmpty ? text("status", "podIP", or: "<none>") : .string(address),
            text("spec", "nodeName", or: "<none>"), text("status", "nominatedNodeName", or: "<none>"),
            .string(gates.isEmpty ? "<none>" : "\(passed)/\(gates.count)"),
        ]
    }

    /// Why a container ended: its reason, or its signal or exit code.
    private static func ending(_ state: JSON) -> String {
        if let reason = state["reason"]?.string, !reason.isEmpty { return reason }
        if let signal = state["signal"]?.integer, signal != 0 { return "Signal:\(signal)" }
        return "ExitCode:\(state["exitCode"]?.integer ?? 0)"
    }
}
