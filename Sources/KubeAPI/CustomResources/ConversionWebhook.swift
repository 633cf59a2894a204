import KubeJSON
import Synchronization

/// The conversion strategy `Webhook` of a CustomResourceDefinition.
public struct ConversionWebhook: Sendable {
    /// Upstream's webhooks have as long to convert as any other request of its client.
    public static let seconds = 30

    public let clientConfig: JSON
    /// The first version of ConversionReview that both sides know; nil where there is none.
    public let reviewVersion: String?
    /// Of all versions, served or not, by `GROUP/VERSION`.
    private let schemas: [String: StructuralSchema]

    /// - Returns: nil where the strategy is another.
    init?(_ definition: CustomResourceDefinition) {
        let conversion = definition.object["spec"]?["conversion"]
        guard conversion?["strategy"]?.string == "Webhook" else { return nil }
        clientConfig = conversion?["webhook"]?["clientConfig"] ?? [:]
        reviewVersion = (conversion?["webhook"]?["conversionReviewVersions"]?.array ?? []).lazy
            .compactMap(\.string).first { $0 == "v1" || $0 == "v1beta1" }
        schemas = Dictionary(
            definition.versions.map { version in
                let name = version["name"]?.string ?? ""
                let schema = StructuralSchema(version["schema"]?["openAPIV3Schema"] ?? [:])
                return ("\(definition.group)/\(name)", schema)
            }, uniquingKeysWith: { first, _ in first })
    }

    public func knows(_ apiVersion: String) -> Bool { schemas[apiVersion] != nil }

    /// A stored object with the defaults of the version it is stored in.
    public func defaulted(_ object: JSON) -> JSON {
        guard let schema = schemas[object["apiVersion"]?.string ?? ""] else { return object }
        return schema.defaulted(object)
    }

    /// What a webhook made of an object, without the fields that its new version does not know.
    public func pruned(_ object: JSON) -> JSON {
        guard let schema = schemas[object["apiVersion"]?.string ?? ""] else { return object }
        var unknown: [String] = []
        return schema.pruned(object, unknown: &unknown)
    }

    /// A converted object with all of the original's metadata but labels and annotations, which a webhook may
    /// change.
    /// - Throws: what is wrong with it, in upstream's words.
    public static func restored(_ converted: JSON, _ original: JSON) throws(Problem) -> JSON {
        for (words, key) in [("name", "name"), ("namespace", "namespace"), ("UID", "uid")] {
            let (wanted, got) = (
                original["metadata"]?[key]?.string ?? "", converted["metadata"]?[key]?.string ?? ""
            )
            if wanted != got {
                throw Problem("object", "must have the same \(words): \(wanted) != \(got)")
            }
        }
        guard let given = converted["metadata"] else {
            throw Problem("metadata", "missing metadata in converted object")
        }
        guard given.object != nil else {
            throw Problem("metadata", "invalid metadata of type \(goType(given)) in converted object")
        }
        var metadata = original["metadata"]?.object ?? [:]
        for field in ["labels", "annotations"] {
            guard let value = given[field], !value.isNull else {
                metadata.removeValue(forKey: field)
                continue
            }
            try check(value, field, metadata[field])
            metadata[field] = value
        }
        var result = converted
        result["metadata"] = .object(metadata)
        return result
    }

    private static func check(_ value: JSON, _ field: String, _ before: JSON?) throws(Problem) {
        guard let members = value.object else {
            throw Problem(
                "metadata", "invalid metadata.\(field) of type \(goType(value)) in converted object")
        }
        for (key, text) in members where text.string == nil {
            throw Problem(
                "metadata",
                "metadata.\(field)[\(key)] must be a string, but is \(goType(text)) in converted object")
        }
        if value == before { return }
        let errors =
            field == "labels"
            ? FieldRules.labels(value, FieldPath("metadata", "labels"))
            : ObjectMetaValidation.annotations(value, FieldPath("metadata", "annotation"))
        guard let first = errors.first else { return }
        let words = errors.map { "\($0)" }.joined(separator: ", ")
        throw Problem("metadata", errors.count == 1 ? "\(first)" : "[\(words)]")
    }

    /// As Go names the type of a decoded value.
    private static func goType(_ value: JSON) -> String {
        switch value {
        case .null: "<nil>"
        case .bool: "bool"
        case .integer: "int64"
        case .double: "float64"
        case .string: "string"
        case .array: "[]interface {}"
        case .object: "map[string]interface {}"
        }
    }

    /// What is wrong with a converted object: with itself (`object`) or with its `metadata`.
    public struct Problem: Error {
        public let part: String
        public let message: String

        init(_ part: String, _ message: String) { (self.part, self.message) = (part, message) }
    }
}

/// What a webhook made of stored objects, so that many watches do not have each change converted anew. Bounded:
/// what does not fit is asked for again.
public final class ConvertedObjects: Sendable {
    private struct Key: Hashable {
        let object: String
        let revision: UInt64
    }

    private static let limit = 32 << 20
    private let known = Mutex<(values: [Key: JSON], size: Int)>(([:], 0))

    init() {}

    public func value(_ object: String, _ revision: UInt64) -> JSON? {
        known.withLock { $0.values[Key(object: object, revision: revision)] }
    }

    /// - Parameter size: bytes of the object's text.
    public func keep(_ value: JSON, _ object: String, _ revision: UInt64, size: Int) {
        known.withLock { known in
            if known.size + size > Self.limit { known = ([:], 0) }
            known.values[Key(object: object, revision: revision)] = value
            known.size += size
        }
    }
}
