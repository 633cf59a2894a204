import KubeJSON

/// One round of evaluations over the same variables: what was computed once is kept, and what it all cost is
/// counted.
public struct Evaluation {
    /// Upstream's limits in units of cost (k8s.io/apiserver/pkg/apis/cel).
    public static let callLimit: UInt64 = 1_000_000

    private var slots: [Result<Value, EvaluationError>?]
    /// The variables of the folds that are under way.
    private var locals: [Value] = []
    /// What the present call may still cost.
    private var allowance: UInt64 = 0

    /// - Parameter environment: the one that the expressions were compiled in, or one that extends it.
    public init(_ environment: Environment) {
        slots = Array(repeating: nil, count: environment.slotCount)
    }

    /// Hands in the value of a variable.
    public mutating func set(_ slot: Int, _ value: Value) { put(slot, .success(value)) }

    private mutating func put(_ slot: Int, _ value: Result<Value, EvaluationError>) {
        while slots.count <= slot { slots.append(nil) }
        slots[slot] = value
    }

    /// Evaluates an expression.
    /// - Parameter limit: what it may cost at most.
    /// - Returns: the value or why there is none, and the cost.
    public mutating func run(
        _ program: Program, limit: UInt64 = callLimit
    ) -> (Result<Value, EvaluationError>, cost: UInt64) {
        allowance = limit
        do {
            let value = try evaluate(program.operation)
            return (.success(value), limit - allowance)
        } catch {
            return (.failure(error), limit - allowance)
        }
    }

    private mutating func charge(_ amount: UInt64) throws(EvaluationError) {
        if amount > allowance {
            allowance = 0
            throw .costExceeded
        }
        allowance -= amount
    }

    // MARK: Operations

    private mutating func evaluate(_ operation: Operation) throws(EvaluationError) -> Value {
        switch operation {
        case .constant(let value): return value
        case .slot(let slot):
            try charge(1)
            guard slot < slots.count, let value = slots[slot] else {
                throw .failure("no such attribute(s)")
            }
            return try value.get()
        case .local(let index):
            try charge(1)
            return locals[index]
        case .computed(let slot, let definition):
            try charge(1)
            return try computed(slot, definition)
        case .select(let operand, let field):
            let value = try evaluate(operand)
            try charge(1)
            if case .optional(let inner) = value {
                guard let inner else { return .optional(nil) }
                return .optional(try find(field, in: inner))
            }
            guard let found = try find(field, in: value) else { throw .noSuchKey(field) }
            return found
        case .optionalSelect(let operand, let field):
            var value = try evaluate(operand)
            try charge(1)
            if case .optional(let inner) = value {
                guard let inner else { return .optional(nil) }
                value = inner
            }
            return .optional(try find(field, in: value))
        case .has(let operand, let field):
            var value = try evaluate(operand)
            if case .optional(let inner) = value {
                guard let inner else { return .bool(false) }
                value = inner
            }
            return .bool(try has(field, in: value))
        case .and(let terms): return .bool(try logic(terms, decidedBy: false))
        case .or(let terms): return .bool(try logic(terms, decidedBy: true))
        case .conditional(let condition, let yes, let no):
            guard case .bool(let isTrue) = try evaluate(condition) else { throw .noSuchOverload }
            return try evaluate(isTrue ? yes : no)
        case .equal(let left, let right, let negated):
            let a = try evaluate(left)
            let b = try evaluate(right)
            let weight = min(a.weight, b.weight)
            try charge(weight / 10 + (weight % 10 == 0 ? 0 : 1))
            return .bool(try Value.equal(a, b) != negated)
        case .index(let operand, let key):
            let value = try evaluate(operand)
            let key = try evaluate(key)
            try charge(1)
            if case .optional(let inner) = value {
                guard let inner else { return .optional(nil) }
                return .optional(try lookUp(key, in: inner))
            }
            if let found = try lookUp(key, in: value) { return found }
            if case .list = value { throw .failure("index out of bounds: \(key.shown)") }
            throw .noSuchKey(key.shown)
        case .optionalIndex(let operand, let key):
            var value = try evaluate(operand)
            let key = try evaluate(key)
            try charge(1)
            if case .optional(let inner) = value {
                guard let inner else { return .optional(nil) }
                value = inner
            }
            return .optional(try lookUp(key, in: value))
        case .call(let call): return try self.call(call)
        case .list(let elements, let optionals): return try list(elements, optionals)
        case .map(let entries): return try map(entries)
        case .message(let name, let fields): return try message(name, fields)
        case .fold(let fold): return try self.fold(fold)
        case .optionalOr(let left, let right, let unwraps):
            guard case .optional(let inner) = try evaluate(left) else { throw .noSuchOverload }
            if let inner { return unwraps ? inner : .optional(inner) }
            let other = try evaluate(right)
            if unwraps { return other }
            guard case .optional = other else { throw .noSuchOverload }
            return other
        }
    }

