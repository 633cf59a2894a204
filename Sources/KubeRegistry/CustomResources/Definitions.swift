import Crypto
import KubeAPI
import KubeAuth
import KubeJSON
import KubeStore

/// What upstream's naming, establishing and finalizing controllers and its custom resource handler do with a
/// CustomResourceDefinition, done when the definition is written: the resources are served before the
/// condition Established says so.
extension Registry {
    private static let definitionGroup = CustomResourceDefinition.groupKind.group
    private static let definitionCollection = CollectionID(
        group: definitionGroup, resource: CustomResourceDefinition.plural)

    /// Serves what the stored definitions define. Once, at the start.
    func installDefinitions() {
        let stored = objects(Self.definitionGroup, CustomResourceDefinition.plural)
        let infos = stored.map(CustomResourceDefinition.init).filter { $0.condition("Established") }
            .flatMap { $0.resources(storageVersionHash: Self.storageVersionHash($0)) }
        if !infos.isEmpty { changeResources { $0.adding(infos) } }
        // A stop may have come between a definition's write and what follows it.
        for definition in stored { settle(definition.name) }
    }

    /// What follows a write: a definition's resources come, change or go; the last instance of a definition
    /// that is being deleted lets it go.
    func follow(_ operation: StoreOperation, _ object: JSON, _ resource: ResourceInfo, key: String) {
        if resource.groupKind == CustomResourceDefinition.groupKind {
            if case .delete = operation {
                let definition = CustomResourceDefinition(object)
                changeResources { $0.removing(group: definition.group, plural: definition.plural) }
                resettle(definition.group)
            } else {
                settle(key)
            }
        } else if resource.custom?.isTerminating == true, case .delete = operation {
            settle("\(resource.plural).\(resource.group)")
        } else if resource.group == Self.ownRules[0].group {
            noteOwnRules()
        }
    }

    /// Names that a conflict held back may be free now.
    private func resettle(_ group: String) {
        for other in objects(Self.definitionGroup, CustomResourceDefinition.plural)
        where CustomResourceDefinition(other).group == group
            && !CustomResourceDefinition(other).condition("NamesAccepted")
        {
            settle(other.name)
        }
    }

    private func settle(_ name: String) {
        let isGoing = definitions.withLock { _ -> Bool in
            for _ in 0..<16 {
                guard let current = store.get(Self.definitionCollection, key: name) else { return false }
                if current.value.deletionTimestamp != nil {
                    install(current.value)
                    return true
                }
                if establish(current) { return false }
            }
            return false
        }
        if isGoing { cleanUp(name) }
    }

    /// - Returns: false when another write came between.
    private func establish(_ current: StoredObject) -> Bool {
        let object = current.value
        let group = CustomResourceDefinition(object).group
        let others = objects(Self.definitionGroup, CustomResourceDefinition.plural).filter {
            $0.name != object.name && CustomResourceDefinition($0).group == group
        }
        let settled = DefinitionNaming.settled(object, others: others, now: timestamp())
        // Served first, established then.
        if CustomResourceDefinition(settled).condition("Established") { install(settled) }
        return settled == object || replace(current, with: settled)
    }

    private func replace(_ current: StoredObject, with object: JSON) -> Bool {
        do {
            _ = try store.update(
                Self.definitionCollection, key: object.name, ObjectEncoder.encode(object),
                expected: current.revision)
            return true
        } catch { return false }
    }

    private func install(_ object: JSON) {
        let definition = CustomResourceDefinition(object)
        guard definition.condition("Established") else { return }
        let infos = definition.resources(storageVersionHash: Self.storageVersionHash(definition))
        changeResources { $0.removing(group: definition.group, plural: definition.plural).adding(infos) }
    }

    /// What discovery shows of the stored version: a hash that changes when objects are to be rewritten.
    private static func storageVersionHash(_ definition: CustomResourceDefinition) -> String {
        let text = "\(definition.group)/\(definition.storageVersion ?? "")/\(definition.kind)"
        return Base64.encode(SHA256.hash(data: Array(text.utf8)).prefix(8))
    }

