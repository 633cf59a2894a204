/// Arithmetic that stops at the largest number.
extension UInt64 {
    func plus(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    public func times(_ other: UInt64) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    /// Rounded up.
    func scaled(_ factor: Double) -> UInt64 {
        let product = (Double(self) * factor).rounded(.up)
        return product >= 18_446_744_073_709_551_616 ? .max : UInt64(product)
    }
}

/// What an expression may cost at most, from the sizes that the schema allows (cel-go's checker/cost.go and
/// k8s.io/apiserver/pkg/cel/library/cost.go, of which the upper bounds alone are kept).
struct CostEstimator {
    /// The types of the variables, by slot.
    let variables: [Int: DeclaredType]
    private var locals: [Part] = []

    init(variables: [Int: DeclaredType]) { self.variables = variables }

    private struct Size {
        var least: UInt64 = 0
        var most: UInt64 = .max

        static let unknown = Size()
        static func exactly(_ count: Int) -> Size { Size(least: UInt64(count), most: UInt64(count)) }
        func union(_ other: Size) -> Size {
            Size(least: min(least, other.least), most: max(most, other.most))
        }
    }

    /// What is known of a part of the expression.
    private struct Part {
        var cost: UInt64 = 0
        /// Where the value comes straight from a variable.
        var type: DeclaredType?
        var size: Size?
        /// The size of an element, for lists and maps that the expression makes.
        var element: Size?
        var isScalar = false
        /// The name of a type of Kubernetes' libraries.
        var opaque: String?

        var known: Size {
            if let size { return size }
            if let type { return Size(least: 0, most: type.maxElements) }
            return isScalar ? .exactly(1) : .unknown
        }

        var knownElement: Size {
            if let element { return element }
            if let type = type?.element { return Size(least: 0, most: type.maxElements) }
            return .unknown
        }
    }

    mutating func cost(of operation: Operation) -> UInt64 { part(operation).cost }

    private mutating func part(_ operation: Operation) -> Part {
        switch operation {
        case .constant(let value):
            var part = Part()
            part.size = .exactly(value.sourceSize)
            return part
        case .slot(let slot): return Part(cost: 1, type: variables[slot])
        case .local(let index):
            var part = index < locals.count ? locals[index] : Part()
            part.cost = 1
            return part
        case .computed: return Part(cost: 1)
        case .select(let operand, let field), .optionalSelect(let operand, let field):
            let target = part(operand)
            return Part(cost: target.cost.plus(1), type: target.type?.fields[field])
        case .has(let operand, _): return Part(cost: part(operand).cost, isScalar: true)
        case .and(let terms), .or(let terms):
            var total: UInt64 = 0
            for term in terms { total = total.plus(part(term).cost) }
            return Part(cost: total, isScalar: true)
        case .conditional(let condition, let yes, let no):
            let (a, b, c) = (part(condition), part(yes), part(no))
            var result = Part(cost: a.cost.plus(max(b.cost, c.cost)), size: b.known.union(c.known))
            result.element = b.knownElement.union(c.knownElement)
            return result
        case .equal(let left, let right, _):
            let (a, b) = (part(left), part(right))
            let own: UInt64 =
                switch a.opaque == b.opaque ? a.opaque : nil {
                case nil: min(a.known.most, b.known.most).scaled(0.1)
                case "kubernetes.NamedFormat": 7
                case "kubernetes.URL": max(a.known.most, b.known.most).scaled(0.1)
                default: 1
                }
            return Part(cost: a.cost.plus(b.cost).plus(own), isScalar: true)
        case .index(let operand, let key), .optionalIndex(let operand, let key):
            let (target, key) = (part(operand), part(key))
            var result = Part(cost: target.cost.plus(key.cost).plus(1), type: target.type?.element)
            if target.type == nil { result.size = target.element }
            return result
        case .call(let call): return self.call(call)
        case .list(let elements, _):
            var result = Part(cost: 10, size: .exactly(elements.count))
            var element: Size?
            for operation in elements {
                let part = part(operation)
                result.cost = result.cost.plus(part.cost)
                element = element?.union(part.known) ?? part.known
            }
            result.element = element ?? .exactly(0)
            return result
        case .map(let entries):
            var result = Part(cost: 30, size: .exactly(entries.count))
            var element: Size?
            for entry in entries {
                let (key, value) = (part(entry.key), part(entry.value))
                result.cost = result.cost.plus(key.cost).plus(value.cost)
                element = element?.union(value.known) ?? value.known
            }
            result.element = element ?? .exactly(0)
            return result
        case .message(_, let fields):
            var total: UInt64 = 40
            for field in fields { total = total.plus(part(field.value).cost) }
            return Part(cost: total)
        case .fold(let fold): return self.fold(fold)
        case .optionalOr(let left, let right, _):
            let (a, b) = (part(left), part(right))
            return Part(cost: a.cost.plus(b.cost).plus(1), size: a.known.union(b.known))
        }
    }

