import KubeJSON

/// Reads objects as kustomize does.
enum KustomizeReading {
    /// - Parameter fixedLine: the line of a text that stands inside another file.
    static func objects(
        _ text: String, file: String, fixedLine: Int? = nil
    ) throws(ManifestProblem) -> [KustomizeObject] {
        let documents: [YAMLNode]
        do { documents = try YAML.nodes(text) } catch {
            throw ManifestProblem(
                file: file, line: fixedLine ?? max(error.line, 1), message: error.message)
        }
        var objects: [KustomizeObject] = []
        for document in documents {
            let node: KustomizeNode
            do { node = try KustomizeNode(document, file: file) } catch {
                throw ManifestProblem(file: file, line: fixedLine ?? document.line, message: error.message)
            }
            if let fixedLine { node.setLine(fixedLine) }
            if node.isNullOrEmpty { continue }
            objects += try expand(node)
        }
        return objects
    }

    /// A List stands for what is in it.
    private static func expand(_ node: KustomizeNode) throws(ManifestProblem) -> [KustomizeObject] {
        guard node.kind == .mapping, let kind = node.text(at: "kind"), !kind.isEmpty else {
            throw ManifestProblem(
                file: node.file, line: node.line,
                message: "this document is no Kubernetes object: it has no kind")
        }
        if kind.hasSuffix("List"), let items = node["items"] {
            var objects: [KustomizeObject] = []
            for item in items.items {
                do {
                    // What is in a list has lost how it was written.
                    let copy = KustomizeNode(try item.json(), file: item.file, line: item.line)
                    copy.adoptPlaces(of: item)
                    objects += try expand(copy)
                } catch let error as KustomizeValueError {
                    throw ManifestProblem(file: item.file, line: item.line, message: error.message)
                } catch let problem as ManifestProblem {
                    throw problem
                } catch {
                    throw ManifestProblem(file: item.file, line: item.line, message: "\(error)")
                }
            }
            return objects
        }
        let object = KustomizeObject(node)
        if object.name.isEmpty, !kind.hasSuffix("List") {
            throw ManifestProblem(
                file: node.file, line: node.line, message: "\(kind): missing metadata.name")
        }
        return [object]
    }
}

extension KustomizeNode {
    fileprivate func setLine(_ line: Int) {
        self.line = line
        for item in items { item.setLine(line) }
        for field in fields { field.value.setLine(line) }
    }
}
