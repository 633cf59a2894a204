import KubeAPI
import KubeJSON

/// A size of machine that a cloud rents: what a node of it has.
///
/// The families are those of Amazon EC2. Prices are on-demand for Linux in us-east-1, in US dollars an hour;
/// pod limits are those of the VPC CNI (network interfaces times their addresses).
public struct InstanceType: Sendable, Equatable {
    public let name: String
    public let cpus: Int
    public let memoryMiB: Int
    public let pods: Int
    public let hourlyPrice: Double

    /// nil for a type that is not in the table.
    public static func named(_ name: String) -> InstanceType? { byName[name] }

    /// In order of family and size.
    public static let all: [InstanceType] = {
        var types: [InstanceType] = []
        for family in families {
            for size in family.sizes {
                guard let shape = sizes[size] else { continue }
                types.append(
                    InstanceType(
                        name: "\(family.name).\(size)", cpus: shape.cpus,
                        memoryMiB: shape.cpus * family.gibPerCPU * 1_024, pods: shape.pods,
                        hourlyPrice: Double(shape.cpus) * family.pricePerCPU))
            }
        }
        // The small sizes have a share of a processor and do not follow their family's proportions.
        let burstable: [(String, Int, Int, Int, Double)] = [
            ("nano", 2, 512, 4, 0.0052), ("micro", 2, 1_024, 4, 0.0104), ("small", 2, 2_048, 11, 0.0208),
            ("medium", 2, 4_096, 17, 0.0416), ("large", 2, 8_192, 35, 0.0832),
            ("xlarge", 4, 16_384, 58, 0.1664), ("2xlarge", 8, 32_768, 58, 0.3328),
        ]
        for (size, cpus, memory, pods, price) in burstable {
            types.append(
                InstanceType(
                    name: "t3.\(size)", cpus: cpus, memoryMiB: memory, pods: pods, hourlyPrice: price))
        }
        return types
    }()

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    private static let sizes: [String: (cpus: Int, pods: Int)] = [
        "large": (2, 29), "xlarge": (4, 58), "2xlarge": (8, 58), "4xlarge": (16, 234), "8xlarge": (32, 234),
        "9xlarge": (36, 234), "12xlarge": (48, 234), "16xlarge": (64, 737), "18xlarge": (72, 737),
        "24xlarge": (96, 737), "32xlarge": (128, 737),
    ]

    private struct Family {
        let name: String
        let gibPerCPU: Int
        let pricePerCPU: Double
        let sizes: [String]
    }

    private static let families: [Family] = {
        let small = ["large", "xlarge", "2xlarge", "4xlarge"]
        let common = small + ["8xlarge", "12xlarge", "16xlarge", "24xlarge"]
        return [
            Family(
                name: "c5", gibPerCPU: 2, pricePerCPU: 0.0425,
                sizes: small + ["9xlarge", "12xlarge", "18xlarge", "24xlarge"]),
            Family(name: "c6i", gibPerCPU: 2, pricePerCPU: 0.0425, sizes: common + ["32xlarge"]),
            Family(name: "m5", gibPerCPU: 4, pricePerCPU: 0.048, sizes: common),
            Family(name: "m6i", gibPerCPU: 4, pricePerCPU: 0.048, sizes: common + ["32xlarge"]),
            Family(name: "r5", gibPerCPU: 8, pricePerCPU: 0.063, sizes: common),
            Family(name: "r6i", gibPerCPU: 8, pricePerCPU: 0.063, sizes: common + ["32xlarge"]),
        ]
    }()

    /// A node's ResourceList of all that the machine has.
    public var capacity: JSONObject {
        [
            "cpu": .string(String(cpus)), "ephemeral-storage": "104845292Ki",
            "memory": .string("\(memoryMiB * 1_024)Ki"), "pods": .string(String(pods)),
        ]
    }

    /// What is left for pods when the node's own share is taken, by the rule of Amazon's node images: of the
    /// processors 6 % of the first, 1 % of the second, 0.5 % of the next two and 0.25 % of the rest; of the
    /// memory 255 MiB and 11 MiB for each pod, and 100 MiB that are never given away.
    public var allocatable: JSONObject {
        var reserved = 60.0
        if cpus > 1 { reserved += 10 }
        reserved += Double(min(max(cpus - 2, 0), 2)) * 5 + Double(max(cpus - 4, 0)) * 2.5
        let memory = memoryMiB - min(255 + 11 * pods + 100, memoryMiB / 2)
        return [
            "cpu": .string("\(cpus * 1_000 - Int(reserved))m"), "ephemeral-storage": "95551679124",
            "memory": .string("\(memory * 1_024)Ki"), "pods": .string(String(pods)),
        ]
    }
}
