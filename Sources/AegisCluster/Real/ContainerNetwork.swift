import KubeEngine
import KubeRuntimeCRI

/// The one place where a cluster of containers gets its network: what must be there before containerd starts,
/// the loops that keep it, and its end.
final class ContainerNetwork: Sendable {
    private let options: ContainerCluster.Options

    init(_ options: ContainerCluster.Options) { self.options = options }

    /// Before containerd starts: its network configuration and plugins.
    func prepare() async throws {}

    /// Where pods find the cluster's names.
    func complete(_ resolver: inout ResolverSettings) {}

    var controllers: [any Controller] { [] }

    /// Follows nothing any more; what is there goes on.
    func letGo() {}

    /// Takes away all that was made.
    func tearDown() async throws {}
}
