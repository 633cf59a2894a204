import KubeJSON

/// The objects of a collection at one moment.
public struct ObjectList: Sendable {
    public var items: [JSON]
    /// Where a watch goes on from.
    public var resourceVersion: String

    public init(items: [JSON], resourceVersion: String) {
        self.items = items
        self.resourceVersion = resourceVersion
    }
}

extension KubeClient {
    /// Everything that is selected, fetched page by page.
    ///
    /// When the server forgets a page's place (410), the whole is asked for at once, as client-go does.
    /// - Parameters:
    ///   - namespace: nil for the client's own.
    ///   - allNamespaces: whether to ask across namespaces.
    public func list(
        _ resource: Resource, namespace: String? = nil, allNamespaces: Bool = false,
        _ selection: Selection = Selection(), pageSize: Int = 500
    ) async throws -> ObjectList {
        let path = resource.path(namespace: allNamespaces ? nil : namespace ?? self.namespace)
        do {
            return try await pages(of: path, selection, pageSize: pageSize)
        } catch let error as ClientError where error.isExpired {
            return try await pages(of: path, selection, pageSize: 0)
        }
    }

    private func pages(of path: String, _ selection: Selection, pageSize: Int) async throws -> ObjectList {
        var items: [JSON] = []
        var next: String?
        while true {
            var query = selection.query
            if pageSize > 0 { query.append(("limit", String(pageSize))) }
            if let next { query.append(("continue", next)) }
            let page = try await request("list", .get, target(path, query))
            guard let version = page.at("metadata", "resourceVersion")?.string else {
                throw ClientError.malformed("\(path): a list without resourceVersion")
            }
            items += page["items"]?.array ?? []
            next = page.at("metadata", "continue")?.string
            if next?.isEmpty ?? true { return ObjectList(items: items, resourceVersion: version) }
        }
    }
}
