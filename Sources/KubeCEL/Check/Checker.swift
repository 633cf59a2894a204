/// Finds the types of an expression and what its names mean (the type checker of cel-spec).
struct Checker {
    private let environment: Environment
    private(set) var issues: [CompileIssue] = []
    private(set) var references: Set<String> = []
    private var types = Substitutions()
    /// The members of each list, and the keys and the values of each map, that are written out.
    private var literals: [[[(position: Int, type: CELType)]]] = []
    /// How many calls of `format` are around what is checked.
    private var formats = 0
    private var locals: [(name: String, type: CELType, slot: Int)] = []

    typealias Checked = (Operation, CELType)
    private static let failed: Checked = (.constant(.null), .error)

    init(_ environment: Environment) { self.environment = environment }

    /// With unknown types as `dyn`.
    func closed(_ type: CELType) -> CELType { types.apply(type, closing: true) }

    private func known(_ type: CELType) -> CELType { types.apply(type) }

    private mutating func complain(_ message: String, at position: Int) {
        // Upstream stops at a hundred.
        if issues.count < 100 { issues.append(CompileIssue(message, at: position)) }
    }

    private mutating func undeclared(_ name: String, at position: Int) -> Checked {
        complain("undeclared reference to '\(name)' (in container '')", at: position)
        return Self.failed
    }

    private mutating func mismatch(_ wanted: CELType, _ found: CELType, at position: Int) {
        complain("expected type '\(closed(wanted).name)' but found '\(closed(found).name)'", at: position)
    }

    mutating func check(_ expression: Expression) -> Checked {
        let position = expression.position
        switch expression.kind {
        case .literal(let value): return (.constant(value), value.type)
        case .identifier(let name): return identifier(name) ?? undeclared(name, at: position)
        case .select(let operand, let field):
            if let name = qualifiedName(expression), let found = qualified(name) { return found }
            let (operation, type) = selection(operand, field, position)
            return (.select(operation, field), type)
        case .optionalSelect(let operand, let field):
            let (operation, type) = selection(operand, field, position)
            if case .optional = type { return (.optionalSelect(operation, field), type) }
            return (.optionalSelect(operation, field), .optional(type))
        case .has(let operand, let field):
            let (operation, _) = selection(operand, field, position)
            return (.has(operation, field), .bool)
        case .call(let name, let target, let arguments): return call(name, target, arguments, position)
        case .and(let terms): return (.and(logic(terms)), .bool)
        case .or(let terms): return (.or(logic(terms)), .bool)
        case .list(let elements): return list(elements)
        case .map(let entries): return map(entries)
        case .message(let name, let fields): return message(name, fields, position)
        case .fold(let fold): return self.fold(fold, position)
        }
    }

    // MARK: Names

    private mutating func identifier(_ name: String) -> Checked? {
        if let local = locals.last(where: { $0.name == name }) { return (.local(local.slot), local.type) }
        return qualified(name)
    }

    private mutating func qualified(_ name: String) -> Checked? {
        if let variable = environment.resolve(name) {
            references.insert(name)
            if let definition = variable.definition {
                return (.computed(variable.slot, definition), variable.type)
            }
            return (.slot(variable.slot), variable.type)
        }
        return Environment.types[name].map { (.constant(.type($0)), .type($0)) }
    }

    /// `a.b.c` when that is what is written and `a` is no variable of a fold.
    private func qualifiedName(_ expression: Expression) -> String? {
        switch expression.kind {
        case .identifier(let name): return locals.contains { $0.name == name } ? nil : name
        case .select(let operand, let field): return qualifiedName(operand).map { $0 + "." + field }
        default: return nil
        }
    }

    private mutating func selection(
        _ operand: Expression, _ field: String, _ position: Int
    ) -> Checked {
        let (operation, found) = check(operand)
        let type = known(found)
        var target = type
        var isOptional = false
        if case .optional(let value) = type { (target, isOptional) = (known(value), true) }
        let result: CELType
        switch target {
        case .map(_, let value): result = known(value)
        case .object(let object):
            if let member = object.fields[field] {
                result = member.shape.type
            } else {
                complain("undefined field '\(field)'", at: position)
                result = .error
            }
        case .variable:
            _ = types.assign(.dyn, to: target)
            result = .dyn
        case .dyn, .error: result = .dyn
        default:
            complain("type '\(closed(target).name)' does not support field selection", at: position)
            result = .dyn
        }
        return (operation, isOptional ? .optional(result) : result)
    }

