import Yams

/// YAML as it was written: for programs that must know whether a scalar had quotes, which a JSON value cannot
/// say. Aliases are resolved.
public struct YAMLNode: Sendable {
    public indirect enum Content: Sendable {
        /// - Parameter tag: empty where none was written.
        case scalar(String, isPlain: Bool, tag: String)
        case sequence([YAMLNode])
        case mapping([(key: YAMLNode, value: YAMLNode)])
    }

    public let content: Content
    /// From 1.
    public let line: Int

    init(_ node: Node) {
        line = node.mark?.line ?? 1
        switch node {
        case .scalar(let scalar):
            content = .scalar(
                scalar.string, isPlain: scalar.style == .plain, tag: scalar.tag.rawValue)
        case .sequence(let sequence): content = .sequence(sequence.map(YAMLNode.init))
        case .mapping(let mapping):
            content = .mapping(mapping.map { (YAMLNode($0.key), YAMLNode($0.value)) })
        case .alias: content = .scalar("", isPlain: true, tag: "")
        }
    }
}

extension YAML {
    /// The documents of a text as they were written, under the same bounds as `parse`.
    public static func nodes(_ text: String, limits: Limits = Limits()) throws(YAMLError) -> [YAMLNode] {
        var bytes = Array(text.utf8)
        guard bytes.count <= limits.size else {
            throw YAMLError("text is larger than \(limits.size) bytes")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        try YAMLScan.check(bytes, limits: limits)
        do {
            let parser = try Parser(
                yaml: String(decoding: bytes, as: UTF8.self), resolver: .basic, encoding: .utf8)
            var documents: [YAMLNode] = []
            while let root = try parser.nextRoot() { documents.append(YAMLNode(root)) }
            return documents
        } catch let error as YamlError {
            throw YAMLError(error)
        } catch {
            throw YAMLError("\(error)")
        }
    }
}
