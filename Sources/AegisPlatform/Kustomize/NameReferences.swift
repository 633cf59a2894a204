import KubeJSON

/// Follows names that a kustomization changed to where others refer to them.
enum NameReferences {
    static func update(_ resources: inout [KustomizeResource]) throws(KustomizeFailure) {
        let all = resources
        for position in resources.indices {
            let referrer = all[position]
            let candidates = couldBeReferenced(by: referrer, all)
            let original = referrer.originalID.kind
            for reference in FieldSpecs.nameReferences {
                for field in reference.fields where original.isSelected(by: field.kind) {
                    // The field is looked for in the resource whatever became of its kind.
                    let spec = FieldSpec(field.path)
                    let lookup = Lookup(
                        referrer: referrer, target: reference.target, candidates: candidates,
                        isRoleReference: field.path.hasSuffix("roleRef/name"))
                    try spec.apply(to: &resources[position]) { node throws(KustomizeFailure) in
                        try lookup.update(&node)
                    }
                }
            }
        }
    }

    private static func couldBeReferenced(
        by referrer: KustomizeResource, _ all: [KustomizeResource]
    ) -> [KustomizeResource] {
        let id = referrer.id
        if id.kind.isClusterScoped { return all }
        var others: Set<String> = []
        if referrer.kindName == "RoleBinding" {
            for subject in referrer.node["subjects"]?.sequence ?? []
            where subject["kind"]?.text == "ServiceAccount" {
                if let namespace = subject["namespace"]?.text { others.insert(namespace) }
            }
        }
        return all.filter { target in
            target.kind.isClusterScoped || target.id.effectiveNamespace == id.effectiveNamespace
                || others.contains(target.namespace)
        }
    }

    private struct Lookup {
        let referrer: KustomizeResource
        let target: KindID
        let candidates: [KustomizeResource]
        let isRoleReference: Bool

        func update(_ node: inout YAMLNode) throws(KustomizeFailure) {
            if node.isNull { return }
            switch node {
            case .scalar: try updateName(&node)
            case .mapping: try updateSubject(&node)
            case .sequence(var items):
                for position in items.indices {
                    if items[position].isNull { continue }
                    if items[position].mapping != nil {
                        try updateSubject(&items[position])
                    } else {
                        try updateName(&items[position])
                    }
                }
                node = .sequence(items)
            }
        }

        private func updateName(_ node: inout YAMLNode) throws(KustomizeFailure) {
            guard let name = node.text,
                let found = try referral(name, candidates, isSame: { $0.name == $1.name })
            else { return }
            if found.name != name { node = .string(found.name) }
        }

        /// A mapping that says name and namespace, such as a subject of a role binding.
        private func updateSubject(_ node: inout YAMLNode) throws(KustomizeFailure) {
            guard let name = node["name"]?.text else {
                throw KustomizeFailure("\(referrer.title): a reference without a name")
            }
            var candidates = candidates
            if let namespace = node["namespace"]?.text {
                let original = candidates.filter { $0.originalID.effectiveNamespace == namespace }
                candidates =
                    original.isEmpty ? candidates.filter { $0.id.effectiveNamespace == namespace } : original
            }
            let found = try referral(
                name, candidates, isSame: { $0.name == $1.name && $0.namespace == $1.namespace })
            guard let found, found.name != name || !found.namespace.isEmpty else { return }
            node["name"] = .string(found.name)
            if !found.namespace.isEmpty { node["namespace"] = .string(found.namespace) }
        }

        private func referral(
            _ name: String, _ candidates: [KustomizeResource],
            isSame: (KustomizeResource, KustomizeResource) -> Bool
        ) throws(KustomizeFailure) -> KustomizeResource? {
            var found = candidates.filter { candidate in
                candidate.previousIDs.contains { $0.name == name }
                    && candidate.previousIDs.contains { $0.kind.isSelected(by: target) }
                    && isRoleMeant(candidate) && isInReach(candidate)
            }
            if found.count > 1 {
                found = found.filter { affixesAgree($0, mayBeEmpty: true) }
                if found.count > 1 { found = found.filter { affixesAgree($0, mayBeEmpty: false) } }
            }
            guard let first = found.first else { return nil }
            guard found.dropFirst().allSatisfy({ isSame(first, $0) }) else {
                let titles = found.map(\.title).joined(separator: ", ")
                throw KustomizeFailure("\(referrer.title): '\(name)' may mean any of \(titles)")
            }
            return first
        }

        private func isRoleMeant(_ candidate: KustomizeResource) -> Bool {
            guard isRoleReference, let group = referrer.node.at("roleRef", "apiGroup")?.text,
                let kind = referrer.node.at("roleRef", "kind")?.text
            else { return true }
            return candidate.previousIDs.contains {
                $0.kind.isSelected(by: KindID(group: group, kind: kind))
            }
        }

        private func isInReach(_ candidate: KustomizeResource) -> Bool {
            referrer.kind.isClusterScoped || candidate.kind.isClusterScoped
                || candidate.kindName == "ServiceAccount"
                || candidate.id.effectiveNamespace == referrer.id.effectiveNamespace
        }

        private func affixesAgree(_ candidate: KustomizeResource, mayBeEmpty: Bool) -> Bool {
            func agree(_ a: [String], _ b: [String]) -> Bool {
                if mayBeEmpty, a.isEmpty || b.isEmpty { return true }
                let (short, long) = a.count < b.count ? (a, b) : (b, a)
                return short.isEmpty ? long.isEmpty : Array(long.suffix(short.count)) == short
            }
            return agree(candidate.prefixes, referrer.prefixes)
                && agree(candidate.suffixes, referrer.suffixes)
        }
    }
}
