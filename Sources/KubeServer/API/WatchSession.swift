import KubeAPI
import KubeJSON
import KubeRegistry
import KubeStore
import NIOCore
import Synchronization

/// One watch: what is there already, then what happens, as a stream of JSON lines or of protobuf frames.
///
/// Everything but `deliver` runs on the exchange's event loop. The client's pace rules: first the objects
/// that are there are sent as it takes them, and a client that falls too far behind with events is cut off
/// (it will list and watch again), never buffered without end.
final class WatchSession: @unchecked Sendable {
    private let call: Call
    private var resource: ResourceInfo
    private let options: ListOptions
    private let exchange: HTTPExchange
    private var location: StorageLocation
    /// Which state of the served resources `resource` is of.
    private var generation = 0
    /// A webhook is asked to convert what comes next.
    private var isConverting = false
    private var registration: Watch?
    private var initial: ArraySlice<StoredObject> = []
    private var isInitialDone = false
    private var waiting: ArraySlice<Event> = []
    private var waitingBytes = 0
    private var lastRevision: UInt64 = 0
    private var bookmarkedRevision: UInt64 = 0
    private var timers: [Scheduled<Void>] = []
    /// Runs while there is more to say than the client takes.
    private var patience: Scheduled<Void>?
    /// Lines that wait for the flush.
    private var batch = ByteBuffer()
    /// Events that the store has handed over and the loop has not taken yet.
    private let mailbox = Mutex<(events: [Event], isScheduled: Bool)>(([], false))

    private static let waitingLimit = 100_000
    private static let chunk = 256 << 10

    init(_ call: Call, _ resource: ResourceInfo, _ options: ListOptions) {
        self.call = call
        self.resource = resource
        self.options = options
        exchange = call.exchange
        location = StorageLocation(resource)
        refresh()
    }

    /// Definitions of custom resources change while they are watched: versions, webhooks and their certificates.
    private func refresh() {
        guard resource.isCustom else { return }
        let (catalogue, generation) = call.server.registry.served
        guard generation != self.generation else { return }
        self.generation = generation
        resource =
            catalogue.resource(group: resource.group, version: resource.version, plural: resource.plural)
            ?? resource
        location = StorageLocation(resource)
    }

    private var converts: Bool { call.server.registry.asksConversion(resource) }

    func start() throws(APIStatus) {
        let store = call.server.store
        let namespace = resource.isNamespaced && !call.info.namespace.isEmpty ? call.info.namespace : nil
        let from: UInt64?
        switch options.version {
        case .latest, .any: from = nil
        case .notOlderThan(let asked), .exact(let asked):
            if asked > store.revision { throw .tooLargeResourceVersion(asked, current: store.revision) }
            from = options.sendInitialEvents ? nil : asked
        }
        let isQuiet =
            options.sendInitialEvents == false && from == nil
            && call.info.query.first("sendInitialEvents") != nil
        let prefix = namespace.map { $0 + "/" } ?? ""
        let sink: @Sendable ([Event]) -> Void = { [weak self] events in self?.deliver(events) }
        if let from {
            // Events may arrive before the head is written: they wait in the mailbox for this loop.
            lastRevision = from
            do { registration = try store.watch(location.collection, prefix: prefix, from: from, sink) } catch
            {
                throw Self.expired(error, asked: from)
            }
        } else {
            let (snapshot, watch) = store.listAndWatch(location.collection, prefix: prefix, sink)
            registration = watch
            lastRevision = snapshot.revision
            if !isQuiet { initial = snapshot.page(prefix: prefix).items[...] }
        }
        begin()
    }

    /// The watch's revision is gone from history: 410, told as an event of the stream as upstream does.
    private static func expired(_ error: StoreError, asked: UInt64) -> APIStatus {
        switch error {
        case .expired(let oldest): .expired("too old resource version: \(asked) (\(oldest))")
        case .tooLarge(let current): .tooLargeResourceVersion(asked, current: current)
        default: .internalError("\(error)")
        }
    }

