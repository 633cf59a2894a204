extension FieldSet {
    /// The set as it reads under a schema in which something granular has become atomic: what was owned
    /// below is owned as the whole (structured-merge-diff's reconciliation; the opposite change needs
    /// none). The set itself when nothing has to change.
    public func reconciled(with schema: Schema) -> FieldSet {
        var isChanged = false
        let result = Self.reconcile(self, schema, &isChanged)
        return isChanged ? result : self
    }

    private static func reconcile(_ set: FieldSet, _ schema: Schema, _ isChanged: inout Bool) -> FieldSet {
        // The set of an object has no place to record the object itself.
        var nodes = set.nodes
        for position in nodes.indices where !nodes[position].children.isEmpty {
            let element = nodes[position].element
            let child: Schema?
            if let name = element.fieldName {
                child = schema.child(name)
            } else {
                child = schema.shape == .list ? schema.element : nil
            }
            guard let child else { continue }
            let isWhole =
                switch child.shape {
                case .structure, .map: child.isAtomic
                case .list: child.listType == .atomic
                default: false
                }
            if isWhole {
                nodes[position] = Node(element, isMember: true)
                isChanged = true
            } else if child.shape != .any {
                nodes[position].children = reconcile(nodes[position].children, child, &isChanged)
            }
        }
        return FieldSet(sorted: nodes)
    }
}
