import KubeAPI
import KubeJSON
import KubeRegistry
import KubeStore
import NIOCore

/// get and list of resources.
extension APIServer {
    func get(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        if let text = call.info.query.first("resourceVersion"), let asked = UInt64(text),
            asked > store.revision
        {
            throw .tooLargeResourceVersion(asked, current: store.revision)
        }
        let request = try call.request(resource)
        let object = try registry.get(request)
        guard registry.asksConversion(resource) else {
            if call.isPlainProtobuf, !StorageLocation(resource).needsConversion {
                return call.respondProtobuf(object, resource: resource)
            }
            return call.respond(try registry.presented(object, as: resource), resource: resource)
        }
        try perform(call) { [registry] mayWait throws(APIStatus) in
            try registry.presented(object, as: resource, mayWait: mayWait)
        } then: { shown in
            call.respond(shown, resource: resource)
        }
    }

    func list(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        let options = try ListOptions(call, resource)
        if registry.asksConversion(resource) { return try listConverted(call, resource, options) }
        let page = try self.page(call, resource, options)
        switch (call.representation.transform, call.representation.format) {
        case (.none, .json) where !page.location.needsConversion: respondList(call, resource, page)
        case (.none, .protobuf) where !page.location.needsConversion:
            do throws(ProtobufError) { try respondProtobufList(call, resource, page) } catch {
                throw Encoding.status(of: error)
            }
        default: respondList(call, resource, page, try registry.shown(page.objects, as: resource))
        }
    }

    /// A list whose objects a webhook converts: labels and fields are selected by what it made of them.
    private func listConverted(
        _ call: Call, _ resource: ResourceInfo, _ options: ListOptions
    ) throws(APIStatus) {
        let page = try self.page(call, resource, options.unselective)
        try perform(call, startsWaiting: true) { [registry] _ throws(APIStatus) in
            try registry.shown(page.objects, as: resource).filter { options.matches($0) }
        } then: { [self] values in
            respondList(call, resource, page, values)
        }
    }

    /// - Parameter values: the objects in the version of the resource.
    private func respondList(
        _ call: Call, _ resource: ResourceInfo, _ page: Page, _ values: [JSON]
    ) {
        let warnings = resource.standingWarnings
        switch call.representation.transform {
        case .none:
            var items: [JSON] = []
            for value in values {
                var value = value
                if !resource.isCustom {
                    value["kind"] = nil
                    value["apiVersion"] = nil
                }
                items.append(value)
            }
            call.respond(
                [
                    "kind": .string(resource.listKind), "apiVersion": .string(resource.apiVersion),
                    "metadata": page.metadata, "items": .array(items),
                ], warnings: warnings)
        case .partialMetadata: call.fail(.isAList(resource))
        case .partialMetadataList(let version):
            let items = values.map { Call.partialMetadata($0, version: version) }
            call.respond(
                [
                    "kind": "PartialObjectMetadataList", "apiVersion": .string("meta.k8s.io/\(version)"),
                    "metadata": page.metadata, "items": .array(items),
                ], warnings: warnings)
        case .table(let version):
            call.respond(
                table(of: values, resource: resource, call: call, version: version, metadata: page.metadata),
                warnings: warnings)
        }
    }

    struct Page {
        var objects: [StoredObject]
        var revision: UInt64
        var next: ContinueToken?
        var remaining: Int?
        var location: StorageLocation

        var metadata: JSON {
            var metadata: JSON = ["resourceVersion": .string(String(revision))]
            if let next { metadata["continue"] = .string(next.text) }
            if let remaining { metadata["remainingItemCount"] = .integer(Int64(remaining)) }
            return metadata
        }
    }

    /// The objects of one answer: selected, at the revision that was asked for, cut at the limit.
    func page(_ call: Call, _ resource: ResourceInfo, _ options: ListOptions) throws(APIStatus) -> Page {
        let location = StorageLocation(resource)
        let namespace = resource.isNamespaced && !call.info.namespace.isEmpty ? call.info.namespace : nil
        var revision: UInt64?
        switch options.version {
        case .exact(let exact): revision = exact
        case .notOlderThan(let asked) where asked > store.revision:
            throw .tooLargeResourceVersion(asked, current: store.revision)
        default: break
        }
        if let token = options.continuation { revision = token.revision }
        let snapshot: Snapshot
        do {
            snapshot =
                if let revision { try store.snapshot(location.collection, at: revision) } else {
                    store.snapshot(location.collection)
                }
        } catch {
            throw Self.status(of: error, asked: revision, continuation: options.continuation)
        }
        // One name needs no scan.
        if let name = options.fields?.exactName, options.continuation == nil,
            namespace != nil || !resource.isNamespaced
        {
            let object = snapshot[namespace.map { $0 + "/" + name } ?? name]
            return Page(
                objects: object.map { options.matches($0) ? [$0] : [] } ?? [], revision: snapshot.revision,
                location: location)
        }
        let prefix = namespace.map { $0 + "/" } ?? ""
        guard options.labels != nil || options.fields != nil else {
            let found = snapshot.page(
                prefix: prefix, after: options.continuation?.after, limit: options.limit)
            return Page(
                objects: found.items, revision: snapshot.revision,
                next: found.lastKey.map { ContinueToken(revision: snapshot.revision, after: $0) },
                remaining: found.lastKey.map { _ in found.remaining }, location: location)
        }
        let found = snapshot.select(
            prefix: prefix, after: options.continuation?.after, limit: options.limit,
            labels: options.labels?.bits ?? LabelBits(), options.matches)
        // How many remain is not known without looking at them all: upstream leaves it out too.
        let last = found.hasMore ? found.items.last : nil
        return Page(
            objects: found.items, revision: snapshot.revision,
            next: last.map { ContinueToken(revision: snapshot.revision, after: $0.key) }, location: location)
    }

