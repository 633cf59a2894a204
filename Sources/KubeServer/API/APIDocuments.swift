import Crypto
import KubeAPI
import KubeJSON
import Synchronization

/// Discovery and OpenAPI documents, made from the served resources when first asked for and kept until
/// those change.
final class APIDocuments: Sendable {
    let address: String
    private struct Kept {
        var generation = -1
        var documents: [String: Document] = [:]
    }
    private let kept = Mutex(Kept())

    init(address: String) { self.address = address }

    struct Document {
        let contentType: String
        let bytes: [UInt8]
        /// In quotes, as it stands in ETag.
        let tag: String

        init(_ bytes: [UInt8], contentType: String = "application/json") {
            self.bytes = bytes
            self.contentType = contentType
            let digits = Array("0123456789ABCDEF")
            var tag = "\""
            for byte in SHA256.hash(data: bytes) {
                tag.append(digits[Int(byte >> 4)])
                tag.append(digits[Int(byte & 15)])
            }
            self.tag = tag + "\""
        }
    }

    private func document(
        _ key: String, _ generation: Int, contentType: String = "application/json", _ make: () -> JSON?
    ) -> Document? {
        keep(key, generation) {
            make().map { Document(JSONWriter.bytes($0) + [0x0A], contentType: contentType) }
        }
    }

    private func keep(_ key: String, _ generation: Int, _ make: () -> Document?) -> Document? {
        let known = kept.withLock { kept -> Document? in
            if kept.generation != generation { kept = Kept(generation: generation) }
            return kept.documents[key]
        }
        if let known { return known }
        guard let document = make() else { return nil }
        kept.withLock { kept in
            if kept.generation == generation { kept.documents[key] = document }
        }
        return document
    }

    // MARK: Discovery

    /// The document at `/api`, `/apis` or below; nil when no such group or version is served.
    func discovery(_ path: String, aggregated: String?, _ resources: (ResourceCatalogue, Int)) -> Document? {
        let (catalogue, generation) = resources
        let parts = path.split(separator: "/").map(String.init)
        let discovery = Discovery(catalogue)
        if parts.count == 1, let aggregated, let form = Discovery.Aggregated(rawValue: aggregated) {
            return document(
                "aggregated/\(aggregated)/\(path)", generation,
                contentType: "application/json;g=apidiscovery.k8s.io;v=\(aggregated);as=APIGroupDiscoveryList"
            ) {
                discovery.aggregated(core: parts[0] == "api", form)
            }
        }
        return document(path, generation) {
            switch (parts.first, parts.count) {
            case ("api", 1): discovery.coreVersions(serverAddress: address)
            case ("api", 2): discovery.resourceList(group: "", version: parts[1])
            case ("apis", 1): discovery.groupList()
            case ("apis", 2): discovery.group(parts[1])
            case ("apis", 3): discovery.resourceList(group: parts[1], version: parts[2])
            default: nil
            }
        }
    }

    func rootPaths(_ catalogue: ResourceCatalogue) -> [String] {
        var paths = ["/.well-known/openid-configuration", "/api", "/api/v1", "/apis"]
        for group in catalogue.groups where !group.name.isEmpty {
            paths.append("/apis/\(group.name)")
            paths += group.versions.map { "/apis/\(group.name)/\($0)" }
        }
        paths += [
            "/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/openid/v1/jwks", "/readyz",
            "/version",
        ]
        return paths.sorted(by: utf8Less)
    }

    // MARK: OpenAPI

    func openAPIv2(_ resources: (ResourceCatalogue, Int)) -> Document? {
        document("openapi/v2", resources.1) { OpenAPIDocuments(resources.0).v2() }
    }

    /// The same in protobuf.
    func openAPIv2Protobuf(_ resources: (ResourceCatalogue, Int)) -> Document? {
        keep("openapi/v2/protobuf", resources.1) {
            Document(
                ProtobufDocument.encode(OpenAPIDocuments(resources.0).v2()),
                contentType: "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
        }
    }

    func openAPIv3Index(_ resources: (ResourceCatalogue, Int)) -> Document? {
        document("openapi/v3", resources.1) { OpenAPIDocuments(resources.0).v3Index() }
    }

    /// The document of one group version: `api/v1` or `apis/G/V`.
    func openAPIv3(_ path: String, _ resources: (ResourceCatalogue, Int)) -> Document? {
        let parts = path.split(separator: "/").map(String.init)
        return document("openapi/v3/" + path, resources.1) {
            switch (parts.first, parts.count) {
            case ("api", 2): OpenAPIDocuments(resources.0).v3(group: "", version: parts[1])
            case ("apis", 3): OpenAPIDocuments(resources.0).v3(group: parts[1], version: parts[2])
            default: nil
            }
        }
    }
}
