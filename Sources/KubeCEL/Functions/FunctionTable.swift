import KubeJSON

/// The functions of the language, of cel-go's libraries that Kubernetes v1.36 has on, and of Kubernetes' own
/// (k8s.io/apiserver/pkg/cel/environment).
struct FunctionTable {
    private(set) var functions: [String: [Overload]] = [:]

    static let kubernetes: [String: [Overload]] = {
        var table = FunctionTable()
        table.addOperators()
        table.addConversions()
        table.addTexts()
        table.addTimes()
        table.addLists()
        table.addOptionals()
        table.addNetworks()
        table.addQuantities()
        table.addFormats()
        table.addAuthorizer()
        return table.functions
    }()

    mutating func function(
        _ name: String, _ parameters: [CELType], _ result: CELType, _ cost: CallCost = .fixed(1),
        _ run: @escaping Overload.Implementation
    ) {
        functions[name, default: []].append(
            Overload(isMember: false, parameters: parameters, result: result, cost: cost, run: run))
    }

    mutating func member(
        _ name: String, _ parameters: [CELType], _ result: CELType, _ cost: CallCost = .fixed(1),
        _ run: @escaping Overload.Implementation
    ) {
        functions[name, default: []].append(
            Overload(isMember: true, parameters: parameters, result: result, cost: cost, run: run))
    }

    // MARK: Types that declarations share

    static let a = CELType.parameter("A")
    static let b = CELType.parameter("B")
    static let listA = CELType.list(.parameter("A"))
    static let mapAB = CELType.map(.parameter("A"), .parameter("B"))
    static let quantity = CELType.opaque("kubernetes.Quantity")
    static let ip = CELType.opaque("net.IP")
    static let cidr = CELType.opaque("net.CIDR")
    static let url = CELType.opaque("kubernetes.URL")
    static let semver = CELType.opaque("kubernetes.Semver")
    static let format = CELType.opaque("kubernetes.NamedFormat")
    static let comparable: [CELType] = [
        .int, .uint, .double, .bool, .duration, .timestamp, .string, .bytes,
    ]

    // MARK: Operators

    private mutating func addOperators() {
        // The checker makes operations of their own of these; the types are what counts here.
        function("_?_:_", [.bool, Self.a, Self.a], Self.a) { args throws(EvaluationError) in args[1] }
        function("_==_", [Self.a, Self.a], .bool) { args throws(EvaluationError) in
            .bool(try Value.equal(args[0], args[1]))
        }
        function("_!=_", [Self.a, Self.a], .bool) { args throws(EvaluationError) in
            .bool(try !Value.equal(args[0], args[1]))
        }
        for name in ["_[_]", "_[?_]"] {
            let isOptional = name == "_[?_]"
            let (element, value): (CELType, CELType) =
                isOptional ? (.optional(Self.a), .optional(Self.b)) : (Self.a, Self.b)
            let unused: Overload.Implementation = { args throws(EvaluationError) in throw .noSuchOverload }
            function(name, [Self.listA, .int], element, .fixed(1), unused)
            function(name, [Self.mapAB, Self.a], value, .fixed(1), unused)
            function(name, [.optional(Self.listA), .int], .optional(Self.a), .fixed(1), unused)
            function(name, [.optional(Self.mapAB), Self.a], .optional(Self.b), .fixed(1), unused)
        }
        function("!_", [.bool], .bool) { args throws(EvaluationError) in .bool(!(try args[0].asBool())) }
        addArithmetic()
        addComparisons()
        function("@in", [Self.a, Self.listA], .bool, .elements(1)) { args throws(EvaluationError) in
            let list = try args[1].asList()
            for index in 0..<list.count where try Value.equal(args[0], list.element(index)) {
                return .bool(true)
            }
            return .bool(false)
        }
        function("@in", [Self.a, Self.mapAB], .bool) { args throws(EvaluationError) in
            guard case .map(let map) = args[1] else { throw .noSuchOverload }
            return .bool(map.contains(args[0]))
        }
        for type in [CELType.string, .bytes, Self.listA, Self.mapAB] {
            let run: Overload.Implementation = { args throws(EvaluationError) in
                guard let size = args[0].size else { throw .noSuchOverload }
                return .int(Int64(size))
            }
            function("size", [type], .int, .fixed(1), run)
            member("size", [type], .int, .fixed(1), run)
        }
    }

