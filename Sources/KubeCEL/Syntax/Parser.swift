/// Reads an expression: precedence from the weakest, `?:`, to the strongest, member access.
struct Parser {
    /// Upstream's limits (cel-go's parser).
    static let maximumDepth = 250
    static let maximumLength = 100_000

    private let tokens: [Token]
    private var next = 0
    private var depth = 0

    static func parse(_ text: String) throws(CompileIssue) -> Expression {
        let count = text.unicodeScalars.count
        if count > maximumLength {
            throw CompileIssue(
                "expression code point size exceeds limit: size: \(count), limit \(maximumLength)", at: nil)
        }
        var parser = Parser(tokens: try Lexer.tokens(of: text))
        let expression = try parser.expression()
        guard parser.peek.kind == .end else {
            throw parser.unexpected("expecting <EOF>", verb: "extraneous")
        }
        return expression
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    private var peek: Token { tokens[min(next, tokens.count - 1)] }

    private mutating func take() -> Token {
        let token = peek
        next += 1
        return token
    }

    private mutating func accept(_ symbol: String) -> Bool {
        guard peek.isSymbol(symbol) else { return false }
        next += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(CompileIssue) {
        if !accept(symbol) { throw unexpected("expecting '\(symbol)'", verb: "mismatched") }
    }

    private func show(_ token: Token) -> String {
        switch token.kind {
        case .end: "<EOF>"
        case .identifier(let text), .quoted(let text), .int(let text), .double(let text), .symbol(let text):
            text
        case .uint(let text): text + "u"
        case .string(let text): "'\(text)'"
        case .bytes: "b'…'"
        }
    }

    private func unexpected(_ wanted: String, verb: String) -> CompileIssue {
        CompileIssue("Syntax error: \(verb) input '\(show(peek))' \(wanted)", at: peek.start)
    }

    private mutating func enter() throws(CompileIssue) {
        depth += 1
        if depth > Self.maximumDepth {
            throw CompileIssue("expression recursion limit exceeded: \(Self.maximumDepth)", at: nil)
        }
    }

    // MARK: Operators

    mutating func expression() throws(CompileIssue) -> Expression {
        try enter()
        defer { depth -= 1 }
        let condition = try disjunction()
        let position = peek.start
        guard accept("?") else { return condition }
        let yes = try disjunction()
        try expect(":")
        let no = try expression()
        return Expression(position: position, kind: .call("_?_:_", target: nil, [condition, yes, no]))
    }

    private mutating func disjunction() throws(CompileIssue) -> Expression {
        let first = try conjunction()
        let position = peek.start
        var terms = [first]
        while accept("||") { terms.append(try conjunction()) }
        return terms.count == 1 ? first : Expression(position: position, kind: .or(terms))
    }

    private mutating func conjunction() throws(CompileIssue) -> Expression {
        let first = try binary(0)
        let position = peek.start
        var terms = [first]
        while accept("&&") { terms.append(try binary(0)) }
        return terms.count == 1 ? first : Expression(position: position, kind: .and(terms))
    }

    private static let levels: [[String]] = [
        ["<", "<=", ">=", ">", "==", "!=", "in"], ["+", "-"], ["*", "/", "%"],
    ]

    private mutating func binary(_ level: Int) throws(CompileIssue) -> Expression {
        guard level < Self.levels.count else { return try unary() }
        var left = try binary(level + 1)
        var chain = 0
        defer { depth -= chain }
        while case .symbol(let symbol) = peek.kind, Self.levels[level].contains(symbol) {
            // A chain leans to the left: it is as deep as it is long.
            try enter()
            chain += 1
            let position = take().start
            let right = try binary(level + 1)
            let name = symbol == "in" ? "@in" : "_\(symbol)_"
            left = Expression(position: position, kind: .call(name, target: nil, [left, right]))
        }
        return left
    }

    private mutating func unary() throws(CompileIssue) -> Expression {
        let position = peek.start
        for (symbol, name) in [("!", "!_"), ("-", "-_")] where peek.isSymbol(symbol) {
            if symbol == "-", let literal = try negativeLiteral() { return try postfix(literal) }
            var count = 0
            while accept(symbol) { count += 1 }
            let operand = try member()
            // Two cancel each other out.
            if count % 2 == 0 { return operand }
            return Expression(position: position, kind: .call(name, target: nil, [operand]))
        }
        return try member()
    }

    private mutating func negativeLiteral() throws(CompileIssue) -> Expression? {
        let position = peek.start
        guard next + 1 < tokens.count else { return nil }
        switch tokens[next + 1].kind {
        case .int(let digits):
            next += 2
            return try integer(digits, isNegative: true, position)
        case .double(let digits):
            next += 2
            return Expression(position: position, kind: .literal(.double(-(Double(digits) ?? 0))))
        default: return nil
        }
    }

    private func integer(
        _ digits: String, isNegative: Bool, _ position: Int
    ) throws(CompileIssue) -> Expression {
        let isHex = digits.hasPrefix("0x")
        let text = (isNegative ? "-" : "") + (isHex ? String(digits.dropFirst(2)) : digits)
        guard let value = Int64(text, radix: isHex ? 16 : 10) else {
            throw CompileIssue("invalid int literal", at: position)
        }
        return Expression(position: position, kind: .literal(.int(value)))
    }

    // MARK: Members

    private mutating func member() throws(CompileIssue) -> Expression {
        try postfix(try primary())
    }

    private mutating func postfix(_ start: Expression) throws(CompileIssue) -> Expression {
        var value = start
        var chain = 0
        defer { depth -= chain }
        while true {
            let position = peek.start
            if accept(".") {
                let isOptional = accept("?")
                value = try selection(value, position, isOptional: isOptional)
            } else if accept("[") {
                let isOptional = accept("?")
                let index = try expression()
                try expect("]")
                value = Expression(
                    position: position,
                    kind: .call(isOptional ? "_[?_]" : "_[_]", target: nil, [value, index]))
            } else {
                return value
            }
            try enter()
            chain += 1
        }
    }

    private mutating func selection(
        _ target: Expression, _ position: Int, isOptional: Bool
    ) throws(CompileIssue) -> Expression {
        let token = take()
        switch token.kind {
        case .identifier(let name):
            let open = peek.start
            if !isOptional, accept("(") {
                let arguments = try self.arguments()
                return try Macros.member(name, target, arguments, at: open)
                    ?? Expression(position: open, kind: .call(name, target: target, arguments))
            }
            return Expression(
                position: position,
                kind: isOptional ? .optionalSelect(target, name) : .select(target, name))
        case .quoted:
            throw CompileIssue("unsupported syntax: '`'", at: token.start)
        default:
            next -= 1
            throw unexpected("expecting IDENTIFIER", verb: "mismatched")
        }
    }

    private mutating func arguments() throws(CompileIssue) -> [Expression] {
        var arguments: [Expression] = []
        if accept(")") { return arguments }
        repeat { arguments.append(try expression()) } while accept(",")
        try expect(")")
        return arguments
    }

    // MARK: Operands

    private static let operandStarts =
        "expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"

    private mutating func primary() throws(CompileIssue) -> Expression {
        let token = peek
        func literal(_ value: Value) -> Expression {
            Expression(position: token.start, kind: .literal(value))
        }
        next += 1
        switch token.kind {
        case .string(let text): return literal(.string(text))
        case .bytes(let bytes): return literal(.bytes(bytes))
        case .int(let digits): return try integer(digits, isNegative: false, token.start)
        case .uint(let digits):
            let isHex = digits.hasPrefix("0x")
            guard
                let value = UInt64(isHex ? String(digits.dropFirst(2)) : digits, radix: isHex ? 16 : 10)
            else { throw CompileIssue("invalid uint literal", at: token.start) }
            return literal(.uint(value))
        case .double(let digits):
            guard let value = Double(digits), value.isFinite else {
                throw CompileIssue("invalid double literal", at: token.start)
            }
            return literal(.double(value))
        case .identifier(let name): return try named(name, at: token.start)
        case .symbol("true"): return literal(.bool(true))
        case .symbol("false"): return literal(.bool(false))
        case .symbol("null"): return literal(.null)
        case .symbol("("):
            let inner = try expression()
            try expect(")")
            return inner
        case .symbol("["): return try list(token.start)
        case .symbol("{"): return try map(token.start)
        case .symbol("."):
            if case .identifier(let name) = peek.kind {
                next += 1
                return try named(name, at: token.start)
            }
        default: break
        }
        next -= 1
        throw unexpected(Self.operandStarts, verb: token.kind == .end ? "mismatched" : "extraneous")
    }

    /// Words that are kept for the languages that expressions are embedded in.
    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
        "package", "namespace", "return", "var", "void", "while",
    ]

    private mutating func named(_ name: String, at position: Int) throws(CompileIssue) -> Expression {
        let open = peek.start
        if let message = try messageAhead(name) { return message }
        if Self.reserved.contains(name) {
            throw CompileIssue("reserved identifier: \(name)", at: position)
        }
        if accept("(") {
            let arguments = try self.arguments()
            return try Macros.global(name, arguments, at: open)
                ?? Expression(position: open, kind: .call(name, target: nil, arguments))
        }
        return Expression(position: position, kind: .identifier(name))
    }

    /// `Name.Of.Message{field: value}`; nil, and nothing read, when no brace follows the names.
    private mutating func messageAhead(_ first: String) throws(CompileIssue) -> Expression? {
        var ahead = next
        var name = first
        while ahead + 1 < tokens.count, tokens[ahead].isSymbol("."),
            case .identifier(let part) = tokens[ahead + 1].kind
        {
            name += "." + part
            ahead += 2
        }
        guard tokens[min(ahead, tokens.count - 1)].isSymbol("{") else { return nil }
        let position = tokens[ahead].start
        next = ahead + 1
        var fields: [Expression.Field] = []
        while !peek.isSymbol("}") {
            let isOptional = accept("?")
            let token = take()
            guard case .identifier(let field) = token.kind else {
                next -= 1
                throw unexpected("expecting {'}', ',', '?', IDENTIFIER}", verb: "mismatched")
            }
            let colon = peek.start
            try expect(":")
            fields.append(
                Expression.Field(
                    position: colon, name: field, value: try expression(), isOptional: isOptional))
            if !accept(",") { break }
        }
        try expect("}")
        return Expression(position: position, kind: .message(name, fields))
    }

    private mutating func list(_ position: Int) throws(CompileIssue) -> Expression {
        var elements: [Expression.Element] = []
        while !peek.isSymbol("]") {
            let isOptional = accept("?")
            elements.append(Expression.Element(value: try expression(), isOptional: isOptional))
            if !accept(",") { break }
        }
        try expect("]")
        return Expression(position: position, kind: .list(elements))
    }

    private mutating func map(_ position: Int) throws(CompileIssue) -> Expression {
        var entries: [Expression.Entry] = []
        while !peek.isSymbol("}") {
            let isOptional = accept("?")
            let key = try expression()
            try expect(":")
            entries.append(Expression.Entry(key: key, value: try expression(), isOptional: isOptional))
            if !accept(",") { break }
        }
        try expect("}")
        return Expression(position: position, kind: .map(entries))
    }
}
