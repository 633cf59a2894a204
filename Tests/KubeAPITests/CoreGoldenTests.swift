import Foundation
import KubeJSON
import Testing

@testable import KubeAPI

/// What kube-apiserver v1.36.2 answered, against the strategies of the core group.
@Suite struct CoreGoldenTests {
    struct Recording: Sendable {
        let name: String
        let method: String
        let path: String
        let body: JSON
        let code: Int
        let answer: JSON
        let warnings: [String]
    }

    static func recordings(_ file: String) throws -> [Recording] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appendingPathComponent("KubeServerTests/Golden/\(file).json"))
        return try #require(JSONParser.parse([UInt8](data)).array).map { item in
            Recording(
                name: item.text("name"), method: item["request"]?.text("method") ?? "",
                path: item["request"]?.text("path") ?? "", body: item["request"]?["body"] ?? .null,
                code: item["response"]?["code"]?.int ?? 0, answer: item["response"]?["body"] ?? .null,
                warnings: item["response"]?.texts("warnings") ?? [])
        }
    }

    static func coreCreates(_ file: String) throws -> [Recording] {
        try recordings(file).filter { $0.method == "POST" && $0.path.hasPrefix("/api/v1/") }
    }

    /// The object as the server hands it to a strategy: decoded, in its namespace.
    static func decoded(_ recording: Recording) throws -> (JSON, Strategy, ResourceInfo) {
        let kind = recording.body.text("kind")
        let info = try #require(Catalogue.builtin.resource(for: GroupVersionKind("", "v1", kind)))
        var object = try ObjectDecoder.decode(recording.body, as: info.schema).0
        let parts = recording.path.split(separator: "/").map(String.init)
        if info.isNamespaced { object.set(.string(parts[3]), at: "metadata", "namespace") }
        return (object, Strategies.strategy(for: GroupKind("", kind)), info)
    }

    @Test func rejectsAsRecorded() throws {
        var count = 0
        for file in ["validation", "patches"] {
            for recording in try Self.coreCreates(file) where recording.code == 422 {
                var (object, strategy, info) = try Self.decoded(recording)
                // Allocation is the server's part.
                if recording.name == "service bad cluster ip" { continue }
                strategy.setDefaults(&object)
                strategy.prepareForCreate(&object)
                var errors = ObjectMetaValidation.validate(
                    object, isNamespaced: info.isNamespaced, validateName: strategy.validateName)
                errors += strategy.validate(object)
                let causes = errors.map { [$0.kind.rawValue, $0.message, $0.field] }
                let recorded = (recording.answer["details"]?.items("causes") ?? []).map {
                    [$0.text("reason"), $0.text("message"), $0.text("field")]
                }
                #expect(causes == recorded, "\(recording.name)")
                count += 1
            }
        }
        #expect(count >= 12)
    }

    /// Fields that admission adds, and those that the server itself fills.
    private static let admitted: [String: Set<String>] = [
        "Pod": [
            "serviceAccountName", "serviceAccount", "tolerations", "priority", "preemptionPolicy", "volumes",
        ],
        "Node": ["taints"], "Service": ["ipFamilies", "ipFamilyPolicy"],
    ]

    @Test func acceptsAndDefaultsAsRecorded() throws {
        var count = 0
        for file in ["defaults", "tables", "lists", "patches", "apply", "validation"] {
            for recording in try Self.coreCreates(file) where recording.code == 201 {
                let kind = recording.body.text("kind")
                guard Strategies.core[GroupKind("", kind)] != nil, kind == recording.answer.text("kind")
                else {
                    continue
                }
                var (object, strategy, info) = try Self.decoded(recording)
                strategy.setDefaults(&object)
                strategy.prepareForCreate(&object)
                if kind == "Service" {
                    #expect(ServiceAllocation.initFamilies(&object, old: nil, available: ["IPv4"]).isEmpty)
                }
                // The ServiceAccount plugin runs between defaults and validation.
                if kind == "Pod" { object.set("default", at: "spec", "serviceAccountName") }
                if object["metadata"]?.text("name").isEmpty ?? true {
                    object.set("generated", at: "metadata", "name")
                }
                let errors =
                    ObjectMetaValidation.validate(
                        object, isNamespaced: info.isNamespaced, validateName: strategy.validateName)
                    + strategy.validate(object)
                #expect(errors.isEmpty, "\(file) \(recording.name): \(errors)")
                #expect(
                    strategy.warnings(object, nil).map { "299 - \(JSONWriter.string(.string($0)))" }
                        == recording.warnings, "\(file) \(recording.name)")
                compare(object, recording.answer, kind, "\(file): \(recording.name)")
                count += 1
            }
        }
        #expect(count >= 28)
    }

    private func compare(_ object: JSON, _ answer: JSON, _ kind: String, _ name: String) {
        for (key, value) in answer.object ?? [:]
        where !["kind", "apiVersion", "metadata", "status", "spec"].contains(key) {
            #expect(Self.pruned(object[key]) == Self.pruned(value), "\(name) \(key)")
        }
        #expect(
            Self.pruned(object.at("metadata", "labels")) == Self.pruned(answer.at("metadata", "labels")),
            "\(name)")
        for (key, value) in answer["status"]?.object ?? [:] where key != "lastPhaseTransitionTime" {
            guard ["phase", "qosClass"].contains(key) else { continue }
            #expect(object.at("status", key) == value, "\(name) status.\(key)")
        }
        let admitted = Self.admitted[kind] ?? []
        let skipped: Set<String> = kind == "Service" ? [] : admitted
        for (key, value) in answer["spec"]?.object ?? [:] where !skipped.contains(key) {
            var expected = value
            if kind == "Pod", key == "containers" || key == "initContainers" {
                expected.removeTokenMounts()
            }
            if kind == "Service", ["clusterIP", "clusterIPs", "ports"].contains(key),
                object.at("spec", "clusterIP") == nil
            {
                continue
            }
            #expect(Self.pruned(object.at("spec", key)) == Self.pruned(expected), "\(name) spec.\(key)")
        }
        for (key, _) in object["spec"]?.object ?? [:] where !skipped.contains(key) {
            guard Self.pruned(object.at("spec", key)) != nil else { continue }
            #expect(Self.pruned(answer.at("spec", key)) != nil, "\(name): spec.\(key) is not recorded")
        }
    }

    /// Without empty objects and lists, which the writer of answers adds by the schema.
    private static func pruned(_ value: JSON?) -> JSON? {
        switch value {
        case .object(let object):
            let members = object.compactMap { member in pruned(member.value).map { (member.key, $0) } }
            return members.isEmpty ? nil : .object(JSONObject(members))
        case .array(let items):
            let kept = items.compactMap { pruned($0) }
            return kept.isEmpty ? nil : .array(kept)
        case .string(""), .null, nil: return nil
        default: return value
        }
    }
}

extension JSON {
    /// Takes out what the ServiceAccount admission plugin mounts.
    fileprivate mutating func removeTokenMounts() {
        guard let containers = array else { return }
        self = .array(
            containers.map { container in
                var copy = container
                copy["volumeMounts"] = .array(
                    container.items("volumeMounts").filter { !$0.text("name").hasPrefix("kube-api-access") })
                return copy
            })
    }
}
