/// Claims for one pod only, and disks that only one pod may write.
enum VolumeRestrictions {
    static let claimInUse =
        "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode"
    static let diskConflict = "node(s) had no available disk"

    static func claimIsFree(_ plan: VolumePlan, _ delta: NodeDelta?) -> Bool {
        plan.exclusiveUsers.allSatisfy { delta?.removed.contains($0) == true }
    }

    static func diskIsFree(
        _ plan: VolumePlan, _ slot: Int, _ nodes: NodeTable, _ pods: PodTable, _ delta: NodeDelta?
    ) -> Bool {
        guard !plan.volumes.disks.isEmpty else { return true }
        for pod in nodes.pods[slot] where delta?.removed.contains(pod) != true {
            if let others = pods.records[Int(pod)]?.volumes, plan.volumes.conflicts(with: others) {
                return false
            }
        }
        return true
    }
}