    // MARK: Folds

    private mutating func fold(_ fold: Operation.Fold) -> Part {
        let range = part(fold.range)
        if fold.kind == .optMap || fold.kind == .optFlatMap {
            bind(fold.slot, range, Part())
            let body = part(fold.body)
            return Part(cost: range.cost.times(2).plus(3).plus(body.cost), size: body.size)
        }
        let isMap = if case .map = range.type?.shape { true } else { false }
        let element = Part(type: range.type?.element, size: range.type == nil ? range.element : nil)
        let key = Part(size: isMap ? .exactly(0) : nil, isScalar: !isMap)
        if fold.hasTwoVariables {
            bind(fold.slot, key, element)
        } else {
            bind(fold.slot, isMap ? key : element, element)
        }
        let filter = fold.filter.map { part($0).cost } ?? 0
        let body = part(fold.body)
        // What the macros' expansions cost besides what is written.
        let (start, step, end): (UInt64, UInt64, UInt64) =
            switch fold.kind {
            case .all: (0, 3, 1)
            case .exists: (0, 4, 1)
            case .existsOne: (0, 2, 2)
            case .filter: (10, 13, 1)
            case .transformMap: (30, 3, 1)
            case .transformMapEntry: (30, 2, 1)
            default: (10, 12, 1)
            }
        let count = range.known
        let once = body.cost.plus(step).plus(filter)
        var result = Part(cost: range.cost.plus(start).plus(end).plus(count.most.times(once)))
        switch fold.kind {
        case .all, .exists, .existsOne: result.isScalar = true
        case .filter, .sortBy:
            result.size = count
            result.element = element.known
        default:
            result.size = count
            result.element = body.known
        }
        return result
    }

    private mutating func bind(_ local: Int, _ first: Part, _ second: Part) {
        while locals.count <= local + 1 { locals.append(Part()) }
        locals[local] = first
        locals[local + 1] = second
    }

    // MARK: Calls

