import KubeAPI
import KubeJSON
import KubeStore

/// What a write takes from one quota: the quota's next state, good only from the revision it was reckoned
/// from.
struct QuotaCharge {
    let key: String
    let expected: UInt64
    let quota: JSON

    static let collection = CollectionID(group: "", resource: "resourcequotas")

    var companion: CompanionWrite {
        CompanionWrite(
            write: .update(Self.collection, key: key, ObjectEncoder.encode(quota), expected: expected),
            collection: Self.collection, key: key, expected: expected)
    }
}

extension Registry {
    /// What the quotas of the namespace make of a write.
    /// - Throws: 403 when one of them leaves no room.
    func quotaCharges(
        _ object: JSON, _ attributes: AdmissionAttributes
    ) throws(APIStatus) -> [QuotaCharge] {
        let isCreate = attributes.operation == .create
        guard !attributes.namespace.isEmpty, isCreate || attributes.operation == .update,
            attributes.resource.isNamespaced
        else { return [] }
        let quotas = store.snapshot(QuotaCharge.collection)
        if quotas.objects.isEmpty { return [] }
        let present = quotas.page(prefix: attributes.namespace + "/").items
        let resource = attributes.resource.groupResource
        if present.isEmpty || QuotaEvaluator.isIgnored(resource) { return [] }

        let evaluator = QuotaEvaluator(resource)
        let old = attributes.old
        guard evaluator.handles(create: isCreate, subresource: attributes.subresource, object, old) else {
            return []
        }
        let now = environment.now().seconds
        let usage = evaluator.usage(of: object, now: now)
        let oldUsage = old.map { evaluator.usage(of: $0, now: now) }
        var charges: [QuotaCharge] = []
        for stored in present {
            let quota = stored.value
            let verdict = QuotaRules.verdict(
                quota, for: object, replacing: old, evaluator, usage: usage, oldUsage: oldUsage,
                enforces: attributes.subresource != "status")
            switch verdict {
            case .unaffected: continue
            case .refused(let why): throw .forbidden(resource, attributes.name, why)
            case .charged(let used):
                charges.append(
                    QuotaCharge(
                        key: stored.key, expected: stored.revision, quota: quotaUsing(used, quota)))
            }
        }
        return charges
    }

    /// The quota with its `status.used`, written by the server itself.
    private func quotaUsing(_ used: ResourceAmounts, _ quota: JSON) -> JSON {
        var next = quota
        next.set(used.json, at: "status", "used")
        return tracked(next, from: quota)
    }

    private func tracked(_ quota: JSON, from live: JSON) -> JSON {
        guard let resource = resources.resource(group: "", version: "v1", plural: "resourcequotas") else {
            return quota
        }
        return fieldManager(resource, "status").update(
            live: live, new: quota, manager: "kube-apiserver", now: timestamp())
    }

    /// Writes an object together with what it takes from quotas: both happen or neither does, so concurrent
    /// writes never exceed a quota and a write that fails costs nothing.
    /// - Parameter companions: other writes that happen with this one or not at all, as things stand.
    func chargedWrite(
        _ operation: StoreOperation, _ object: JSON, encoded: EncodedObject? = nil, old: JSON?, key: String,
        location: StorageLocation, request: RegistryRequest,
        companions: () throws(APIStatus) -> [CompanionWrite] = { [] }
    ) throws(APIStatus) -> WrittenObject {
        let isCreate = if case .create = operation { true } else { false }
        let attributes = AdmissionAttributes(
            operation: isCreate ? .create : .update, resource: request.resource,
            namespace: request.namespace, name: object.name, subresource: request.subresource,
            user: request.user, dryRun: request.dryRun, old: old)
        for _ in 0..<256 {
            var charges = try companions()
            if admission.chargesQuota { charges += try quotaCharges(object, attributes).map(\.companion) }
            do {
                return try write(
                    operation, object, encoded: encoded, key: key, location: location,
                    resource: request.resource, request: request, charges: charges.map(\.write))
            } catch {
                // A quota that somebody else charged or changed in between is reckoned with again.
                let stale = charges.filter { $0.isStale(in: store) }
                if stale.isEmpty || stale.contains(where: { $0.expected == nil }) { throw error }
            }
        }
        throw .staleConflict(GroupResource("", "resourcequotas"), request.namespace)
    }
}
