import KubeJSON

/// What the scheduler decided about one pod; the caller writes it to the API.
public struct Decision: Sendable, Equatable {
    public enum Outcome: Sendable, Equatable {
        /// Bind the pod to the node, after what its volumes need. The scheduler takes it as placed from now
        /// on; `bindingFailed` takes that back.
        case bind(node: String, volumes: [VolumeBinding])
        /// No node will do now.
        case unschedulable(Rejection)
        /// The pod has scheduling gates and waits until they are gone.
        case gated(message: String)
    }

    /// `namespace/name`.
    public let podKey: String
    public let uid: String
    public let outcome: Outcome
    public let events: [SchedulerEvent]

    /// The PodScheduled condition to write; nil where binding writes it.
    public var condition: PodScheduledCondition? {
        switch outcome {
        case .bind: nil
        case .unschedulable(let rejection):
            PodScheduledCondition(reason: "Unschedulable", message: rejection.message)
        case .gated(let message): PodScheduledCondition(reason: "SchedulingGated", message: message)
        }
    }
}

/// Why a pod found no node, and what preemption does about it.
public struct Rejection: Sendable, Equatable {
    /// Upstream's words: `0/8 nodes are available: …`.
    public var message: String
    /// The node that preemption empties for the pod: `status.nominatedNodeName`, empty to clear it, nil to
    /// leave it as it is.
    public var nominatedNode: String?
    /// The pods to delete; each is to get `victimCondition` first.
    public var victims: [String] = []
    /// Pods of lower priority whose `status.nominatedNodeName` is to be cleared.
    public var clearedNominations: [String] = []
    /// The plugins that rejected the pod, sorted.
    public var plugins: [String] = []

    /// The DisruptionTarget condition of a victim.
    public static let victimReason = "PreemptionByScheduler"
    public static func victimMessage(schedulerName: String) -> String {
        "\(schedulerName): preempting to accommodate a higher priority pod"
    }
}

/// The condition PodScheduled=False.
public struct PodScheduledCondition: Sendable, Equatable {
    public let reason: String
    public let message: String

    /// As an element of `status.conditions`, without times.
    public var json: JSON {
        ["type": "PodScheduled", "status": "False", "reason": .string(reason), "message": .string(message)]
    }
}

/// An Event to record (events.k8s.io).
public struct SchedulerEvent: Sendable, Equatable {
    /// The pod it is about, as `namespace/name`.
    public let podKey: String
    public let uid: String
    /// The other pod it names, if any: the one that a victim makes room for.
    public var relatedKey: String?
    /// `Normal` or `Warning`.
    public let type: String
    public let reason: String
    public let action: String
    public let note: String
}

/// What is to be done for a claim before its pod is bound.
public enum VolumeBinding: Sendable, Equatable {
    /// Set `spec.claimRef` of the volume to the claim and wait until both are bound.
    case existing(claim: String, volume: String)
    /// Annotate the claim with `volume.kubernetes.io/selected-node` and wait until it is bound.
    case provision(claim: String, node: String)

    /// `namespace/name` of the claim.
    public var claim: String {
        switch self {
        case .existing(let claim, _), .provision(let claim, _): claim
        }
    }
}

/// Kinds of objects besides Nodes and Pods that decide where pods may go.
public enum ClusterObject: String, Sendable, CaseIterable {
    case namespace, service, replicationController, replicaSet, statefulSet
    case persistentVolumeClaim, persistentVolume, storageClass, csiNode
    case priorityClass, podDisruptionBudget, resourceClaim
}
