import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// Deletes requests that have had their answer, or never will (pkg/controller/certificates/cleaner).
public struct CertificateCleaningController: Controller {
    public let name = "certificatesigningrequest-cleaner-controller"
    public let alias = "csrcleaner"
    public let account = "certificate-controller"

    /// Seconds after which a request goes that was issued, denied, or failed.
    private static let answered = 3_600.0
    /// The same for one that nobody has looked at.
    private static let pending = 86_400.0

    public init() {}

    public func keys(for event: ObjectEvent, in view: ClusterView) -> [String] {
        guard event.collection == CertificateRequests.collection, event.kind != .deleted else { return [] }
        return [event.object.key]
    }

    public func reconcile(_ key: String, _ view: ClusterView, now: Timestamp) throws -> Reconciliation {
        guard let request = view.object(CertificateRequests.collection, key),
            let end = Self.end(of: request)
        else { return .nothing }
        let left = end.since(now)
        // It is older than its time only after the last moment of it.
        if left >= 0 { return Reconciliation(requeueAfter: left + 0.001) }
        return Reconciliation(writes: [
            .delete(
                ("certificates.k8s.io", "v1", "certificatesigningrequests"), namespace: "", name: key,
                uid: request.uid)
        ])
    }

    /// When it is to go; nil while it is approved and waits for its signer.
    private static func end(of request: JSON) -> Timestamp? {
        let conditions = CertificateRequests.conditions(request)
        if conditions.isEmpty {
            let created = request["metadata"]?["creationTimestamp"]?.string.flatMap { Timestamp($0) }
            return created?.adding(pending)
        }
        var end: Timestamp?
        for condition in conditions {
            switch condition["type"]?.string {
            case "Denied", "Failed": break
            case "Approved":
                if !CertificateRequests.isIssued(request) { continue }
            default: continue
            }
            guard let time = condition["lastUpdateTime"]?.string.flatMap({ Timestamp($0) }) else { continue }
            end = min(end ?? time.adding(answered), time.adding(answered))
        }
        return end
    }
}
