/// One media type of an Accept or Content-Type header, with its parameters.
struct MediaType: Equatable, Sendable {
    var type: String
    var parameters: [String: String] = [:]

    /// Reads a comma-separated list; entries that are no media types are passed over, and quality values
    /// order the rest. Of the same quality, what says more comes first, then what stands first.
    static func list(_ text: String) -> [MediaType] {
        var found: [(media: MediaType, quality: Double, stars: Int, position: Int)] = []
        for (position, part) in text.split(separator: ",").enumerated() {
            guard let media = MediaType(part) else { continue }
            let quality = media.parameters["q"].flatMap(Double.init) ?? 1
            let stars = media.type == "*/*" ? 2 : media.type.hasSuffix("/*") ? 1 : 0
            if quality > 0 { found.append((media, quality, stars, position)) }
        }
        if found.count > 1 {
            found.sort { ($1.quality, $0.stars, $0.position) < ($0.quality, $1.stars, $1.position) }
        }
        return found.map(\.media)
    }

    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ";").map { $0.trimmed }
        guard let first = parts.first, first.utf8.contains(UInt8(ascii: "/")) else { return nil }
        type = first.lowercased()
        for part in parts.dropFirst() {
            guard let split = part.firstIndex(of: "=") else { continue }
            let value = String(part[part.index(after: split)...])
            parameters[part[..<split].lowercased()] =
                value.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
                ? String(value.dropFirst().dropLast()) : value
        }
    }
}

extension StringProtocol {
    /// Without spaces and tabs at either end.
    var trimmed: String {
        var text = Substring(self)
        while let first = text.utf8.first, first == 0x20 || first == 0x09 { text.removeFirst() }
        while let last = text.utf8.last, last == 0x20 || last == 0x09 { text.removeLast() }
        return String(text)
    }
}

/// How a response is to be written.
enum Representation: Equatable, Sendable {
    enum Format: Sendable {
        case json, yaml, protobuf

        var mediaType: String {
            switch self {
            case .json: "application/json"
            case .yaml: "application/yaml"
            case .protobuf: Representation.protobuf
            }
        }
    }
    enum Transform: Equatable, Sendable {
        case none
        /// `as=Table;g=meta.k8s.io`, with the group version that was asked for (v1 or v1beta1).
        case table(version: String)
        case partialMetadata(version: String)
        case partialMetadataList(version: String)
    }
    struct Choice: Equatable, Sendable {
        var format: Format
        var transform: Transform
    }

    static let protobuf = "application/vnd.kubernetes.protobuf"
    static let mediaTypes = ["application/json", "application/yaml", protobuf]
    static let streamMediaTypes = ["application/json;stream=watch", protobuf + ";stream=watch"]
    static let watchMediaTypes = mediaTypes + streamMediaTypes

    /// What an error is written in: the first that is accepted as it is, else JSON.
    static func formatOfErrors(_ accept: String?) -> Format {
        guard let accept, accept.utf8.count > 16 || accept == "application/yaml" else { return .json }
        return negotiate(accept, hasTransforms: false)?.format ?? .json
    }

    /// Chooses from an Accept header; nil when nothing in it can be served.
    /// - Parameters:
    ///   - hasTable: whether the answer can be given as a table.
    ///   - hasProtobuf: whether objects as they are can be given in protobuf, which custom resources cannot.
    static func negotiate(
        _ accept: String?, hasTable: Bool = true, hasProtobuf: Bool = true, hasTransforms: Bool = true
    ) -> Choice? {
        guard let accept, !accept.isEmpty else { return Choice(format: .json, transform: .none) }
        if accept == "application/json" || accept == "*/*" { return Choice(format: .json, transform: .none) }
        for media in MediaType.list(accept) {
            let format: Format
            switch media.type {
            case "application/json", "*/*", "application/*": format = .json
            case "application/yaml": format = .yaml
            case protobuf: format = .protobuf
            default: continue
            }
            // YAML has no streams.
            if let stream = media.parameters["stream"], !stream.isEmpty, stream != "watch" || format == .yaml
            {
                continue
            }
            guard let kind = media.parameters["as"] else {
                if format == .protobuf, !hasProtobuf { continue }
                return Choice(format: format, transform: .none)
            }
            guard hasTransforms else { continue }
            let version = media.parameters["v"] ?? "v1"
            guard media.parameters["g"] == "meta.k8s.io", version == "v1" || version == "v1beta1" else {
                continue
            }
            switch kind {
            case "Table" where hasTable && format != .protobuf:
                return Choice(format: format, transform: .table(version: version))
            case "PartialObjectMetadata":
                return Choice(format: format, transform: .partialMetadata(version: version))
            case "PartialObjectMetadataList":
                return Choice(format: format, transform: .partialMetadataList(version: version))
            default: continue
            }
        }
        return nil
    }
}
