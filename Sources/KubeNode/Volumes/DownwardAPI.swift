import KubeAPI
import KubeJSON

/// What a pod may learn of itself (pkg/fieldpath, pkg/api/v1/resource).
public enum DownwardAPI {
    /// A field of the metadata; nil for a path that is none of these.
    public static func metadata(_ path: String, of pod: JSON) -> String? {
        switch path {
        case "metadata.name": return pod.name
        case "metadata.namespace": return pod.namespace
        case "metadata.uid": return pod.uid
        case "metadata.labels": return lines(pod["metadata"]?["labels"])
        case "metadata.annotations": return lines(pod["metadata"]?["annotations"])
        default: break
        }
        for map in ["labels", "annotations"] {
            let start = "metadata.\(map)['"
            guard path.utf8.starts(with: start.utf8), path.utf8.suffix(2).elementsEqual("']".utf8) else {
                continue
            }
            return pod["metadata"]?[map]?[String(path.dropFirst(start.count).dropLast(2))]?.string ?? ""
        }
        return nil
    }

    /// A map as lines of `key="value"`, in the order of the keys.
    private static func lines(_ map: JSON?) -> String {
        let object = map?.object ?? [:]
        return object.sortedKeys.map { "\($0)=\(GoText.quoted(object[$0]?.string ?? ""))" }
            .joined(separator: "\n")
    }

    /// An amount of a container's resources in whole divisors, rounded up. A limit that is not set is what the
    /// node has to give.
    /// - Throws: `VolumeFailure` for a container or a resource that is not there.
    public static func resource(
        _ reference: JSON, of pod: JSON, container own: JSON?, allocatable: ResourceAmounts
    ) throws(VolumeFailure) -> String {
        let path = reference["resource"]?.string ?? ""
        var container = own
        if let name = reference["containerName"]?.string, !name.isEmpty {
            let all = ["containers", "initContainers"].flatMap { pod["spec"]?[$0]?.array ?? [] }
            container = all.first { $0["name"]?.string == name }
            if container == nil { throw VolumeFailure("container \(name) not found") }
        }
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0] == "limits" || parts[0] == "requests" else {
            throw VolumeFailure("unsupported container resource : \(path)")
        }
        let name = parts[1]
        var amount = container?["resources"]?[parts[0]]?[name]?.string.flatMap { Quantity($0) }
        if amount?.isZero ?? true, parts[0] == "limits" { amount = allocatable[name] }
        var divisor = reference["divisor"]?.string.flatMap { Quantity($0) } ?? Quantity(1)
        if divisor.isZero { divisor = Quantity(1) }
        let value = amount ?? .zero
        let (top, bottom) =
            name == "cpu"
            ? (value.milliValue, divisor.milliValue) : (value.wholeValue, divisor.wholeValue)
        guard bottom > 0 else { return "0" }
        return "\(top / bottom + (top % bottom > 0 ? 1 : 0))"
    }
}

/// Why a volume cannot be made, in the words of the Event.
public struct VolumeFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
    /// It says all: which step failed, and of which volume.
    let isWhole: Bool

    public init(_ description: String, isWhole: Bool = false) {
        self.description = description
        self.isWhole = isWhole
    }
}
