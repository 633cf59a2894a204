import KubeJSON

/// CSIDrivers and CSINodes.
enum CSIStrategies {
    static let driver = Strategy { strategy in
        strategy.setDefaults = { object in
            object.fillAbsent("spec", .object([:]))
            object.change("spec") { spec in
                spec.fillAbsent("attachRequired", true)
                spec.fillAbsent("podInfoOnMount", false)
                spec.fillAbsent("storageCapacity", false)
                spec.fillAbsent("fsGroupPolicy", "ReadWriteOnceWithFSType")
                if spec.items("volumeLifecycleModes").isEmpty {
                    spec["volumeLifecycleModes"] = ["Persistent"]
                }
                spec.fillAbsent("requiresRepublish", false)
                spec.fillAbsent("seLinuxMount", false)
            }
        }
        // The number starts at zero here: only changes of the fields that may change count.
        strategy.prepareForUpdate = { object, old in
            guard object["spec"] != old["spec"] else { return }
            let generation = old.at("metadata", "generation")?.integer ?? 0
            object.set(.integer(generation + 1), at: "metadata", "generation")
        }
        strategy.validate = { validateDriver($0, checksName: true) }
        strategy.validateUpdate = { new, old in
            var errors = validateDriver(new, checksName: false)
            let path = FieldPath("spec")
            errors += FieldRules.immutable(
                new.at("spec", "attachRequired"), old.at("spec", "attachRequired"),
                path.child("attachedRequired"))
            errors += FieldRules.immutable(
                new.at("spec", "volumeLifecycleModes"), old.at("spec", "volumeLifecycleModes"),
                path.child("volumeLifecycleModes"))
            return errors
        }
    }

    private static func validateDriver(_ object: JSON, checksName: Bool) -> Errors {
        var errors: Errors = []
        if checksName {
            let name = object["metadata"]?.text("name") ?? ""
            if name.utf8.count > 63 { errors.append(.tooLong(FieldPath("name"), 63)) }
        }
        let spec = object["spec"] ?? .object([:])
        let path = FieldPath("spec")
        if spec["attachRequired"]?.bool == nil { errors.append(.required(path.child("attachedRequired"))) }
        for key in ["podInfoOnMount", "storageCapacity"] where spec[key]?.bool == nil {
            errors.append(.required(path.child(key)))
        }
        errors.optionalOneOf(
            spec["fsGroupPolicy"], path.child("fsGroupPolicy"), ["File", "None", "ReadWriteOnceWithFSType"])
        tokenRequests(spec.items("tokenRequests"), path.child("tokenRequests"), &errors)
        for (index, mode) in spec.items("volumeLifecycleModes").enumerated() {
            errors.optionalOneOf(
                mode, path.child("volumeLifecycleModes").index(index), ["Ephemeral", "Persistent"])
        }
        if spec["seLinuxMount"]?.bool == nil { errors.append(.required(path.child("seLinuxMount"))) }
        if let period = spec["nodeAllocatableUpdatePeriodSeconds"]?.integer, period < 10 {
            errors.append(
                .invalid(
                    path.child("nodeAllocatableUpdatePeriodSeconds"), .integer(period),
                    "must be greater than or equal to 10 seconds"))
        }
        return errors
    }

    private static func tokenRequests(_ requests: [JSON], _ path: FieldPath, _ errors: inout Errors) {
        var audiences: Set<String> = []
        for (index, request) in requests.enumerated() {
            let path = path.index(index)
            let audience = request.text("audience")
            if !audiences.insert(audience).inserted {
                errors.append(.duplicate(path.child("audience"), .string(audience)))
                continue
            }
            guard let seconds = request["expirationSeconds"]?.integer else { continue }
            let secondsPath = path.child("expirationSeconds")
            if seconds < 600 {
                errors.append(
                    .invalid(
                        secondsPath, .integer(seconds), "may not specify a duration less than 10 minutes"))
            }
            if seconds > 1 << 32 {
                errors.append(
                    .invalid(
                        secondsPath, .integer(seconds), "may not specify a duration larger than 2^32 seconds")
                )
            }
        }
    }

    // MARK: Nodes

    static let node = Strategy { strategy in
        strategy.validate = validateNode
        strategy.validateUpdate = { new, old in
            var errors = validateNode(new)
            let former = old.at("spec")?.items("drivers") ?? []
            for driver in new.at("spec")?.items("drivers") ?? [] {
                for old in former where old.text("name") == driver.text("name") {
                    let isSame = ["nodeID", "topologyKeys", "allocatable"].allSatisfy {
                        FieldRules.same(driver[$0], old[$0])
                    }
                    if !isSame {
                        errors.append(
                            .invalid(FieldPath("CSINodeDriver"), old, FieldRules.immutableWords))
                    }
                }
            }
            return errors
        }
    }

    @Sendable private static func validateNode(_ object: JSON) -> Errors {
        var errors: Errors = []
        var names: Set<String> = []
        for (index, driver) in (object["spec"]?.items("drivers") ?? []).enumerated() {
            let path = FieldPath("spec", "drivers").index(index)
            let name = driver.text("name")
            VolumeRules.csiDriver(name, path.child("name"), &errors)
            let id = driver.text("nodeID")
            if id.isEmpty {
                errors.append(.required(path.child("nodeID")))
            } else if id.utf8.count > 192 {
                errors.append(
                    .invalid(path.child("nodeID"), .string(id), "must be 192 characters or less"))
            }
            errors.nonnegative(
                driver.at("allocatable", "count"), path.child("allocatable", "count"))
            if !names.insert(name).inserted {
                errors.append(.duplicate(path.child("name"), .string(name)))
            }
            var keys: Set<String> = []
            for (index, key) in driver.texts("topologyKeys").enumerated() {
                let path = path.child("topologyKeys")
                if !keys.insert(key).inserted { errors.append(.duplicate(path, .string(key))) }
                errors.check(key, path.index(index), NameRules.qualifiedName)
            }
        }
        return errors
    }
}
