import KubeJSON

/// The strategies of all built-in kinds.
public enum Strategies {
    /// The strategy of a kind; for one that has no rules of its own, that of generic objects.
    public static func strategy(for kind: GroupKind) -> Strategy {
        core[kind] ?? (kind.group == "rbac.authorization.k8s.io" ? pathNamed : generic)
    }

    static let generic = Strategy()

    /// For kinds whose names may be anything that fits into a path.
    static let pathNamed = Strategy { strategy in
        strategy.validateName = { name, isPrefix in NameRules.pathSegment(name, isPrefix: isPrefix) }
    }
}
