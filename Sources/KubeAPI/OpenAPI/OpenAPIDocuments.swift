import KubeJSON

/// The OpenAPI documents of a server, made from what its catalogue holds, with ``FieldWords``.
///
/// Making one takes milliseconds: keep the answer for as long as the catalogue stays the same.
public struct OpenAPIDocuments: Sendable {
    public let catalogue: ResourceCatalogue

    public init(_ catalogue: ResourceCatalogue) { self.catalogue = catalogue }

    /// `/openapi/v2`: everything in one document (Swagger 2.0).
    public func v2() -> JSON {
        var schemas = OpenAPISchemas(.v2)
        var paths: [(String, JSON)] = []
        for info in catalogue.resources { paths += OpenAPIPaths(info: info, version: .v2).write(&schemas) }
        return [
            "swagger": "2.0",
            "info": ["title": "Kubernetes", "version": "v1.36.2"],
            "paths": .object(JSONObject(paths)),
            "definitions": schemas.finish(),
        ]
    }

    /// `/openapi/v3/api/V` and `/openapi/v3/apis/G/V`; nil when the version is not served.
    public func v3(group: String, version: String) -> JSON? {
        let infos = catalogue.resources(group: group, version: version)
        guard !infos.isEmpty else { return nil }
        var schemas = OpenAPISchemas(.v3)
        var paths: [(String, JSON)] = []
        for info in infos { paths += OpenAPIPaths(info: info, version: .v3).write(&schemas) }
        return [
            "openapi": "3.0.0",
            "info": ["title": "Kubernetes", "version": "v1.36.2"],
            "paths": .object(JSONObject(paths)),
            "components": ["schemas": schemas.finish()],
        ]
    }

    /// `/openapi/v3`: where each version's document is; the hash changes when the document does.
    public func v3Index() -> JSON {
        var paths = JSONObject()
        for group in catalogue.groups {
            for version in group.versions {
                guard let document = v3(group: group.name, version: version) else { continue }
                let path = group.name.isEmpty ? "api/\(version)" : "apis/\(group.name)/\(version)"
                paths[path] = [
                    "serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(Self.hash(document))")
                ]
            }
        }
        return ["paths": .object(paths)]
    }

    /// FNV-1a of the text: it only has to tell documents apart.
    private static func hash(_ document: JSON) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in JSONWriter.bytes(document) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16, uppercase: true)
    }
}
