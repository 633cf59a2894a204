import KubeJSON

/// The strategies of all built-in kinds.
public enum Strategies {
    /// The strategy of a kind; for one that has no rules of its own, that of generic objects.
    public static func strategy(for kind: GroupKind) -> Strategy {
        if kind == CustomResourceDefinition.groupKind { return DefinitionStrategy.definition }
        return core[kind] ?? groups[kind] ?? others[kind] ?? generic
    }

    static let generic = Strategy()
}
