import KubeAPI
import KubeJSON
import KubeStore

/// The query of a list or watch request, checked as upstream checks ListOptions
/// (k8s.io/apimachinery/pkg/apis/meta/internalversion/validation).
struct ListOptions {
    enum Version: Equatable {
        /// No resourceVersion: the newest.
        case latest
        /// "0": whatever is at hand, which here is the newest too.
        case any
        case notOlderThan(UInt64)
        case exact(UInt64)
    }

    var labels: LabelSelector?
    var fields: FieldSelector?
    var limit = 0
    var continuation: ContinueToken?
    var version = Version.latest
    var versionText = ""
    var sendInitialEvents = false
    var allowsBookmarks = false
    var timeoutSeconds: Int?

    init(_ call: Call, _ resource: ResourceInfo) throws(APIStatus) {
        let query = call.info.query
        let isWatch = call.info.verb == "watch"
        if query.isEmpty, call.info.name.isEmpty { return }
        if let text = query.first("labelSelector"), !text.isEmpty {
            do { labels = try LabelSelector.parse(text) } catch { throw .badRequest(error.description) }
        }
        var fieldText = query.first("fieldSelector") ?? ""
        if !call.info.name.isEmpty {
            // A watch or list of one name.
            fieldText += (fieldText.isEmpty ? "" : ",") + "metadata.name=\(call.info.name)"
        }
        if !fieldText.isEmpty {
            do {
                fields = try FieldSelector.parse(
                    fieldText, for: resource.groupKind, isNamespaced: resource.isNamespaced,
                    customFields: resource.isCustom ? resource.selectableFields : nil)
            } catch { throw .badRequest(error.description) }
        }
        if let text = query.first("limit"), !text.isEmpty {
            guard let number = Int64(text) else {
                throw .badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax")
            }
            limit = number > 0 ? Int(number) : 0
        }
        if let text = query.first("timeoutSeconds"), !text.isEmpty {
            guard let number = Int(text) else {
                throw .badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax")
            }
            timeoutSeconds = number
        }
        versionText = query.first("resourceVersion") ?? ""
        allowsBookmarks = query.flag("allowWatchBookmarks")
        let match = query.first("resourceVersionMatch") ?? ""
        let initial = query.first("sendInitialEvents").map { $0 != "false" && $0 != "0" }
        sendInitialEvents = initial ?? false
        let continueText = query.first("continue") ?? ""
        try Self.check(
            match: match, version: versionText, hasContinue: !continueText.isEmpty, initial: initial,
            isWatch: isWatch)
        if !continueText.isEmpty {
            if !versionText.isEmpty, versionText != "0" {
                throw .badRequest("specifying resource version is not allowed when using continue")
            }
            continuation = try ContinueToken(continueText)
            return
        }
        if versionText.isEmpty { return }
        guard let number = UInt64(versionText) else {
            throw .unclassified(
                "resourceVersion: Invalid value: \"\(versionText)\": strconv.ParseUint: parsing \"\(versionText)\": invalid syntax"
            )
        }
        if match == "Exact" {
            version = .exact(number)
        } else if number == 0 {
            version = .any
        } else if match.isEmpty, limit > 0, !isWatch {
            // A paged list at a version without a match is served at exactly that version.
            version = .exact(number)
        } else {
            version = .notOlderThan(number)
        }
    }

    private static func check(
        match: String, version: String, hasContinue: Bool, initial: Bool?, isWatch: Bool
    ) throws(APIStatus) {
        var errors: [FieldError] = []
        let field = FieldPath("resourceVersionMatch")
        if isWatch {
            if let initial, initial || match.isEmpty == false {
                if match != "NotOlderThan" {
                    errors.append(
                        .forbidden(
                            field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
                }
            } else if initial == nil, !match.isEmpty {
                errors.append(
                    .forbidden(
                        field,
                        "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"))
            }
        } else {
            if initial != nil {
                errors.append(
                    .forbidden(FieldPath("sendInitialEvents"), "sendInitialEvents is forbidden for list"))
            }
            if !match.isEmpty {
                if version.isEmpty {
                    errors.append(
                        .forbidden(
                            field, "resourceVersionMatch is forbidden unless resourceVersion is provided"))
                }
                if hasContinue {
                    errors.append(
                        .forbidden(field, "resourceVersionMatch is forbidden when continue is provided"))
                }
                if match != "Exact", match != "NotOlderThan" {
                    errors = [.notSupported(field, .string(match), ["Exact", "NotOlderThan", ""])]
                } else if match == "Exact", version == "0" {
                    errors.append(
                        .forbidden(
                            field, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""))
                }
            }
        }
        if !errors.isEmpty { throw .invalid(GroupKind("meta.k8s.io", "ListOptions"), "", errors) }
    }

    /// Everything there is, for the caller to choose from when it is converted.
    var unselective: ListOptions {
        guard labels != nil || fields != nil else { return self }
        var all = self
        (all.labels, all.fields, all.limit) = (nil, nil, 0)
        return all
    }

    func matches(_ object: StoredObject) -> Bool {
        if let labels, !labels.matches(labels: object.labels) { return false }
        if let fields, !fields.matches(object.value) { return false }
        return true
    }

    func matches(_ value: JSON) -> Bool {
        if let labels, !labels.matches(value) { return false }
        if let fields, !fields.matches(value) { return false }
        return true
    }
}

/// Where the next page of a list starts: upstream's opaque token (base64url of a small JSON document).
struct ContinueToken {
    /// nil: the newest, whatever it is. That is what comes with 410 for a token that is too old.
    var revision: UInt64?
    /// The last key of the page before.
    var after: String

    init(revision: UInt64?, after: String) {
        self.revision = revision
        self.after = after
    }

    init(_ text: String) throws(APIStatus) {
        guard let bytes = Base64URL.decode(text) else {
            throw .badRequest("invalid continue token: continue key is not valid: illegal base64 data")
        }
        let value: JSON
        do throws(JSONParseError) { value = try JSONParser.parse(bytes) } catch {
            throw .badRequest("invalid continue token: continue key is not valid: \(error.reason)")
        }
        guard let revision = value["rv"]?.integer, revision != 0, let start = value["start"]?.string else {
            throw .badRequest(
                "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)"
            )
        }
        self.revision = revision > 0 ? UInt64(revision) : nil
        after = start
    }

    var text: String {
        let value: JSON = [
            "v": "meta.k8s.io/v1", "rv": .integer(revision.map { Int64($0) } ?? -1), "start": .string(after),
        ]
        return Base64URL.encode(JSONWriter.bytes(value))
    }
}

/// Base64 for URLs without padding (RFC 4648, section 5).
enum Base64URL {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var bits = 0
        var accumulator: UInt32 = 0
        for byte in bytes {
            accumulator = accumulator << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(letters[Int(accumulator >> UInt32(bits)) & 63])
            }
        }
        if bits > 0 { text.append(letters[Int(accumulator << UInt32(6 - bits)) & 63]) }
        return String(decoding: text, as: UTF8.self)
    }

    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits = 0
        var accumulator: UInt32 = 0
        for letter in text.utf8 where letter != UInt8(ascii: "=") {
            guard let value = letters.firstIndex(of: letter) else { return nil }
            accumulator = accumulator << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: accumulator >> UInt32(bits)))
            }
        }
        return bytes
    }
}
