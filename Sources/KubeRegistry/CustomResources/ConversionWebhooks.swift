import KubeAPI
import KubeJSON
import KubeStore

/// Custom resources in other versions than they are stored in: the strategies `None` and `Webhook`
/// (k8s.io/apiextensions-apiserver/pkg/apiserver/conversion).
extension Registry {
    /// As many objects go into one question, and as many bytes of them, about.
    private static let batch = (objects: 500, bytes: 1 << 20)

    /// Whether reads and writes of a resource may have to ask a webhook.
    public func asksConversion(_ resource: ResourceInfo) -> Bool {
        resource.custom?.conversion != nil && webhookCaller != nil
    }

    /// Whether a write of a resource may have to wait for a webhook of any sort.
    public func asksWebhooks(for resource: ResourceInfo) -> Bool {
        asksWebhooks || asksConversion(resource)
    }

    /// Ends a write that would have to wait and may not, before it has changed anything.
    func waitForConversion(_ request: RegistryRequest) throws(APIStatus) {
        if !request.mayWait, !request.isRaw, asksConversion(request.resource) { throw .mustWait }
    }

    /// The same for the parameters of a policy.
    func waitForParameters(_ policy: JSON, _ attributes: AdmissionAttributes) throws(APIStatus) {
        guard !attributes.mayWait, let kind = policy["spec"]?["paramKind"], !kind.isNull,
            let resource = parameterResource(kind), asksConversion(resource)
        else { return }
        throw .mustWait
    }

    /// What a write shows that changed nothing.
    func shown(_ live: JSON, _ current: StoredObject, _ request: RegistryRequest) -> WrittenObject {
        guard storage(of: request.resource).needsConversion else {
            return WrittenObject(value: current.value, bytes: current.bytes)
        }
        return WrittenObject(value: live, bytes: ObjectEncoder.bytes(live))
    }

    /// Stored objects as lists and watches show them.
    /// - Returns: in the order of the objects.
    public func shown(_ stored: [StoredObject], as resource: ResourceInfo) throws(APIStatus) -> [JSON] {
        guard storage(of: resource).needsConversion else { return stored.map(\.value) }
        guard let cache = resource.custom?.shown, asksConversion(resource) else {
            return try shown(stored.map(\.value), as: resource)
        }
        var values = stored.map { cache.value($0.key, $0.revision) }
        let missing = values.indices.filter { values[$0] == nil }
        var begin = missing.startIndex
        while begin < missing.endIndex {
            var end = begin
            var size = 0
            while end < missing.endIndex, end - begin < Self.batch.objects, size < Self.batch.bytes {
                size += stored[missing[end]].bytes.count
                end += 1
            }
            let part = missing[begin..<end]
            let found = try shown(part.map { stored[$0].value }, as: resource)
            for (index, value) in zip(part, found) {
                values[index] = value
                cache.keep(value, stored[index].key, stored[index].revision, size: stored[index].bytes.count)
            }
            begin = end
        }
        return values.map { $0 ?? .null }
    }

    /// Objects of any version of a kind as one version shows them.
    func shown(
        _ values: [JSON], as resource: ResourceInfo, mayWait: Bool = true
    ) throws(APIStatus) -> [JSON] {
        guard let custom = resource.custom else {
            return values.map { VersionConversion.convert($0, to: resource.groupVersionKind) }
        }
        guard let conversion = custom.conversion, webhookCaller != nil else {
            return values.map(custom.presented)
        }
        return try converted(
            values.map(conversion.defaulted), of: resource, to: resource.version, mayWait: mayWait)
    }

    /// Has the webhook of a definition convert objects; those that are in the version already stay as they are.
    func converted(
        _ values: [JSON], of resource: ResourceInfo, to version: String, mayWait: Bool
    ) throws(APIStatus) -> [JSON] {
        guard let conversion = resource.custom?.conversion, let caller = webhookCaller else { return values }
        let wanted = "\(resource.group)/\(version)"
        let indices = values.indices.filter { values[$0]["apiVersion"]?.string != wanted }
        var result = values
        if !indices.isEmpty {
            guard mayWait else { throw .mustWait }
            let question = ConversionReview(
                conversion, values: indices.map { values[$0] }, wanted: wanted, uid: environment.uuid())
            do throws(ConversionReview.Failure) {
                let answer = try question.ask(caller)
                for (index, value) in zip(indices, answer) { result[index] = value }
            } catch {
                throw .unclassified(error.message)
            }
        }
        return result.map(conversion.pruned)
    }
}

/// One question to a conversion webhook.
struct ConversionReview {
    private static let group = "apiextensions.k8s.io"

    struct Failure: Error {
        let message: String
        init(_ message: String) { self.message = message }
    }

    private let conversion: ConversionWebhook
    private let values: [JSON]
    private let wanted: String
    private let uid: String

