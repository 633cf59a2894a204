import KubeJSON

/// A NodeSelectorTerm, parsed: all its expressions must hold. One without any selects no node
/// (component-helpers: scheduling/corev1/nodeaffinity).
public struct NodeSelectorTerm: Sendable {
    public struct Requirement: Sendable {
        public enum Operator: String, Sendable {
            case `in` = "In"
            case notIn = "NotIn"
            case exists = "Exists"
            case doesNotExist = "DoesNotExist"
            case greaterThan = "Gt"
            case lessThan = "Lt"
        }

        public let key: String
        public let op: Operator
        public let values: [String]
        private let bound: Int64?

        init?(_ object: JSON) {
            guard let key = object["key"]?.string,
                let op = object["operator"]?.string.flatMap(Operator.init(rawValue:))
            else { return nil }
            self.key = key
            self.op = op
            values = object["values"]?.array?.compactMap(\.string) ?? []
            bound = values.first.flatMap { Int64($0) }
            if op == .greaterThan || op == .lessThan, values.count != 1 || bound == nil { return nil }
            if op == .in || op == .notIn, values.isEmpty { return nil }
        }

        func matches(_ value: String?) -> Bool {
            guard let value else { return op == .notIn || op == .doesNotExist }
            switch op {
            case .in: return values.contains(value)
            case .notIn: return !values.contains(value)
            case .exists: return true
            case .doesNotExist: return false
            case .greaterThan, .lessThan:
                guard let number = Int64(value), let bound else { return false }
                return op == .greaterThan ? number > bound : number < bound
            }
        }
    }

    public private(set) var expressions: [Requirement] = []
    public private(set) var fields: [Requirement] = []
    /// Something in it cannot be understood, so that it selects nothing.
    public private(set) var isInvalid = false

    public init(_ object: JSON) {
        for item in object["matchExpressions"]?.array ?? [] { add(item, to: \.expressions) }
        for item in object["matchFields"]?.array ?? [] { add(item, to: \.fields) }
    }

    private mutating func add(_ item: JSON, to list: WritableKeyPath<NodeSelectorTerm, [Requirement]>) {
        if let requirement = Requirement(item) {
            self[keyPath: list].append(requirement)
        } else {
            isInvalid = true
        }
    }

    public var isEmpty: Bool { expressions.isEmpty && fields.isEmpty }

    /// - Parameter label: the value of one of the node's labels; nil where it has none.
    public func matches(node name: String, label: (String) -> String?) -> Bool {
        if isInvalid || isEmpty { return false }
        for requirement in expressions where !requirement.matches(label(requirement.key)) { return false }
        for requirement in fields {
            guard requirement.key == "metadata.name", requirement.matches(name) else { return false }
        }
        return true
    }

    /// Reads a NodeSelector's terms; nil when there is no selector.
    public static func terms(of selector: JSON?) -> [NodeSelectorTerm]? {
        guard let terms = selector?["nodeSelectorTerms"]?.array else { return nil }
        return terms.map(NodeSelectorTerm.init)
    }
}
