@testable import KubeJSON

/// Hand-made parts of the schemas of the kinds that the managed-fields tests use.
enum TestSchemas {
    static let string = Schema(.string)
    static let integer = Schema(.integer, format: "int32")
    static let stringMap = Schema(.map, element: string)
    static let anyScalar = Schema(.intOrString)

    static func structure(_ fields: Schema.Field...) -> Schema { Schema(.structure, fields: fields) }
    static func field(
        _ name: String, _ schema: Schema, _ presence: Schema.Presence = .omitEmpty, default value: JSON? = nil
    ) -> Schema.Field {
        Schema.Field(name: name, schema: schema, presence: presence, defaultValue: value)
    }
    static func list(_ element: Schema, _ type: Schema.ListType = .atomic) -> Schema {
        Schema(.list, element: element, listType: type)
    }

    static let metadata = structure(
        field("name", string), field("generateName", string), field("namespace", string),
        field("uid", string),
        field("resourceVersion", string), field("generation", integer), field("creationTimestamp", anyScalar),
        field("labels", stringMap), field("annotations", stringMap),
        field(
            "ownerReferences",
            list(
                structure(field("uid", string, .always), field("name", string, .always)),
                .map(keys: ["uid"]))),
        field("finalizers", list(string, .set)), field("managedFields", list(.any)))

    static let port = structure(
        field("name", string), field("containerPort", integer, .always),
        field("protocol", string, default: "TCP"), field("hostPort", integer))
    static let env = structure(field("name", string, .always), field("value", string))
    static let resources = structure(
        field("limits", Schema(.map, element: Schema(.quantity))),
        field("requests", Schema(.map, element: Schema(.quantity))))
    static let container = structure(
        field("name", string, .always), field("image", string), field("command", list(string)),
        field("args", list(string)),
        field("ports", list(port, .map(keys: ["containerPort", "protocol"]))),
        field("env", list(env, .map(keys: ["name"]))), field("resources", resources, .always),
        field("terminationMessagePath", string), field("imagePullPolicy", string))
    static let podSpec = structure(
        field("containers", list(container, .map(keys: ["name"])), .always),
        field("restartPolicy", string), field("nodeName", string),
        field("securityContext", structure(field("runAsUser", integer, .pointer)), .pointer),
        field("nodeSelector", Schema(.map, element: string, isAtomic: true)))
    static let selector = Schema(
        .structure, isAtomic: true,
        fields: [field("matchLabels", stringMap), field("matchExpressions", list(.any))])
    static let template = structure(field("metadata", metadata, .always), field("spec", podSpec, .always))
    static let condition = structure(field("type", string, .always), field("status", string, .always))

    static let deployment = object(
        field(
            "spec",
            structure(
                field("replicas", integer, .pointer), field("selector", selector, .always),
                field("template", template, .always), field("paused", Schema(.boolean)),
                field("strategy", structure(field("type", string)), .always)), .always),
        field(
            "status",
            structure(
                field("replicas", integer), field("readyReplicas", integer),
                field("conditions", list(condition, .map(keys: ["type"])))), .always))

    static let pod = object(
        field("spec", podSpec, .always),
        field(
            "status",
            structure(
                field("phase", string), field("conditions", list(condition, .map(keys: ["type"])))), .always))

    static let configMap = object(
        field("data", stringMap), field("binaryData", Schema(.map, element: Schema(.bytes))))

    static let servicePort = structure(
        field("name", string), field("port", integer, .always), field("protocol", string, default: "TCP"),
        field("targetPort", anyScalar, .always))
    static let service = object(
        field(
            "spec",
            structure(
                field("clusterIP", string), field("selector", Schema(.map, element: string, isAtomic: true)),
                field("ports", list(servicePort, .map(keys: ["port", "protocol"])))), .always))

    static func object(_ fields: Schema.Field...) -> Schema {
        Schema(
            .structure,
            fields: [
                field("kind", string), field("apiVersion", string), field("metadata", metadata, .always),
            ] + fields)
    }

    static let deployments = FieldManager(schema: deployment, apiVersion: "apps/v1", kind: "Deployment")
    static let configMaps = FieldManager(schema: configMap, apiVersion: "v1", kind: "ConfigMap")
    static let pods = FieldManager(schema: pod, apiVersion: "v1", kind: "Pod")
    static let services = FieldManager(schema: service, apiVersion: "v1", kind: "Service")
}

func json(_ text: String) throws -> JSON { try JSONParser.parse(Array(text.utf8)) }

/// A small generator of numbers that a seed repeats.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