    static func status(of error: StoreError, asked: UInt64?, continuation: ContinueToken?) -> APIStatus {
        switch error {
        case .expired:
            guard var continuation else {
                return .expired("The resourceVersion for the provided list is too old.")
            }
            var status = APIStatus.expired(
                "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list."
            )
            continuation.revision = nil
            status.continuation = continuation.text
            return status
        case .tooLarge(let current):
            return .tooLargeResourceVersion(asked ?? current, current: current)
        default:
            return .internalError("\(error)")
        }
    }

    /// A list in JSON, of stored bytes: nothing is encoded again.
    private func respondList(_ call: Call, _ resource: ResourceInfo, _ page: Page) {
        // Items of typed lists carry no kind and apiVersion.
        func offset(_ object: StoredObject) -> Int { resource.isCustom ? 0 : object.bodyOffset }
        var size = 0
        for object in page.objects { size += object.bytes.count - offset(object) + 2 }
        var buffer = call.exchange.allocator.buffer(capacity: size + 512)
        buffer.writeString(
            "{\"kind\":\"\(resource.listKind)\",\"apiVersion\":\"\(resource.apiVersion)\",\"metadata\":")
        buffer.writeBytes(JSONWriter.bytes(page.metadata))
        buffer.writeString(",\"items\":[")
        // One piece of memory for all of them: a list may have many thousands.
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { target in
            var end = 0
            for object in page.objects {
                if end > 0 {
                    target[end] = UInt8(ascii: ",")
                    end += 1
                }
                if !resource.isCustom {
                    target[end] = UInt8(ascii: "{")
                    end += 1
                }
                object.bytes.withUnsafeBytes { bytes in
                    let body = UnsafeRawBufferPointer(rebasing: bytes[offset(object)...])
                    UnsafeMutableRawBufferPointer(rebasing: target[end...]).copyMemory(from: body)
                    end += body.count
                }
            }
            return end
        }
        buffer.writeString("]}\n")
        call.exchange.respond(
            ResponseHead(headers: WarningHeaders.headers(resource.standingWarnings)), body: buffer)
    }

    /// A list in protobuf, of messages that are kept with the objects.
    private func respondProtobufList(
        _ call: Call, _ resource: ResourceInfo, _ page: Page
    ) throws(ProtobufError) {
        let type = try ProtobufEncoder.type(of: resource.groupVersionKind)
        var messages: [[UInt8]] = []
        messages.reserveCapacity(page.objects.count)
        var size = 512
        for object in page.objects {
            let message = try object.form { value throws(ProtobufError) in
                try ProtobufEncoder.message(value, as: type)
            }
            size += message.count + 6
            messages.append(message)
        }
        let list = try ProtobufEncoder.List(
            kind: resource.listKind, apiVersion: resource.apiVersion, metadata: page.metadata,
            itemSizes: messages.lazy.map(\.count))
        var buffer = call.exchange.allocator.buffer(capacity: size)
        buffer.writeBytes(list.head)
        for message in messages {
            buffer.writeBytes(ProtobufEncoder.List.itemHead(message.count))
            buffer.writeBytes(message)
        }
        buffer.writeBytes(ProtobufEncoder.List.tail)
        call.exchange.respond(
            ResponseHead(
                contentType: Representation.protobuf,
                headers: WarningHeaders.headers(resource.standingWarnings)),
            body: buffer)
    }

    /// Objects as a Table.
    func table(of values: [JSON], resource: ResourceInfo, call: Call, version: String, metadata: JSON) -> JSON
    {
        let shown =
            call.info.query.first("includeObject").flatMap(TablePrinter.IncludeObject.init) ?? .metadata
        let now = registry.environment.now().seconds
        var table =
            resource.isCustom
            ? TablePrinter.table(
                objects: values, columns: resource.printerColumns, now: now, listMetadata: metadata,
                includeObject: shown)
            : TablePrinter.table(
                objects: values, kind: resource.groupKind, now: now, listMetadata: metadata,
                includeObject: shown)
        if version != "v1" { table["apiVersion"] = .string("meta.k8s.io/\(version)") }
        return table
    }
}

extension ResourceInfo {
    /// What every answer of a deprecated resource says.
    var standingWarnings: [String] { deprecationWarning.isEmpty ? [] : [deprecationWarning] }
}

extension Call {
    /// Objects are asked for as they are, in protobuf.
    var isPlainProtobuf: Bool { representation.format == .protobuf && representation.transform == .none }
}

extension LabelSelector {
    /// What the labels of every selected object have at least.
    fileprivate var bits: LabelBits {
        var bits = LabelBits()
        for requirement in requirements {
            switch requirement.op {
            case .in, .equals, .doubleEquals:
                let only = requirement.values.count == 1 ? requirement.values[0] : nil
                bits.insert(key: requirement.key, value: only)
            case .exists, .greaterThan, .lessThan: bits.insert(key: requirement.key, value: nil)
            case .notIn, .notEquals, .doesNotExist: break
            }
        }
        return bits
    }
}
