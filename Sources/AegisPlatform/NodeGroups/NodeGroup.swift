import KubeAPI
import KubeJSON

/// Nodes that are alike, and how many there may be: kOps' `InstanceGroup` (kops.k8s.io/v1alpha2).
public struct NodeGroup: Sendable, Equatable {
    public enum Role: String, Sendable {
        case controlPlane = "ControlPlane"
        case node = "Node"

        /// kOps called the control plane `Master` before, and a separate API server `APIServer`.
        init?(_ text: String) {
            switch text {
            case "ControlPlane", "Master", "APIServer": self = .controlPlane
            case "Node", "": self = .node
            default: return nil
            }
        }
    }

    /// One of `spec.taints`: `key=value:Effect` or `key:Effect`.
    public struct Taint: Sendable, Equatable {
        public let key: String
        public let value: String
        public let effect: String

        public init?(_ text: String) {
            guard let colon = text.lastIndex(of: ":") else { return nil }
            effect = String(text[text.index(after: colon)...])
            guard ["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(effect) else { return nil }
            let pair = text[..<colon].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            key = pair.first.map(String.init) ?? ""
            value = pair.count > 1 ? String(pair[1]) : ""
            if key.isEmpty { return nil }
        }

        /// As in a Node's `spec.taints`.
        public var json: JSON {
            var taint: JSONObject = ["key": .string(key), "effect": .string(effect)]
            if !value.isEmpty { taint["value"] = .string(value) }
            return .object(taint)
        }
    }

    public static let group = "kops.k8s.io"
    public static let kind = "InstanceGroup"
    static let controlPlaneTaint = "node-role.kubernetes.io/control-plane:NoSchedule"

    public var name: String
    public var role: Role
    public var instanceType: InstanceType
    public var minimum: Int
    public var maximum: Int
    public var labels: JSONObject
    public var taints: [Taint]
    /// The nodes are spread over these in turn.
    public var zones: [String]

    /// Where a group names no zones, there are three.
    public static let usualZones = ["local-a", "local-b", "local-c"]

    /// What is wrong with a group, and with which of its fields.
    public struct Problem: Error, Sendable, Equatable {
        public let field: String
        public let message: String
    }

    /// Reads an `InstanceGroup`.
    public init(_ object: JSON) throws(Problem) {
        let spec = object["spec"]
        name = object.name
        let roleText = spec?["role"]?.string ?? ""
        guard let role = Role(roleText) else {
            throw Problem(
                field: "spec.role",
                message: "role \"\(roleText)\" has no nodes here: use ControlPlane or Node")
        }
        self.role = role
        let machine = spec?["machineType"]?.string ?? ""
        guard let type = InstanceType.named(machine) else {
            throw Problem(
                field: "spec.machineType",
                message: machine.isEmpty
                    ? "a machineType is needed, such as c5.large"
                    : "machineType \"\(machine)\" is not known: there are the c5, c6i, m5, m6i, r5, r6i and t3 families"
            )
        }
        instanceType = type
        // kOps' own defaults: one for the control plane, two for nodes.
        minimum = spec?["minSize"]?.int ?? (role == .controlPlane ? 1 : 2)
        maximum = spec?["maxSize"]?.int ?? max(minimum, role == .controlPlane ? 1 : 2)
        guard minimum >= 0 else { throw Problem(field: "spec.minSize", message: "minSize is below zero") }
        guard maximum >= minimum else {
            throw Problem(
                field: "spec.maxSize", message: "maxSize \(maximum) is below minSize \(minimum)")
        }
        guard maximum <= 10_000 else {
            throw Problem(field: "spec.maxSize", message: "maxSize \(maximum) is above 10000")
        }
        labels = spec?["nodeLabels"]?.object ?? [:]
        var taints: [Taint] = []
        for (index, text) in (spec?["taints"]?.array ?? []).enumerated() {
            guard let taint = Taint(text.string ?? "") else {
                throw Problem(
                    field: "spec.taints[\(index)]",
                    message: "a taint is key=value:Effect with NoSchedule, PreferNoSchedule or NoExecute")
            }
            taints.append(taint)
        }
        if role == .controlPlane, let taint = Taint(Self.controlPlaneTaint),
            !taints.contains(where: { $0.key == taint.key })
        {
            taints.append(taint)
        }
        self.taints = taints
        let zones = spec?["zones"]?.array ?? spec?["subnets"]?.array ?? []
        self.zones = zones.compactMap(\.string)
        if self.zones.isEmpty { self.zones = Self.usualZones }
    }

    /// The labels of the group's node of a number, from 0.
    public func labels(ofNode number: Int) -> JSONObject {
        var all: JSONObject = [
            "kops.k8s.io/instancegroup": .string(name),
            "node.kubernetes.io/instance-type": .string(instanceType.name),
            "topology.kubernetes.io/region": "local",
            "topology.kubernetes.io/zone": .string(zones[number % zones.count]),
        ]
        switch role {
        case .controlPlane:
            all["node-role.kubernetes.io/control-plane"] = ""
            all["node.kubernetes.io/exclude-from-external-load-balancers"] = ""
        case .node: all["node-role.kubernetes.io/node"] = ""
        }
        for (key, value) in labels { all[key] = value }
        return all
    }
}

extension NodeGroup {
    /// InstanceGroups from the tables of a document: a table is one of node groups when one of its columns
    /// names instance types and two give numbers, the fewest and the most nodes. The first column names the
    /// group; a group called master or control plane is the control plane.
    public static func instanceGroups(
        in document: MarkdownDocument, file: String
    ) -> (objects: [JSON], problems: [ManifestProblem]) {
        var objects: [JSON] = []
        var problems: [ManifestProblem] = []
        for table in document.tables {
            guard !table.rows.isEmpty,
                let machine = table.header.indices.first(where: { column in
                    table.rows.contains { $0.indices.contains(column) && looksLikeType($0[column]) }
                })
            else { continue }
            let numbers = table.header.indices.filter { column in
                column != machine
                    && table.rows.allSatisfy { $0.indices.contains(column) && Int($0[column]) != nil }
            }
            guard machine != 0, numbers.count >= 2 else { continue }
            for (index, row) in table.rows.enumerated() {
                let line = table.line + 2 + index
                guard InstanceType.named(row[machine]) != nil else {
                    problems.append(
                        ManifestProblem(
                            file: file, line: line,
                            message:
                                "node group \"\(row[0])\": instance type \"\(row[machine])\" is not known"))
                    continue
                }
                let name = row[0].lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
                let isControlPlane = ["master", "control-plane", "controlplane"].contains(String(name))
                var spec: JSONObject = [
                    "role": isControlPlane ? "ControlPlane" : "Node", "machineType": .string(row[machine]),
                    "minSize": .integer(Int64(row[numbers[0]]) ?? 0),
                    "maxSize": .integer(Int64(row[numbers[1]]) ?? 0),
                ]
                if !isControlPlane {
                    spec["nodeLabels"] = [
                        "node-role.kubernetes.io/\(String(name))": "",
                        "aegis.dev/node-group": .string(String(name)),
                    ]
                }
                objects.append([
                    "apiVersion": "kops.k8s.io/v1alpha2", "kind": "InstanceGroup",
                    "metadata": ["name": .string(String(name))], "spec": .object(spec),
                ])
            }
        }
        return (objects, problems)
    }

    private static func looksLikeType(_ text: String) -> Bool {
        let parts = text.split(separator: ".")
        return parts.count == 2 && parts[1].hasSuffix("large") && parts[0].count <= 4
            || InstanceType.named(text) != nil
    }
}
