import KubeAPI
import KubeJSON

/// MutatingAdmissionWebhook: asks one webhook after the other; each sees what those before it made of the
/// object. One that wants it is asked again when something after it changed the object.
struct MutatingWebhookAdmission: AdmissionPlugin {
    var takesAnyObject: Bool { true }

    func admit(
        _ object: inout JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard registry.asksWebhooks(attributes) else { return }
        let hooks = registry.mutatingHooks.all(in: registry.store)
        if hooks.isEmpty { return }
        var run = Run(registry: registry, attributes: attributes, object: object)
        try run.ask(hooks)
        object = run.object
    }

    private struct Run {
        let registry: Registry
        let attributes: AdmissionAttributes
        let caller: HookCaller
        var object: JSON

        init(registry: Registry, attributes: AdmissionAttributes, object: JSON) {
            self.registry = registry
            var attributes = attributes
            if attributes.hasGeneratedName { attributes.name = "" }
            self.attributes = attributes
            self.object = object
            caller = HookCaller(registry: registry, attributes: attributes, isMutating: true)
        }

        mutating func ask(_ hooks: [AdmissionHook]) throws(APIStatus) {
            let notes = attributes.notes
            let isAgain = notes.isReinvocation
            if isAgain { notes.webhooks { [object] in $0.notice(object) } }
            defer { notes.webhooks { [object] in $0.output = object } }
            for (index, hook) in hooks.enumerated() {
                let matcher = HookMatcher(registry: registry, attributes: attributes)
                guard let resource = try matcher.match(hook, shown()) else { continue }
                if isAgain, !notes.webhooks({ $0.again.contains(hook.id) }) { continue }
                let key = "round_\(isAgain ? 1 : 0)_index_\(index)"
                let isChanged = try ask(hook, as: resource, key)
                if isChanged { notes.requireReinvocation() }
                if hook.isReinvoked { notes.webhooks { _ = $0.previous.insert(hook.id) } }
            }
        }

        /// The object as webhooks see it; nil where there is none to change.
        private func shown() -> JSON? {
            if attributes.operation == .delete { return nil }
            var shown = attributes.scale.map { $0.scale(of: object) } ?? object
            if attributes.hasGeneratedName { shown.setMetadata("name", nil) }
            return shown
        }

        private mutating func ask(
            _ hook: AdmissionHook, as resource: ResourceInfo, _ key: String
        ) throws(APIStatus) -> Bool {
            var isChanged = false
            defer {
                let mutation: JSON = [
                    "configuration": .string(hook.configuration), "webhook": .string(hook.name),
                    "mutated": .bool(isChanged),
                ]
                attributes.notes.annotate(
                    "mutation.webhook.admission.k8s.io/" + key, JSONWriter.string(mutation))
            }
            let (given, shownAttributes) = try registry.converted(shown(), attributes, to: resource)
            do throws(HookFailure) {
                let question = try caller.question(
                    hook, as: resource, object: given, old: shownAttributes.shownOld)
                let answer = try caller.ask([question])[0].get()
                guard let patch = try caller.patch(of: answer, hook) else { return false }
                guard let given else {
                    throw .refused(
                        .internalError(
                            "admission webhook \"\(hook.name)\" attempted to modify the object, which is not supported for this operation"
                        ))
                }
                isChanged = try apply(patch, to: given, resource, shownAttributes)
                return isChanged
            } catch {
                switch error {
                case .refused(let status): throw status
                case .unreached(let why):
                    let words = "failed calling webhook \"\(hook.name)\": \(why)"
                    guard hook.ignoresFailure else { throw .internalError(words) }
                    attributes.notes.annotate(
                        "failed-open.mutation.webhook.admission.k8s.io/" + key, hook.name)
                    return false
                }
            }
        }

        /// - Returns: whether the patch changed anything.
        private mutating func apply(
            _ patch: JSONPatch, to given: JSON, _ resource: ResourceInfo, _ shown: AdmissionAttributes
        ) throws(HookFailure) -> Bool {
            var changed: JSON
            do { changed = try patch.apply(to: given) } catch {
                throw .refused(.internalError(error.message))
            }
            if !attributes.hasOwnKind {
                do throws(APIStatus) { changed = try registry.decoded(changed, resource) } catch {
                    throw .refused(error)
                }
            }
            if changed == given { return false }
            if let scale = attributes.scale {
                object.set(.integer(changed["spec"]?["replicas"]?.integer ?? 0), at: scale.specReplicas[...])
                return true
            }
            let name = object.name
            let isOther = resource.groupVersionKind != attributes.resource.groupVersionKind
            if isOther {
                do throws(APIStatus) {
                    changed = try registry.converted(changed, shown, to: attributes.resource).0 ?? object
                } catch {
                    throw .refused(error)
                }
            }
            object = changed
            if attributes.hasGeneratedName, object.name.isEmpty { object.setMetadata("name", .string(name)) }
            return true
        }
    }
}

/// ValidatingAdmissionWebhook: asks all webhooks that are concerned side by side.
struct ValidatingWebhookAdmission: AdmissionPlugin {
    var takesAnyObject: Bool { true }

    func validate(
        _ object: JSON, _ attributes: AdmissionAttributes, in registry: Registry
    ) throws(APIStatus) {
        guard registry.asksWebhooks(attributes) else { return }
        let hooks = registry.validatingHooks.all(in: registry.store)
        if hooks.isEmpty { return }
        let caller = HookCaller(registry: registry, attributes: attributes, isMutating: false)
        let matcher = HookMatcher(registry: registry, attributes: attributes)
        let whole = attributes.operation == .delete ? nil : object
        let shown = whole.map { whole in attributes.scale.map { $0.scale(of: whole) } ?? whole }
        var asked: [AdmissionHook] = []
        var questions: [HookCaller.Question] = []
        var outcomes: [Result<AdmissionAnswer, HookFailure>?] = []
        for hook in hooks {
            guard let resource = try matcher.match(hook, shown) else { continue }
            let (given, shownAttributes) = try registry.converted(shown, attributes, to: resource)
            asked.append(hook)
            do throws(HookFailure) {
                questions.append(
                    try caller.question(hook, as: resource, object: given, old: shownAttributes.shownOld))
                outcomes.append(nil)
            } catch {
                outcomes.append(.failure(error))
            }
        }
        if asked.isEmpty { return }
        var answers = try caller.askAll(questions)[...]
        var first: APIStatus?
        for (index, hook) in asked.enumerated() {
            let outcome = outcomes[index] ?? answers.popFirst() ?? .failure(.unreached("no answer"))
            guard let refusal = judge(hook, index, outcome, attributes) else { continue }
            first = first ?? refusal
        }
        if let first { throw first }
    }

    private func judge(
        _ hook: AdmissionHook, _ index: Int, _ outcome: Result<AdmissionAnswer, HookFailure>,
        _ attributes: AdmissionAttributes
    ) -> APIStatus? {
        switch outcome {
        case .success: return nil
        case .failure(.refused(let status)): return status
        case .failure(.unreached(let why)):
            guard hook.ignoresFailure else {
                return .internalError("failed calling webhook \"\(hook.name)\": \(why)")
            }
            attributes.notes.annotate(
                "failed-open.validating.webhook.admission.k8s.io/round_0_index_\(index)", hook.name)
            return nil
        }
    }
}