    // MARK: Calls

    private mutating func logic(_ terms: [Expression]) -> [Operation] {
        let checked = terms.map { ($0.position, check($0)) }
        for (position, (_, type)) in checked where !types.assign(type, to: .bool) {
            mismatch(.bool, type, at: position)
        }
        return checked.map(\.1.0)
    }

    private mutating func call(
        _ name: String, _ target: Expression?, _ arguments: [Expression], _ position: Int
    ) -> Checked {
        if name == "format" { formats += 1 }
        defer { if name == "format" { formats -= 1 } }
        var checked = arguments.map { check($0) }
        guard let target else {
            return resolve(name, isMember: false, checked, arguments, position)
        }
        // `a.b(c)` may be a function named `a.b`.
        if let prefix = qualifiedName(target), environment.functions[prefix + "." + name] != nil {
            return resolve(prefix + "." + name, isMember: false, checked, arguments, position)
        }
        checked.insert(check(target), at: 0)
        return resolve(name, isMember: true, checked, [target] + arguments, position)
    }

    private mutating func resolve(
        _ name: String, isMember: Bool, _ arguments: [Checked], _ written: [Expression], _ position: Int
    ) -> Checked {
        guard let overloads = environment.functions[name] else { return undeclared(name, at: position) }
        let found = arguments.map(\.1)
        var fitting: [Overload] = []
        var result: CELType?
        for overload in overloads where overload.isMember == isMember {
            let instance = types.instantiate(overload.parameters + [overload.result])
            guard types.assign(found, to: Array(instance.dropLast())) else { continue }
            fitting.append(overload)
            let type = known(instance.last ?? .dyn)
            if let before = result {
                if before != .dyn, type != before { result = .dyn }
            } else {
                result = type
            }
        }
        guard let result else {
            let names = found.map { closed($0).name }
            let shown =
                isMember
                ? "\(names[0]).(\(names.dropFirst().joined(separator: ", ")))"
                : "(\(names.joined(separator: ", ")))"
            complain("found no matching overload for '\(name)' applied to '\(shown)'", at: position)
            return Self.failed
        }
        let operands = arguments.enumerated().map {
            literal(name, $0.offset, $0.element.0, written, isMember)
        }
        return (operation(name, fitting, operands), result)
    }

    private func operation(_ name: String, _ overloads: [Overload], _ arguments: [Operation]) -> Operation {
        switch (name, arguments.count) {
        case ("_?_:_", 3): .conditional(arguments[0], arguments[1], arguments[2])
        case ("_==_", 2): .equal(arguments[0], arguments[1], negated: false)
        case ("_!=_", 2): .equal(arguments[0], arguments[1], negated: true)
        case ("_[_]", 2): .index(arguments[0], arguments[1])
        case ("_[?_]", 2): .optionalIndex(arguments[0], arguments[1])
        case ("or", 2): .optionalOr(arguments[0], arguments[1], unwraps: false)
        case ("orValue", 2): .optionalOr(arguments[0], arguments[1], unwraps: true)
        default: .call(Operation.Call(name: name, overloads: overloads, arguments: arguments))
        }
    }

    /// Arguments that are written out are looked at now: patterns are compiled, times checked.
    private mutating func literal(
        _ name: String, _ index: Int, _ operation: Operation, _ written: [Expression], _ isMember: Bool
    ) -> Operation {
        guard case .constant(.string(let text)) = operation, index < written.count else { return operation }
        let position = written[index].position
        switch (name, index) {
        case ("matches", 1), ("find", 1), ("findAll", 1):
            guard let pattern = Pattern(text) else {
                complain("invalid \(name) argument", at: position)
                return operation
            }
            return .constant(.opaque(.pattern(pattern)))
        case ("duration", 0):
            if DurationText.parse(text) == nil { complain("invalid duration argument", at: position) }
        case ("timestamp", 0):
            if TimestampText.parse(text) == nil { complain("invalid timestamp argument", at: position) }
        default: break
        }
        return operation
    }

