import KubeAPI
import KubeAuth
import KubeJSON
import KubeRegistry
import KubeStore
import NIOCore

/// One authenticated and authorised request on its way to an answer.
struct Call {
    let server: APIServer
    let exchange: HTTPExchange
    let info: RequestInfo
    let user: UserInfo
    var representation: Representation.Choice

    // MARK: Answers

    func fail(_ status: APIStatus) { exchange.respond(status) }

    /// An answer that is not an object as it is in the store.
    func respond(_ value: JSON, status: Int = 200, warnings: [String] = [], contentType: String? = nil) {
        let format = contentType == nil ? representation.format : .json
        do throws(APIStatus) {
            exchange.respond(
                ResponseHead(
                    status: status, contentType: contentType ?? format.mediaType,
                    headers: WarningHeaders.headers(warnings)),
                body: try Encoding.bytes(of: value, format))
        } catch { fail(error) }
    }

    /// An object as it is stored, in protobuf: encoded once for all who ask.
    func respondProtobuf(_ object: StoredObject, resource: ResourceInfo) {
        do throws(ProtobufError) {
            let type = try ProtobufEncoder.type(of: resource.groupVersionKind)
            let message = try object.form { value throws(ProtobufError) in
                try ProtobufEncoder.message(value, as: type)
            }
            exchange.respond(
                ResponseHead(
                    contentType: Representation.protobuf,
                    headers: WarningHeaders.headers(resource.standingWarnings)),
                body: ProtobufEncoder.object(
                    kind: resource.kind, apiVersion: resource.apiVersion, message: message))
        } catch { fail(Encoding.status(of: error)) }
    }

    /// The same call where objects cannot be had in protobuf: of custom resources only their metadata can.
    func withoutProtobuf() throws(APIStatus) -> Call {
        guard representation.format == .protobuf, representation.transform == .none else { return self }
        let accept = exchange.headers.first("accept")
        guard let choice = Representation.negotiate(accept, hasProtobuf: false) else {
            throw .notAcceptable(
                info.verb == "watch" ? Representation.streamMediaTypes : Representation.mediaTypes)
        }
        var call = self
        call.representation = choice
        return call
    }

    /// An object as it is stored or was written.
    func respond(_ object: WrittenObject, status: Int = 200, resource: ResourceInfo, warnings: [String] = [])
    {
        var warnings = warnings
        let standing = resource.deprecationWarning
        if !standing.isEmpty, !warnings.contains(standing) { warnings.append(standing) }
        switch (representation.transform, representation.format) {
        case (.none, .json):
            var buffer = exchange.allocator.buffer(capacity: object.bytes.count + 1)
            buffer.writeBytes(object.bytes)
            buffer.writeInteger(UInt8(0x0A))
            exchange.respond(
                ResponseHead(status: status, headers: WarningHeaders.headers(warnings)), body: buffer)
        case (.none, .yaml), (.none, .protobuf):
            respond(object.value, status: status, warnings: warnings)
        case (.partialMetadata(let version), _):
            respond(Self.partialMetadata(object.value, version: version), status: status, warnings: warnings)
        case (.partialMetadataList, _): fail(.notAList(resource))
        case (.table(let version), _):
            respond(
                server.table(
                    of: [object.value], resource: resource, call: self, version: version,
                    metadata: ["resourceVersion": .string(object.value.resourceVersion)]),
                status: status, warnings: warnings)
        }
    }

    /// What answers a question and is never listed has no table.
    func refuseTable() throws(APIStatus) {
        guard case .table = representation.transform else { return }
        let accept = exchange.headers.first("accept")
        if Representation.negotiate(accept, hasTable: false) == nil {
            throw .notAcceptable(Representation.mediaTypes)
        }
    }

    static func partialMetadata(_ value: JSON, version: String) -> JSON {
        [
            "kind": "PartialObjectMetadata", "apiVersion": .string("meta.k8s.io/\(version)"),
            "metadata": value.metadata,
        ]
    }

    // MARK: Bodies

    enum BodyFormat { case json, yaml, protobuf }

    /// The format of the request's body; JSON when the client names none.
    func bodyFormat() throws(APIStatus) -> BodyFormat {
        guard let text = exchange.headers.first("content-type"), !text.isEmpty else { return .json }
        switch MediaType(text)?.type {
        case "application/json", "*/*": return .json
        case "application/yaml", "application/x-yaml", "text/yaml": return .yaml
        case "application/vnd.kubernetes.protobuf": return .protobuf
        // Browsers and curl -d say this without meaning it; upstream reads such bodies as JSON.
        case "application/x-www-form-urlencoded" where exchange.body.readableBytes == 0: return .json
        default:
            throw .unsupportedMediaType(
                "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"
            )
        }
    }

