import KubeJSON

/// A compiled label selector: every requirement must hold. Behaves as upstream's `labels.Selector`.
public struct LabelSelector: Sendable, Hashable, CustomStringConvertible {
    public enum Operator: String, Sendable {
        case `in`
        case notIn = "notin"
        case equals = "="
        case doubleEquals = "=="
        case notEquals = "!="
        case exists
        case doesNotExist = "!"
        case greaterThan = "gt"
        case lessThan = "lt"
    }

    /// One test of one label.
    public struct Requirement: Sendable, Hashable {
        public let key: String
        public let op: Operator
        /// Sorted, distinct.
        public let values: [String]
        /// The value of `>` and `<`, parsed once.
        let bound: Int64

        /// - Throws: `SelectorError` naming every fault of the key and the values.
        init(key: String, op: Operator, values: [String]) throws(SelectorError) {
            var errors: [String] = []
            let keyErrors = LabelSyntax.keyErrors(key)
            if !keyErrors.isEmpty {
                errors.append(
                    "key: Invalid value: \(GoText.quoted(key)): \(keyErrors.joined(separator: "; "))")
            }
            var bound: Int64 = 0
            if op == .greaterThan || op == .lessThan {
                for (index, value) in values.enumerated() {
                    if let number = Int64(value) {
                        bound = number
                    } else {
                        errors.append(
                            "values[\(index)]: Invalid value: \(GoText.quoted(value)): "
                                + "for 'Gt', 'Lt' operators, the value must be an integer")
                    }
                }
            }
            if (op == .in || op == .notIn) && values.isEmpty {
                errors.append(
                    "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty")
            }
            if (op == .exists || op == .doesNotExist) && !values.isEmpty {
                errors.append(
                    "values: Invalid value: \(JSONWriter.string(.array(values.map { .string($0) }))): "
                        + "values set must be empty for exists and does not exist")
            }
            for (index, value) in values.enumerated() {
                let faults = LabelSyntax.valueErrors(value)
                if !faults.isEmpty {
                    errors.append(
                        "values[\(index)][\(key)]: Invalid value: \(GoText.quoted(value)): "
                            + faults.joined(separator: "; "))
                }
            }
            if let first = errors.first {
                throw SelectorError(
                    errors.count == 1 ? first : "[" + errors.joined(separator: ", ") + "]")
            }
            self.key = key
            self.op = op
            self.values = values
            self.bound = bound
        }

        /// Whether the labels (an object of strings, or nil for none) meet the requirement.
        public func matches(_ labels: JSONObject?) -> Bool {
            guard case .string(let value)? = labels?[key] else {
                return op == .notIn || op == .notEquals || op == .doesNotExist
            }
            switch op {
            case .in, .equals, .doubleEquals: return values.contains(value)
            case .notIn, .notEquals: return !values.contains(value)
            case .exists: return true
            case .doesNotExist: return false
            case .greaterThan: return Int64(value).map { $0 > bound } ?? false
            case .lessThan: return Int64(value).map { $0 < bound } ?? false
            }
        }

        var text: String {
            let list = values.joined(separator: ",")
            return switch op {
            case .in: "\(key) in (\(list))"
            case .notIn: "\(key) notin (\(list))"
            case .equals, .doubleEquals, .notEquals: key + op.rawValue + list
            case .exists: key
            case .doesNotExist: "!" + key
            case .greaterThan: "\(key)>\(list)"
            case .lessThan: "\(key)<\(list)"
            }
        }
    }

    /// In order of their keys.
    public let requirements: [Requirement]
    private let selectsNothing: Bool

    init(_ requirements: [Requirement], selectsNothing: Bool = false) {
        // Swift's sort is stable, so requirements of one key keep their order.
        self.requirements = requirements.sorted { utf8Less($0.key, $1.key) }
        self.selectsNothing = selectsNothing
    }

    /// Selects every object.
    public static let everything = LabelSelector([])
    /// Selects no object, as a missing `LabelSelector` object does.
    public static let nothing = LabelSelector([], selectsNothing: true)

    public var isEverything: Bool { requirements.isEmpty && !selectsNothing }

    /// Reads the query syntax: `a=b,c!=d,e in (x,y),f notin (z),g,!h,n>1`.
    /// - Throws: `SelectorError` with upstream's message.
    public static func parse(_ text: String) throws(SelectorError) -> LabelSelector {
        if text.isEmpty { return everything }
        var parser = LabelSelectorParser(text)
        return LabelSelector(try parser.requirements())
    }

    /// Reads a `LabelSelector` object (matchLabels, matchExpressions); nil or null selects nothing and an
    /// empty object everything.
    public init(object: JSON?) throws(SelectorError) {
        guard let object = object?.object else {
            self = .nothing
            return
        }
        var requirements: [Requirement] = []
        for (key, value) in object["matchLabels"]?.object ?? [:] {
            requirements.append(try Requirement(key: key, op: .equals, values: [value.string ?? ""]))
        }
        for expression in object["matchExpressions"]?.array ?? [] {
            let word = expression["operator"]?.string ?? ""
            let op: Operator
            switch word {
            case "In": op = .in
            case "NotIn": op = .notIn
            case "Exists": op = .exists
            case "DoesNotExist": op = .doesNotExist
            default: throw SelectorError("\(GoText.quoted(word)) is not a valid label selector operator")
            }
            let values = (expression["values"]?.array ?? []).compactMap(\.string)
            requirements.append(
                try Requirement(
                    key: expression["key"]?.string ?? "", op: op,
                    values: Array(Set(values)).sorted(by: utf8Less)))
        }
        self.init(requirements)
    }

    /// A selector of exact values, as Services and ReplicationControllers have.
    public init(exactly labels: JSONObject) throws(SelectorError) {
        var requirements: [Requirement] = []
        for (key, value) in labels {
            requirements.append(try Requirement(key: key, op: .equals, values: [value.string ?? ""]))
        }
        self.init(requirements)
    }

    /// Whether `metadata.labels` of an object (nil for none) is selected.
    public func matches(labels: JSONObject?) -> Bool {
        if selectsNothing { return false }
        for requirement in requirements where !requirement.matches(labels) { return false }
        return true
    }

    /// Whether a whole object is selected by its `metadata.labels`.
    public func matches(_ object: JSON) -> Bool {
        if requirements.isEmpty { return !selectsNothing }
        return matches(labels: object["metadata"]?["labels"]?.object)
    }

    /// The one value that a label must have, for an index.
    public func exactValue(of key: String) -> String? {
        guard let first = requirements.first(where: { $0.key == key }), first.values.count == 1 else {
            return nil
        }
        switch first.op {
        case .in, .equals, .doubleEquals: return first.values[0]
        default: return nil
        }
    }

    /// The canonical text: requirements by key, values sorted.
    public var description: String { requirements.map(\.text).joined(separator: ",") }
}
