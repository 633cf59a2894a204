/// A checked expression, ready to be evaluated: names are slots, calls know their overloads.
indirect enum Operation: Sendable {
    case constant(Value)
    /// A variable that was handed in.
    case slot(Int)
    /// A variable that a fold binds.
    case local(Int)
    /// A variable that is computed by an expression when it is first asked for.
    case computed(Int, Operation)
    case select(Operation, String)
    case optionalSelect(Operation, String)
    case has(Operation, String)
    case and([Operation])
    case or([Operation])
    case conditional(Operation, Operation, Operation)
    case equal(Operation, Operation, negated: Bool)
    case index(Operation, Operation)
    case optionalIndex(Operation, Operation)
    case call(Call)
    /// With which elements are optional.
    case list([Operation], [Bool])
    case map([Entry])
    case message(String, [Field])
    case fold(Fold)
    /// `a.or(b)` and `a.orValue(b)`, which need `b` only where `a` has no value.
    case optionalOr(Operation, Operation, unwraps: Bool)

    struct Entry: Sendable {
        let key: Operation
        let value: Operation
        let isOptional: Bool
    }

    struct Field: Sendable {
        let name: String
        let value: Operation
        let isOptional: Bool
    }

    struct Call: Sendable {
        let name: String
        /// Those that the checker left: one unless types are known only at run time.
        let overloads: [Overload]
        let arguments: [Operation]
    }

    struct Fold: Sendable {
        let kind: FoldKind
        let range: Operation
        /// Its variables are the locals at this and the next.
        let slot: Int
        let hasTwoVariables: Bool
        let filter: Operation?
        let body: Operation
    }
}

/// One form of a function: the types it takes, and what it does.
public struct Overload: Sendable {
    public typealias Implementation = @Sendable ([Value]) throws(EvaluationError) -> Value

    let isMember: Bool
    let parameters: [CELType]
    let result: CELType
    let cost: CallCost
    let run: Implementation

    /// Whether the arguments are what the overload takes, as far as that shows at run time.
    func accepts(_ arguments: [Value]) -> Bool {
        guard arguments.count == parameters.count else { return false }
        for (argument, parameter) in zip(arguments, parameters)
        where !Self.fits(argument, parameter) { return false }
        return true
    }

    private static func fits(_ value: Value, _ type: CELType) -> Bool {
        switch (type, value) {
        case (.dyn, _), (.parameter, _), (.variable, _), (.error, _): true
        case (.null, .null), (.bool, .bool), (.int, .int), (.uint, .uint), (.double, .double): true
        case (.string, .opaque(.pattern)): true
        case (.string, .string), (.bytes, .bytes), (.duration, .duration): true
        case (.timestamp, .timestamp), (.type, .type), (.optional, .optional), (.map, .map): true
        case (.list(let element), .list(let list)):
            // Overloads that differ in their elements are told apart by the first one.
            switch list {
            case .values(let values): values.first.map { fits($0, element) } ?? true
            case .json(let array, let shape, _):
                array.isEmpty || ((try? list.element(0)).map { fits($0, element) } ?? (shape.type == element))
            }
        case (.opaque(let name), .opaque(let value)): value.typeName == name
        case (.object(let type), .object(_, let other)): type == other
        default: false
        }
    }
}

/// What a call costs, of the weights of its arguments and result (cel-go's runtime cost, and the one of
/// k8s.io/apiserver's libraries).
enum CallCost: Sendable {
    case fixed(UInt64)
    /// A tenth of the weight of an argument.
    case traversal(Int)
    /// A tenth of the weights of the first two.
    case bothTraversals
    /// A tenth of the smaller of the first two.
    case smaller
    /// The weight of an argument.
    case elements(Int)
    /// The product of the tenths of the first two.
    case product
    /// The product of the weights of the first two, so many times, and one more.
    case elementProduct(times: UInt64)
    case expression(text: Int, pattern: Int)
    case sort
    /// A fifth of the weight of an argument.
    case twice(Int)
    /// A fifth of the weight of a list of texts joined.
    case joined
    /// The value of an argument that is a number.
    case number(Int)
    /// The square of the weight of the first.
    case square
    /// One for each scalar inside the first.
    case deep
    /// That of reading a selector, an argument, into its requirements.
    case selector(Int)
    /// That of the regular expression that a named format would have.
    case format

    func amount(_ arguments: [Value]) -> UInt64 {
        func weight(_ index: Int) -> UInt64 { index < arguments.count ? arguments[index].weight : 0 }
        func tenth(_ weight: UInt64) -> UInt64 { weight / 10 + (weight % 10 == 0 ? 0 : 1) }
        switch self {
        case .fixed(let cost): return cost
        case .traversal(let index): return tenth(weight(index))
        case .bothTraversals: return tenth(weight(0) &+ weight(1))
        case .smaller: return tenth(min(weight(0), weight(1)))
        case .elements(let index): return weight(index)
        case .product: return tenth(weight(0)) &* tenth(weight(1))
        case .elementProduct(let factor): return (weight(0) &* weight(1)).times(factor).plus(1)
        case .expression(let text, let pattern):
            let length = weight(pattern)
            return tenth(weight(text) &+ 1) &* (length / 4 + (length % 4 == 0 ? 0 : 1))
        case .twice(let index): return (weight(index) &* 2 &+ 9) / 10
        case .joined:
            guard case .list(let list) = arguments[0] else { return 1 }
            var total: UInt64 = 0
            for index in 0..<list.count {
                total &+= (try? list.element(index))?.weight ?? 1
            }
            let gaps = UInt64(max(list.count - 1, 0))
            if arguments.count > 1 { total &+= gaps &* weight(1) }
            return (total &* 2 &+ 9) / 10
        case .number(let index):
            guard case .int(let value) = arguments[index] else { return 1 }
            return UInt64(max(value, 0)) &+ 1
        case .square: return weight(0) &* weight(0) &+ 10
        case .deep: return arguments.first?.depthWeight ?? 1
        case .selector(let index):
            let length = weight(index)
            return tenth(length).plus((length / 2 + length % 2).times(50)).plus(10)
        case .format:
            guard case .opaque(.format(let format)) = arguments[0] else { return 1 }
            return tenth(weight(1) &+ 1) &* ((format.size &+ 3) / 4)
        case .sort:
            let count = weight(0)
            return count &* UInt64(UInt64.bitWidth - count.leadingZeroBitCount) &+ 10
        }
    }
}
