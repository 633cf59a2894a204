import KubeCEL
import KubeJSON

/// An entry of `replacements`: written out, or the file that holds one or several.
struct ReplacementEntry: Sendable {
    var path: String
    var replacement: Replacement
    let line: Int

    init(_ reader: FieldReader) {
        path = reader.string("path")
        replacement = Replacement(reader)
        line = reader.line()
        if !path.isEmpty, replacement.hasSource || !replacement.targets.isEmpty {
            reader.report("path", "a replacement is either written out or in a file")
        }
    }

    /// The replacements of a file: one, or a list of them.
    static func read(_ text: String, file: String) -> (found: [Replacement], problems: [ManifestProblem]) {
        do {
            guard let document = try YAML.parse(text).first else { return ([], []) }
            let reader = FieldReader(document, file: file, listAs: "replacements")
            let found =
                document.value.array == nil
                ? [Replacement(reader)] : reader.list("replacements", Replacement.init)
            reader.reportUnknown()
            return (found, reader.problems)
        } catch {
            return ([], [ManifestProblem(file: file, line: max(error.line, 1), message: error.message)])
        }
    }
}

/// Copies a value from one resource into fields of others.
struct Replacement: Sendable {
    struct Options: Sendable {
        var delimiter = ""
        var index = 0
        var creates = false

        init() {}

        init(_ reader: FieldReader) {
            delimiter = reader.string("delimiter")
            index = reader.integer("index") ?? 0
            creates = reader.bool("create")
            if !reader.string("encoding").isEmpty { reader.report("encoding", "is not supported") }
        }
    }

    struct Source: Sendable {
        var kind: KindID
        var name: String
        var namespace: String
        var fieldPath: String
        var options: Options
    }

    struct Target: Sendable {
        var select: KustomizationFile.Selector?
        var reject: [KustomizationFile.Selector]
        var fieldPaths: [String]
        var options: Options
    }

    var source: Source?
    var sourceValue: String?
    var targets: [Target]
    var hasSource: Bool { source != nil || sourceValue != nil }

    init(_ reader: FieldReader) {
        source = reader.mapping("source") { source in
            Source(
                kind: KindID(
                    group: source.string("group"), version: source.string("version"),
                    kind: source.string("kind")), name: source.string("name"),
                namespace: source.string("namespace"), fieldPath: source.string("fieldPath"),
                options: source.mapping("options", Options.init) ?? Options())
        }
        sourceValue = reader.has("sourceValue") ? reader.string("sourceValue") : nil
        targets = reader.list("targets") { target in
            Target(
                select: target.mapping("select", KustomizationFile.Selector.init),
                reject: target.list("reject", KustomizationFile.Selector.init),
                fieldPaths: target.strings("fieldPaths").map(\.text),
                options: target.mapping("options", Options.init) ?? Options())
        }
    }

    // MARK: - Doing it

    func apply(to resources: inout [KustomizeResource]) throws(KustomizeFailure) {
        guard hasSource, !targets.isEmpty else {
            throw KustomizeFailure("a replacement must have a source and at least one target")
        }
        let value = try value(in: resources)
        for target in targets {
            guard let selector = target.select else {
                throw KustomizeFailure("a target must say what it selects")
            }
            let select = try SelectorMatch(selector)
            var rejectIDs: [SelectorMatch] = []
            var rejectTexts: [SelectorMatch] = []
            for reject in target.reject {
                if reject.hasID { rejectIDs.append(try SelectorMatch(reject)) }
                if !(reject.labels + reject.annotations).isEmpty {
                    rejectTexts.append(try SelectorMatch(reject))
                }
            }
            let paths = target.fieldPaths.isEmpty ? ["metadata.name"] : target.fieldPaths
            for position in resources.indices {
                let resource = resources[position]
                let ids = resource.allIDs
                guard select.matchesTexts(resource), ids.contains(where: select.matches),
                    !rejectTexts.contains(where: { $0.matchesTexts(resource) }),
                    !rejectIDs.contains(where: { ids.contains(where: $0.matches) })
                else { continue }
                for path in paths {
                    try Self.set(value, at: path, of: &resources[position].node, target.options)
                }
            }
        }
    }

