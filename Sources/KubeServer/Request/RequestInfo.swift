/// What a request is about, resolved from its method and path as upstream's RequestInfoFactory does
/// (k8s.io/apiserver/pkg/endpoints/request/requestinfo.go).
struct RequestInfo: Sendable {
    var isResourceRequest = false
    var path: String
    var query: QueryItems
    /// Kubernetes verb for resources (get, list, watch, create, update, patch, delete, deletecollection);
    /// the lower-case method for anything else.
    var verb: String
    var group = ""
    var version = ""
    var resource = ""
    var namespace = ""
    var name = ""
    var subresource = ""
    /// What follows the subresource (the path of a proxy request), without the leading slash.
    var rest = ""

    init(method: String, uri: String) {
        let split = uri.utf8.firstIndex(of: UInt8(ascii: "?"))
        let rawPath = uri[..<(split ?? uri.endIndex)]
        query = split.map { QueryItems(uri[uri.utf8.index(after: $0)...]) } ?? QueryItems()
        path = QueryItems.decode(rawPath, plusIsSpace: false)
        verb = method.lowercased()
        resolve(rawPath, method: method)
    }

    private mutating func resolve(_ rawPath: Substring, method: String) {
        var parts = rawPath.split(separator: "/", omittingEmptySubsequences: true)
            .map { QueryItems.decode($0, plusIsSpace: false) }[...]
        guard parts.count >= 3, let prefix = parts.first, prefix == "api" || prefix == "apis" else { return }
        parts.removeFirst()
        if prefix == "apis" {
            guard parts.count >= 3 else { return }
            group = parts.removeFirst()
        }
        version = parts.removeFirst()
        isResourceRequest = true
        switch method {
        case "POST": verb = "create"
        case "GET", "HEAD": verb = "get"
        case "PUT": verb = "update"
        case "PATCH": verb = "patch"
        case "DELETE": verb = "delete"
        default: break
        }
        // The legacy form /api/v1/watch/….
        if parts.first == "watch", parts.count > 1 {
            parts.removeFirst()
            verb = "watch"
        }
        if parts.first == "namespaces", parts.count > 1 {
            namespace = parts[parts.startIndex + 1]
            if parts.count > 2 {
                let next = parts[parts.startIndex + 2]
                if next != "status", next != "finalize" { parts = parts.dropFirst(2) }
            }
        }
        resource = parts.first ?? ""
        if parts.count > 1 { name = parts[parts.startIndex + 1] }
        if parts.count > 2 { subresource = parts[parts.startIndex + 2] }
        if parts.count > 3 { rest = parts.dropFirst(3).joined(separator: "/") }
        if resource == "namespaces" { namespace = name }
        if name.isEmpty, verb == "get" { verb = query.flag("watch") ? "watch" : "list" }
        if name.isEmpty, verb == "delete" { verb = "deletecollection" }
        // Watching one object by its name is a watch of the list with a field selector.
        if verb == "get", query.flag("watch"), subresource.isEmpty { verb = "watch" }
    }
}
