import KubeAPI
import KubeJSON
import Synchronization

/// Asks webhooks about a request, mutating ones one after another, validating ones together
/// (k8s.io/apiserver/pkg/admission/plugin/webhook).
struct WebhookInvocation {
    let webhook: AdmissionWebhook
    /// As which the object is shown.
    let resource: ResourceInfo

    /// - Returns: nil for a webhook that the request is not about.
    init?(
        _ webhook: AdmissionWebhook, object: JSON?, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        let matcher = PolicyMatcher(registry: registry, attributes: attributes, object: object)
        guard let resource = matcher.match(webhook.criteria) else { return nil }
        self.webhook = webhook
        self.resource = resource
        guard let conditions = webhook.conditions else { return }
        let (shown, shownAttributes) = registry.converted(object, attributes, to: resource)
        let context = PolicyContext(shownAttributes, as: resource, in: registry)
        var evaluation = PolicyEvaluation(conditions, context, object: shown, params: nil)
        do throws(PolicyConfigurationError) {
            guard try evaluation.matches() else { return nil }
        } catch {
            if webhook.ignoresFailures { return nil }
            throw .forbidden(attributes.resource.groupResource, attributes.name, error.message)
        }
    }

    /// The question; a failure where there is none to ask.
    func question(
        _ object: JSON?, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(WebhookCallFailure) -> (review: AdmissionReview, call: WebhookCall) {
        guard let version = webhook.reviewVersion else {
            throw WebhookCallFailure(
                "could not create admission objects: webhook does not accept known AdmissionReview versions "
                    + "(v1, v1beta1)")
        }
        guard let place = webhook.place else {
            throw WebhookCallFailure("webhook configuration must have either service or URL")
        }
        let (shown, shownAttributes) = registry.converted(object, attributes, to: resource)
        let review = AdmissionReview(
            version, uid: registry.environment.uuid(), object: shown, shownAttributes, as: resource,
            requested: attributes)
        return (
            review,
            WebhookCall(
                place: place, authorities: webhook.authorities, body: review.body, seconds: webhook.seconds)
        )
    }
}

/// What is known of a request between the two rounds of plug-ins that change objects: when a webhook changed the
/// object, all are asked once more, webhooks only where they want it.
final class AdmissionReinvocation: Sendable {
    struct State {
        var isSecondRound = false
        var isWanted = false
        /// Webhooks that were asked and want to see later changes.
        var asked: [String] = []
        var asksAgain: Set<String> = []
        var lastOutput: JSON?

        mutating func askAgain() {
            asksAgain.formUnion(asked)
            asked = []
        }
    }

    let state = Mutex(State())
}

struct MutatingWebhookAdmission: AdmissionPlugin {
    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard let caller = registry.webhookCaller, !attributes.isRuleItself else { return }
        let webhooks = registry.webhooks.webhooks(in: registry.store).mutating
        if webhooks.isEmpty { return }
        var state = attributes.reinvocation.state.withLock { $0 }
        if state.isSecondRound, state.lastOutput != object { state.askAgain() }
        for webhook in webhooks {
            let current = attributes.operation == .delete ? nil : object
            guard let invocation = try WebhookInvocation(webhook, object: current, attributes, in: registry)
            else { continue }
            if state.isSecondRound, !state.asksAgain.contains(webhook.identifier) { continue }
            if attributes.dryRun, !webhook.allowsDryRun { throw .dryRunUnsupported(webhook.name) }
            var isChanged = false
            do throws(WebhookCallFailure) {
                let (review, call) = try invocation.question(current, attributes, in: registry)
                let answer = try review.answer(
                    try caller.one(call), isMutating: true)
                for warning in answer.warnings { attributes.warnings.add(warning) }
                isChanged = try take(answer, invocation, &object, attributes, registry)
            } catch {
                if let status = error.status { throw status }
                if !webhook.ignoresFailures { throw .webhookFailed(webhook.name, error) }
            }
            if isChanged {
                state.askAgain()
                state.isWanted = true
            }
            if webhook.definition["reinvocationPolicy"]?.string == "IfNeeded" {
                state.asked.append(webhook.identifier)
            }
        }
        state.lastOutput = object
        let settled = state
        attributes.reinvocation.state.withLock { $0 = settled }
    }

