import KubeJSON
import Testing

@testable import KubeAPI

/// Kinds outside the core that say how the cluster runs: a right object, a change, and what it earns.
@Suite struct OtherRulesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let kind: String
        let change: String
        let errors: [String]
        var testDescription: String { "\(kind) \(change)" }
    }

    private static let hook = """
        {"name": "a.b.c", "sideEffects": "None", "admissionReviewVersions": ["v1"],
         "clientConfig": {"url": "https://h/p"}, "rules": [{"operations": ["CREATE"], "apiGroups": [""],
         "apiVersions": ["v1"], "resources": ["pods"]}]}
        """
    private static let match = """
        {"resourceRules": [{"operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"],
         "resources": ["pods"]}]}
        """
    private static let bases: [String: (GroupKind, String)] = [
        "webhooks": (
            GroupKind("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
            #"{"metadata": {"name": "w"}, "webhooks": [\#(hook)]}"#
        ),
        "policy": (
            GroupKind("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
            #"{"metadata": {"name": "p"}, "spec": {"matchConstraints": \#(match), "validations": [{"expression": "true"}]}}"#
        ),
        "binding": (
            GroupKind("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
            #"{"metadata": {"name": "b"}, "spec": {"policyName": "p", "validationActions": ["Deny"]}}"#
        ),
        "apiservice": (
            GroupKind("apiregistration.k8s.io", "APIService"),
            #"{"metadata": {"name": "v1.a.b"}, "spec": {"group": "a.b", "version": "v1", "groupPriorityMinimum": 100, "versionPriority": 10}}"#
        ),
        "schema": (
            GroupKind("flowcontrol.apiserver.k8s.io", "FlowSchema"),
            """
            {"metadata": {"name": "s"}, "spec": {"priorityLevelConfiguration": {"name": "l"}, "rules": [
             {"subjects": [{"kind": "User", "user": {"name": "u"}}],
              "nonResourceRules": [{"verbs": ["get"], "nonResourceURLs": ["/x"]}]}]}}
            """
        ),
        "level": (
            GroupKind("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
            #"{"metadata": {"name": "l"}, "spec": {"type": "Limited", "limited": {"limitResponse": {"type": "Queue", "queuing": {}}}}}"#
        ),
        "csr": (
            GroupKind("certificates.k8s.io", "CertificateSigningRequest"),
            // A block that holds an empty sequence: the least that can be one.
            #"{"metadata": {"name": "c"}, "spec": {"usages": ["client auth"], "signerName": "a.b/c", "request": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUFBPQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K"}}"#
        ),
    ]

    static let cases = [
        Case(kind: "webhooks", change: "{}", errors: []),
        Case(
            kind: "webhooks", change: #"{"webhooks": [{"name": "a.b", "clientConfig": {}}]}"#,
            errors: [
                #"webhooks[0].name: Invalid value: "a.b": should be a domain with at least three segments separated by dots"#,
                "webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun",
                "webhooks[0].clientConfig: Required value: exactly one of url or service is required",
                "webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1",
            ]),
        Case(
            kind: "webhooks",
            change:
                #"{"webhooks": [{"name": "a.b.c", "sideEffects": "Some", "timeoutSeconds": 31, "admissionReviewVersions": ["v2", "v2"], "failurePolicy": "No", "clientConfig": {"url": "http://u@h?q#f"}, "rules": [{"operations": ["*", "GET"], "apiGroups": ["*", "a"], "apiVersions": [""], "resources": ["*", "pods", "a/*", "a/b"], "scope": "x"}]}]}"#,
            errors: [
                #"webhooks[0].rules[0].operations: Invalid value: ["*","GET"]: if '*' is present, must not specify other operations"#,
                #"webhooks[0].rules[0].operations[1]: Unsupported value: "GET": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE""#,
                #"webhooks[0].rules[0].apiGroups: Invalid value: ["*","a"]: if '*' is present, must not specify other API groups"#,
                "webhooks[0].rules[0].apiVersions[0]: Required value",
                #"webhooks[0].rules[0].resources[3]: Invalid value: "a/b": if 'a/*' is present, must not specify a/b"#,
                #"webhooks[0].rules[0].resources: Invalid value: ["*","pods","a/*","a/b"]: if '*' is present, must not specify other resources without subresources"#,
                #"webhooks[0].rules[0].scope: Unsupported value: "x": supported values: "*", "Cluster", "Namespaced""#,
                #"webhooks[0].failurePolicy: Unsupported value: "No": supported values: "Fail", "Ignore""#,
                #"webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun""#,
                "webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds",
                #"webhooks[0].clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]"#,
                #"webhooks[0].clientConfig.url: Invalid value: "u": user information is not permitted in the URL"#,
                #"webhooks[0].clientConfig.url: Invalid value: "f": fragments are not permitted in the URL"#,
                #"webhooks[0].clientConfig.url: Invalid value: "q": query parameters are not permitted in the URL"#,
                #"webhooks[0].admissionReviewVersions[1]: Invalid value: "v2": duplicate version"#,
                #"webhooks[0].admissionReviewVersions: Invalid value: ["v2","v2"]: must include at least one of v1, v1beta1"#,
            ]),
        Case(
            kind: "policy", change: #"{"spec": {"validations": null, "variables": [{"name": "in"}]}}"#,
            errors: [
                #"spec.variables[0].name: Invalid value: "in": name is not a valid CEL identifier"#,
                "spec.variables[0].expression: Required value: expression is not specified",
                "spec.validations: Required value: validations or auditAnnotations must contain at least one item",
                "spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item",
            ]),
        Case(
            kind: "binding", change: #"{"spec": {"validationActions": ["Deny", "Warn", "Deny"]}}"#,
            errors: [
                #"spec.validationActions[2]: Duplicate value: "Deny""#,
                #"spec.validationActions: Invalid value: ["Deny","Warn","Deny"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)"#,
            ]),
        Case(kind: "apiservice", change: "{}", errors: []),
        Case(
            kind: "apiservice",
            change:
                #"{"metadata": {"name": "x"}, "spec": {"versionPriority": 0, "insecureSkipTLSVerify": true, "caBundle": "QUJD"}}"#,
            errors: [
                #"metadata.name: Invalid value: "x": must be `spec.version+"."+spec.group`: "v1.a.b""#,
                "spec.versionPriority: Invalid value: 0: must be positive and less than 1000",
                #"spec.caBundle: Invalid value: "3 bytes": local APIServices may not have a caBundle"#,
                "spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify",
            ]),
        Case(kind: "schema", change: "{}", errors: []),
        Case(
            kind: "schema",
            change:
                #"{"spec": {"matchingPrecedence": 1, "distinguisherMethod": {"type": "x"}, "rules": [{"subjects": [{"kind": "User", "group": {"name": "g"}}], "nonResourceRules": [{"verbs": ["head"], "nonResourceURLs": ["/a*"]}]}]}}"#,
            errors: [
                "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
                #"spec.distinguisherMethod.type: Unsupported value: {"Type":"x"}: supported values: "ByNamespace", "ByUser""#,
                "spec.rules[0].subjects[0].user: Required value: user is required when subject kind is 'User'",
                "spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'",
                #"spec.rules[0].nonResourceRules[0].verbs: Unsupported value: ["head"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch""#,
                #"spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "/a*": wildcard can only do suffix matching"#,
            ]),
        Case(kind: "level", change: "{}", errors: []),
        Case(
            kind: "level",
            change:
                #"{"spec": {"limited": {"lendablePercent": 101, "limitResponse": {"queuing": {"handSize": 11}}}}}"#,
            errors: [
                "spec.limited.limitResponse.queuing.handSize: Invalid value: 11: required entropy bits of deckSize 64 and handSize 11 should not be greater than 60",
                "spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive",
            ]),
        Case(
            kind: "level", change: #"{"metadata": {"name": "catch-all"}}"#,
            errors: [
                #"spec: Invalid value: {"Type":"Limited","Limited":{"NominalConcurrencyShares":30,"LimitResponse":{"Type":"Queue","Queuing":{"Queues":64,"HandSize":8,"QueueLengthLimit":50}},"LendablePercent":0,"BorrowingLimitPercent":null},"Exempt":null}: spec of 'catch-all' must equal the fixed value"#
            ]),
        Case(kind: "csr", change: "{}", errors: []),
        Case(
            kind: "csr",
            change:
                #"{"spec": {"usages": ["signing", "signing"], "signerName": "a/b", "expirationSeconds": 599, "request": "QUJD"}}"#,
            errors: [
                #"spec.request: Invalid value: "QUJD": PEM block type must be CERTIFICATE REQUEST"#,
                #"spec.usages[1]: Duplicate value: "signing""#,
                #"spec.signerName: Invalid value: "a": should be a domain with at least two segments separated by dots"#,
                "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)",
            ]),
    ]

    private static func object(_ kind: String, _ change: String) throws -> (JSON, Strategy) {
        let (groupKind, text) = try #require(bases[kind])
        let base = try JSONParser.parse(Array(text.utf8))
        var object = MergePatch.apply(try JSONParser.parse(Array(change.utf8)), to: base)
        let strategy = Strategies.strategy(for: groupKind)
        strategy.setDefaults(&object)
        return (object, strategy)
    }

    @Test(arguments: cases) func reports(_ example: Case) throws {
        let (object, strategy) = try Self.object(example.kind, example.change)
        #expect(strategy.validate(object).map(\.description) == example.errors)
    }

    @Test func certificatesAreDecidedOnceAndIssuedOnce() throws {
        let (old, strategy) = try Self.object(
            "csr", #"{"status": {"conditions": [{"type": "Approved", "status": "True"}]}}"#)
        let (denied, _) = try Self.object(
            "csr",
            #"{"status": {"conditions": [{"type": "Approved", "status": "True"}, {"type": "Denied", "status": "True"}]}}"#
        )
        let (plain, _) = try Self.object("csr", "{}")
        func words(_ errors: [FieldError]) -> [String] { errors.map(\.description) }
        #expect(
            words(strategy.validateSubresourceUpdate(denied, old, "approval")) == [
                #"status.conditions[1].type: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive"#
            ])
        #expect(
            words(strategy.validateSubresourceUpdate(plain, old, "approval")) == [
                #"status.conditions: Forbidden: updates may not remove a condition of type "Approved""#
            ])
        #expect(
            words(strategy.validateStatusUpdate(old, plain)) == [
                #"status.conditions: Forbidden: updates may not add a condition of type "Approved""#
            ])
        #expect(words(strategy.validateSubresourceUpdate(old, plain, "approval")) == [])
    }

    @Test func defaultFlowControlObjectsAreValidAndStable() throws {
        for (objects, kind) in [
            (FlowControlBootstrap.levels, "PriorityLevelConfiguration"),
            (FlowControlBootstrap.schemas, "FlowSchema"),
        ] {
            let strategy = Strategies.strategy(for: GroupKind("flowcontrol.apiserver.k8s.io", kind))
            for object in objects {
                var defaulted = object
                strategy.setDefaults(&defaulted)
                #expect(defaulted == object)
                #expect(strategy.validate(object).map(\.description) == [])
            }
        }
    }

    @Test func textIsQuotedAsGoDoes() {
        #expect(
            GoText.quoted("a\"b\\c\n\u{1}é\u{200B}\u{1F600}\u{E0001}")
                == #""a\"b\\c\n\x01é\u200b😀\U000e0001""#)
        let error = FieldError.invalid(FieldPath("a"), ["k": "<&>"], "no")
        #expect(error.description == #"a: Invalid value: {"k":"\u003c\u0026\u003e"}: no"#)
        #expect(
            FieldError.notSupported(FieldPath("a"), "\t", ["x\"y"]).description
                == #"a: Unsupported value: "\t": supported values: "x\"y""#)
    }

    @Test func emptyListsAreKeptUntilTheirOwnersAreKnown() throws {
        let schema = try #require(Catalogue.builtin.schema(named: "io.k8s.api.rbac.v1.ClusterRole"))
        let typed = try ObjectDecoder.decodeKeepingEmpty(["rules": []], as: schema)
        #expect(typed.hasEmpty)
        #expect(typed.value["rules"] == .array([]))
        #expect(try ObjectDecoder.decode(typed.value, as: schema).0["rules"] == .null)
        #expect(try !ObjectDecoder.decodeKeepingEmpty([:], as: schema).hasEmpty)
    }
}
