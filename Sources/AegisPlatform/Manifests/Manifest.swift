import KubeAPI
import KubeJSON

/// One object of a platform, and where it was written.
public struct Manifest: Sendable {
    public let file: String
    public private(set) var object: JSON
    /// The line, from 1, on which the object starts.
    public let line: Int
    private let document: YAMLDocument
    private let offset: Int
    /// Where the object is in its document: empty, or `items`, `3` of a List.
    private let path: [String]

    init(file: String, document: YAMLDocument, object: JSON, offset: Int, path: [String] = []) {
        self.file = file
        self.document = document
        self.object = object
        self.offset = offset
        self.path = path
        line = offset + document.line(at: path)
    }

    /// The same manifest with another object in it.
    public func replacing(_ object: JSON) -> Manifest {
        var manifest = self
        manifest.object = object
        return manifest
    }

    /// The line of a field such as `spec.containers[0].image`, or of the nearest one above it.
    public func line(ofField field: String) -> Int {
        offset + document.line(at: path + Self.steps(field))
    }

    private static func steps(_ field: String) -> [String] {
        var steps: [String] = []
        var step = ""
        var isInBrackets = false
        for character in field {
            switch character {
            case ".", "[":
                if isInBrackets, character == "." {
                    step.append(character)
                    continue
                }
                if !step.isEmpty { steps.append(step) }
                step = ""
                isInBrackets = character == "["
            case "]":
                steps.append(step)
                step = ""
                isInBrackets = false
            default: step.append(character)
            }
        }
        if !step.isEmpty { steps.append(step) }
        return steps
    }

    public var apiVersion: String { object["apiVersion"]?.string ?? "" }
    public var kind: String { object["kind"]?.string ?? "" }
    public var group: String {
        guard let slash = apiVersion.firstIndex(of: "/") else { return "" }
        return String(apiVersion[..<slash])
    }
    public var version: String {
        apiVersion.firstIndex(of: "/").map { String(apiVersion[apiVersion.index(after: $0)...]) }
            ?? apiVersion
    }
    /// `Deployment aegis-production/aegis-api`.
    public var title: String {
        let name = object.name.isEmpty ? object.metadata["generateName"]?.string ?? "" : object.name
        return "\(kind) " + (object.namespace.isEmpty ? name : "\(object.namespace)/\(name)")
    }
}

/// Something in the files that cannot be used as it is.
public struct ManifestProblem: Error, Sendable, CustomStringConvertible {
    public let file: String
    public let line: Int
    public let message: String

    public init(file: String, line: Int, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    public init(_ manifest: Manifest, field: String? = nil, _ message: String) {
        self.init(
            file: manifest.file, line: field.map { manifest.line(ofField: $0) } ?? manifest.line,
            message: "\(manifest.title): \(message)")
    }

    public var description: String { line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)" }
}

/// Reads the objects of a text: YAML or JSON of one or more documents, or Markdown with such blocks.
public enum ManifestReader {
    /// What a file holds, by its name; nil for a file that holds no manifests.
    public enum Format: Sendable {
        case yaml
        case markdown

        public init?(fileName: String) {
            let name = fileName.lowercased()
            if name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.hasSuffix(".json") {
                self = .yaml
            } else if name.hasSuffix(".md") || name.hasSuffix(".markdown") {
                self = .markdown
            } else {
                return nil
            }
        }
    }

    /// - Returns: the objects in the order in which they are written, and everything that is wrong.
    public static func read(
        _ text: String, file: String, format: Format
    ) -> (manifests: [Manifest], problems: [ManifestProblem]) {
        var manifests: [Manifest] = []
        var problems: [ManifestProblem] = []
        switch format {
        case .yaml: read(text, file: file, offset: 0, isLoose: false, &manifests, &problems)
        case .markdown:
            for block in MarkdownDocument(text).blocks where block.isYAML {
                read(
                    block.text, file: file, offset: block.line - 1, isLoose: true, &manifests, &problems)
            }
        }
        return (manifests, problems)
    }

    /// - Parameter isLoose: a document that is no object of the API is an illustration, and no mistake.
    private static func read(
        _ text: String, file: String, offset: Int, isLoose: Bool, _ manifests: inout [Manifest],
        _ problems: inout [ManifestProblem]
    ) {
        let documents: [YAMLDocument]
        do {
            documents = try YAML.parse(text)
        } catch {
            problems.append(
                ManifestProblem(file: file, line: offset + max(error.line, 1), message: error.message))
            return
        }
        for document in documents where !document.value.isNull {
            let object = document.value
            let isObject = object["kind"]?.string?.isEmpty == false && object["apiVersion"]?.string != nil
            guard isObject else {
                if isLoose, object["kind"] == nil || object["apiVersion"] == nil { continue }
                let missing = object["apiVersion"]?.string == nil ? "apiVersion" : "kind"
                problems.append(
                    ManifestProblem(
                        file: file, line: offset + document.line,
                        message: "this document is no Kubernetes object: it has no \(missing)"))
                continue
            }
            // A List stands for what is in it (kubectl does the same).
            if object["apiVersion"]?.string == "v1", object["kind"]?.string == "List",
                let items = object["items"]?.array
            {
                for (index, item) in items.enumerated() {
                    manifests.append(
                        Manifest(
                            file: file, document: document, object: item, offset: offset,
                            path: ["items", String(index)]))
                }
            } else {
                manifests.append(
                    Manifest(file: file, document: document, object: object, offset: offset))
            }
        }
    }
}