    /// - Returns: whether the object is another one now.
    private func take(
        _ answer: AdmissionReview.Answer, _ invocation: WebhookInvocation, _ object: inout JSON,
        _ attributes: AdmissionAttributes, _ registry: Registry
    ) throws(WebhookCallFailure) -> Bool {
        let name = invocation.webhook.name
        guard answer.isAllowed else { throw WebhookCallFailure(.denied(by: name, answer.status)) }
        guard let patch = answer.patch, patch.array?.isEmpty == false else { return false }
        if attributes.operation == .delete {
            throw WebhookCallFailure(
                .internalError(
                    "admission webhook \"\(name)\" attempted to modify the object, which is not supported for this operation"
                ))
        }
        let resource = invocation.resource
        let (converted, shown) = registry.converted(object, attributes, to: resource)
        let before = converted ?? object
        let patched: JSON
        do { patched = try JSONPatch.parse(patch).apply(to: before) } catch {
            throw WebhookCallFailure(.internalError("\(error)"))
        }
        let after = registry.normalized(patched, resource)
        if after == before { return false }
        let isOther = resource.groupVersionKind != attributes.resource.groupVersionKind
        object = isOther ? registry.converted(after, shown, to: attributes.resource).0 ?? object : after
        return true
    }
}

struct ValidatingWebhookAdmission: AdmissionPlugin {
    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard let caller = registry.webhookCaller, !attributes.isRuleItself else { return }
        let webhooks = registry.webhooks.webhooks(in: registry.store).validating
        if webhooks.isEmpty { return }
        let current = attributes.operation == .delete ? nil : object
        var asked: [(webhook: AdmissionWebhook, review: AdmissionReview)] = []
        var calls: [WebhookCall] = []
        var refusals: [APIStatus] = []
        for webhook in webhooks {
            guard let invocation = try WebhookInvocation(webhook, object: current, attributes, in: registry)
            else { continue }
            if attributes.dryRun, !webhook.allowsDryRun {
                refusals.append(.dryRunUnsupported(webhook.name))
                continue
            }
            do throws(WebhookCallFailure) {
                let (review, call) = try invocation.question(current, attributes, in: registry)
                asked.append((webhook, review))
                calls.append(call)
            } catch {
                if !webhook.ignoresFailures { refusals.append(.webhookFailed(webhook.name, error)) }
            }
        }
        let answers = calls.isEmpty ? [] : caller.call(calls)
        for ((webhook, review), bytes) in zip(asked, answers) {
            do throws(WebhookCallFailure) {
                let answer = try review.answer(try bytes.get(), isMutating: false)
                for warning in answer.warnings { attributes.warnings.add(warning) }
                if !answer.isAllowed { refusals.append(.denied(by: webhook.name, answer.status)) }
            } catch {
                if !webhook.ignoresFailures { refusals.append(.webhookFailed(webhook.name, error)) }
            }
        }
        if let first = refusals.first { throw first }
    }
}

extension WebhookCaller {
    func one(_ call: WebhookCall) throws(WebhookCallFailure) -> [UInt8] {
        guard let answer = self.call([call]).first else { throw WebhookCallFailure("no answer") }
        return try answer.get()
    }
}

extension AdmissionAttributes {
    /// Rules are not judged by rules, nor are questions that are stored nowhere: nobody could undo a mistake.
    var isRuleItself: Bool {
        if isPolicyItself { return true }
        switch resource.group {
        case "admissionregistration.k8s.io":
            return ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"].contains(
                resource.plural)
        case "authentication.k8s.io", "authorization.k8s.io": return true
        default: return false
        }
    }
}
