import KubeJSON

extension Strategies {
    /// Strategies of the core group.
    static let core: [GroupKind: Strategy] = [:]
}
