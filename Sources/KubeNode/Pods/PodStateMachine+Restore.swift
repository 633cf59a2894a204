import KubeAPI
import KubeJSON

/// Going on after the agent began anew: what it forgot is in the pod's status.
extension PodStateMachine {
    public mutating func restore(_ status: JSON, now: Timestamp) {
        startTime = status["startTime"]?.string.flatMap { Timestamp($0) }
        transitions.restore(status["conditions"]?.array ?? [])
        let phase = status["phase"]?.string
        reason = status["reason"]?.string ?? ""
        message = status["message"]?.string ?? ""
        let lists = ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"]
        let known = lists.flatMap { status[$0]?.array ?? [] }
        for (index, container) in shape.containers.enumerated() {
            guard let entry = known.first(where: { $0["name"]?.string == container.name }),
                let instance = ContainerInstance(status: entry)
            else { continue }
            trackers[index].announced = instance.id
            trackers[index].attempt = instance.attempt
            trackers[index].imageID = instance.imageID
            if container.kind == .main { isInitialized = true }
            if let ended = entry["lastState"]?["terminated"], instance.state == .running {
                trackers[index].last = ContainerInstance(status: [
                    "containerID": ended["containerID"] ?? "",
                    "restartCount": .integer(Int64(max(0, instance.attempt - 1))),
                    "imageID": entry["imageID"] ?? "", "state": ["terminated": ended],
                ])
            }
            // How long it had to wait is not known any more; upstream forgets it likewise.
            if instance.state == .exited {
                trackers[index].ended = instance.id
                trackers[index].attempt = instance.attempt + 1
            } else {
                let isStarted = entry["started"]?.bool ?? false
                if container.startup != nil, isStarted { trackers[index].startup.result = true }
                if container.readiness != nil, entry["ready"]?.bool == true {
                    trackers[index].readiness.result = true
                    trackers[index].readiness.next = now
                }
            }
            seen.containers[index] = instance
        }
        if phase == "Succeeded" || phase == "Failed" { isDone = true }
    }
}