    private func begin() {
        var head = ResponseHead(status: 200)
        head.contentType = Encoding.streamType(call.representation.format)
        exchange.onCancel = { [self] in finish() }
        exchange.onFinish = { [self, previous = exchange.onFinish] exchange in
            finish()
            previous?(exchange)
        }
        exchange.onDrain = { [self] in
            patience?.cancel()
            patience = nil
            pump()
        }
        exchange.begin(head)
        let loop = exchange.eventLoop
        let seconds = options.timeoutSeconds.flatMap { $0 > 0 ? $0 : nil } ?? Int.random(in: 1_800...3_600)
        timers.append(
            loop.assumeIsolated().scheduleTask(in: .seconds(Int64(seconds))) { [self] in
                if options.allowsBookmarks, isInitialDone, lastRevision > bookmarkedRevision {
                    writeBookmark(marksInitialEnd: false)
                }
                flush()
                exchange.end()
            })
        if options.allowsBookmarks { scheduleBookmark() }
        pump()
    }

    private func finish() {
        registration?.cancel()
        registration = nil
        for timer in timers { timer.cancel() }
        timers = []
        patience?.cancel()
        patience = nil
        initial = []
        waiting = []
    }

    private func scheduleBookmark() {
        timers.append(
            exchange.eventLoop.assumeIsolated().scheduleTask(in: .seconds(60)) { [self] in
                if isInitialDone, waiting.isEmpty {
                    writeBookmark(marksInitialEnd: false)
                    flush()
                }
                if !exchange.isFinished { scheduleBookmark() }
            })
    }

    // MARK: Events

    /// Called by the store, on any thread, in revision order.
    private func deliver(_ events: [Event]) {
        let mustSchedule = mailbox.withLock { box in
            box.events.append(contentsOf: events)
            if box.isScheduled { return false }
            box.isScheduled = true
            return true
        }
        if mustSchedule { exchange.eventLoop.execute { [self] in collect() } }
    }

    private func collect() {
        let events = mailbox.withLock { box in
            box.isScheduled = false
            return exchange(&box.events, with: [])
        }
        guard !exchange.isFinished else { return }
        refresh()
        if waiting.isEmpty, isInitialDone, exchange.pendingBytes < Self.chunk * 4, !converts, !isConverting {
            for event in events { write(event) }
            flush()
            return
        }
        waiting.append(contentsOf: events)
        for event in events { waitingBytes += event.object.bytes.count }
        if waiting.count > Self.waitingLimit || waitingBytes > call.server.limits.pendingResponseBytes {
            exchange.abort()
            return
        }
        pump()
    }

    private func exchange<Value>(_ place: inout Value, with value: Value) -> Value {
        let old = place
        place = value
        return old
    }

    /// Sends what waits for as long as the client takes it.
    private func pump() {
        guard !exchange.isFinished, !isConverting else { return }
        if converts { return pumpConverted() }
        var wrote = false
        while exchange.pendingBytes + batch.readableBytes < Self.chunk * 4 {
            if let object = initial.popFirst() {
                if options.matches(object) { writeObject("ADDED", object) }
                wrote = true
            } else if !isInitialDone {
                isInitialDone = true
                initial = []
                if options.sendInitialEvents, options.allowsBookmarks { writeBookmark(marksInitialEnd: true) }
                wrote = true
            } else if let event = waiting.popFirst() {
                waitingBytes -= event.object.bytes.count
                write(event)
                wrote = true
            } else {
                break
            }
        }
        if wrote { flush() }
        guard !waiting.isEmpty || !initial.isEmpty else { return }
        losePatience()
    }

    /// Cuts the client off if it takes nothing for too long.
    private func losePatience() {
        guard patience == nil else { return }
        patience = exchange.eventLoop.assumeIsolated().scheduleTask(in: call.server.limits.requestTimeout) {
            [self] in exchange.abort()
        }
    }

