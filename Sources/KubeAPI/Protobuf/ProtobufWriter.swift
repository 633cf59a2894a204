import KubeJSON

/// Writes messages from their end to their beginning, so that the length that stands before a message is known
/// when it is its turn. The bytes are those that Go's generated marshalers write.
struct ProtobufWriter: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// Bytes written, which are the last ones of the memory.
    private(set) var count = 0
    /// What did not fit its field, of what was written last.
    private(set) var fault: String?

    private let plan = ProtobufPlan.shared
    /// Where in its object the value of each field is, for the messages that are being written.
    private var slots: [Int] = []
    /// Text of JSON on its way.
    private var text: [UInt8] = []

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    var bytes: [UInt8] { Array(UnsafeBufferPointer(start: base + (capacity - count), count: count)) }

    // MARK: Bytes

    @inline(__always)
    private mutating func need(_ room: Int) {
        if capacity - count < room { grow(room) }
    }

    @inline(never)
    private mutating func grow(_ room: Int) {
        let larger = max(capacity * 2, count + room)
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        (memory + (larger - count)).moveInitialize(from: base + (capacity - count), count: count)
        base.deallocate()
        base = memory
        capacity = larger
    }

    @inline(__always)
    mutating func varint(_ value: UInt64) {
        need(10)
        if value < 0x80 {
            count += 1
            base[capacity - count] = UInt8(truncatingIfNeeded: value)
            return
        }
        let size = (63 - value.leadingZeroBitCount) / 7 + 1
        count += size
        var rest = value
        let start = capacity - count
        for place in 0..<size - 1 {
            base[start + place] = UInt8(truncatingIfNeeded: rest) | 0x80
            rest >>= 7
        }
        base[start + size - 1] = UInt8(truncatingIfNeeded: rest)
    }

    mutating func raw(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        need(bytes.count)
        count += bytes.count
        (base + (capacity - count)).initialize(from: start, count: bytes.count)
    }

    mutating func raw(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { raw($0) } }

    /// A string with its length.
    mutating func string(_ value: String) {
        var value = value
        let size = value.utf8.count
        value.withUTF8 { raw($0) }
        varint(UInt64(size))
    }

    /// The length of what was written since, and the tag.
    @inline(__always)
    mutating func close(_ before: Int, _ tag: UInt64) {
        varint(UInt64(count - before))
        varint(tag)
    }

    // MARK: Messages

    /// The fields of a message.
    mutating func message(_ object: JSONObject, _ position: Int) {
        let fields = plan.fields(of: position)
        let bottom = slots.count
        slots.append(contentsOf: repeatElement(-1, count: fields.count))
        // Members come in nearly the order of the fields: each is looked for where the last one was found.
        var next = 0
        for place in 0..<object.count {
            let key = object[place].key
            var index = next
            for _ in 0..<fields.count {
                if fields[index].name == key {
                    slots[bottom + index] = place
                    next = index + 1 == fields.count ? 0 : index + 1
                    break
                }
                index = index + 1 == fields.count ? 0 : index + 1
            }
        }
        for index in stride(from: fields.count - 1, through: 0, by: -1) {
            let place = slots[bottom + index]
            write(fields[index], place < 0 ? .null : object[place].value, of: object)
        }
        slots.removeLast(fields.count)
    }

    private mutating func write(_ field: ProtobufPlan.Field, _ value: JSON, of object: JSONObject) {
        switch field.presence {
        case .always: single(field, value, tag: field.tag)
        case .unlessNull:
            if !value.isNull { single(field, value, tag: field.tag) }
        case .repeated:
            if value.isNull { return }
            guard let values = value.array else { return misfit(field) }
            for value in values.reversed() { single(field, value, tag: field.tag) }
        case .map:
            if value.isNull { return }
            guard let entries = value.object else { return misfit(field) }
            map(field, entries)
        case .inline:
            guard case .message(let target) = field.shape else { return misfit(field) }
            let before = count
            message(object, target)
            close(before, field.tag)
        }
    }

    private mutating func map(_ field: ProtobufPlan.Field, _ entries: JSONObject) {
        var order = Array(0..<entries.count)
        let isSorted = order.dropFirst().allSatisfy { utf8Less(entries[$0 - 1].key, entries[$0].key) }
        if !isSorted { order.sort { utf8Less(entries[$0].key, entries[$1].key) } }
        for place in order.reversed() {
            let (key, value) = entries[place]
            let before = count
            let isNil = if case .bytes = field.shape { value.isNull } else { false }
            if !isNil { single(field, value, tag: 2 << 3 | ProtobufPlan.wireType(field.shape)) }
            string(key)
            varint(1 << 3 | 2)
            close(before, field.tag)
        }
    }

    private mutating func misfit(_ field: ProtobufPlan.Field) {
        if fault == nil { fault = field.name }
    }

    /// One value with its tag; null is the zero value.
    private mutating func single(_ field: ProtobufPlan.Field, _ value: JSON, tag: UInt64) {
        let before = count
        switch field.shape {
        case .string:
            if let text = value.string { string(text) } else { zero(field, value) }
            return varint(tag)
        case .integer:
            if let number = value.integer {
                varint(UInt64(bitPattern: number))
            } else {
                zero(field, value)
            }
            return varint(tag)
        case .bool:
            if let flag = value.bool { varint(flag ? 1 : 0) } else { zero(field, value) }
            return varint(tag)
        case .double:
            if !value.isNull, value.double == nil { misfit(field) }
            double(value.double ?? 0)
            return varint(tag)
        case .bytes:
            if let text = value.string, let bytes = Base64.decode(text) {
                raw(bytes)
            } else if !value.isNull {
                misfit(field)
            }
        case .message(let target):
            if let object = value.object {
                message(object, target)
            } else {
                if !value.isNull { misfit(field) }
                message([:], target)
            }
        default: special(field, value)
        }
        close(before, tag)
    }

    private mutating func zero(_ field: ProtobufPlan.Field, _ value: JSON) {
        if !value.isNull { misfit(field) }
        varint(0)
    }

    private mutating func double(_ value: Double) {
        need(8)
        count += 8
        withUnsafeBytes(of: value.bitPattern.littleEndian) { source in
            UnsafeMutableRawPointer(base + (capacity - count)).copyMemory(
                from: source.baseAddress ?? UnsafeRawPointer(base), byteCount: 8)
        }
    }

    // MARK: Types whose JSON is not an object of their fields

    private mutating func special(_ field: ProtobufPlan.Field, _ value: JSON) {
        switch (field.shape, value) {
        case (.quantity, .string(let amount)):
            string(amount)
            varint(1 << 3 | 2)
        case (.quantity, .null):
            string("0")
            varint(1 << 3 | 2)
        case (.intOrString, .string(let name)): intOrString(type: 1, 0, name)
        case (.intOrString, .integer(let number)): intOrString(type: 0, number, "")
        case (.intOrString, .null): intOrString(type: 0, 0, "")
        case (.time, .null), (.microTime, .null), (.text, .null), (.strings, .null): break
        case (.time, .string(let moment)): time(field, moment, unit: 1_000_000_000)
        case (.microTime, .string(let moment)): time(field, moment, unit: 1_000)
        case (.duration, .null):
            varint(0)
            varint(1 << 3)
        case (.duration, .string(let span)):
            if let span = GoDuration(span) {
                varint(UInt64(bitPattern: span.nanoseconds))
                varint(1 << 3)
            } else {
                misfit(field)
            }
        case (.text, _): json(value)
        case (.strings, .array(let values)):
            for value in values.reversed() {
                if value.string == nil { misfit(field) }
                string(value.string ?? "")
                varint(1 << 3 | 2)
            }
        default: alternative(field, value)
        }
    }

    private mutating func intOrString(type: UInt64, _ number: Int64, _ text: String) {
        string(text)
        varint(3 << 3 | 2)
        varint(UInt64(bitPattern: number))
        varint(2 << 3)
        varint(type)
        varint(1 << 3)
    }

    /// - Parameter unit: nanoseconds of which there are whole ones only. Go's zero time has no fields.
    private mutating func time(_ field: ProtobufPlan.Field, _ text: String, unit: Int32) {
        guard let moment = Timestamp(text) else { return misfit(field) }
        if moment == Self.zeroTime { return }
        varint(UInt64(moment.nanoseconds / unit * unit))
        varint(2 << 3)
        varint(UInt64(bitPattern: moment.seconds))
        varint(1 << 3)
    }

    private static let zeroTime = Timestamp("0001-01-01T00:00:00Z")

    private mutating func json(_ value: JSON) {
        text.removeAll(keepingCapacity: true)
        JSONWriter.write(value, into: &text)
        let before = count
        raw(text)
        close(before, 1 << 3 | 2)
    }

    /// The places in a CRD's schema where JSON has one of two types.
    private mutating func alternative(_ field: ProtobufPlan.Field, _ value: JSON) {
        switch (field.shape, value) {
        // A schema allows what it describes.
        case (.schemaOrBool(let type), .object): message(["allows": true, "schema": value], type)
        case (.schemaOrBool(let type), .bool): message(["allows": value], type)
        case (.schemaOrBool(let type), .null): message([:], type)
        case (.schemaOrArray(let type), .array): message(["jSONSchemas": value], type)
        case (.schemaOrStrings(let type), .array): message(["property": value], type)
        case (.schemaOrArray(let type), .object), (.schemaOrStrings(let type), .object):
            message(["schema": value], type)
        case (.schemaOrArray(let type), .null), (.schemaOrStrings(let type), .null): message([:], type)
        default: misfit(field)
        }
    }
}