    private func value(in resources: [KustomizeResource]) throws(KustomizeFailure) -> YAMLNode {
        if let sourceValue {
            guard source == nil else {
                throw KustomizeFailure("a replacement has either a source or a sourceValue")
            }
            return .plain(sourceValue)
        }
        guard let source else { throw KustomizeFailure("a replacement must have a source") }
        let found = resources.filter { resource in
            resource.allIDs.contains { id in
                (source.name.isEmpty || source.name == id.name) && id.kind.isSelected(by: source.kind)
                    && (source.namespace.isEmpty
                        || ResourceID(kind: source.kind, name: "", namespace: source.namespace)
                            .effectiveNamespace == id.effectiveNamespace)
            }
        }
        let title = "\(source.kind.kind) \(source.name)"
        guard found.count == 1, let resource = found.first else {
            throw KustomizeFailure(
                "the source \(title) is \(found.isEmpty ? "nothing" : "several resources")")
        }
        let path = source.fieldPath.isEmpty ? "metadata.name" : source.fieldPath
        guard let value = try Self.lookUp(ReplacementPath.steps(path), in: resource.node), !value.isNull,
            value.mapping?.isEmpty != true, value.sequence?.isEmpty != true
        else { throw KustomizeFailure("the source \(title) has no \(path)") }
        guard !source.options.delimiter.isEmpty else { return value }
        guard case .scalar(let text, let isString) = value else {
            throw KustomizeFailure("\(path): a delimiter is for scalars only")
        }
        let parts = text.components(separatedBy: source.options.delimiter)
        guard parts.indices.contains(source.options.index) else {
            throw KustomizeFailure("\(path): '\(text)' has no part \(source.options.index)")
        }
        return .scalar(parts[source.options.index], isString: isString)
    }

    /// The value at a path in which elements of lists are named exactly.
    private static func lookUp(
        _ steps: [String], in node: YAMLNode
    ) throws(KustomizeFailure) -> YAMLNode? {
        var value = node
        for step in steps where !step.isEmpty {
            let next: YAMLNode?
            if let index = Int(step), index >= 0 {
                next = value.sequence.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            } else if step == "-" {
                next = value.sequence?.last
            } else if let (key, text) = ReplacementPath.element(step) {
                next = value.sequence?.first { key.isEmpty ? $0.text == text : $0[key]?.text == text }
            } else {
                guard value.mapping != nil || value.isNull else {
                    throw KustomizeFailure(
                        "\(steps.joined(separator: ".")): \(step) is no field of a mapping")
                }
                next = value[step]
            }
            guard let next else { return nil }
            value = next
        }
        return value
    }

    private static func set(
        _ value: YAMLNode, at path: String, of node: inout YAMLNode, _ options: Options
    ) throws(KustomizeFailure) {
        let steps = ReplacementPath.steps(path)
        if try setInText(value, steps, of: &node, options) { return }
        let made: YAMLNode? =
            options.creates
            ? (value.text != nil ? .plain("") : value.sequence != nil ? .sequence([]) : .emptyMapping) : nil
        let walk = ReplacementPath(made: made)
        let count = try walk.update(&node, steps[...]) { field throws(KustomizeFailure) in
            try change(&field, to: value, options)
        }
        guard count > 0 else {
            throw KustomizeFailure(
                "the replacement's target has no field \(path)"
                    + (options.creates ? ", and it cannot be created" : ""))
        }
    }

    private static func change(
        _ field: inout YAMLNode, to value: YAMLNode, _ options: Options
    ) throws(KustomizeFailure) {
        var value = value
        if !options.delimiter.isEmpty {
            guard let present = field.text else {
                throw KustomizeFailure("a delimiter is for scalars only")
            }
            var parts = present.components(separatedBy: options.delimiter)
            let text = value.text ?? ""
            if options.index < 0 {
                parts.insert(text, at: 0)
            } else if options.index >= parts.count {
                parts.append(text)
            } else {
                parts[options.index] = text
            }
            value = .plain(parts.joined(separator: options.delimiter))
        }
        // A scalar keeps its type: a number's text put into a string is a string.
        if case .scalar(_, let isString) = field {
            field = .scalar(value.text ?? "", isString: isString)
        } else {
            field = value
        }
    }

    /// Where a path leads into the text of a field that is JSON, the text is read, changed and written anew.
    private static func setInText(
        _ value: YAMLNode, _ steps: [String], of node: inout YAMLNode, _ options: Options
    ) throws(KustomizeFailure) -> Bool {
        guard steps.count > 1 else { return false }
        for count in 1..<steps.count {
            let prefix = Array(steps[..<count])
            guard let field = try? lookUp(prefix, in: node), let text = field.text else { continue }
            guard let first = text.first(where: { !$0.isWhitespace }), first == "{" || first == "[",
                let json = try? JSONParser.parse(Array(text.utf8))
            else { return false }
            var inner = YAMLNode(json)
            let made: YAMLNode? = options.creates ? (value.text != nil ? .plain("") : .emptyMapping) : nil
            let changed = try ReplacementPath(made: made).update(&inner, steps[count...]) {
                field throws(KustomizeFailure) in try change(&field, to: value, options)
            }
            guard changed > 0 else { return false }
            let isPretty = text.contains("\n") && text.contains("  ")
            let written = GoJSON.string(inner.json, indent: isPretty ? 0 : nil)
            _ = try ReplacementPath(made: nil).update(&node, prefix[...]) { $0 = .string(written) }
            return true
        }
        return false
    }
}