    private mutating func addArithmetic() {
        for (name, operation) in [
            ("_+_", Arithmetic.add), ("_-_", .subtract), ("_*_", .multiply), ("_/_", .divide), ("_%_", .rest),
        ] {
            for type in [CELType.int, .uint, .double] where operation != .rest || type != .double {
                function(name, [type, type], type) { args throws(EvaluationError) in
                    try operation.apply(args[0], args[1])
                }
            }
        }
        for type in [CELType.int, .double] {
            function("-_", [type], type) { args throws(EvaluationError) in
                switch args[0] {
                case .int(let value):
                    if value == .min { throw .failure("integer overflow") }
                    return .int(-value)
                case .double(let value): return .double(-value)
                default: throw .noSuchOverload
                }
            }
        }
        for type in [CELType.string, .bytes, Self.listA] {
            function("_+_", [type, type], type, type == Self.listA ? .fixed(1) : .bothTraversals) {
                args throws(EvaluationError) in
                switch (args[0], args[1]) {
                case (.string(let a), .string(let b)): return .string(a + b)
                case (.bytes(let a), .bytes(let b)): return .bytes(a + b)
                case (.list(let a), .list(let b)): return .list(try ListFunctions.join(a, b))
                default: throw .noSuchOverload
                }
            }
        }
        let times: [(String, CELType, CELType, CELType)] = [
            ("_+_", .duration, .duration, .duration), ("_+_", .timestamp, .duration, .timestamp),
            ("_+_", .duration, .timestamp, .timestamp), ("_-_", .duration, .duration, .duration),
            ("_-_", .timestamp, .duration, .timestamp), ("_-_", .timestamp, .timestamp, .duration),
        ]
        for (name, left, right, result) in times {
            let isSum = name == "_+_"
            function(name, [left, right], result) { args throws(EvaluationError) in
                try Arithmetic.times(args[0], args[1], isSum: isSum)
            }
        }
    }

    private mutating func addComparisons() {
        let tests: [(String, @Sendable (Value.Order) -> Bool)] = [
            ("_<_", { $0 == .less }), ("_<=_", { $0 != .greater }), ("_>_", { $0 == .greater }),
            ("_>=_", { $0 != .less }),
        ]
        let numbers: [CELType] = [.int, .uint, .double]
        for (name, holds) in tests {
            let run: Overload.Implementation = { args throws(EvaluationError) in
                guard let order = try Value.order(args[0], args[1]) else {
                    throw .failure("NaN values cannot be ordered")
                }
                return .bool(holds(order))
            }
            for type in Self.comparable {
                let cost: CallCost = type == .string || type == .bytes ? .smaller : .fixed(1)
                function(name, [type, type], .bool, cost, run)
            }
            for left in numbers {
                for right in numbers where left != right {
                    function(name, [left, right], .bool, .fixed(1), run)
                }
            }
        }
    }
}

/// Arithmetic that says when it leaves its type.
enum Arithmetic: Sendable {
    case add, subtract, multiply, divide, rest

    func apply(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
        switch (left, right) {
        case (.int(let a), .int(let b)): return .int(try whole(a, b, "integer overflow"))
        case (.uint(let a), .uint(let b)): return .uint(try whole(a, b, "unsigned integer overflow"))
        case (.double(let a), .double(let b)):
            switch self {
            case .add: return .double(a + b)
            case .subtract: return .double(a - b)
            case .multiply: return .double(a * b)
            case .divide: return .double(a / b)
            case .rest: throw .noSuchOverload
            }
        default: throw .noSuchOverload
        }
    }

    private func whole<T: FixedWidthInteger>(_ a: T, _ b: T, _ complaint: String) throws(EvaluationError) -> T
    {
        let result: (partialValue: T, overflow: Bool)
        switch self {
        case .add: result = a.addingReportingOverflow(b)
        case .subtract: result = a.subtractingReportingOverflow(b)
        case .multiply: result = a.multipliedReportingOverflow(by: b)
        case .divide:
            if b == 0 { throw .failure("division by zero") }
            result = a.dividedReportingOverflow(by: b)
        case .rest:
            if b == 0 { throw .failure("modulus by zero") }
            result = a.remainderReportingOverflow(dividingBy: b)
        }
        if result.overflow { throw .failure(complaint) }
        return result.partialValue
    }

    static func times(_ left: Value, _ right: Value, isSum: Bool) throws(EvaluationError) -> Value {
        switch (left, right) {
        case (.duration(let a), .duration(let b)):
            let (value, overflow) = isSum ? a.addingReportingOverflow(b) : a.subtractingReportingOverflow(b)
            if overflow { throw .failure("duration overflow") }
            return .duration(value)
        case (.timestamp(let time), .duration(let span)):
            guard isSum || span != .min, let moved = time.moved(by: isSum ? span : -span) else {
                throw .failure("timestamp overflow")
            }
            return .timestamp(moved)
        case (.duration, .timestamp): return try times(right, left, isSum: true)
        case (.timestamp(let a), .timestamp(let b)):
            guard let span = a.since(b) else { throw .failure("duration overflow") }
            return .duration(span)
        default: throw .noSuchOverload
        }
    }
}
