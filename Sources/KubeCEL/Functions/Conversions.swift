extension FunctionTable {
    mutating func addConversions() {
        function("dyn", [Self.a], .dyn) { args throws(EvaluationError) in args[0] }
        function("type", [Self.a], .type(Self.a)) { args throws(EvaluationError) in .type(args[0].type) }
        for type in [CELType.int, .uint, .double, .string, .timestamp, .duration] {
            function("int", [type], .int) { args throws(EvaluationError) in try Conversions.int(args[0]) }
        }
        for type in [CELType.uint, .int, .double, .string] {
            function("uint", [type], .uint) { args throws(EvaluationError) in try Conversions.uint(args[0]) }
        }
        for type in [CELType.double, .int, .uint, .string] {
            function("double", [type], .double) { args throws(EvaluationError) in
                try Conversions.double(args[0])
            }
        }
        for type in [CELType.bool, .string] {
            function("bool", [type], .bool) { args throws(EvaluationError) in try Conversions.bool(args[0]) }
        }
        for type in [CELType.bytes, .string] {
            function("bytes", [type], .bytes, type == .string ? .traversal(0) : .fixed(1)) {
                args throws(EvaluationError) in
                if case .string(let text) = args[0] { return .bytes(Array(text.utf8)) }
                return args[0]
            }
        }
        let shown: [CELType] = [
            .string, .bool, .bytes, .double, .duration, .int, .timestamp, .uint, Self.ip, Self.cidr,
        ]
        for type in shown {
            function("string", [type], .string, type == .bytes ? .traversal(0) : .fixed(1)) {
                args throws(EvaluationError) in try Conversions.string(args[0])
            }
        }
        for type in [CELType.duration, .string, .int] {
            function("duration", [type], .duration) { args throws(EvaluationError) in
                switch args[0] {
                case .duration: return args[0]
                case .int(let value): return .duration(value)
                case .string(let text):
                    guard let value = DurationText.parse(text) else {
                        throw Conversions.failed("string", "google.protobuf.Duration")
                    }
                    return .duration(value)
                default: throw .noSuchOverload
                }
            }
        }
        for type in [CELType.timestamp, .string, .int] {
            function("timestamp", [type], .timestamp) { args throws(EvaluationError) in
                switch args[0] {
                case .timestamp: return args[0]
                case .int(let value):
                    let time = Timestamp(seconds: value, nanoseconds: 0)
                    guard time.isInRange else { throw .failure("timestamp overflow") }
                    return .timestamp(time)
                case .string(let text):
                    guard let value = TimestampText.parse(text) else {
                        throw Conversions.failed("string", "google.protobuf.Timestamp")
                    }
                    return .timestamp(value)
                default: throw .noSuchOverload
                }
            }
        }
    }
}

enum Conversions {
    static func failed(_ from: String, _ to: String) -> EvaluationError {
        .failure("type conversion error from '\(from)' to '\(to)'")
    }

    static func int(_ value: Value) throws(EvaluationError) -> Value {
        switch value {
        case .int: return value
        case .uint(let number):
            guard let whole = Int64(exactly: number) else { throw .failure("integer overflow") }
            return .int(whole)
        case .double(let number):
            // The bounds themselves are refused, as cel-go does.
            guard number.isFinite, number > -9_223_372_036_854_775_808, number < 9_223_372_036_854_775_808
            else {
                throw .failure("integer overflow")
            }
            return .int(Int64(number))
        case .string(let text):
            guard let whole = Int64(text) else { throw failed("string", "int") }
            return .int(whole)
        case .timestamp(let time): return .int(time.seconds)
        case .duration(let span): return .int(span)
        default: throw .noSuchOverload
        }
    }

    static func uint(_ value: Value) throws(EvaluationError) -> Value {
        switch value {
        case .uint: return value
        case .int(let number):
            guard let whole = UInt64(exactly: number) else { throw .failure("unsigned integer overflow") }
            return .uint(whole)
        case .double(let number):
            guard number.isFinite, number >= 0, number < 18_446_744_073_709_551_616 else {
                throw .failure("unsigned integer overflow")
            }
            return .uint(UInt64(number))
        case .string(let text):
            guard !text.hasPrefix("+"), let whole = UInt64(text) else { throw failed("string", "uint") }
            return .uint(whole)
        default: throw .noSuchOverload
        }
    }

    static func double(_ value: Value) throws(EvaluationError) -> Value {
        switch value {
        case .double: return value
        case .int(let number): return .double(Double(number))
        case .uint(let number): return .double(Double(number))
        case .string(let text):
            guard let number = Double(text) else { throw failed("string", "double") }
            return .double(number)
        default: throw .noSuchOverload
        }
    }

    static func bool(_ value: Value) throws(EvaluationError) -> Value {
        switch value {
        case .bool: return value
        case .string(let text):
            if ["1", "t", "T", "true", "TRUE", "True"].contains(text) { return .bool(true) }
            if ["0", "f", "F", "false", "FALSE", "False"].contains(text) { return .bool(false) }
            throw failed("string", "bool")
        default: throw .noSuchOverload
        }
    }

    static func string(_ value: Value) throws(EvaluationError) -> Value {
        switch value {
        case .string: return value
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .failure("invalid UTF-8 in bytes, cannot convert to string")
            }
            return .string(text)
        case .opaque(.ip(let address)): return .string(address.text)
        case .opaque(.cidr(let network)): return .string(network.text)
        case .bool, .int, .uint, .double, .duration, .timestamp: return .string(value.shown)
        default: throw .noSuchOverload
        }
    }
}
