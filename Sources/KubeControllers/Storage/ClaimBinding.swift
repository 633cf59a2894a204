import KubeAPI
import KubeEngine
import KubeJSON
import KubeStore

/// What becomes of a claim.
extension PersistentVolumeBinder {
    /// A claim that was never bound.
    func syncUnbound(_ claim: JSON, _ view: ClusterView) throws -> Reconciliation {
        let wanted = ClaimSummary(claim)
        if let name = claim["spec"]?["volumeName"]?.string, !name.isEmpty {
            return try syncRequested(claim, wanted, volume: name, view)
        }
        let delays = Self.delays(wanted, view)
        if let match = index.bestMatch(for: wanted, delays: delays),
            let volume = view.object(.persistentVolumes, match.name)
        {
            return Reconciliation(writes: Self.bind(volume, claim))
        }
        if wanted.lacksClass, let name = StorageWords.defaultClass(in: view) {
            // What comes of it is seen when the claim is back with it.
            return Reconciliation(writes: [
                StorageWords.patch(
                    "persistentvolumeclaims", claim, versioned: true,
                    ["spec": ["storageClassName": .string(name)]])
            ])
        }
        var result: Reconciliation
        if delays, StorageWords.annotation(StorageWords.selectedNode, of: claim) == nil {
            result = Reconciliation(events: [waitingEvent(claim, wanted.key, view)])
        } else if !wanted.className.isEmpty {
            return provision(claim, wanted, view)
        } else {
            result = Reconciliation(events: [
                StorageWords.event(
                    .normal, "FailedBinding",
                    "no persistent volumes available for this claim and no storage class is set", of: claim)
            ])
        }
        result.writes += Self.status(of: claim, phase: "Pending", volume: nil)
        return result
    }

    static func delays(_ claim: ClaimSummary, _ view: ClusterView) -> Bool {
        guard !claim.className.isEmpty else { return false }
        return view.object(.storageClasses, claim.className)?["volumeBindingMode"]?.string
            == "WaitForFirstConsumer"
    }

    private func waitingEvent(_ claim: JSON, _ key: String, _ view: ClusterView) -> RecordedEvent {
        let names = pods.pods(naming: key, in: view)
            .filter { $0.nodeName.isEmpty && $0.isActive }.map(\.name)
        guard !names.isEmpty else {
            return StorageWords.event(
                .normal, "WaitForFirstConsumer", "waiting for first consumer to be created before binding",
                of: claim)
        }
        let list = names.joined(separator: ",")
        return StorageWords.event(
            .normal, "WaitForPodScheduled",
            "waiting for pod\(names.count > 1 ? "s" : "") \(list) to be scheduled", of: claim)
    }

    /// A user asked for one volume by name.
    private func syncRequested(
        _ claim: JSON, _ wanted: ClaimSummary, volume name: String, _ view: ClusterView
    ) throws -> Reconciliation {
        let pending = Self.status(of: claim, phase: "Pending", volume: nil)
        guard let volume = view.object(.persistentVolumes, name) else {
            return Reconciliation(writes: pending)
        }
        let summary = VolumeSummary(volume)
        if summary.claim == nil {
            if let fault = Self.mismatch(summary, wanted) {
                return Reconciliation(
                    writes: pending,
                    events: [
                        StorageWords.event(
                            .warning, "VolumeMismatch",
                            "Cannot bind to requested volume \"\(name)\": \(fault)", of: claim)
                    ])
            }
            return Reconciliation(writes: Self.bind(volume, claim))
        }
        if summary.isFor(wanted) { return Reconciliation(writes: Self.bind(volume, claim)) }
        if StorageWords.annotation(StorageWords.boundByController, of: claim) != nil {
            throw ControllerError(
                "invalid binding of claim \"\(wanted.key)\" to volume \"\(name)\": volume already claimed by "
                    + "\"\(summary.claim ?? "")\"")
        }
        return Reconciliation(
            writes: pending,
            events: [
                StorageWords.event(
                    .warning, "FailedBinding", "volume \"\(name)\" already bound to a different claim.",
                    of: claim)
            ])
    }

    private static func mismatch(_ volume: VolumeSummary, _ claim: ClaimSummary) -> String? {
        if volume.size < claim.request { return "requested PV is too small" }
        if volume.className != claim.className { return "storageClassName does not match" }
        if volume.attributesClass != claim.attributesClass {
            return "volumeAttributesClassName does not match"
        }
        if volume.mode != claim.mode { return "incompatible volumeMode" }
        if !claim.accessModes.allSatisfy({ volume.accessModes.contains($0) }) {
            return "incompatible accessMode"
        }
        return nil
    }