    private mutating func computed(
        _ slot: Int, _ definition: Operation
    ) throws(EvaluationError) -> Value {
        if slot < slots.count, let value = slots[slot] { return try value.get() }
        // The definition has folds of its own, whose variables are counted from nothing.
        let outer = locals
        locals = []
        defer { locals = outer }
        do {
            let value = try evaluate(definition)
            put(slot, .success(value))
            return value
        } catch {
            if !error.isCancelled { put(slot, .failure(error)) }
            throw error
        }
    }

    /// `&&` and `||`: one term that decides outweighs errors in others.
    private mutating func logic(
        _ terms: [Operation], decidedBy deciding: Bool
    ) throws(EvaluationError) -> Bool {
        var problem: EvaluationError?
        for term in terms {
            do {
                if case .bool(let value) = try evaluate(term) {
                    if value == deciding { return deciding }
                } else if problem == nil {
                    problem = .noSuchOverload
                }
            } catch {
                if error.isCancelled { throw error }
                if problem == nil { problem = error }
            }
        }
        if let problem { throw problem }
        return !deciding
    }

    private mutating func call(_ call: Operation.Call) throws(EvaluationError) -> Value {
        var arguments: [Value] = []
        arguments.reserveCapacity(call.arguments.count)
        for argument in call.arguments { arguments.append(try evaluate(argument)) }
        guard let overload = call.overloads.first(where: { $0.accepts(arguments) }) else {
            if call.name.hasSuffix("_") || call.name == "@in" { throw .noSuchOverload }
            let types = arguments.map(\.type.runtimeName).joined(separator: ", ")
            throw .failure("no such overload: \(call.name)(\(types))")
        }
        // Charged before the work is done, which is then not done for nothing.
        try charge(overload.cost.amount(arguments))
        return try overload.run(arguments)
    }

    // MARK: Fields and elements

    private func find(_ field: String, in value: Value) throws(EvaluationError) -> Value? {
        switch value {
        case .map(let map): return try map.find(.string(field))
        case .object(let object, let type):
            guard let known = type.fields[field], let found = object[known.key] else { return nil }
            return try Value(found, as: known.shape)
        case .message(_, let entries): return entries[.string(field)]
        default: throw .noSuchOverload
        }
    }

    private func has(_ field: String, in value: Value) throws(EvaluationError) -> Bool {
        switch value {
        case .map(let map): return map.contains(.string(field))
        case .object(let object, let type):
            return type.fields[field].map { object.contains($0.key) } ?? false
        case .message(_, let entries): return entries[.string(field)] != nil
        default: throw .noSuchOverload
        }
    }

    private func lookUp(_ key: Value, in value: Value) throws(EvaluationError) -> Value? {
        switch value {
        case .list(let list):
            let index: Int64?
            switch key {
            case .int(let value): index = value
            case .uint(let value): index = Int64(exactly: value)
            case .double(let value): index = Int64(exactly: value)
            default: throw .failure("unsupported index type '\(key.type.runtimeName)' in list")
            }
            guard let index, index >= 0, index < Int64(list.count) else { return nil }
            return try list.element(Int(index))
        case .map(let map): return try map.find(key)
        case .object:
            guard case .string(let field) = key else { throw .noSuchOverload }
            return try find(field, in: value)
        default: throw .noSuchOverload
        }
    }

    // MARK: Aggregates

    private mutating func list(
        _ elements: [Operation], _ optionals: [Bool]
    ) throws(EvaluationError) -> Value {
        try charge(10)
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for (element, isOptional) in zip(elements, optionals) {
            if let value = try entry(element, isOptional) { values.append(value) }
        }
        return .list(.values(values))
    }

    private mutating func entry(
        _ operation: Operation, _ isOptional: Bool
    ) throws(EvaluationError) -> Value? {
        let value = try evaluate(operation)
        guard isOptional else { return value }
        guard case .optional(let inner) = value else {
            throw .failure("cannot initialize optional list element from non-optional value \(value.shown)")
        }
        return inner
    }

    private mutating func map(_ entries: [Operation.Entry]) throws(EvaluationError) -> Value {
        try charge(30)
        var result = MapEntries()
        for entry in entries {
            let key = try evaluate(entry.key)
            guard let value = try self.entry(entry.value, entry.isOptional) else { continue }
            if !(try result.insert(key, value)) { throw .failure("Failed with repeated key") }
        }
        return .map(.values(result))
    }

    private mutating func message(
        _ name: String, _ fields: [Operation.Field]
    ) throws(EvaluationError) -> Value {
        try charge(40)
        var result = MapEntries()
        for field in fields {
            guard let value = try entry(field.value, field.isOptional) else { continue }
            if !(try result.insert(.string(field.name), value)) {
                throw .failure("Failed with repeated key")
            }
        }
        return .message(name, result)
    }

    // MARK: Folds