    /// The parsed body; repeated keys are kept for field validation.
    func body(kind: String, duplicates: inout [String]) throws(APIStatus) -> JSON {
        let format = try bodyFormat()
        let bytes = exchange.body
        switch format {
        case .json:
            do throws(JSONParseError) {
                return try bytes.parseJSON(duplicates: &duplicates)
            } catch {
                throw Self.undecodable(kind, "json parse error: \(error.reason)", bytes)
            }
        case .protobuf:
            do throws(ProtobufError) {
                return try ProtobufDecoder.decode(Array(bytes.readableBytesView)) { kind in
                    Catalogue.builtin.schema(for: kind)?.name
                }
            } catch {
                throw Self.undecodable(kind, error.description, bytes)
            }
        case .yaml:
            do throws(YAMLError) {
                return try YAML.parse(Array(bytes.readableBytesView)).first?.value ?? .null
            } catch {
                throw Self.undecodable(kind, "yaml parse error: \(error)", bytes)
            }
        }
    }

    private static func undecodable(_ kind: String, _ why: String, _ body: ByteBuffer) -> APIStatus {
        .badRequest(
            "the object provided is unrecognized (must be of type \(kind)): couldn't get version/kind; \(why) (\(Registry.summary(of: Array(body.readableBytesView.prefix(31)))))"
        )
    }

    // MARK: Requests to the registry

    func request(_ resource: ResourceInfo) throws(APIStatus) -> RegistryRequest {
        var request = RegistryRequest(
            resource: resource, namespace: info.namespace, name: info.name, subresource: info.subresource,
            user: user, manager: manager)
        if !resource.isNamespaced { request.namespace = "" }
        let dryRun = info.query.all("dryRun")
        if !dryRun.isEmpty {
            if let odd = dryRun.first(where: { $0 != "All" }) {
                throw .invalid(
                    GroupKind("meta.k8s.io", optionsKind), "",
                    [.notSupported(FieldPath("dryRun"), .array([.string(odd)]), ["All"])])
            }
            request.dryRun = true
        }
        if let text = info.query.first("fieldValidation"), !text.isEmpty {
            guard let validation = FieldValidation(rawValue: text) else {
                throw .invalid(
                    GroupKind("meta.k8s.io", optionsKind), "",
                    [
                        .notSupported(
                            FieldPath("fieldValidation"), .string(text), ["Ignore", "Warn", "Strict"])
                    ])
            }
            request.fieldValidation = validation
        }
        if server.registry.asksWebhooks {
            for name in ["fieldManager", "fieldValidation"] {
                if let value = info.query.first(name), !value.isEmpty {
                    request.options[name] = .string(value)
                }
            }
        }
        if let manager = info.query.first("fieldManager"), manager.utf8.count > 128 {
            throw .invalid(
                GroupKind("meta.k8s.io", optionsKind), "", [.tooLong(FieldPath("fieldManager"), 128)])
        }
        return request
    }

    var optionsKind: String {
        switch info.verb {
        case "create": "CreateOptions"
        case "update": "UpdateOptions"
        case "patch": "PatchOptions"
        default: "DeleteOptions"
        }
    }

    /// The field manager of a write: the query's, else the user agent up to its first slash, at most 128
    /// bytes, printable.
    private var manager: String {
        if let named = info.query.first("fieldManager"), !named.isEmpty { return named }
        let agent = exchange.headers.first("user-agent") ?? ""
        let first = agent.prefix { $0 != "/" }
        let manager = String(
            decoding: first.utf8.filter { $0 >= 0x20 && $0 < 0x7F }.prefix(128), as: UTF8.self)
        return manager.isEmpty ? "unknown" : manager
    }
}

extension HTTPExchange {
    var allocator: ByteBufferAllocator { ByteBufferAllocator() }
}

extension ByteBuffer {
    func parseJSON(duplicates: inout [String]) throws(JSONParseError) -> JSON {
        let result = withUnsafeReadableBytes { raw in
            var found: [String] = []
            return Result { () throws(JSONParseError) in
                let value = try JSONParser.parse(
                    raw.bindMemory(to: UInt8.self), duplicates: .keepLast, found: &found)
                return (value, found)
            }
        }
        let (value, found) = try result.get()
        duplicates = found
        return value
    }
}
