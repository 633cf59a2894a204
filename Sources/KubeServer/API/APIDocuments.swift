import Crypto
import KubeAPI
import KubeJSON
import Synchronization

/// Discovery and OpenAPI documents, made from the served resources when first asked for and kept until
/// those change.
final class APIDocuments: Sendable {
    let address: String
    /// Where pods find the server too: what they verify tokens with leads here.
    let podsAddress: String

    /// Of everything that documents are made from: each number grows with each change.
    struct Generation: Hashable {
        var served: Int
        var aggregated: Int
    }

    private struct Kept {
        var generation: Generation?
        var documents: [String: Document] = [:]
    }
    private let kept = Mutex(Kept())

    init(address: String, podsAddress: String? = nil) {
        self.address = address
        self.podsAddress = podsAddress ?? address
    }

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
        _ key: String, _ generation: Generation, _ format: Representation.Format = .json,
        parameters: String = "", _ make: () -> JSON?
    ) throws(APIStatus) -> Document? {
        try keep(format == .json ? key : "\(format)/\(key)", generation) { () throws(APIStatus) in
            guard let value = make() else { return nil }
            return Document(
                try Encoding.bytes(of: value, format), contentType: format.mediaType + parameters)
        }
    }

    private func keep(
        _ key: String, _ generation: Generation, _ make: () throws(APIStatus) -> Document?
    ) throws(APIStatus) -> Document? {
        let known = kept.withLock { kept -> Document? in
            if kept.generation != generation { kept = Kept(generation: generation) }
            return kept.documents[key]
        }
        if let known { return known }
        guard let document = try make() else { return nil }
        kept.withLock { kept in
            if kept.generation == generation { kept.documents[key] = document }
        }
        return document
    }

    // MARK: Discovery

    /// The document at `/api`, `/apis` or below; nil when no such group or version is served.
    /// - Parameter discovery: made only where the document is not known yet.
    func discovery(
        _ path: String, _ wanted: DiscoveryForm, _ generation: Generation, _ discovery: () -> Discovery
    ) throws(APIStatus) -> Document? {
        let parts = path.split(separator: "/").map(String.init)
        if parts.count == 1, let aggregated = wanted.aggregated,
            let form = Discovery.Aggregated(rawValue: aggregated)
        {
            return try document(
                "aggregated/\(aggregated)/\(path)", generation, wanted.format,
                parameters: ";g=apidiscovery.k8s.io;v=\(aggregated);as=APIGroupDiscoveryList"
            ) {
                discovery().aggregated(core: parts[0] == "api", form)
            }
        }
        return try document(path, generation, wanted.format) {
            let discovery = discovery()
            return switch (parts.first, parts.count) {
            case ("api", 1): discovery.coreVersions(serverAddress: address)
            case ("api", 2): discovery.resourceList(group: "", version: parts[1])
            case ("apis", 1): discovery.groupList()
            case ("apis", 2): discovery.group(parts[1])
            case ("apis", 3): discovery.resourceList(group: parts[1], version: parts[2])
            default: nil
            }
        }
    }

    func rootPaths(_ discovery: Discovery) -> [String] {
        var paths = ["/.well-known/openid-configuration", "/api", "/api/v1", "/apis"]
        for group in discovery.listedGroups {
            paths.append("/apis/\(group.name)")
            paths += group.versions.map { "/apis/\(group.name)/\($0)" }
        }
        paths += [
            "/healthz", "/livez", "/metrics", "/metrics/slis", "/openapi/v2", "/openapi/v3",
            "/openid/v1/jwks", "/readyz",
            "/version",
        ]
        return paths.sorted(by: utf8Less)
    }

    // MARK: OpenAPI

    func openAPIv2(
        _ resources: ResourceCatalogue, _ generation: Generation
    ) throws(APIStatus) -> Document? {
        try document("openapi/v2", generation) { OpenAPIDocuments(resources).v2() }
    }

    /// The same in protobuf.
    func openAPIv2Protobuf(
        _ resources: ResourceCatalogue, _ generation: Generation
    ) throws(APIStatus) -> Document? {
        try keep("openapi/v2/protobuf", generation) { () throws(APIStatus) in
            Document(
                ProtobufDocument.encode(OpenAPIDocuments(resources).v2()),
                contentType: "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
        }
    }

    /// - Parameter others: what servers behind this one say of theirs, by the path of the group version.
    func openAPIv3Index(
        _ resources: ResourceCatalogue, _ generation: Generation, others: () -> [String: JSON]
    ) throws(APIStatus) -> Document? {
        try document("openapi/v3", generation) {
            var index = OpenAPIDocuments(resources).v3Index()
            var paths = index["paths"] ?? [:]
            for (path, entry) in others().sorted(by: { utf8Less($0.key, $1.key) }) { paths[path] = entry }
            index["paths"] = paths
            return index
        }
    }

    /// The document of one group version: `api/v1` or `apis/G/V`.
    func openAPIv3(
        _ path: String, _ resources: ResourceCatalogue, _ generation: Generation
    ) throws(APIStatus) -> Document? {
        let parts = path.split(separator: "/").map(String.init)
        return try document("openapi/v3/" + path, generation) {
            switch (parts.first, parts.count) {
            case ("api", 2): OpenAPIDocuments(resources).v3(group: "", version: parts[1])
            case ("apis", 3): OpenAPIDocuments(resources).v3(group: parts[1], version: parts[2])
            default: nil
            }
        }
    }
}
