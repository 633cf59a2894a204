import Foundation
import KubeAPI
import KubeJSON
import KubeStore
import Synchronization

/// One webhook of a configuration, with what can be worked out before a request comes.
struct AdmissionWebhook: Sendable {
    let configuration: String
    let name: String
    let definition: JSON
    /// Its rules and selectors, as a policy has them.
    let criteria: JSON
    /// Its `matchConditions`, as those of a policy.
    let conditions: CompiledAdmissionPolicy?
    let place: WebhookCall.Place?
    let authorities: [UInt8]

    /// Tells webhooks apart, also two of one name.
    let identifier: String

    init(_ definition: JSON, configuration: String, index: Int, isMutating: Bool) {
        self.definition = definition
        self.configuration = configuration
        name = definition["name"]?.string ?? ""
        identifier = "\(configuration)/\(name)/\(index)"
        var criteria: JSON = ["resourceRules": definition["rules"] ?? []]
        for field in ["namespaceSelector", "objectSelector", "matchPolicy"] {
            if let value = definition[field] { criteria[field] = value }
        }
        self.criteria = criteria
        if let conditions = definition["matchConditions"]?.array, !conditions.isEmpty {
            self.conditions = CompiledAdmissionPolicy(
                [
                    "metadata": ["name": .string(name)],
                    "spec": [
                        "matchConditions": .array(conditions),
                        "failurePolicy": definition["failurePolicy"] ?? "Fail",
                    ],
                ], isMutating: isMutating)
        } else {
            conditions = nil
        }
        let client = definition["clientConfig"]
        if let url = client?["url"]?.string {
            place = .url(url)
        } else if let service = client?["service"] {
            place = .service(
                namespace: service["namespace"]?.string ?? "", name: service["name"]?.string ?? "",
                port: service["port"]?.int ?? 443, path: service["path"]?.string ?? "")
        } else {
            place = nil
        }
        authorities = client?["caBundle"]?.string.flatMap { Data(base64Encoded: $0) }.map(Array.init) ?? []
    }

    var ignoresFailures: Bool { definition["failurePolicy"]?.string == "Ignore" }
    var seconds: Int { definition["timeoutSeconds"]?.int ?? 10 }

    /// The newest form of AdmissionReview that both sides know, in the webhook's order.
    var reviewVersion: String? {
        (definition["admissionReviewVersions"]?.array ?? []).lazy.compactMap(\.string)
            .first { $0 == "v1" || $0 == "v1beta1" }
    }

    /// A dry run may only ask those that change nothing outside.
    var allowsDryRun: Bool {
        ["None", "NoneOnDryRun"].contains(definition["sideEffects"]?.string ?? "")
    }
}

/// The webhooks of the cluster; made anew when a configuration changes.
final class WebhookCache: Sendable {
    private static let group = "admissionregistration.k8s.io"
    private static let mutating = CollectionID(group: group, resource: "mutatingwebhookconfigurations")
    private static let validating = CollectionID(group: group, resource: "validatingwebhookconfigurations")

    struct Webhooks: Sendable {
        var mutating: [AdmissionWebhook] = []
        var validating: [AdmissionWebhook] = []
    }

    private let state = Mutex<(revision: UInt64?, webhooks: Webhooks)>((nil, Webhooks()))

    /// In the order in which they are asked: by the configurations' names.
    func webhooks(in store: Store) -> Webhooks {
        let revision = store.lastChange(in: [Self.mutating, Self.validating])
        return state.withLock { state in
            if state.revision != revision {
                state.webhooks = Webhooks(
                    mutating: Self.read(store, Self.mutating, isMutating: true),
                    validating: Self.read(store, Self.validating, isMutating: false))
                state.revision = revision
            }
            return state.webhooks
        }
    }

    private static func read(
        _ store: Store, _ collection: CollectionID, isMutating: Bool
    ) -> [AdmissionWebhook] {
        let snapshot = store.snapshot(collection)
        guard !snapshot.objects.isEmpty else { return [] }
        return snapshot.page().items.flatMap { stored in
            (stored.value["webhooks"]?.array ?? []).enumerated().map { index, webhook in
                AdmissionWebhook(
                    webhook, configuration: stored.value.name, index: index, isMutating: isMutating)
            }
        }
    }
}

extension Registry {
    /// Whether a write may have to wait for a webhook.
    public var asksWebhooks: Bool {
        guard webhookCaller != nil else { return false }
        let webhooks = webhooks.webhooks(in: store)
        return !webhooks.mutating.isEmpty || !webhooks.validating.isEmpty
    }
}
