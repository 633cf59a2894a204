import KubeJSON

extension Value {
    /// CEL's equality: values of different types are unequal, numbers are compared as numbers, NaN is equal
    /// to nothing.
    static func equal(_ left: Value, _ right: Value) throws(EvaluationError) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let a), .bool(let b)): return a == b
        case (.string(let a), .string(let b)): return sameText(a, b)
        case (.bytes(let a), .bytes(let b)): return a == b
        case (.duration(let a), .duration(let b)): return a == b
        case (.timestamp(let a), .timestamp(let b)): return a == b
        case (.type(let a), .type(let b)): return a.runtimeName == b.runtimeName
        case (.list(let a), .list(let b)): return try equal(a, b)
        case (.map(let a), .map(let b)): return try equal(a, b)
        case (.object(let a, let type), .object(let b, let other)):
            guard type == other else { return false }
            return try equal(a, b, as: type)
        case (.object(let a, _), .map(let b)): return try equal(.json(a, .dyn), b)
        case (.map(let a), .object(let b, _)): return try equal(a, .json(b, .dyn))
        case (.message(let name, let a), .message(let other, let b)):
            guard name == other else { return false }
            return try equal(.values(a), .values(b))
        case (.optional(let a), .optional(let b)):
            guard let a, let b else { return a == nil && b == nil }
            return try equal(a, b)
        case (.opaque(let a), .opaque(let b)): return a.isEqual(b)
        default: return numericOrder(left, right) == .some(.same)
        }
    }

    private static func equal(_ left: ListValue, _ right: ListValue) throws(EvaluationError) -> Bool {
        guard left.count == right.count else { return false }
        switch left.kind {
        case .atomic: break
        case .set:
            guard try contains(right, left) else { return false }
            return try contains(left, right)
        case .map(let keys):
            guard case .json(let a, let shape, _) = left, case .json(let b, _, _) = right else { break }
            let others = Dictionary(
                b.map { (ListKey($0, keys), $0) }, uniquingKeysWith: { first, _ in first })
            for item in a {
                guard let other = others[ListKey(item, keys)] else { return false }
                if !(try equal(Value(item, as: shape), Value(other, as: shape))) { return false }
            }
            return true
        }
        for index in 0..<left.count
        where !(try equal(left.element(index), right.element(index))) { return false }
        return true
    }

    private static func contains(_ list: ListValue, _ wanted: ListValue) throws(EvaluationError) -> Bool {
        let values = try list.all()
        let keys = Set(values.compactMap(MapKey.init))
        let others = values.filter { MapKey($0) == nil }
        for value in try wanted.all() {
            if let key = MapKey(value) {
                if !keys.contains(key) { return false }
            } else {
                var isThere = false
                for other in others where try equal(value, other) { isThere = true }
                if !isThere { return false }
            }
        }
        return true
    }

    private static func equal(_ left: MapValue, _ right: MapValue) throws(EvaluationError) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count {
            guard let other = try right.find(left.key(index)) else { return false }
            if !(try equal(left.value(index), other)) { return false }
        }
        return true
    }

    private static func equal(
        _ left: JSONObject, _ right: JSONObject, as type: ObjectType
    ) throws(EvaluationError) -> Bool {
        for field in type.fields.values {
            switch (left[field.key], right[field.key]) {
            case (nil, nil): continue
            case (let a?, let b?):
                if !(try equal(Value(a, as: field.shape), Value(b, as: field.shape))) { return false }
            default: return false
            }
        }
        return true
    }

    enum Order {
        case less
        case same
        case greater

        init<T: Comparable>(_ left: T, _ right: T) {
            self = left < right ? .less : (left == right ? .same : .greater)
        }
        var reversed: Order { self == .less ? .greater : (self == .greater ? .less : .same) }
    }

    /// The order of two values of which there is one; nil for NaN. Of different types only numbers have one.
    static func order(_ left: Value, _ right: Value) throws(EvaluationError) -> Order? {
        switch (left, right) {
        case (.bool(let a), .bool(let b)): return Order(a ? 1 : 0, b ? 1 : 0)
        case (.string(let a), .string(let b)):
            return utf8Less(a, b) ? .less : (sameText(a, b) ? .same : .greater)
        case (.bytes(let a), .bytes(let b)):
            return a.lexicographicallyPrecedes(b) ? .less : (a == b ? .same : .greater)
        case (.duration(let a), .duration(let b)): return Order(a, b)
        case (.timestamp(let a), .timestamp(let b)):
            return a.seconds == b.seconds
                ? Order(a.nanoseconds, b.nanoseconds) : Order(a.seconds, b.seconds)
        default:
            guard let order = numericOrder(left, right) else { throw .noSuchOverload }
            return order
        }
    }

    /// Nil when one is no number; `.some(nil)` when one is NaN.
    private static func numericOrder(_ left: Value, _ right: Value) -> Order?? {
        switch (left, right) {
        case (.int(let a), .int(let b)): return Order(a, b)
        case (.uint(let a), .uint(let b)): return Order(a, b)
        case (.double(let a), .double(let b)): return a.isNaN || b.isNaN ? .some(nil) : Order(a, b)
        case (.int(let a), .uint(let b)): return a < 0 ? .less : Order(UInt64(a), b)
        case (.uint(let a), .int(let b)): return b < 0 ? .greater : Order(a, UInt64(b))
        case (.int(let a), .double(let b)): return exactOrder(a, b)
        case (.double(let a), .int(let b)): return .some(exactOrder(b, a)?.reversed)
        case (.uint(let a), .double(let b)): return exactOrder(a, b)
        case (.double(let a), .uint(let b)): return .some(exactOrder(b, a)?.reversed)
        default: return nil
        }
    }

    private static func exactOrder<T: FixedWidthInteger>(_ left: T, _ right: Double) -> Order? {
        if right.isNaN { return nil }
        if right < Double(T.min) { return .greater }
        // The bound itself is a power of two that the type does not reach.
        if right >= Double(T.max) { return .less }
        let whole = T(right.rounded(.down))
        if left != whole { return Order(left, whole) }
        return right > right.rounded(.down) ? .less : .same
    }
}

/// What identifies an element of a list of objects.
struct ListKey: Hashable {
    let values: [JSON?]

    init(_ item: JSON, _ keys: [String]) { values = keys.map { item[$0] } }
}
