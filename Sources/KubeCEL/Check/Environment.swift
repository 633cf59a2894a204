/// What an expression may refer to: variables, functions and messages.
public struct Environment: Sendable {
    struct Variable: Sendable {
        let type: CELType
        let slot: Int
        /// The expression that computes it; nil for one that is handed in.
        let definition: Operation?
    }

    /// What `Name{…}` makes: the types of its fields, or nil where the name is unknown.
    public typealias MessageTypes = @Sendable (String) -> MessageType?

    public enum MessageType: Sendable {
        case fields([String: CELType])
        /// Any field, of any type: the object types of mutating policies.
        case open
    }

    private(set) var variables: [String: Variable] = [:]
    private(set) var slotCount = 0
    var functions: [String: [Overload]]
    public var messages: MessageTypes = { _ in nil }

    /// With the language's functions and those of Kubernetes v1.36.
    public init() { functions = FunctionTable.kubernetes }

    /// Declares a variable, whose value is handed in.
    /// - Returns: its slot.
    @discardableResult
    public mutating func declare(_ name: String, _ type: CELType) -> Int {
        // Declaring again changes the type only.
        let slot = variables[name]?.slot ?? slotCount
        variables[name] = Variable(type: type, slot: slot, definition: nil)
        slotCount = max(slotCount, slot + 1)
        return slot
    }

    /// Declares a variable, whose value a compiled expression gives when it is first asked for.
    public mutating func declare(_ name: String, computedBy program: Program) {
        variables[name] = Variable(type: program.type, slot: slotCount, definition: program.operation)
        slotCount += 1
    }

    func resolve(_ name: String) -> Variable? { variables[name] }

    /// Names of types, which are values.
    static let types: [String: CELType] = [
        "bool": .bool, "bytes": .bytes, "double": .double, "int": .int, "uint": .uint, "string": .string,
        "null_type": .null, "list": .list(.dyn), "map": .map(.dyn, .dyn), "type": .type(.dyn),
        "google.protobuf.Duration": .duration, "google.protobuf.Timestamp": .timestamp,
        "optional_type": .optional(.dyn), "net.IP": .opaque("net.IP"), "net.CIDR": .opaque("net.CIDR"),
        "kubernetes.URL": .opaque("kubernetes.URL"), "kubernetes.Quantity": .opaque("kubernetes.Quantity"),
        "kubernetes.Semver": .opaque("kubernetes.Semver"),
        "kubernetes.NamedFormat": .opaque("kubernetes.NamedFormat"),
    ]
}

/// A compiled expression.
public struct Program: Sendable {
    public let text: String
    public let type: CELType
    /// Which variables of the environment the expression uses, by name.
    public let references: Set<String>
    let operation: Operation

    /// Compiles an expression.
    /// - Throws: what is wrong with it, in cel-go's words.
    public init(_ text: String, in environment: Environment) throws(CompileError) {
        let expression: Expression
        do {
            expression = try Parser.parse(text)
        } catch {
            throw CompileError([error], in: text)
        }
        var checker = Checker(environment)
        let (operation, type) = checker.check(expression)
        if checker.issues.isEmpty { checker.checkLiterals() }
        if !checker.issues.isEmpty { throw CompileError(checker.issues, in: text) }
        self.text = text
        self.type = checker.closed(type)
        self.operation = operation
        references = checker.references
    }

    /// What is wrong with the grammar of an expression; nil when nothing is.
    public static func syntaxError(in text: String) -> CompileError? {
        do {
            _ = try Parser.parse(text)
            return nil
        } catch {
            return CompileError([error], in: text)
        }
    }
}
