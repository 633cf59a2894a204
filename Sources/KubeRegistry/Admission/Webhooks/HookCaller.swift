import KubeAPI
import KubeJSON

/// What came of asking a webhook when it did not say yes.
enum HookFailure: Error {
    /// It said no, or what it said cannot be done.
    case refused(APIStatus)
    /// It could not be asked, or made no sense; its failure policy decides.
    case unreached(String)
}

/// Asks webhooks about one request.
struct HookCaller {
    let registry: Registry
    let attributes: AdmissionAttributes
    let isMutating: Bool

    struct Question {
        let hook: AdmissionHook
        let uid: String
        let version: String
        let call: WebhookCall
    }

    func question(
        _ hook: AdmissionHook, as resource: ResourceInfo, object: JSON?, old: JSON?
    ) throws(HookFailure) -> Question {
        if attributes.dryRun {
            guard let effects = hook.sideEffects else { throw .unreached("Webhook SideEffects is nil") }
            guard effects == "None" || effects == "NoneOnDryRun" else {
                throw .refused(.badRequest("admission webhook \"\(hook.name)\" does not support dry run"))
            }
        }
        guard let version = hook.reviewVersion else {
            throw .unreached(
                "could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)"
            )
        }
        guard let place = hook.place else {
            throw .unreached(
                "could not get REST client: failed calling webhook \"\(hook.name)\": webhook configuration must have either service or URL"
            )
        }
        let uid = registry.environment.uuid()
        let review = AdmissionReview.request(
            attributes, as: resource, object: object, old: old, uid: uid, version: version)
        return Question(
            hook: hook, uid: uid, version: version,
            call: WebhookCall(
                place: place, authorities: hook.authorities, body: JSONWriter.bytes(review),
                seconds: hook.timeout))
    }

    /// - Throws: what asks the caller of the operation to wait, where it was not to.
    func askAll(_ questions: [Question]) throws(APIStatus) -> [Result<AdmissionAnswer, HookFailure>] {
        if questions.isEmpty { return [] }
        guard attributes.mayWait else { throw .mustWait }
        guard let caller = registry.webhookCaller else { return questions.map { _ in .success(.allowing) } }
        let answers = caller.call(questions.map(\.call))
        return zip(questions, answers).map { question, answer in
            do throws(HookFailure) { return .success(try read(answer, question)) } catch {
                return .failure(error)
            }
        }
    }

    func ask(_ questions: [Question]) throws(HookFailure) -> [Result<AdmissionAnswer, HookFailure>] {
        do throws(APIStatus) { return try askAll(questions) } catch { throw .refused(error) }
    }

    private func read(
        _ answer: Result<[UInt8], WebhookCallFailure>, _ question: Question
    ) throws(HookFailure) -> AdmissionAnswer {
        let body: [UInt8]
        do throws(WebhookCallFailure) { body = try answer.get() } catch { throw .unreached(error.message) }
        let review: JSON
        do { review = try JSONParser.parse(body) } catch {
            throw .unreached(
                "failed to call webhook: couldn't get version/kind; json parse error: \(error.reason)")
        }
        let read: AdmissionAnswer
        do throws(AdmissionAnswer.Problem) {
            read = try AdmissionAnswer(
                review, uid: question.uid, version: question.version, isMutating: isMutating)
        } catch {
            throw .unreached("received invalid webhook response: \(error.message)")
        }
        let name = question.hook.name
        for (key, value) in read.annotations { attributes.notes.annotate("\(name)/\(key)", value) }
        for warning in read.warnings { attributes.notes.warn(warning) }
        guard read.isAllowed else { throw .refused(read.refusal(by: name)) }
        return read
    }

    /// - Returns: nil where nothing is to be changed.
    func patch(of answer: AdmissionAnswer, _ hook: AdmissionHook) throws(HookFailure) -> JSONPatch? {
        if answer.patch.isEmpty { return nil }
        let patch: JSONPatch
        do {
            patch = try JSONPatch.parse(try JSONParser.parse(answer.patch))
        } catch {
            throw .unreached("received undecodable patch in webhook response: \(error)")
        }
        if patch.count == 0 { return nil }
        guard answer.patchType == "JSONPatch" else {
            throw .unreached("unsupported patch type \"\(answer.patchType)\"")
        }
        return patch
    }
}

extension AdmissionAnswer {
    private init() {}

    static var allowing: AdmissionAnswer {
        var answer = AdmissionAnswer()
        answer.isAllowed = true
        return answer
    }
}

extension Registry {
    /// Whether a write may have to wait for a webhook. One load where the cluster has no rules of its own.
    public var asksWebhooks: Bool { hasOwnRules.load(ordering: .relaxed) && webhookCaller != nil }

    func asksWebhooks(_ attributes: AdmissionAttributes) -> Bool {
        asksWebhooks && !attributes.skipsWebhooks && !attributes.isExemptFromWebhooks
    }

    /// An object that a webhook changed: what the schema does not know dropped, defaults filled in.
    func decoded(_ object: JSON, _ resource: ResourceInfo) throws(APIStatus) -> JSON {
        var result: JSON
        do {
            if resource.isCustom, let custom = resource.custom {
                result = try custom.decode(object).0
            } else {
                result = try ObjectDecoder.decode(object, as: resource.schema).0
            }
        } catch {
            throw .internalError("\(error)")
        }
        result["kind"] = .string(resource.kind)
        result["apiVersion"] = .string(resource.apiVersion)
        strategy(for: resource).setDefaults(&result)
        return result
    }
}
