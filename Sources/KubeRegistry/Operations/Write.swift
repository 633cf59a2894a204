import KubeAPI
import KubeJSON
import KubeStore

/// An object as a write left it: its bytes as they go over the wire, in the version of the request.
public struct WrittenObject: Sendable {
    public let value: JSON
    public let bytes: [UInt8]
    /// The revision to wait for before the write is acknowledged; nil when nothing was written.
    public var revision: UInt64?
    public var isCreated = false
}

enum StoreOperation {
    case create
    case update(expected: UInt64)
    case delete(expected: UInt64)
}

extension Registry {
    /// Puts an object into the store, or only says how it would be there.
    /// - Parameters:
    ///   - encoded: the object as it is to be stored, where that is known already.
    ///   - charges: other writes that happen with this one or not at all.
    func write(
        _ operation: StoreOperation, _ object: JSON, encoded: EncodedObject? = nil, key: String,
        location: StorageLocation, resource: ResourceInfo, request: RegistryRequest,
        charges: [KubeStore.Write] = []
    ) throws(APIStatus) -> WrittenObject {
        if request.dryRun {
            var shown = object
            if asksConversion(resource), !request.isRaw {
                // Upstream converts to the stored version and back here as well.
                shown = try fromStorage(
                    try toStorage(object, location, resource, request), location, resource, request)
            }
            if case .create = operation { shown.setMetadata("resourceVersion", nil) }
            return WrittenObject(value: shown, bytes: ObjectEncoder.bytes(shown))
        }
        let stored = encoded == nil ? try toStorage(object, location, resource, request) : object
        let name = stored.name
        do {
            let change: KubeStore.Write
            switch operation {
            case .create:
                change = .create(
                    location.collection, key: key, encoded ?? ObjectEncoder.encode(stored))
            case .update(let expected):
                change = .update(
                    location.collection, key: key, ObjectEncoder.encode(stored), expected: expected)
            case .delete(let expected):
                change = .delete(
                    location.collection, key: key, expected: expected, final: ObjectEncoder.encode(stored))
            }
            guard
                let result = try store.commit(charges + [change], isDeferred: request.isDeferred).last?.object
            else {
                throw APIStatus.internalError("the store wrote nothing")
            }
            follow(operation, stored, resource, key: key)
            var written = try presented(result, as: resource, location, request)
            written.revision = result.revision
            if case .create = operation { written.isCreated = true }
            return written
        } catch let error as StoreError {
            throw Self.status(of: error, resource, name)
        } catch let status as APIStatus {
            throw status
        } catch {
            throw .internalError("\(error)")
        }
    }

    static func status(of error: StoreError, _ resource: ResourceInfo, _ name: String) -> APIStatus {
        switch error {
        case .alreadyExists: .alreadyExists(resource.groupResource, name)
        case .notFound: .notFound(resource.groupResource, name)
        case .conflict: .staleConflict(resource.groupResource, name)
        default: .internalError("\(error)")
        }
    }

    /// A stored object in the version of the resource.
    /// - Parameter mayWait: see ``RegistryRequest/mayWait``.
    public func presented(
        _ object: StoredObject, as resource: ResourceInfo, mayWait: Bool = true
    ) throws(APIStatus) -> WrittenObject {
        guard storage(of: resource).needsConversion else {
            return WrittenObject(value: object.value, bytes: object.bytes)
        }
        let value = try shown([object.value], as: resource, mayWait: mayWait)[0]
        return WrittenObject(value: value, bytes: ObjectEncoder.bytes(value))
    }

    func presented(
        _ object: StoredObject, as resource: ResourceInfo, _ location: StorageLocation,
        _ request: RegistryRequest
    ) throws(APIStatus) -> WrittenObject {
        guard location.needsConversion else { return WrittenObject(value: object.value, bytes: object.bytes) }
        let value = try fromStorage(object.value, location, resource, request)
        return WrittenObject(value: value, bytes: ObjectEncoder.bytes(value))
    }

    func fromStorage(
        _ value: JSON, _ location: StorageLocation, _ resource: ResourceInfo, _ request: RegistryRequest
    ) throws(APIStatus) -> JSON {
        guard location.needsConversion, !request.isRaw else { return value }
        return try shown([value], as: resource, mayWait: request.mayWait)[0]
    }

    private func toStorage(
        _ value: JSON, _ location: StorageLocation, _ resource: ResourceInfo, _ request: RegistryRequest
    ) throws(APIStatus) -> JSON {
        if request.isRaw { return value }
        if resource.isCustom {
            guard location.version != resource.version else { return value }
            if asksConversion(resource) {
                return try converted(
                    [value], of: resource, to: location.version, mayWait: request.mayWait)[0]
            }
            var stored = value
            stored["apiVersion"] = .string("\(location.group)/\(location.version)")
            return stored
        }
        guard location.needsConversion else { return value }
        return VersionConversion.convert(
            value, to: GroupVersionKind(location.group, location.version, resource.kind))
    }
}

/// Writes objects in the form that the store keeps: kind and apiVersion first, and a place for the revision.
enum ObjectEncoder {
    static func bytes(_ object: JSON) -> [UInt8] {
        var output = JSONOutput(capacity: 4_096)
        _ = write(object, into: &output, holds: true)
        return output.bytes
    }

    static func encode(_ object: JSON) -> EncodedObject {
        var output = JSONOutput(capacity: 4_096)
        let (body, hole) = write(object, into: &output, holds: false)
        return EncodedObject(bytes: output.bytes, revisionOffset: hole, bodyOffset: body, value: object)
    }

    /// - Parameter holds: whether the object's own resourceVersion is written, or a place for one is left.
    /// - Returns: where the object goes on after apiVersion, and where the place is.
    private static func write(
        _ object: JSON, into output: inout JSONOutput, holds: Bool
    ) -> (body: Int, hole: Int) {
        output.put("{\"kind\":")
        output.write(object["kind"]?.string ?? "")
        output.put(",\"apiVersion\":")
        output.write(object["apiVersion"]?.string ?? "")
        output.put(",")
        let body = output.count
        var hole = 0
        output.put("\"metadata\":{")
        var isFirst = true
        for (key, value) in object["metadata"]?.object ?? [:] {
            if key == "resourceVersion", !holds { continue }
            if isFirst { isFirst = false } else { output.put(",") }
            output.write(key)
            output.put(":")
            output.write(value)
            // The revision goes after uid, where upstream has it.
            if key == "uid", !holds { hole = leavePlace(&output) }
        }
        if hole == 0, !holds {
            if isFirst {
                output.put("\"resourceVersion\":\"")
            } else {
                output.put(",\"resourceVersion\":\"")
            }
            hole = output.count
            output.put("\"")
        }
        output.put("}")
        for (key, value) in object.object ?? [:]
        where key != "kind" && key != "apiVersion" && key != "metadata" {
            output.put(",")
            output.write(key)
            output.put(":")
            output.write(value)
        }
        output.put("}")
        return (body, hole)
    }

    private static func leavePlace(_ output: inout JSONOutput) -> Int {
        output.put(",\"resourceVersion\":\"")
        let hole = output.count
        output.put("\"")
        return hole
    }
}