    // MARK: Aggregates

    private mutating func list(_ elements: [Expression.Element]) -> Checked {
        var operations: [Operation] = []
        var joined: CELType?
        var members: [(position: Int, type: CELType)] = []
        for element in elements {
            let (operation, found) = check(element.value)
            operations.append(operation)
            let type = element.isOptional ? unwrapped(found, at: element.value.position) : found
            joined = join(joined, type)
            members.append((element.value.position, type))
        }
        if formats == 0 { literals.append([members]) }
        let type = CELType.list(joined ?? types.fresh())
        return (.list(operations, elements.map(\.isOptional)), type)
    }

    private mutating func map(_ entries: [Expression.Entry]) -> Checked {
        var operations: [Operation.Entry] = []
        var keys: CELType?
        var values: CELType?
        var keyMembers: [(position: Int, type: CELType)] = []
        var valueMembers: [(position: Int, type: CELType)] = []
        for entry in entries {
            let (key, keyType) = check(entry.key)
            keys = join(keys, keyType)
            keyMembers.append((entry.key.position, keyType))
            let (value, found) = check(entry.value)
            let type = entry.isOptional ? unwrapped(found, at: entry.value.position) : found
            values = join(values, type)
            valueMembers.append((entry.value.position, type))
            operations.append(Operation.Entry(key: key, value: value, isOptional: entry.isOptional))
        }
        if formats == 0 { literals.append([keyMembers, valueMembers]) }
        return (.map(operations), .map(keys ?? types.fresh(), values ?? types.fresh()))
    }

    private mutating func unwrapped(_ type: CELType, at position: Int) -> CELType {
        let type = known(type)
        if case .optional(let value) = type { return value }
        if type != .dyn { mismatch(.optional(type), type, at: position) }
        return type
    }

    private mutating func join(_ previous: CELType?, _ type: CELType) -> CELType {
        guard let previous else { return type }
        guard types.assign(type, to: previous) else { return .dyn }
        return Substitutions.isAtMostAsSpecific(previous, type) ? previous : type
    }

    /// Says where lists and maps that are written out mix types: Kubernetes allows that in what is formatted
    /// only. To be called when all types are known and nothing else is wrong.
    mutating func checkLiterals() {
        for groups in literals {
            for members in groups {
                guard let first = members.first.map({ closed($0.type) }) else { continue }
                for (position, type) in members.dropFirst() where closed(type) != first {
                    mismatch(first, type, at: position)
                    break
                }
            }
        }
    }

    private mutating func message(
        _ name: String, _ fields: [Expression.Field], _ position: Int
    ) -> Checked {
        guard let declared = environment.messages(name) else { return undeclared(name, at: position) }
        var operations: [Operation.Field] = []
        for field in fields {
            let (value, found) = check(field.value)
            let type = field.isOptional ? unwrapped(found, at: field.value.position) : found
            if case .fields(let known) = declared {
                if let wanted = known[field.name] {
                    if !types.assign(type, to: wanted) {
                        complain(
                            "expected type of field '\(field.name)' is '\(closed(wanted).name)' but provided type is '\(closed(type).name)'",
                            at: field.position)
                    }
                } else {
                    complain("undefined field '\(field.name)'", at: field.position)
                }
            }
            operations.append(
                Operation.Field(name: field.name, value: value, isOptional: field.isOptional))
        }
        return (.message(name, operations), .object(ObjectType(name: name, fields: [:])))
    }

    // MARK: Folds

    private mutating func fold(_ fold: Expression.Fold, _ position: Int) -> Checked {
        let (range, rangeType) = check(fold.range)
        if fold.kind == .optMap || fold.kind == .optFlatMap {
            return optionalMap(fold, range, rangeType, position)
        }
        let (first, second) = elements(of: known(rangeType), fold)
        let slot = locals.count
        locals.append((fold.variables[0], first, slot))
        // A fold of one variable keeps its second slot unnamed.
        locals.append((fold.variables.count > 1 ? fold.variables[1] : "", second, slot + 1))
        let filter = fold.filter.map { check($0) }
        let (body, bodyType) = check(fold.body)
        locals.removeLast(2)
        let operation = Operation.fold(
            Operation.Fold(
                kind: fold.kind, range: range, slot: slot, hasTwoVariables: fold.variables.count > 1,
                filter: filter?.0, body: body))
        let type = result(fold, known(rangeType), first, bodyType, position)
        if let filter, !types.assign(filter.1, to: .bool) {
            noCondition(filter.1, known(type), at: position)
        }
        return (operation, type)
    }