    // MARK: Conversion

    /// As many objects or events are converted at a time.
    private static let conversionBatch = 100

    /// Has the next objects or events converted by a webhook, elsewhere, and goes on when they are.
    private func pumpConverted() {
        guard exchange.pendingBytes + batch.readableBytes < Self.chunk * 4 else { return losePatience() }
        if !initial.isEmpty {
            let objects = Array(initial.prefix(Self.conversionBatch))
            initial.removeFirst(objects.count)
            convert(objects) { [self] values in
                for value in values where options.matches(value) { writeValue("ADDED", value) }
            }
        } else if !isInitialDone {
            isInitialDone = true
            initial = []
            if options.sendInitialEvents, options.allowsBookmarks { writeBookmark(marksInitialEnd: true) }
            flush()
            pump()
        } else if !waiting.isEmpty {
            let events = Array(waiting.prefix(Self.conversionBatch))
            waiting.removeFirst(events.count)
            for event in events { waitingBytes -= event.object.bytes.count }
            let isSelective = options.labels != nil || options.fields != nil
            let previous = isSelective ? events.map(\.previous) : []
            convert(events.map(\.object) + previous.compactMap { $0 }) { [self] values in
                var before = values[events.count...]
                for (index, event) in events.enumerated() {
                    let old = isSelective && previous[index] != nil ? before.popFirst() : nil
                    write(event, values[index], before: old, isSelective: isSelective)
                }
            }
        }
    }

    private func convert(_ objects: [StoredObject], _ then: @escaping ([JSON]) -> Void) {
        isConverting = true
        // Runs on the exchange's loop only.
        nonisolated(unsafe) let then = then
        let (registry, resource) = (call.server.registry, resource)
        APIServer.convert(on: exchange.eventLoop) { () throws(APIStatus) in
            try registry.shown(objects, as: resource)
        } then: { [self] result in
            isConverting = false
            guard !exchange.isFinished else { return }
            switch result {
            case .success(let values):
                then(values)
                flush()
                pump()
            case .failure(let status):
                writeLine("ERROR", status.json)
                flush()
                exchange.end()
            }
        }
    }

    private func write(_ event: Event, _ value: JSON, before: JSON?, isSelective: Bool) {
        if event.revision <= lastRevision { return }
        lastRevision = event.revision
        let isIn = event.kind != .deleted && (!isSelective || options.matches(value))
        let wasIn = event.kind != .added && (!isSelective || before.map { options.matches($0) } ?? false)
        switch (wasIn, isIn) {
        case (false, false): break
        case (true, true): writeValue(event.kind.name, value)
        case (false, true): writeValue("ADDED", value)
        case (true, false):
            if event.kind == .deleted { return writeValue("DELETED", value) }
            guard var last = before else { return }
            last.setMetadata("resourceVersion", .string(String(event.revision)))
            writeValue("DELETED", last)
        }
    }

    /// Hands what was written over to the connection, in one piece.
    private func flush() {
        if batch.readableBytes > 0 {
            exchange.write(batch)
            batch = ByteBuffer()
        }
        exchange.flush()
    }

    private func write(_ event: Event) {
        if event.revision <= lastRevision { return }
        lastRevision = event.revision
        if options.labels == nil, options.fields == nil {
            writeEvent(event)
            return
        }
        let isIn = event.kind != .deleted && options.matches(event.object)
        let wasIn = event.kind != .added && (event.previous.map { options.matches($0) } ?? false)
        switch (wasIn, isIn) {
        case (false, false): break
        case (true, true): writeEvent(event)
        case (false, true):
            if event.kind == .added { writeEvent(event) } else { writeObject("ADDED", event.object) }
        case (true, false):
            if event.kind == .deleted {
                writeEvent(event)
            } else if let previous = event.previous {
                // It left the selection: what was last seen of it, at the version of the change.
                var value = previous.value
                value.setMetadata("resourceVersion", .string(String(event.revision)))
                writeValue("DELETED", value)
            }
        }
    }

