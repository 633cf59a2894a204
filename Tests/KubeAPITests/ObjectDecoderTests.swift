import KubeJSON
import Testing

@testable import KubeAPI

@Suite struct ObjectDecoderTests {
    private func schema(_ name: String) throws -> Schema {
        try #require(Catalogue.builtin.schema(named: "io.k8s.api." + name))
    }

    private func decode(_ text: String, _ name: String = "core.v1.Pod") throws -> (JSON, unknown: [String]) {
        try ObjectDecoder.decode(try JSONParser.parse(text), as: try schema(name))
    }

    private func message(_ text: String, _ name: String = "core.v1.Pod") throws -> String {
        do {
            _ = try decode(text, name)
            return ""
        } catch let error as DecodeError {
            return error.description
        }
    }

    /// What kube-apiserver writes is what decoding leaves alone.
    @Test(arguments: ["defaults", "lists", "patches", "apply", "validation"])
    func leavesRecordedObjectsAlone(file: String) throws {
        var count = 0
        for recording in try Golden.load(file) {
            guard let body = recording.at("response", "body"), let kind = body["kind"]?.string,
                let apiVersion = body["apiVersion"]?.string
            else { continue }
            let parts = apiVersion.split(separator: "/").map(String.init)
            let known = GroupVersionKind(parts.count == 2 ? parts[0] : "", parts.last ?? "", kind)
            guard let schema = Catalogue.builtin.schema(for: known), kind != "Status",
                // Lists are written by the server, not decoded.
                !kind.hasSuffix("List")
            else { continue }
            // Recordings hide what differs between runs.
            let text = JSONWriter.string(body).replacing("\"<time>\"", with: "\"2026-01-02T03:04:05Z\"")
            var object = try JSONParser.parse(text)
            // The one MicroTime in them is hidden like the others.
            if object["eventTime"]?.string != nil { object["eventTime"] = "2026-01-02T03:04:05.000000Z" }
            do {
                let (decoded, unknown) = try ObjectDecoder.decode(object, as: schema)
                #expect(unknown.isEmpty, "\(recording["name"] ?? "")")
                if decoded != object {
                    Issue.record("\(recording["name"] ?? ""): \(Self.difference(object, decoded, ""))")
                }
            } catch {
                Issue.record("\(recording["name"] ?? ""): \(error)")
            }
            count += 1
        }
        #expect(count > 0)
    }

    static func difference(_ left: JSON, _ right: JSON, _ path: String) -> String {
        if case .object(let a) = left, case .object(let b) = right {
            for key in Set(a.keys).union(b.keys) where a[key] != b[key] {
                guard let x = a[key], let y = b[key] else {
                    return "\(path).\(key): \(a[key] ?? "absent") and \(b[key] ?? "absent")"
                }
                return difference(x, y, "\(path).\(key)")
            }
        }
        if case .array(let a) = left, case .array(let b) = right, a.count == b.count {
            for index in a.indices where a[index] != b[index] {
                return difference(a[index], b[index], "\(path)[\(index)]")
            }
        }
        return "\(path): \(left) and \(right)"
    }

    @Test func dropsUnknownFieldsAndNamesThem() throws {
        let (pod, unknown) = try decode(
            #"{"spec":{"foo":1,"containers":[{"name":"a"},{"name":"b","Image":"x","ports":[{"containerPort":1,"x":2}]}]}}"#
        )
        #expect(
            unknown == [
                #"unknown field "spec.foo""#, #"unknown field "spec.containers[1].Image""#,
                #"unknown field "spec.containers[1].ports[0].x""#,
            ])
        #expect(pod.at("spec", "foo") == nil)
        #expect(pod.at("spec", "containers")?[1]?["resources"] == .object([:]))
        #expect(pod["status"] == .object([:]))
    }

    @Test func writesAndDropsEmptyValues() throws {
        let (pod, _) = try decode(
            #"{"metadata":{"labels":{},"name":null},"spec":{"priority":0,"nodeName":"","hostNetwork":false}}"#
        )
        #expect(pod["metadata"] == .object([:]))
        #expect(pod["spec"] == ["priority": 0, "containers": .null])
        let (claim, _) = try decode(
            #"{"spec":{"dataSource":{"kind":"a","name":"b"}}}"#, "core.v1.PersistentVolumeClaim")
        #expect(claim.at("spec", "dataSource", "apiGroup") == .null)
    }

    @Test func writesCanonicalScalars() throws {
        let (pod, _) = try decode(
            #"{"spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":0.5,"memory":"1024Mi","x":"1000m"}}}]}}"#
        )
        #expect(
            pod.at("spec", "containers")?[0]?.at("resources", "limits")
                == ["cpu": "500m", "memory": "1Gi", "x": "1"])
        let (meta, _) = try decode(#"{"metadata":{"creationTimestamp":"2026-01-02T03:04:05.5+09:00"}}"#)
        #expect(meta.at("metadata", "creationTimestamp") == "2026-01-01T18:04:05Z")
        let (secret, _) = try decode(#"{"data":{"a":"YW\nJj","b":"YR=="}}"#, "core.v1.Secret")
        #expect(secret["data"] == ["a": "YWJj", "b": "YQ=="])
    }

    @Test func refusesWrongTypesInGosWords() throws {
        #expect(
            try message(#"{"spec":{"containers":"x"}}"#)
                == "json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container"
        )
        #expect(
            try message(#"{"spec":{"containers":[{"imagePullPolicy":1}]}}"#)
                == "json: cannot unmarshal number into Go struct field "
                + "Container.spec.containers.imagePullPolicy of type v1.PullPolicy")
        #expect(
            try message(#"{"metadata":{"labels":{"a":1}}}"#)
                == "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"
        )
        #expect(
            try message(#"{"spec":{"priority":3000000000}}"#)
                == "json: cannot unmarshal number 3000000000 into Go struct field PodSpec.spec.priority of type int32"
        )
        #expect(try message("[]") == "json: cannot unmarshal array into Go value of type v1.Pod")
        #expect(
            try message(#"{"data":{"a":"%"}}"#, "core.v1.Secret") == "illegal base64 data at input byte 0")
        #expect(
            try message(#"{"spec":{"containers":[{"resources":{"limits":{"cpu":"x"}}}]}}"#)
                .hasPrefix("quantities must match"))
    }
}