    // MARK: Deletion

    /// A definition is kept until its instances are gone.
    func markTerminating(_ object: inout JSON, _ finalizers: inout [String]) {
        guard object.deletionTimestamp == nil, CustomResourceDefinition(object).condition("Established")
        else { return }
        if !finalizers.contains(CustomResourceDefinition.cleanupFinalizer) {
            finalizers.append(CustomResourceDefinition.cleanupFinalizer)
        }
        object.setCondition(
            DefinitionNaming.condition(
                "Terminating", true, "InstanceDeletionPending",
                "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
                timestamp()))
    }

    private func cleanUp(_ name: String) {
        guard let object = store.get(Self.definitionCollection, key: name)?.value,
            object.finalizers.contains(CustomResourceDefinition.cleanupFinalizer)
        else { return }
        let definition = CustomResourceDefinition(object)
        let resource =
            definition.storageVersion.flatMap { version in
                resources.resource(group: definition.group, version: version, plural: definition.plural)
            } ?? resources.preferredResource(group: definition.group, plural: definition.plural)
        if let resource {
            let user = UserInfo(name: "system:apiserver", groups: [Group.masters, Group.authenticated])
            for instance in objects(definition.group, definition.plural)
            where instance.deletionTimestamp == nil {
                var request = RegistryRequest(
                    resource: resource, namespace: instance.namespace, name: instance.name, user: user,
                    manager: "kube-apiserver")
                request.skipsWebhooks = true
                // A definition can go although its conversion webhook has gone before it.
                request.isRaw = true
                _ = try? delete(&request, DeleteOptions())
            }
        }
        guard objects(definition.group, definition.plural).isEmpty else { return }
        release(name)
    }

    private func release(_ name: String) {
        for _ in 0..<16 {
            guard let current = store.get(Self.definitionCollection, key: name) else { return }
            var object = current.value
            let rest = object.finalizers.filter { $0 != CustomResourceDefinition.cleanupFinalizer }
            object.setMetadata("finalizers", rest.isEmpty ? nil : .array(rest.map { .string($0) }))
            object.setCondition(
                DefinitionNaming.condition(
                    "Terminating", false, "InstanceDeletionCompleted", "removed all instances", timestamp()))
            if !rest.isEmpty {
                if replace(current, with: object) { return }
                continue
            }
            do {
                _ = try store.delete(
                    Self.definitionCollection, key: name, expected: current.revision,
                    final: ObjectEncoder.encode(object))
            } catch { continue }
            let definition = CustomResourceDefinition(object)
            changeResources { $0.removing(group: definition.group, plural: definition.plural) }
            resettle(definition.group)
            return
        }
    }
}

/// Base64 with padding (RFC 4648, section 4).
enum Base64 {
    /// - Returns: nil for what is none.
    static func decode(_ text: String) -> [UInt8]? {
        var output: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        for byte in text.utf8 where byte != 0x0A && byte != 0x0D {
            let digit: UInt8
            switch byte {
            case 0x41...0x5A: digit = byte - 0x41
            case 0x61...0x7A: digit = byte - 0x61 + 26
            case 0x30...0x39: digit = byte - 0x30 + 52
            case 0x2B: digit = 62
            case 0x2F: digit = 63
            case 0x3D:
                padding += 1
                continue
            default: return nil
            }
            if padding > 0 { return nil }
            bits = bits << 6 | UInt32(digit)
            count += 1
            if count == 4 {
                output += [
                    UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8),
                    UInt8(truncatingIfNeeded: bits),
                ]
                (bits, count) = (0, 0)
            }
        }
        switch (count, padding) {
        case (0, 0): break
        case (2, 2): output.append(UInt8(truncatingIfNeeded: bits >> 4))
        case (3, 1): output += [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
        default: return nil
        }
        return output
    }

    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let bytes = Array(bytes)
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = 0
            for index in 0..<3 { bits = bits << 8 | (index < group.count ? Int(group[start + index]) : 0) }
            for index in 0..<4 {
                output.append(
                    index <= group.count ? digits[bits >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
