import KubeJSON

extension JSON {
    /// Puts a condition into `status.conditions`, in the place of one of the same type; the transition time
    /// stays when the status does.
    public mutating func setCondition(_ condition: JSON) {
        var condition = condition
        var conditions = self["status"]?["conditions"]?.array ?? []
        if let index = conditions.firstIndex(where: { $0["type"] == condition["type"] }) {
            if conditions[index]["status"] == condition["status"],
                let time = conditions[index]["lastTransitionTime"]
            {
                condition["lastTransitionTime"] = time
            }
            conditions[index] = condition
        } else {
            conditions.append(condition)
        }
        set(.array(conditions), at: "status", "conditions")
    }
}
