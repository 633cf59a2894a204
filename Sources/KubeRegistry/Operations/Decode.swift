import KubeAPI
import KubeJSON

extension Registry {
    /// Reads a request's body as an object of the resource (or of `kind`, for subresources that take
    /// another): the kind checked, typed, unknown fields reported as asked, defaults filled.
    func decode(
        _ body: JSON, as expected: GroupVersionKind, schema: Schema, isCustom: Bool = false,
        request: inout RegistryRequest
    ) throws(APIStatus) -> JSON {
        guard case .object = body else {
            throw .badRequest(
                "the object provided is unrecognized (must be of type \(expected.kind)): couldn't get version/kind; json parse error: json: cannot unmarshal \(body.typeName) into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" } (\(Self.summary(of: JSONWriter.bytes(body))))"
            )
        }
        try checkKind(of: body, expected, isCustom: isCustom)
        let decoded: (value: JSON, unknown: [String])
        do {
            if isCustom, let custom = request.resource.custom {
                decoded = try custom.decode(body)
            } else {
                let typed = try ObjectDecoder.decodeKeepingEmpty(body, as: schema)
                if typed.hasEmpty, schema.name == request.resource.schema.name {
                    request.schemaOfEmptyLists = schema
                }
                decoded = (typed.value, typed.unknown)
            }
        } catch {
            throw .badRequest(
                "\(expected.kind) in version \"\(expected.version)\" cannot be handled as a \(expected.kind): \(error)"
            )
        }
        var object = decoded.value
        try report(unknown: decoded.unknown, expected, &request)
        object["kind"] = .string(expected.kind)
        object["apiVersion"] = .string(expected.apiVersion)
        return object
    }

    private func checkKind(
        of body: JSON, _ expected: GroupVersionKind, isCustom: Bool
    ) throws(APIStatus) {
        let kind = body["kind"]?.string ?? ""
        let apiVersion = body["apiVersion"]?.string ?? ""
        if isCustom {
            if kind.isEmpty { throw .badRequest("Object 'Kind' is missing in '\(Self.brief(body))'") }
            if apiVersion.isEmpty {
                throw .badRequest("Object 'apiVersion' is missing in '\(Self.brief(body))'")
            }
        }
        if !kind.isEmpty, kind != expected.kind {
            let split = apiVersion.split(separator: "/", maxSplits: 1)
            let version = apiVersion.isEmpty ? expected.version : String(split.last ?? "")
            let group = split.count > 1 ? String(split[0]) : apiVersion.isEmpty ? expected.group : ""
            let prefix = "\(kind) in version \"\(version)\" cannot be handled as a \(expected.kind): "
            if resources.resource(for: GroupVersionKind(group, version, kind)) != nil {
                throw .badRequest(
                    prefix
                        + "converting (\(version).\(kind)) to (\(Self.package(expected.group)).\(expected.kind)): unknown conversion"
                )
            }
            throw .badRequest(
                prefix
                    + "no kind \"\(kind)\" is registered for version \"\(apiVersion.isEmpty ? expected.apiVersion : apiVersion)\" in scheme \"pkg/api/legacyscheme/scheme.go:30\""
            )
        }
        if !apiVersion.isEmpty, apiVersion != expected.apiVersion {
            throw .badRequest(
                "the API version in the data (\(apiVersion)) does not match the expected API version (\(expected.apiVersion))"
            )
        }
    }

    private func report(
        unknown: [String], _ expected: GroupVersionKind, _ request: inout RegistryRequest
    ) throws(APIStatus) {
        if unknown.isEmpty, request.duplicateKeys.isEmpty { return }
        // A type's decoder passes over what is unknown, with all that is in it; of a custom resource the
        // whole text is read, before its schema is asked.
        let duplicates = request.duplicateKeys.filter { path in
            if request.resource.isCustom { return true }
            let path = GoText.quoted(path).dropFirst().dropLast()
            return !unknown.contains { problem in
                let name = problem.dropFirst("unknown field \"".count).dropLast()
                return problem.hasPrefix("unknown field")
                    && (path == name || path.hasPrefix("\(name).") || path.hasPrefix("\(name)["))
            }
        }
        let repeated = duplicates.map { "duplicate field \(GoText.quoted($0))" }
        let problems = request.resource.isCustom ? repeated + unknown : unknown + repeated
        switch request.fieldValidation {
        case .ignore: break
        case .warn: for problem in problems { request.warn(problem) }
        case .strict:
            throw .badRequest(
                "\(expected.kind) in version \"\(expected.version)\" cannot be handled as a \(expected.kind): strict decoding error: \(problems.joined(separator: ", "))"
            )
        }
    }

    /// The name of upstream's internal package of a group, which some messages carry.
    private static func package(_ group: String) -> String {
        group.isEmpty ? "core" : String(group.split(separator: ".")[0])
    }

    private static func brief(_ body: JSON) -> String { JSONWriter.string(body) }

    /// The start of a body for an error message: text when it looks like an object, hex otherwise.
    public static func summary(of bytes: [UInt8], limit: Int = 30) -> String {
        guard let first = bytes.first else { return "<empty>" }
        let isCut = bytes.count > limit
        let head = bytes.prefix(limit)
        let text: String
        if first == UInt8(ascii: "{") {
            text = String(decoding: head, as: UTF8.self)
        } else {
            text = head.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        return isCut ? text + " ..." : text
    }
}

extension Registry {
    /// What the store makes of empty lists of the body, once their owners are noted: nothing.
    func dropEmptyLists(_ object: JSON, _ request: RegistryRequest) -> JSON {
        guard let schema = request.schemaOfEmptyLists else { return object }
        return (try? ObjectDecoder.decode(object, as: schema).0) ?? object
    }

    /// A body as an object of a resource that is never stored (a review): typed and defaulted.
    public func decodeReview(_ body: JSON, _ request: inout RegistryRequest) throws(APIStatus) -> JSON {
        let resource = request.resource
        var object = try decode(
            body, as: resource.groupVersionKind, schema: resource.schema, request: &request)
        strategy(for: resource).setDefaults(&object)
        return object
    }
}
