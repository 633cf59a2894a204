import KubeAPI

/// Metadata alone are asked for as one object's or as a list's, by `as=PartialObjectMetadata` and
/// `as=PartialObjectMetadataList`; the wrong one of the two is 406. Upstream: Kubernetes API Concepts,
/// "Metadata-only fetches"; the words name Go types, which clients have seen.
extension APIStatus {
    static func isAList(_ resource: ResourceInfo) -> APIStatus {
        let type = resource.isCustom ? "*unstructured.UnstructuredList" : goType(resource, resource.listKind)
        return shape("you requested PartialObjectMetadata, but the requested object is a list (\(type))")
    }

    static func notAList(_ resource: ResourceInfo) -> APIStatus {
        let type = resource.isCustom ? "*unstructured.Unstructured" : goType(resource, resource.kind)
        return shape(
            "you requested PartialObjectMetadataList, but the requested object is not a list (\(type))")
    }

    private static func shape(_ message: String) -> APIStatus {
        APIStatus(code: 406, reason: "NotAcceptable", message: message)
    }

    /// Events of both groups are one type inside.
    private static func goType(_ resource: ResourceInfo, _ kind: String) -> String {
        let package = resource.group.split(separator: ".").first.map(String.init) ?? "core"
        return "*\(package == "events" ? "core" : package).\(kind)"
    }
}
