import KubeAPI
import KubeJSON

/// What hollow containers use.
public struct HollowMetrics: Sendable {
    static func saysMemory(_ annotations: JSON?) -> Bool {
        annotations?.object?.contains { key, _ in key.utf8.starts(with: "hollow.aegis.dev/memory".utf8) }
            ?? false
    }
}
