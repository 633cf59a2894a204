import KubeJSON

/// Values of Kubernetes' libraries.
public enum Opaque: Sendable {
    case pattern(Pattern)
    case quantity(Quantity)
    case ip(IPAddress)
    case cidr(IPNetwork)
    case url(URLValue)
    case semver(SemanticVersion)
    case format(NamedFormat)
    case authorizer(any Authorizer)
    case authorizerPath(any Authorizer, String)
    case authorizerCheck(any Authorizer, AuthorizerQuestion)
    case decision(AuthorizerDecision)

    var typeName: String {
        switch self {
        case .pattern: "string"
        case .quantity: "kubernetes.Quantity"
        case .ip: "net.IP"
        case .cidr: "net.CIDR"
        case .url: "kubernetes.URL"
        case .semver: "kubernetes.Semver"
        case .format: "kubernetes.NamedFormat"
        case .authorizer: "kubernetes.authorization.Authorizer"
        case .authorizerPath: "kubernetes.authorization.PathCheck"
        case .authorizerCheck(_, let question):
            question.isGroup
                ? "kubernetes.authorization.GroupCheck" : "kubernetes.authorization.ResourceCheck"
        case .decision: "kubernetes.authorization.Decision"
        }
    }

    func isEqual(_ other: Opaque) -> Bool {
        switch (self, other) {
        case (.quantity(let a), .quantity(let b)): a.compare(b) == 0
        case (.ip(let a), .ip(let b)): a == b
        case (.cidr(let a), .cidr(let b)): a == b
        case (.url(let a), .url(let b)): a.text == b.text
        case (.semver(let a), .semver(let b)): a.compare(b) == 0
        case (.format(let a), .format(let b)): a.name == b.name
        case (.decision(let a), .decision(let b)): a == b
        default: false
        }
    }
}

/// Who answers what `authorizer` asks.
public protocol Authorizer: Sendable {
    func decide(_ question: AuthorizerQuestion) -> AuthorizerDecision
    /// The same for a service account.
    func acting(asServiceAccount name: String, in namespace: String) -> any Authorizer
}

/// What may be asked.
public struct AuthorizerQuestion: Sendable {
    public internal(set) var path: String?
    public internal(set) var group = ""
    public internal(set) var resource = ""
    public internal(set) var subresource = ""
    public internal(set) var namespace = ""
    public internal(set) var name = ""
    public internal(set) var verb = ""
    var isGroup = false

    init() {}

    /// A question about a resource, of which the verb is still to be said.
    public init(group: String, resource: String, subresource: String, namespace: String, name: String) {
        (self.group, self.resource, self.subresource) = (group, resource, subresource)
        (self.namespace, self.name) = (namespace, name)
    }
}

public struct AuthorizerDecision: Sendable, Equatable {
    public let isAllowed: Bool
    public let reason: String
    public let error: String?

    public init(isAllowed: Bool, reason: String, error: String? = nil) {
        self.isAllowed = isAllowed
        self.reason = reason
        self.error = error
    }
}

extension Value {
    /// The name of the type, as messages show it.
    public var typeName: String { type.runtimeName }

    /// The name and the fields of a message that the expression wrote; nil for any other value.
    public var messageFields: (name: String, fields: [(String, Value)])? {
        guard case .message(let name, let entries) = self else { return nil }
        return (name, zip(entries.keys, entries.values).map { ($0.shown, $1) })
    }

    /// The elements of a list that the expression wrote; none for any other value.
    public var listValues: [Value] {
        if case .list(.values(let values)) = self { values } else { [] }
    }

    /// As messages show it.
    var shown: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .int(let value): String(value)
        case .uint(let value): String(value)
        case .double(let value): NumberText.shortest(value)
        case .string(let value): value
        case .bytes(let value): String(decoding: value, as: UTF8.self)
        case .duration(let value): DurationText.format(value)
        case .timestamp(let value): TimestampText.format(value)
        case .type(let type): type.runtimeName
        default: type.runtimeName
        }
    }

    // What functions take their arguments as; the checker, or `Overload.accepts`, saw to the types.

    func asInt() throws(EvaluationError) -> Int64 {
        guard case .int(let value) = self else { throw .noSuchOverload }
        return value
    }
    func asText() throws(EvaluationError) -> String {
        guard case .string(let value) = self else { throw .noSuchOverload }
        return value
    }
    func asBool() throws(EvaluationError) -> Bool {
        guard case .bool(let value) = self else { throw .noSuchOverload }
        return value
    }
    func asList() throws(EvaluationError) -> ListValue {
        guard case .list(let value) = self else { throw .noSuchOverload }
        return value
    }
    func asQuantity() throws(EvaluationError) -> Quantity {
        guard case .opaque(.quantity(let value)) = self else { throw .noSuchOverload }
        return value
    }
    func asIP() throws(EvaluationError) -> IPAddress {
        guard case .opaque(.ip(let value)) = self else { throw .noSuchOverload }
        return value
    }
    func asCIDR() throws(EvaluationError) -> IPNetwork {
        guard case .opaque(.cidr(let value)) = self else { throw .noSuchOverload }
        return value
    }
    func asURL() throws(EvaluationError) -> URLValue {
        guard case .opaque(.url(let value)) = self else { throw .noSuchOverload }
        return value
    }
    func asVersion() throws(EvaluationError) -> SemanticVersion {
        guard case .opaque(.semver(let value)) = self else { throw .noSuchOverload }
        return value
    }
    func asTimestamp() throws(EvaluationError) -> Timestamp {
        guard case .timestamp(let value) = self else { throw .noSuchOverload }
        return value
    }
    /// A pattern that the checker compiled, or one to compile now.
    func asPattern() throws(EvaluationError) -> Pattern {
        switch self {
        case .opaque(.pattern(let pattern)): return pattern
        case .string(let text):
            do { return try Pattern(parsing: text) } catch { throw .failure(error.description) }
        default: throw .noSuchOverload
        }
    }
}

/// Numbers as texts.
enum NumberText {
    /// The shortest that is read back as the same number, as Go's `%v` writes it.
    static func shortest(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == 0 { return value.sign == .minus ? "-0" : "0" }
        let text = value.description
        if value.magnitude >= 1e-4, value.magnitude < 1e16 {
            if text.hasSuffix(".0") { return String(text.dropLast(2)) }
            return text
        }
        if value.magnitude < 1e21, value.magnitude >= 1e16, let whole = Int128(exactly: value) {
            return String(whole)
        }
        // Go writes at least two digits of exponent.
        guard let mark = text.firstIndex(of: "e") else { return text }
        var mantissa = String(text[..<mark])
        if mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
        var exponent = text[text.index(after: mark)...]
        let sign = exponent.hasPrefix("-") ? "-" : "+"
        if exponent.hasPrefix("-") || exponent.hasPrefix("+") { exponent.removeFirst() }
        return mantissa + "e" + sign + (exponent.count < 2 ? "0" : "") + exponent
    }
}
