/// One media type of an Accept or Content-Type header, with its parameters.
struct MediaType: Equatable, Sendable {
    var type: String
    var parameters: [String: String] = [:]

    /// Reads a comma-separated list; entries that are no media types are passed over, and quality values
    /// order the rest (stable).
    static func list(_ text: String) -> [MediaType] {
        var found: [(MediaType, Double, Int)] = []
        for (position, part) in text.split(separator: ",").enumerated() {
            guard let media = MediaType(part) else { continue }
            let quality = media.parameters["q"].flatMap(Double.init) ?? 1
            if quality > 0 { found.append((media, quality, position)) }
        }
        return found.sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.2 < $1.2 }.map(\.0)
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
    enum Format: Sendable { case json, yaml }
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

    static let mediaTypes = [
        "application/json", "application/yaml", "application/vnd.kubernetes.protobuf",
    ]
    static let watchMediaTypes =
        mediaTypes + ["application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch"]

    /// Chooses from an Accept header; nil when nothing in it can be served.
    /// - Parameter hasTable: whether the answer can be given as a table.
    static func negotiate(_ accept: String?, hasTable: Bool = true) -> Choice? {
        guard let accept, !accept.isEmpty else { return Choice(format: .json, transform: .none) }
        if accept == "application/json" || accept == "*/*" { return Choice(format: .json, transform: .none) }
        for media in MediaType.list(accept) {
            let format: Format
            switch media.type {
            case "application/json", "*/*", "application/*": format = .json
            case "application/yaml": format = .yaml
            default: continue
            }
            guard let kind = media.parameters["as"] else { return Choice(format: format, transform: .none) }
            let version = media.parameters["v"] ?? "v1"
            guard media.parameters["g"] == "meta.k8s.io", version == "v1" || version == "v1beta1" else {
                continue
            }
            switch kind {
            case "Table" where hasTable: return Choice(format: format, transform: .table(version: version))
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
