import KubeJSON

extension FunctionTable {
    mutating func addLists() {
        for type in Self.comparable {
            let list = CELType.list(type)
            member("isSorted", [list], .bool, .deep) { args throws(EvaluationError) in
                let values = try args[0].asList().all()
                for index in values.indices.dropFirst()
                where try Value.order(values[index - 1], values[index]) == .greater {
                    return .bool(false)
                }
                return .bool(true)
            }
            member("min", [list], type, .deep) { args throws(EvaluationError) in
                try ListFunctions.extreme(args[0], .less, "min")
            }
            member("max", [list], type, .deep) { args throws(EvaluationError) in
                try ListFunctions.extreme(args[0], .greater, "max")
            }
            member("sort", [list], list, .sort) { args throws(EvaluationError) in
                let values = try args[0].asList().all()
                return try ListFunctions.sort(values, by: values)
            }
        }
        let zeros: [(CELType, Value)] = [
            (.int, .int(0)), (.uint, .uint(0)), (.double, .double(0)), (.duration, .duration(0)),
        ]
        for (type, zero) in zeros {
            member("sum", [.list(type)], type, .deep) { args throws(EvaluationError) in
                var sum: Value?
                for value in try args[0].asList().all() {
                    guard let before = sum else {
                        sum = value
                        continue
                    }
                    if case .duration = value {
                        sum = try Arithmetic.times(before, value, isSum: true)
                    } else {
                        sum = try Arithmetic.add.apply(before, value)
                    }
                }
                return sum ?? zero
            }
        }
        for (name, isLast) in [("indexOf", false), ("lastIndexOf", true)] {
            member(name, [Self.listA, Self.a], .int, .deep) { args throws(EvaluationError) in
                let values = try args[0].asList().all()
                var found = -1
                for (index, value) in values.enumerated() where try Value.equal(value, args[1]) {
                    found = index
                    if !isLast { break }
                }
                return .int(Int64(found))
            }
        }
        addShapes()
        addSets()
    }

    private mutating func addShapes() {
        member("slice", [Self.listA, .int, .int], Self.listA, .elements(0)) { args throws(EvaluationError) in
            let list = try args[0].asList()
            let (start, end) = (try args[1].asInt(), try args[2].asInt())
            if start < 0 || end < 0 {
                throw .failure("cannot slice(\(start), \(end)), negative indexes not supported")
            }
            if start > end {
                throw .failure(
                    "cannot slice(\(start), \(end)), start index must be less than or equal to end index")
            }
            if end > Int64(list.count) {
                throw .failure("cannot slice(\(start), \(end)), list is length \(list.count)")
            }
            return .list(.values(Array(try list.all()[Int(start)..<Int(end)])))
        }
        member("flatten", [.list(Self.listA)], Self.listA, .elements(0)) { args throws(EvaluationError) in
            .list(.values(try ListFunctions.flatten(try args[0].asList(), 1)))
        }
        member("flatten", [.list(.dyn), .int], .list(.dyn), .elements(0)) { args throws(EvaluationError) in
            let depth = try args[1].asInt()
            if depth < 0 { throw .failure("level must be non-negative") }
            return .list(.values(try ListFunctions.flatten(try args[0].asList(), depth)))
        }
        function("lists.range", [.int], .list(.int), .number(0)) { args throws(EvaluationError) in
            let count = max(try args[0].asInt(), 0)
            return .list(.values((0..<count).map { Value.int($0) }))
        }
        member("reverse", [Self.listA], Self.listA, .elements(0)) { args throws(EvaluationError) in
            .list(.values(try args[0].asList().all().reversed()))
        }
        member("distinct", [Self.listA], Self.listA, .square) { args throws(EvaluationError) in
            var kept: [Value] = []
            var keys: Set<MapKey> = []
            values: for value in try args[0].asList().all() {
                if let key = MapKey(value) {
                    if keys.insert(key).inserted { kept.append(value) }
                    continue
                }
                for other in kept where try Value.equal(value, other) { continue values }
                kept.append(value)
            }
            return .list(.values(kept))
        }
    }

    private mutating func addSets() {
        let types = [Self.listA, Self.listA]
        function("sets.contains", types, .bool, .elementProduct(times: 1)) { args throws(EvaluationError) in
            .bool(try ListFunctions.contains(try args[0].asList(), try args[1].asList()))
        }
        function("sets.equivalent", types, .bool, .elementProduct(times: 2)) { args throws(EvaluationError) in
            let (a, b) = (try args[0].asList(), try args[1].asList())
            guard try ListFunctions.contains(a, b) else { return .bool(false) }
            return .bool(try ListFunctions.contains(b, a))
        }
        function("sets.intersects", types, .bool, .elementProduct(times: 1)) { args throws(EvaluationError) in
            let others = try args[1].asList().all()
            for value in try args[0].asList().all() {
                for other in others where try Value.equal(value, other) { return .bool(true) }
            }
            return .bool(false)
        }
    }

