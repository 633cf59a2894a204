import KubeCEL
import KubeJSON

/// One rule of `x-kubernetes-validations`, compiled (k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel).
struct SchemaRule: Sendable {
    let document: JSON
    let rule: String
    let message: String
    let program: Program?
    /// Why there is no program, in upstream's words.
    let problem: String?
    let messageProgram: Program?
    let messageProblem: String?
    let usesOldSelf: Bool
    let isOldSelfOptional: Bool
    /// Below the value that the rule is about.
    let fieldPath: FieldPath?
    let environment: Environment

    static let selfSlot = 0
    static let oldSelfSlot = 1

    /// - Parameters:
    ///   - schema: of the value that the rule is about.
    ///   - type: what expressions see of it.
    init(_ document: JSON, schema: JSON, type: DeclaredType) {
        self.document = document
        rule = document["rule"]?.string ?? ""
        message = document["message"]?.string ?? ""
        isOldSelfOptional = document["optionalOldSelf"]?.bool ?? false
        var environment = Environment()
        environment.declare("self", type.shape.type)
        environment.declare(
            "oldSelf", isOldSelfOptional ? .optional(type.shape.type) : type.shape.type)
        self.environment = environment
        (program, problem) = Self.compile(
            rule, environment, wanted: .bool, "compilation failed: ", "cel expression must evaluate to a bool"
        )
        if program != nil, let text = document["messageExpression"]?.string, !text.isEmpty {
            (messageProgram, messageProblem) = Self.compile(
                text, environment, wanted: .string, "messageExpression compilation failed: ",
                "messageExpression must evaluate to a string")
        } else {
            (messageProgram, messageProblem) = (nil, nil)
        }
        usesOldSelf = program?.references.contains("oldSelf") ?? false
        fieldPath = document["fieldPath"]?.string.flatMap { text in
            text.isEmpty ? nil : SchemaPath.resolve(text, in: schema)
        }
    }

    private static func compile(
        _ text: String, _ environment: Environment, wanted: CELType, _ prefix: String, _ mismatch: String
    ) -> (Program?, String?) {
        if text.trimmed.isEmpty { return (nil, nil) }
        do {
            let program = try Program(text, in: environment)
            return program.type == wanted ? (program, nil) : (nil, mismatch)
        } catch {
            return (nil, prefix + error.description)
        }
    }

    /// How messages name the rule.
    var shown: String { message.isEmpty ? rule.trimmed : message.trimmed }

    /// What is said when the rule does not hold and no expression says it.
    var defaultMessage: String { message.isEmpty ? "failed rule: \(rule.trimmed)" : message.trimmed }

    /// The error that the rule's reason asks for.
    func error(_ path: FieldPath, _ value: JSON?, _ detail: String) -> FieldError {
        switch document["reason"]?.string {
        case "FieldValueForbidden": FieldError(.forbidden, path, nil, detail)
        case "FieldValueRequired": FieldError(.required, path, nil, detail)
        case "FieldValueDuplicate": FieldError(.duplicate, path, value, "")
        default: FieldError(.invalid, path, value, detail)
        }
    }
}

extension String {
    /// Without blanks at its ends.
    var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}

/// Paths such as `.spec.ports['x.y']`, which name a field of a schema.
enum SchemaPath {
    /// Nil where the schema has no such field.
    static func resolve(_ text: String, in schema: JSON) -> FieldPath? {
        var schema = schema
        var path = FieldPath.root
        var rest = Substring(text)
        while let first = rest.first {
            rest.removeFirst()
            let name: String
            if first == "." {
                let end = rest.firstIndex { ".[]".contains($0) } ?? rest.endIndex
                name = String(rest[..<end])
                rest = rest[end...]
                if name.isEmpty { return nil }
            } else if first == "[", rest.first == "'" {
                rest.removeFirst()
                var unescaped = ""
                var isClosed = false
                while let character = rest.popFirst() {
                    if character == "'" {
                        isClosed = true
                        break
                    }
                    if character == "\\" {
                        guard let next = rest.popFirst(), let found = escapes[next] else { return nil }
                        unescaped.append(found)
                    } else {
                        unescaped.append(character)
                    }
                }
                guard isClosed, rest.popFirst() == "]" else { return nil }
                name = unescaped
            } else {
                return nil
            }
            if let properties = schema["properties"] {
                guard let next = properties[name] else { return nil }
                schema = next
                path = path.child(name)
            } else if let values = schema["additionalProperties"], values.object != nil {
                schema = values
                path = path.key(name)
            } else {
                return nil
            }
        }
        return path
    }

    private static let escapes: [Character: Character] = [
        "a": "\u{7}", "b": "\u{8}", "f": "\u{c}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{b}", "'": "'",
        "\\": "\\",
    ]
}