/// A path of fields, indices, `*` and `[key=pattern]` steps, and what lies at its end.
struct ReplacementPath {
    /// What is made at the end of a path that does not exist; nil: nothing is.
    let made: YAMLNode?

    /// The parts between dots; `\.` and brackets keep dots together.
    static func steps(_ path: String) -> [String] {
        let parts = FieldSpec.steps(path, separator: ".")
        var steps: [String] = []
        var open: [String] = []
        for part in parts {
            if open.isEmpty, !part.hasPrefix("[") || part.hasSuffix("]") {
                steps.append(part)
                continue
            }
            open.append(part)
            if part.hasSuffix("]") {
                steps.append(joined(open))
                open = []
            }
        }
        if !open.isEmpty { steps.append(joined(open)) }
        return steps
    }

    private static func joined(_ parts: [String]) -> String {
        let text = parts.joined(separator: ".")
        return text.contains("=") ? text : text.filter { $0 != "[" && $0 != "]" }
    }

    /// `[key=text]`
    static func element(_ step: String) -> (key: String, text: String)? {
        guard step.hasPrefix("["), step.hasSuffix("]") else { return nil }
        let inner = step.dropFirst().dropLast()
        guard let equals = inner.firstIndex(of: "=") else { return nil }
        return (String(inner[..<equals]), String(inner[inner.index(after: equals)...]))
    }

    private func part(for next: String?) -> YAMLNode {
        guard let next else { return made ?? .null }
        if next.hasPrefix("[") && next.hasSuffix("]") || Int(next).map({ $0 >= 0 }) == true {
            return .sequence([])
        }
        return .emptyMapping
    }

    /// Changes all that the path leads to; how many those were.
    func update(
        _ node: inout YAMLNode, _ steps: ArraySlice<String>,
        _ change: (inout YAMLNode) throws(KustomizeFailure) -> Void
    ) throws(KustomizeFailure) -> Int {
        guard let step = steps.first else {
            try change(&node)
            return 1
        }
        let rest = steps.dropFirst()
        if step == "*" || Int(step).map({ $0 >= 0 }) == true || Self.element(step) != nil {
            guard var items = node.isNull ? [] : node.sequence else {
                throw KustomizeFailure("\(step) is for lists only")
            }
            let count = try update(&items, step, rest, change)
            if !node.isNull || !items.isEmpty { node = .sequence(items) }
            return count
        }
        guard node.isNull || node.mapping != nil else {
            throw KustomizeFailure("\(step) is no field of a mapping")
        }
        guard var value = node[step] ?? (made == nil ? nil : part(for: rest.first)) else { return 0 }
        let count = try update(&value, rest, change)
        if count > 0 || made != nil { node[step] = value }
        return count
    }

    private func update(
        _ items: inout [YAMLNode], _ step: String, _ rest: ArraySlice<String>,
        _ change: (inout YAMLNode) throws(KustomizeFailure) -> Void
    ) throws(KustomizeFailure) -> Int {
        if let index = Int(step) {
            if index == items.count, made != nil { items.append(part(for: rest.first)) }
            guard index < items.count else {
                throw KustomizeFailure("index \(index) of a list of \(items.count)")
            }
            return try update(&items[index], rest, change)
        }
        var count = 0
        guard let (key, text) = Self.element(step) else {
            for position in items.indices { count += try update(&items[position], rest, change) }
            return count
        }
        let pattern: Pattern
        do {
            pattern = try Pattern(parsing: text)
        } catch {
            throw KustomizeFailure("'\(text)' is no regular expression: \(error)")
        }
        func visit(_ items: inout [YAMLNode]) throws(KustomizeFailure) {
            for position in items.indices {
                let own = key.isEmpty ? items[position].text : items[position][key]?.text
                guard let own, pattern.matches(own) else { continue }
                // Of a list of scalars the element itself is meant, whatever follows.
                count += try update(&items[position], key.isEmpty ? [] : rest, change)
            }
        }
        try visit(&items)
        if count == 0, made != nil {
            items.append(
                key.isEmpty ? .plain(text) : .mapping(YAMLMapping([YAMLMapping.Member(key, .plain(text))])))
            try visit(&items)
        }
        return count
    }
}

extension String {
    /// The parts between occurrences of a text.
    fileprivate func components(separatedBy separator: String) -> [String] {
        let separator = Array(separator.unicodeScalars)
        var parts: [String] = []
        var part = String.UnicodeScalarView()
        let scalars = Array(unicodeScalars)
        var position = 0
        while position < scalars.count {
            if scalars[position...].starts(with: separator) {
                parts.append(String(part))
                part = String.UnicodeScalarView()
                position += separator.count
            } else {
                part.append(scalars[position])
                position += 1
            }
        }
        return parts + [String(part)]
    }
}