    mutating func addOptionals() {
        let optional = CELType.optional(Self.a)
        function("optional.of", [Self.a], optional) { args throws(EvaluationError) in .optional(args[0]) }
        function("optional.none", [], optional) { args throws(EvaluationError) in .optional(nil) }
        function("optional.ofNonZeroValue", [Self.a], optional) { args throws(EvaluationError) in
            .optional(args[0].isZero ? nil : args[0])
        }
        member("hasValue", [optional], .bool) { args throws(EvaluationError) in
            guard case .optional(let value) = args[0] else { throw .noSuchOverload }
            return .bool(value != nil)
        }
        member("value", [optional], Self.a) { args throws(EvaluationError) in
            guard case .optional(let value) = args[0] else { throw .noSuchOverload }
            guard let value else { throw .failure("optional.none() dereference") }
            return value
        }
        // The checker makes operations of their own of these two.
        member("or", [optional, optional], optional) { args throws(EvaluationError) in args[0] }
        member("orValue", [optional, Self.a], Self.a) { args throws(EvaluationError) in args[1] }
        member("first", [Self.listA], optional) { args throws(EvaluationError) in
            let list = try args[0].asList()
            return .optional(list.count == 0 ? nil : try list.element(0))
        }
        member("last", [Self.listA], optional) { args throws(EvaluationError) in
            let list = try args[0].asList()
            return .optional(list.count == 0 ? nil : try list.element(list.count - 1))
        }
        let unwrap: Overload.Implementation = { args throws(EvaluationError) in
            var values: [Value] = []
            for item in try args[0].asList().all() {
                guard case .optional(let value) = item else { throw .noSuchOverload }
                if let value { values.append(value) }
            }
            return .list(.values(values))
        }
        function("optional.unwrap", [.list(optional)], Self.listA, .fixed(1), unwrap)
        member("unwrapOpt", [.list(optional)], Self.listA, .fixed(1), unwrap)
    }
}

enum ListFunctions {
    static func join(_ left: ListValue, _ right: ListValue) throws(EvaluationError) -> ListValue {
        // Sets and maps take over what they have not yet.
        switch (left, right) {
        case (.json(let a, let shape, .set), _):
            var values = try left.all()
            for value in try right.all() {
                var isThere = false
                for other in values where try Value.equal(value, other) { isThere = true }
                if !isThere { values.append(value) }
            }
            var array: [JSON] = a
            for value in values.dropFirst(a.count) { array.append(try value.json()) }
            return .json(array, shape, .set)
        case (.json(let a, let shape, .map(let keys)), .json(let b, _, _)):
            var array = a
            var positions: [ListKey: Int] = [:]
            for (index, item) in a.enumerated() { positions[ListKey(item, keys)] = index }
            for item in b {
                if let index = positions[ListKey(item, keys)] {
                    array[index] = item
                } else {
                    positions[ListKey(item, keys)] = array.count
                    array.append(item)
                }
            }
            return .json(array, shape, .map(keys: keys))
        default:
            let first = try left.all()
            return .values(first + (try right.all()))
        }
    }

    static func contains(_ list: ListValue, _ wanted: ListValue) throws(EvaluationError) -> Bool {
        let values = try list.all()
        for value in try wanted.all() {
            var isThere = false
            for other in values where try Value.equal(value, other) {
                isThere = true
                break
            }
            if !isThere { return false }
        }
        return true
    }

    static func flatten(_ list: ListValue, _ depth: Int64) throws(EvaluationError) -> [Value] {
        var values: [Value] = []
        for value in try list.all() {
            if depth > 0, case .list(let inner) = value {
                values += try flatten(inner, depth - 1)
            } else {
                values.append(value)
            }
        }
        return values
    }

    static func extreme(
        _ list: Value, _ wanted: Value.Order, _ name: String
    ) throws(EvaluationError) -> Value {
        let values = try list.asList().all()
        guard var best = values.first else { throw .failure("\(name) called on empty list") }
        for value in values.dropFirst() where try Value.order(value, best) == wanted { best = value }
        return best
    }

    /// Stable, by merging.
    static func sort(_ values: [Value], by keys: [Value]) throws(EvaluationError) -> Value {
        if let first = keys.first {
            for key in keys where key.type != first.type {
                throw .failure("list elements must have the same type")
            }
        }
        var order = Array(values.indices)
        var width = 1
        while width < order.count {
            var merged: [Int] = []
            merged.reserveCapacity(order.count)
            for start in stride(from: 0, to: order.count, by: width * 2) {
                var left = start
                let middle = min(start + width, order.count)
                var right = middle
                let end = min(start + 2 * width, order.count)
                while left < middle || right < end {
                    if left == middle {
                        merged.append(order[right])
                        right += 1
                    } else if right == end {
                        merged.append(order[left])
                        left += 1
                    } else if try Value.order(keys[order[right]], keys[order[left]]) == .less {
                        merged.append(order[right])
                        right += 1
                    } else {
                        merged.append(order[left])
                        left += 1
                    }
                }
            }
            order = merged
            width *= 2
        }
        return .list(.values(order.map { values[$0] }))
    }
}

extension Value {
    /// Whether it is what a field that is left out would be.
    var isZero: Bool {
        switch self {
        case .null: true
        case .bool(let value): !value
        case .int(let value): value == 0
        case .uint(let value): value == 0
        case .double(let value): value == 0
        case .string(let value): value.isEmpty
        case .bytes(let value): value.isEmpty
        case .list(let value): value.count == 0
        case .map(let value): value.count == 0
        case .object(let value, _): value.isEmpty
        case .duration(let value): value == 0
        case .optional(let value): value == nil
        default: false
        }
    }
}