    private mutating func call(_ call: Operation.Call) -> Part {
        let parts = call.arguments.map { part($0) }
        var result = Part(isScalar: call.overloads.allSatisfy { $0.result.isScalar })
        if case .opaque(let name)? = call.overloads.first?.result { result.opaque = name }
        // What an optional of such a type holds is of that type.
        if case .optional(.opaque(let name))? = call.overloads.first?.result { result.opaque = name }
        if call.name == "value" { result.opaque = parts.first?.opaque }
        func size(_ index: Int) -> Size { index < parts.count ? parts[index].known : .unknown }
        func most(_ index: Int) -> UInt64 { size(index).most }
        func traversal(_ index: Int, times factor: Double = 1) -> UInt64 { most(index).scaled(0.1 * factor) }
        func expression() -> UInt64 {
            most(0).plus(1).scaled(0.1).times(most(1).scaled(0.25))
        }
        let own: UInt64
        switch call.name {
        case "dyn":
            if let first = parts.first {
                result = first
                result.cost = 0
            }
            own = 1
        case "_+_" where call.isText:
            result.size = Size(least: size(0).least.plus(size(1).least), most: most(0).plus(most(1)))
            own = result.known.most.scaled(0.1)
        case "_+_":
            if case .list = call.overloads.first?.result {
                result.size = Size(least: 0, most: most(0).plus(most(1)))
                result.element = parts[0].knownElement.union(parts[1].knownElement)
            }
            own = 1
        case "_<_", "_<=_", "_>_", "_>=_": own = call.isText ? min(most(0), most(1)).scaled(0.1) : 1
        case "@in":
            if case .list = call.overloads.first?.parameters.last { own = most(1) } else { own = 1 }
        case "startsWith", "endsWith": own = traversal(1)
        case "contains": own = traversal(0).times(traversal(1))
        case "matches", "find", "findAll":
            own = expression()
            if call.name == "findAll" { result.size = Size(least: 0, most: most(0)) }
            if call.name == "find" { result.size = Size(least: 0, most: most(0)) }
        case "check": own = 350_000
        case "isSorted", "sum", "min", "max", "indexOf", "lastIndexOf":
            if case .list(let element)? = call.overloads.first?.parameters.first {
                let text = element == .string || element == .bytes || call.name.hasSuffix("ndexOf")
                let isSized = parts[0].type?.element.map { $0.maxElements > 0 } ?? true
                let each = text && isSized ? parts[0].knownElement.most.scaled(0.1).plus(1) : 1
                own = most(0).times(each)
                if call.name == "min" || call.name == "max" { result.size = parts[0].knownElement }
            } else {
                own = traversal(0)
            }
        case "url", "jsonpatch.escapeKey", "lowerAscii", "upperAscii", "substring", "trim":
            own = traversal(0)
            result.size = size(0)
        case "replace":
            own = traversal(0, times: 2)
            result.size = replaced(size(0), size(1), size(2))
        case "split":
            own = traversal(0, times: 2)
            result.size = Size(least: 0, most: most(0))
        case "join":
            let separators = parts.count > 1 ? most(1).times(most(0) > 0 ? most(0) - 1 : 0) : 0
            let length = most(0).times(parts.first?.knownElement.most ?? .max).plus(separators)
            own = length.scaled(0.1)
            result.size = Size(least: 0, most: length)
        case "strings.quote":
            own = traversal(0)
            result.size = Size(least: size(0).least.plus(2), most: most(0).times(2).plus(2))
        case "cidr", "isIP", "isCIDR", "quantity", "isQuantity", "semver", "isSemver", "isURL", "format":
            own = traversal(0)
        case "ip": own = call.overloads.first?.parameters.first == .string ? traversal(0) : 1
        case "ip.isCanonical": own = traversal(0, times: 2)
        case "containsIP", "containsCIDR":
            let isText = call.overloads.first?.parameters.last == .string
            own = (call.name == "containsIP" ? UInt64(4) : 7).plus(isText ? traversal(1) : 0)
        case "validate": own = traversal(1).scaled(32)
        case "bytes":
            own = traversal(0)
            result.size = Size(least: 0, most: most(0).times(4))
        case "string" where call.overloads.contains { $0.parameters == [.bytes] }:
            own = traversal(0)
            result.size = size(0)
        case "fieldSelector", "labelSelector":
            own = UInt64(10).plus(traversal(1)).plus(most(1).scaled(0.5).times(50))
        case "lists.range":
            own = UInt64.max
            result.size = .unknown
        case "slice", "flatten", "reverse":
            own = most(0).plus(1)
            result.size = size(0)
            result.element = parts.first?.knownElement
        case "sort", "distinct":
            own = most(0).times(most(0)).plus(10)
            result.size = size(0)
            result.element = parts.first?.knownElement
        case "sets.contains", "sets.intersects": own = most(0).times(most(1)).plus(1)
        case "sets.equivalent": own = most(0).times(most(1)).times(2).plus(1)
        default: own = 1
        }
        result.cost = parts.reduce(own) { $0.plus($1.cost) }
        return result
    }

    private func replaced(_ text: Size, _ old: Size, _ new: Size) -> Size {
        if old.least == 0 { return Size(least: 0, most: text.most.plus(1).times(new.most).plus(text.most)) }
        if new.most <= old.least { return Size(least: 0, most: text.most) }
        return Size(least: 0, most: text.most.scaled(1 / Double(old.least)).times(new.most))
    }
}

extension Operation.Call {
    fileprivate var isText: Bool {
        overloads.contains { $0.parameters.first == .string || $0.parameters.first == .bytes }
    }
}

extension CELType {
    fileprivate var isScalar: Bool {
        switch self {
        case .bool, .double, .duration, .int, .timestamp, .uint: true
        case .optional(let value): value.isScalar
        default: false
        }
    }
}

extension Value {
    /// The size of a literal.
    fileprivate var sourceSize: Int {
        if case .opaque(.pattern(let pattern)) = self { return pattern.text.unicodeScalars.count }
        return size ?? 1
    }
}

extension Program {
    /// What an evaluation costs at most.
    /// - Parameter variables: the types of the environment's variables by their slots.
    public func estimatedCost(variables: [Int: DeclaredType]) -> UInt64 {
        var estimator = CostEstimator(variables: variables)
        return estimator.cost(of: operation)
    }
}
