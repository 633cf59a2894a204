import KubeControllers
import KubeEngine
import KubeScheduler

/// Every control loop of a cluster in one process: controllers and scheduler.
public enum ClusterControllers {
    /// In the order in which they are asked for keys.
    /// - Parameters:
    ///   - rootCertificate: of the cluster's authority, PEM.
    ///   - seed: for the choices that are left to chance, such as between nodes that are equally good.
    public static func all(rootCertificate: String, seed: UInt64) -> [any Controller] {
        Controllers.all(rootCertificate: rootCertificate) + [SchedulerController(seed: seed)]
    }

    /// For their names.
    public static var known: [any Controller] { all(rootCertificate: "", seed: 0) }
}