    init(_ conversion: ConversionWebhook, values: [JSON], wanted: String, uid: String) {
        (self.conversion, self.values, self.wanted, self.uid) = (conversion, values, wanted, uid)
    }

    func ask(_ caller: any WebhookCaller) throws(Failure) -> [JSON] {
        for value in values {
            let version = value["apiVersion"]?.string ?? ""
            if !conversion.knows(version) {
                throw Failure("request to convert CR from an invalid group/version: \(version)")
            }
        }
        guard let version = conversion.reviewVersion else {
            throw Failure("no supported conversion review versions")
        }
        let client = conversion.clientConfig
        guard let place = WebhookCall.Place(clientConfig: client) else {
            throw Failure("webhook configuration must have either service or URL")
        }
        let call = WebhookCall(
            place: place, authorities: client["caBundle"]?.string.flatMap(Base64.decode) ?? [],
            body: JSONWriter.bytes(question(version)), seconds: ConversionWebhook.seconds)
        let answer: [UInt8]
        do throws(WebhookCallFailure) {
            guard let first = caller.call([call]).first else { throw WebhookCallFailure("no answer") }
            answer = try first.get()
        } catch {
            throw Failure("\(subject) failed: \(error.cause)")
        }
        let converted: [JSON]
        do throws(Failure) { converted = try read(answer, version) } catch {
            throw Failure("\(subject) failed: \(error.message)")
        }
        guard converted.count == values.count else {
            throw Failure("\(subject) returned \(converted.count) objects, expected \(values.count)")
        }
        var result: [JSON] = []
        for (index, value) in converted.enumerated() { result.append(try checked(value, index)) }
        return result
    }

    private func question(_ version: String) -> JSON {
        [
            "kind": "ConversionReview", "apiVersion": .string("\(Self.group)/\(version)"),
            "request": [
                "uid": .string(uid), "desiredAPIVersion": .string(wanted), "objects": .array(values),
            ],
            // Go writes the empty response out.
            "response": ["uid": "", "convertedObjects": .null, "result": ["metadata": [:]]],
        ]
    }

    private var subject: String { "conversion webhook for \(Self.kind(values[0]))" }

    /// As Go shows a GroupVersionKind.
    private static func kind(_ value: JSON) -> String {
        let version = value["apiVersion"]?.string ?? ""
        return "\(version.contains("/") ? version : "/" + version), Kind=\(value["kind"]?.string ?? "")"
    }

    private func read(_ answer: [UInt8], _ version: String) throws(Failure) -> [JSON] {
        let review: JSON
        do { review = try JSONParser.parse(answer) } catch {
            throw Failure("couldn't get version/kind; json parse error: \(error.reason)")
        }
        if version == "v1" {
            let expected = "\(Self.group)/v1, Kind=ConversionReview"
            let got = Self.kind(review)
            if got != expected { throw Failure("expected webhook response of \(expected), got \(got)") }
        }
        guard let response = review["response"], response.object != nil else {
            throw Failure("no response provided")
        }
        let given = response["uid"]?.string ?? ""
        if version == "v1", given != uid {
            throw Failure("expected response.uid=\"\(uid)\", got \"\(given)\"")
        }
        let status = response["result"]?["status"]?.string ?? ""
        guard status == "Success" else {
            let message = response["result"]?["message"]?.string ?? ""
            throw Failure(
                message.isEmpty ? "response.result.status was '\(status)', not 'Success'" : message)
        }
        return response["convertedObjects"]?.array ?? []
    }

    private func checked(_ value: JSON, _ index: Int) throws(Failure) -> JSON {
        // Objects that go together are told apart, as upstream tells those of a list.
        let isAlone = values.count == 1
        let subject = "conversion webhook for \(Self.kind(values[index]))"
        let named = isAlone ? "invalid object" : "invalid converted object"
        let version = value["apiVersion"]?.string ?? ""
        if version != wanted {
            throw Failure(
                "\(subject) returned \(named) at index \(index): invalid groupVersion (expected \(wanted), received \(version))"
            )
        }
        let (kind, expected) = (value["kind"]?.string ?? "", values[index]["kind"]?.string ?? "")
        if kind != expected {
            throw Failure(
                "\(subject) returned \(named) at index \(index): invalid kind (expected \(expected), received \(kind))"
            )
        }
        do throws(ConversionWebhook.Problem) {
            return try ConversionWebhook.restored(value, values[index])
        } catch {
            if isAlone {
                throw Failure("\(subject) returned invalid \(error.part): \(error.message)")
            }
            let what =
                error.part == "object"
                ? named + " at index \(index)" : "invalid metadata in object at index \(index)"
            throw Failure("\(subject) returned \(what): \(error.message)")
        }
    }
}

extension WebhookCallFailure {
    /// Without the words that say it was an admission webhook's call.
    var cause: String {
        let words = "failed to call webhook: "
        return message.hasPrefix(words) ? String(message.dropFirst(words.count)) : message
    }
}