    private mutating func bind(_ local: Int, _ value: Value) {
        while locals.count <= local { locals.append(.null) }
        locals[local] = value
    }

    private mutating func bind(
        _ fold: Operation.Fold, _ range: Value, _ index: Int
    ) throws(EvaluationError) {
        switch range {
        case .list(let list):
            let element = try list.element(index)
            bind(fold.slot, fold.hasTwoVariables ? .int(Int64(index)) : element)
            if fold.hasTwoVariables { bind(fold.slot + 1, element) }
        case .map(let map):
            bind(fold.slot, map.key(index))
            if fold.hasTwoVariables { bind(fold.slot + 1, try map.value(index)) }
        default: throw .noSuchOverload
        }
    }

    private mutating func condition(_ operation: Operation) throws(EvaluationError) -> Bool {
        guard case .bool(let value) = try evaluate(operation) else { throw .noSuchOverload }
        return value
    }

    private mutating func fold(_ fold: Operation.Fold) throws(EvaluationError) -> Value {
        let range = try evaluate(fold.range)
        if fold.kind == .optMap || fold.kind == .optFlatMap { return try optionalMap(fold, range) }
        let count: Int
        switch range {
        case .list(let list): count = list.count
        case .map(let map): count = map.count
        default: throw .noSuchOverload
        }
        try charge(1)
        switch fold.kind {
        case .all: return .bool(try quantify(fold, range, count, decidedBy: false))
        case .exists: return .bool(try quantify(fold, range, count, decidedBy: true))
        case .existsOne:
            var found = 0
            for index in 0..<count {
                try bind(fold, range, index)
                try charge(1)
                if try condition(fold.body) {
                    found += 1
                    try charge(1)
                }
            }
            try charge(1)
            return .bool(found == 1)
        case .transformMap, .transformMapEntry: return try transformMap(fold, range, count)
        default: return try transformList(fold, range, count)
        }
    }

    private mutating func quantify(
        _ fold: Operation.Fold, _ range: Value, _ count: Int, decidedBy deciding: Bool
    ) throws(EvaluationError) -> Bool {
        var problem: EvaluationError?
        for index in 0..<count {
            try bind(fold, range, index)
            try charge(deciding ? 4 : 3)
            do {
                if try condition(fold.body) == deciding {
                    // That there is no need to go on is found before the next element.
                    if index + 1 < count { try charge(deciding ? 3 : 2) }
                    return deciding
                }
            } catch {
                if error.isCancelled { throw error }
                if problem == nil { problem = error }
            }
        }
        if let problem { throw problem }
        return !deciding
    }

    private mutating func transformList(
        _ fold: Operation.Fold, _ range: Value, _ count: Int
    ) throws(EvaluationError) -> Value {
        var values: [Value] = []
        var keys: [Value] = []
        try charge(10)
        for index in 0..<count {
            try bind(fold, range, index)
            if let filter = fold.filter, !(try condition(filter)) {
                try charge(1)
                continue
            }
            if fold.kind != .filter { try charge(12) }
            switch fold.kind {
            case .filter:
                let element = locals[fold.slot]
                let isKept = try condition(fold.body)
                try charge(isKept ? 13 : 1)
                if isKept { values.append(element) }
            case .sortBy:
                keys.append(try evaluate(fold.body))
                values.append(locals[fold.slot])
            default: values.append(try evaluate(fold.body))
            }
        }
        if fold.kind == .sortBy { return try ListFunctions.sort(values, by: keys) }
        return .list(.values(values))
    }

    private mutating func transformMap(
        _ fold: Operation.Fold, _ range: Value, _ count: Int
    ) throws(EvaluationError) -> Value {
        var entries = MapEntries()
        try charge(30)
        for index in 0..<count {
            try bind(fold, range, index)
            if let filter = fold.filter, !(try condition(filter)) {
                try charge(1)
                continue
            }
            try charge(fold.kind == .transformMap ? 3 : 2)
            let key = locals[fold.slot]
            let value = try evaluate(fold.body)
            if fold.kind == .transformMap {
                _ = try entries.insert(key, value)
                continue
            }
            guard case .map(let map) = value else { throw .noSuchOverload }
            for index in 0..<map.count {
                let key = map.key(index)
                if !(try entries.insert(key, try map.value(index))) {
                    throw .failure("insert failed: key \(key.shown) already exists")
                }
            }
        }
        return .map(.values(entries))
    }

    private mutating func optionalMap(
        _ fold: Operation.Fold, _ range: Value
    ) throws(EvaluationError) -> Value {
        guard case .optional(let inner) = range else { throw .noSuchOverload }
        guard let inner else { return .optional(nil) }
        bind(fold.slot, inner)
        let result = try evaluate(fold.body)
        if fold.kind == .optMap { return .optional(result) }
        guard case .optional = result else { throw .noSuchOverload }
        return result
    }
}