    private func writeEvent(_ event: Event) {
        guard call.representation.transform == .none, !location.needsConversion else {
            return writeObject(event.kind.name, event.object)
        }
        guard call.isPlainProtobuf else {
            batch.writeBytes(event.wire)
            return
        }
        writeFrame { session throws(ProtobufError) in
            try event.form { event throws(ProtobufError) in
                try session.frame(event.kind.name, event.object)
            }
        }
    }

    private func writeFrame(_ make: (WatchSession) throws(ProtobufError) -> [UInt8]) {
        do throws(ProtobufError) { batch.writeBytes(try make(self)) } catch {
            writeLine("ERROR", Encoding.status(of: error).json)
        }
    }

    /// An event of an object as it is stored, in protobuf.
    private func frame(_ type: String, _ object: StoredObject) throws(ProtobufError) -> [UInt8] {
        let kind = try ProtobufEncoder.type(of: resource.groupVersionKind)
        let message = try object.form { value throws(ProtobufError) in
            try ProtobufEncoder.message(value, as: kind)
        }
        return ProtobufEncoder.frame(
            type,
            ProtobufEncoder.object(kind: resource.kind, apiVersion: resource.apiVersion, message: message))
    }

    private func writeObject(_ type: String, _ object: StoredObject) {
        if call.isPlainProtobuf, !location.needsConversion {
            writeFrame { session throws(ProtobufError) in try session.frame(type, object) }
        } else if call.representation.transform == .none, !location.needsConversion {
            batch.writeString("{\"type\":\"\(type)\",\"object\":")
            batch.writeBytes(object.bytes)
            batch.writeString("}\n")
        } else {
            do {
                writeValue(type, try call.server.registry.presented(object, as: resource).value)
            } catch {
                writeLine("ERROR", error.json)
            }
        }
    }

    private func writeValue(_ type: String, _ value: JSON) {
        switch call.representation.transform {
        case .none: writeLine(type, value)
        case .partialMetadata(let version), .partialMetadataList(let version):
            writeLine(type, Call.partialMetadata(value, version: version))
        case .table(let version):
            writeLine(
                type,
                call.server.table(
                    of: [value], resource: resource, call: call, version: version,
                    metadata: ["resourceVersion": .string(value.resourceVersion)]))
        }
    }

    private func writeBookmark(marksInitialEnd: Bool) {
        bookmarkedRevision = lastRevision
        var metadata: JSON = ["resourceVersion": .string(String(lastRevision))]
        if marksInitialEnd { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
        let seed: JSON = [
            "kind": .string(resource.kind), "apiVersion": .string(resource.apiVersion), "metadata": metadata,
        ]
        // The zero value of the kind, as a typed client would decode and encode it.
        let value =
            resource.isCustom ? seed : (try? ObjectDecoder.decode(seed, as: resource.schema).0) ?? seed
        switch call.representation.transform {
        case .table(let version):
            var table = call.server.table(
                of: [value], resource: resource, call: call, version: version, metadata: metadata)
            if var row = table["rows"]?[0] {
                row["object"] = [
                    "kind": "PartialObjectMetadata", "apiVersion": .string("meta.k8s.io/\(version)"),
                    "metadata": metadata,
                ]
                table["rows"] = [row]
            }
            writeLine("BOOKMARK", table)
        case .partialMetadata(let version), .partialMetadataList(let version):
            writeLine("BOOKMARK", Call.partialMetadata(value, version: version))
        case .none: writeLine("BOOKMARK", value)
        }
    }

    private func writeLine(_ type: String, _ object: JSON) {
        let format = call.representation.format
        do throws(APIStatus) {
            batch.writeBytes(try Encoding.event(type, object, format))
        } catch {
            // A Status can always be told, so that this ends here.
            if type == "ERROR" { return exchange.abort() }
            writeLine("ERROR", error.json)
        }
    }
}
