extension FieldManager {
    static let lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration"

    /// The most bytes that all annotations of an object may have.
    private static let maximumAnnotationBytes = 256 * 1024

    /// The fields that client-side apply left as they are: kubectl may take them over without a conflict.
    /// Nil without a usable annotation.
    func fieldsOfLastApplied(_ live: JSON) -> FieldSet? {
        guard let text = live.at("metadata", "annotations", Self.lastAppliedAnnotation)?.string,
            !text.isEmpty, let object = try? JSONParser.parse(Array(text.utf8)),
            object["apiVersion"]?.string == apiVersion
        else { return nil }
        let configuration = TypedValue(object, schema)
        guard (try? configuration.validate()) != nil else { return nil }
        let change = configuration.compare(to: TypedValue(live, schema))
        return configuration.fieldSet.difference(change.modified).difference(change.added)
            .difference(change.removed)
    }

    /// Keeps client-side apply's annotation, where there is one, in step with what kubectl applies.
    func updateLastApplied(_ object: inout JSON, _ patch: JSON) {
        guard let annotations = object.at("metadata", "annotations"),
            annotations[Self.lastAppliedAnnotation]?.string?.isEmpty == false
        else { return }
        var configuration = patch
        configuration.set(nil, at: "metadata", "annotations", Self.lastAppliedAnnotation)
        var bytes: [UInt8] = []
        Self.writeSorted(configuration, into: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        let text = String(decoding: bytes, as: UTF8.self)
        var size = 0
        for member in annotations.object ?? [:] {
            size += member.key.utf8.count
            size +=
                member.key == Self.lastAppliedAnnotation ? bytes.count : member.value.string?.utf8.count ?? 0
        }
        object.set(
            size > Self.maximumAnnotationBytes ? nil : .string(text),
            at: "metadata", "annotations", Self.lastAppliedAnnotation)
    }

    /// JSON with sorted keys, as Go writes maps.
    private static func writeSorted(_ value: JSON, into bytes: inout [UInt8]) {
        switch value {
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            for (position, key) in object.sortedKeys.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONWriter.write(key, into: &bytes)
                bytes.append(UInt8(ascii: ":"))
                writeSorted(object[key] ?? .null, into: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (position, item) in items.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                writeSorted(item, into: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        default: JSONWriter.write(value, into: &bytes)
        }
    }

    /// Puts old times back where nothing but times differs, so that such a write is no write (upstream's
    /// IgnoreManagedFieldsTimestampsTransformer). Call it on the final object, just before it is stored.
    public static func restoringTimes(of new: JSON, from old: JSON) -> JSON {
        guard let before = old.at("metadata", "managedFields")?.array,
            let after = new.at("metadata", "managedFields")?.array,
            before.count == after.count, !after.isEmpty, before != after
        else { return new }
        for (a, b) in Swift.zip(before, after) {
            var (x, y) = (a, b)
            x["time"] = nil as JSON?
            y["time"] = nil as JSON?
            if x != y { return new }
        }
        guard withoutManagedFields(old) == withoutManagedFields(new) else { return new }
        var copy = new
        copy.set(.array(before), at: "metadata", "managedFields")
        return copy
    }

    /// Why managed fields are not valid, such as those that an admission webhook returns; nil when they
    /// are. Upstream puts the ones before admission back then, with a warning that names the problem.
    public static func problem(inManagedFields fields: JSON?) -> String? {
        do {
            _ = try ManagedEntries(fields, isTrusted: false)
            return nil
        } catch {
            return error.message
        }
    }
}