    /// A claim that was bound once: it stays with its volume, or is lost.
    func syncBound(_ claim: JSON, _ view: ClusterView) -> Reconciliation {
        let name = claim["spec"]?["volumeName"]?.string ?? ""
        if name.isEmpty {
            return Self.lost(
                claim, "ClaimLost",
                "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!")
        }
        guard let volume = view.object(.persistentVolumes, name) else {
            return Self.lost(
                claim, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!")
        }
        let reference = volume["spec"]?["claimRef"]
        if reference == nil || reference?.isNull == true || reference?["uid"]?.string == claim.uid {
            return Reconciliation(writes: Self.bind(volume, claim))
        }
        return Self.lost(
            claim, "ClaimMisbound",
            "Two claims are bound to the same volume, this one is bound incorrectly")
    }

    private static func lost(_ claim: JSON, _ reason: String, _ message: String) -> Reconciliation {
        guard StorageWords.phase(claim) != "Lost" else { return .nothing }
        let writes = status(of: claim, phase: "Lost", volume: nil)
        return Reconciliation(
            writes: writes.map { $0.recording(StorageWords.event(.warning, reason, message, of: claim)) })
    }

    // MARK: Writes

    /// What is missing until both know each other: the volume first, so that no other claim takes it.
    static func bind(_ volume: JSON, _ claim: JSON) -> [ControllerWrite] {
        var writes: [ControllerWrite] = []
        let summary = VolumeSummary(volume)
        let key = "\(claim.namespace)/\(claim.name)"
        let isPromised = summary.claim == key && (summary.claimUID.isEmpty || summary.claimUID == claim.uid)
        if summary.claim != key || summary.claimUID != claim.uid {
            var change: JSON = ["spec": ["claimRef": RecordedEvent.reference(claim)]]
            if !isPromised {
                change.set("yes", at: "metadata", "annotations", StorageWords.boundByController)
            }
            writes.append(StorageWords.patch("persistentvolumes", volume, versioned: true, change))
        }
        writes += phase(of: volume, "Bound")
        let requested = claim["spec"]?["volumeName"]?.string ?? ""
        var change: JSON = [:]
        if requested != volume.name {
            change.set(.string(volume.name), at: "spec", "volumeName")
            if StorageWords.annotation(StorageWords.boundByController, of: claim) == nil {
                change.set("yes", at: "metadata", "annotations", StorageWords.boundByController)
            }
        }
        if StorageWords.annotation(StorageWords.bindCompleted, of: claim) == nil {
            change.set("yes", at: "metadata", "annotations", StorageWords.bindCompleted)
        }
        if change.object?.isEmpty == false {
            writes.append(StorageWords.patch("persistentvolumeclaims", claim, versioned: true, change))
        }
        return writes + status(of: claim, phase: "Bound", volume: volume)
    }

    /// The claim's phase, and what its volume offers; nothing when it says so already.
    static func status(of claim: JSON, phase: String, volume: JSON?) -> [ControllerWrite] {
        let present = claim["status"]
        var status: JSONObject = [:]
        if StorageWords.phase(claim) != phase { status["phase"] = .string(phase) }
        if let volume {
            let modes = volume["spec"]?["accessModes"] ?? []
            if present?["accessModes"] != modes { status["accessModes"] = modes }
            // Of a bound claim the expander says how big it is.
            if present?["capacity"]?["storage"] == nil || StorageWords.phase(claim) != "Bound" {
                let capacity = volume["spec"]?["capacity"] ?? [:]
                if present?["capacity"] != capacity { status["capacity"] = capacity }
            }
            if let name = volume["spec"]?["volumeAttributesClassName"],
                present?["currentVolumeAttributesClassName"] != name
            {
                status["currentVolumeAttributesClassName"] = name
            }
        } else {
            for field in ["accessModes", "capacity"] where present?[field] != nil { status[field] = .null }
        }
        if status.isEmpty { return [] }
        return [
            StorageWords.patch(
                "persistentvolumeclaims", claim, subresource: "status", ["status": .object(status)])
        ]
    }

    /// The volume's phase; nothing when it is in it.
    static func phase(
        of volume: JSON, _ phase: String, message: String = "", event: RecordedEvent? = nil
    ) -> [ControllerWrite] {
        if StorageWords.phase(volume) == phase { return [] }
        return [
            StorageWords.patch(
                "persistentvolumes", volume, subresource: "status",
                [
                    "status": [
                        "phase": .string(phase), "message": message.isEmpty ? .null : .string(message),
                    ]
                ]
            ).recording(event)
        ]
    }
}
