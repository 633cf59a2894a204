import KubeJSON

/// The JSON paths of `additionalPrinterColumns`: fields, quoted fields, indexes, wildcards and filters, as
/// k8s.io/client-go/util/jsonpath reads them.
struct JSONPath: Sendable {
    private enum Step: Sendable {
        case field(String)
        case index(Int)
        case all
        /// `?(@.type=="Ready")`: elements whose value at the path compares so; nil: that have one.
        case filter(path: [String], comparison: (isEqual: Bool, literal: JSON)?)
    }

    private let steps: [Step]

    /// Nil when the text is no such path; a CustomResourceDefinition with one is refused.
    init?(_ text: String) {
        var parser = Parser(text)
        guard let steps = parser.steps() else { return nil }
        self.steps = steps
    }

    /// All values at the path, in order.
    func values(in root: JSON) -> [JSON] {
        var current = [root]
        for step in steps {
            var next: [JSON] = []
            for value in current { Self.take(step, of: value, into: &next) }
            if next.isEmpty { return [] }
            current = next
        }
        return current
    }

    private static func take(_ step: Step, of value: JSON, into next: inout [JSON]) {
        switch step {
        case .field(let name):
            if let member = value[name] { next.append(member) }
        case .index(let index):
            guard let array = value.array else { return }
            let position = index < 0 ? array.count + index : index
            if array.indices.contains(position) { next.append(array[position]) }
        case .all:
            if let array = value.array { next += array }
            if let object = value.object { next += object.map(\.value) }
        case .filter(let path, let comparison):
            for element in value.array ?? [] {
                let found = element.at(path)
                guard let comparison else {
                    if found != nil { next.append(element) }
                    continue
                }
                if let found, (found == comparison.literal) == comparison.isEqual { next.append(element) }
            }
        }
    }

    private struct Parser {
        private var rest: Substring

        init(_ text: String) {
            rest = text[...]
            // Braces around the whole are allowed.
            if rest.first == "{", rest.last == "}" { rest = rest.dropFirst().dropLast() }
            if rest.first == "$" { rest = rest.dropFirst() }
        }

        mutating func steps() -> [Step]? {
            var steps: [Step] = []
            while let first = rest.first {
                if first == "." {
                    rest = rest.dropFirst()
                    if rest.first == "[" || rest.isEmpty { continue }
                    guard let name = name() else { return nil }
                    steps.append(name == "*" ? .all : .field(name))
                } else if first == "[" {
                    rest = rest.dropFirst()
                    guard let step = bracket() else { return nil }
                    steps.append(step)
                } else {
                    guard steps.isEmpty, let name = name() else { return nil }
                    steps.append(.field(name))
                }
            }
            return steps
        }

        /// A field up to the next dot or bracket; a backslash keeps a dot.
        private mutating func name() -> String? {
            var name = ""
            while let character = rest.first, character != ".", character != "[" {
                rest = rest.dropFirst()
                if character == "\\", let kept = rest.popFirst() {
                    name.append(kept)
                } else {
                    name.append(character)
                }
            }
            return name.isEmpty ? nil : name
        }

        private mutating func bracket() -> Step? {
            if rest.hasPrefix("?(") { return filter() }
            if let quote = rest.first, quote == "'" || quote == "\"" {
                guard let text = quoted(), rest.popFirst() == "]" else { return nil }
                return .field(text)
            }
            guard let end = rest.firstIndex(of: "]") else { return nil }
            let text = rest[..<end]
            rest = rest[rest.index(after: end)...]
            if text == "*" { return .all }
            return Int(text).map { .index($0) }
        }

        private mutating func quoted() -> String? {
            guard let quote = rest.popFirst(), let end = rest.firstIndex(of: quote) else { return nil }
            let text = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
            return text
        }

        private mutating func filter() -> Step? {
            rest = rest.dropFirst(2)
            skipSpaces()
            guard rest.popFirst() == "@" else { return nil }
            var path: [String] = []
            while rest.first == "." {
                rest = rest.dropFirst()
                let part = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == "/" }
                if part.isEmpty { return nil }
                path.append(String(part))
                rest = rest.dropFirst(part.count)
            }
            skipSpaces()
            var comparison: (isEqual: Bool, literal: JSON)?
            if rest.hasPrefix("==") || rest.hasPrefix("!=") {
                let isEqual = rest.first == "="
                rest = rest.dropFirst(2)
                skipSpaces()
                guard let literal = literal() else { return nil }
                comparison = (isEqual, literal)
                skipSpaces()
            }
            guard rest.hasPrefix(")]") else { return nil }
            rest = rest.dropFirst(2)
            return .filter(path: path, comparison: comparison)
        }

        private mutating func literal() -> JSON? {
            if rest.first == "'" || rest.first == "\"" { return quoted().map { .string($0) } }
            let text = rest.prefix { $0 != ")" && $0 != " " }
            rest = rest.dropFirst(text.count)
            return try? JSONParser.parse(String(text))
        }

        private mutating func skipSpaces() { rest = rest.drop { $0 == " " } }
    }
}
