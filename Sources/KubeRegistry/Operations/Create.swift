import KubeAPI
import KubeJSON
import KubeStore

extension Registry {
    /// Creates an object from a request's body.
    public func create(_ request: inout RegistryRequest, body: JSON) throws(APIStatus) -> WrittenObject {
        var entry = stampEntry(request, body)
        if let entry, let stamped = try createFromStamp(&request, entry) { return stamped }
        entry?.revision = store.revision
        let resource = request.resource
        let strategy = strategy(for: resource)
        var object = try decode(
            body, as: resource.groupVersionKind, schema: resource.schema, isCustom: resource.isCustom,
            request: &request)
        try placeInNamespace(&object, request)
        strategy.setDefaults(&object)
        object = fieldManager(resource, "").update(
            live: nil, new: object, manager: request.manager, now: timestamp())
        let written = try create(&request, decoded: dropEmptyLists(object, request), strategy)
        if let entry { keepStamp(entry, of: written.value, request) }
        return written
    }

    /// The namespace of the object is that of the request.
    func placeInNamespace(_ object: inout JSON, _ request: RegistryRequest) throws(APIStatus) {
        guard object["metadata"]?.object != nil else {
            object["metadata"] =
                request.resource.isNamespaced ? ["namespace": .string(request.namespace)] : [:]
            return
        }
        let given = object.namespace
        if request.resource.isNamespaced {
            if given.isEmpty {
                object.setMetadata("namespace", .string(request.namespace))
            } else if given != request.namespace {
                throw .badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request")
            }
        } else if !given.isEmpty {
            throw .badRequest("namespace may not be set on a cluster-scoped object")
        }
    }

    /// From admission on; the object is decoded, defaulted and has its managed fields.
    func create(
        _ request: inout RegistryRequest, decoded: JSON, _ strategy: Strategy
    ) throws(APIStatus) -> WrittenObject {
        let resource = request.resource
        try waitForConversion(request)
        if let custom = resource.custom, custom.isTerminating {
            throw .methodNotAllowed(request.groupResource, verb: "create")
        }
        var object = decoded
        var attributes = request.attributes(.create, name: object.name)
        // kube names the object before admission, so that plug-ins see its name.
        let base = object.metadata["generateName"]?.string ?? ""
        let isGenerated = object.name.isEmpty && !base.isEmpty
        if isGenerated {
            object.setMetadata("name", .string(generatedName(base)))
            attributes.name = object.name
            attributes.hasGeneratedName = true
        }
        defer { request.take(attributes.notes) }
        try admission.admit(&object, attributes, in: self)

        if !object.resourceVersion.isEmpty, object.resourceVersion != "0" {
            throw .unclassified("resourceVersion should not be set on objects to be created")
        }
        fillSystemMetadata(&object)
        strategy.prepareForCreate(&object)
        strategy.stampTimes(&object, nil, timestamp())
        if object["status"] == nil, let empty = emptyValue(of: "status", resource) {
            object["status"] = empty
        }
        if strategy.hasGeneration { object.setMetadata("generation", 1) }
        if resource.isNamespaced { object.setMetadata("namespace", .string(request.namespace)) }
        var errors = ObjectMetaValidation.validate(
            object, isNamespaced: resource.isNamespaced, validateName: strategy.validateName)
        errors += strategy.validate(object)
        errors += CertificateSignature.validate(object, resource)
        if !errors.isEmpty { throw .invalid(resource.groupKind, object.name, errors) }
        for warning in strategy.warnings(object, nil) { request.warn(warning) }
        try admission.validate(object, attributes, in: self)

        for attempt in 1...8 {
            do {
                return try commitCreate(&object, request)
            } catch {
                guard error.reason == "AlreadyExists", isGenerated else { throw error }
                if attempt == 8 { throw .generateNameConflict(request.groupResource, object.name) }
                object.setMetadata("name", .string(generatedName(base)))
            }
        }
        throw .generateNameConflict(request.groupResource, object.name)
    }

    func generatedName(_ base: String) -> String {
        String(decoding: base.utf8.prefix(58), as: UTF8.self) + environment.suffix(5)
    }

    func fillSystemMetadata(_ object: inout JSON) {
        var metadata = object.metadata
        metadata["uid"] = .string(environment.uuid())
        metadata["resourceVersion"] = nil
        metadata["generation"] = nil
        metadata["selfLink"] = nil
        metadata["deletionTimestamp"] = nil
        metadata["deletionGracePeriodSeconds"] = nil
        metadata["creationTimestamp"] = .string(timestamp())
        object.metadata = metadata
    }

    /// Takes what must be unique (addresses, ports), stores, and gives it back when storing fails.
    private func commitCreate(
        _ object: inout JSON, _ request: RegistryRequest
    ) throws(APIStatus) -> WrittenObject {
        let resource = request.resource
        let name = object.name
        let key = Self.key(resource, request.namespace, name)
        let location = storage(of: resource)
        if store.get(location.collection, key: key) != nil {
            throw .alreadyExists(request.groupResource, name)
        }
        var attempt = 0
        while true {
            attempt += 1
            var filled = object
            let claim = try allocators.claim(
                &filled, old: nil, resource: resource, space: addressSpace, random: environment.random)
            do {
                let written = try chargedWrite(
                    .create, filled, old: nil, key: key, location: location, request: request,
                    companions: { () throws(APIStatus) in try self.companions(of: claim, filled) })
                if request.dryRun { claim?.release() } else { claim?.settle() }
                settleAggregates(nil, written.value, request)
                object = filled
                return written
            } catch {
                claim?.release()
                // Somebody made an object of the address that was chosen: there are others.
                let isLost = claim.map { hasLost($0) } ?? false
                guard isLost, attempt < 8 else { throw error }
            }
        }
    }

    private func hasLost(_ claim: ServiceAllocators.Claim) -> Bool {
        claim.addresses.contains {
            store.get(ServiceAddresses.addresses, key: ServiceRange.text($0)) != nil
        }
    }
}