    private mutating func noCondition(_ condition: CELType, _ type: CELType, at position: Int) {
        let names = [condition, type, type].map { closed($0).name }.joined(separator: ", ")
        complain("found no matching overload for '_?_:_' applied to '(\(names))'", at: position)
    }

    /// The types of a fold's variables.
    private mutating func elements(
        of range: CELType, _ fold: Expression.Fold
    ) -> (CELType, CELType) {
        let hasTwo = fold.variables.count > 1
        switch range {
        case .list(let element): return hasTwo ? (.int, element) : (element, .dyn)
        case .map(let key, let value): return (key, value)
        case .dyn, .error: return (.dyn, .dyn)
        case .variable:
            _ = types.assign(.dyn, to: range)
            return (.dyn, .dyn)
        default:
            complain(
                "expression of type '\(closed(range).name)' cannot be range of a comprehension (must be list, map, or dynamic)",
                at: fold.range.position)
            return (.error, .error)
        }
    }

    private mutating func result(
        _ fold: Expression.Fold, _ range: CELType, _ first: CELType, _ body: CELType, _ position: Int
    ) -> CELType {
        switch fold.kind {
        case .all, .exists:
            if !types.assign(body, to: .bool) { mismatch(.bool, body, at: fold.body.position) }
            return .bool
        case .existsOne:
            if !types.assign(body, to: .bool) { noCondition(body, .int, at: position) }
            return .bool
        case .filter:
            if !types.assign(body, to: .bool) { noCondition(body, .list(first), at: position) }
            return .list(first)
        case .map, .transformList: return .list(known(body))
        case .transformMap: return .map(first, known(body))
        case .transformMapEntry:
            let entry = CELType.map(types.fresh(), types.fresh())
            if !types.assign(body, to: entry) {
                let names = "(\(closed(entry).name), \(closed(body).name))"
                complain(
                    "found no matching overload for 'cel.@mapInsert' applied to '\(names)'", at: position)
            }
            return known(entry)
        case .sortBy:
            let keys: [CELType] = [.int, .uint, .double, .bool, .duration, .timestamp, .string, .bytes]
            let body = known(body)
            let list = CELType.list(first)
            let isOpen = if case .variable = body { true } else { body.isDynOrError }
            if !isOpen, !keys.contains(body) {
                let shown = "\(closed(list).name).(\(closed(.list(body)).name))"
                complain(
                    "found no matching overload for '@sortByAssociatedKeys' applied to '\(shown)'",
                    at: position)
            }
            return list
        case .optMap, .optFlatMap: return .dyn
        }
    }

    private mutating func optionalMap(
        _ fold: Expression.Fold, _ range: Operation, _ rangeType: CELType, _ position: Int
    ) -> Checked {
        let value = types.fresh()
        if !types.assign(rangeType, to: .optional(value)) {
            complain(
                "found no matching overload for 'hasValue' applied to '\(closed(rangeType).name).()'",
                at: position)
            return Self.failed
        }
        let slot = locals.count
        locals.append((fold.variables[0], known(value), slot))
        locals.append(("", .dyn, slot + 1))
        let (body, bodyType) = check(fold.body)
        locals.removeLast(2)
        let operation = Operation.fold(
            Operation.Fold(
                kind: fold.kind, range: range, slot: slot, hasTwoVariables: false, filter: nil, body: body))
        if fold.kind == .optMap { return (operation, .optional(known(bodyType))) }
        let wanted = CELType.optional(types.fresh())
        if !types.assign(bodyType, to: wanted) {
            let names = ["bool", closed(bodyType).name, closed(wanted).name].joined(separator: ", ")
            complain("found no matching overload for '_?_:_' applied to '(\(names))'", at: position)
        }
        return (operation, known(wanted))
    }
}
