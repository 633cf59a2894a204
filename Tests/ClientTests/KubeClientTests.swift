import Foundation
import KubeClient
import KubeJSON
import NIOConcurrencyHelpers
import Testing

/// The client against the built server.
@Suite(.clients) struct KubeClientTests {
    private func client(_ cluster: Cluster, context: String? = nil) throws -> KubeClient {
        let configuration = try ClientConfiguration.find(
            environment: ["KUBECONFIG": cluster.kubeconfig], context: context)
        return try KubeClient(configuration)
    }

    private func map(_ name: String, _ value: String) -> JSON {
        [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)],
            "data": ["v": .string(value)],
        ]
    }

    @Test func objectsAreMadeChangedAndDeleted() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let client = try client(cluster)
        let made = try await client.create(.configMaps, map("one", "1"), fieldManager: "test")
        #expect(made.at("metadata", "managedFields")?[0]?["manager"] == "test")
        await #expect {
            _ = try await client.create(.configMaps, map("one", "1"))
        } throws: { ($0 as? ClientError)?.reason == "AlreadyExists" }
        await #expect {
            _ = try await client.get(.configMaps, "two")
        } throws: { error in
            guard let error = error as? ClientError else { return false }
            return error.isNotFound && error.description == "configmaps \"two\" not found"
        }
        var changed = made
        changed.set("2", at: "data", "v")
        #expect(try await client.update(.configMaps, changed).at("data", "v") == "2")
        await #expect {
            _ = try await client.update(.configMaps, changed)
        } throws: { ($0 as? ClientError)?.isConflict == true }
        // Every kind of patch.
        let json: JSON = [["op": "replace", "path": "/data/v", "value": "3"]]
        #expect(try await client.patch(.configMaps, "one", .json, json).at("data", "v") == "3")
        let merge: JSON = ["data": ["w": "4"]]
        #expect(try await client.patch(.configMaps, "one", .merge, merge).at("data", "w") == "4")
        let strategic: JSON = ["data": ["v": .null]]
        #expect(try await client.patch(.configMaps, "one", .strategic, strategic).at("data", "v") == nil)
        var applied = map("one", "5")
        await #expect {
            applied.set("x", at: "data", "w")
            _ = try await client.patch(.configMaps, "one", .apply(fieldManager: "b", force: false), applied)
        } throws: { ($0 as? ClientError)?.isConflict == true }
        let forced = try await client.patch(
            .configMaps, "one", .apply(fieldManager: "b", force: true), applied)
        #expect(forced.at("data", "w") == "x")
        await #expect {
            _ = try await client.delete(.configMaps, "one", uid: "other")
        } throws: { ($0 as? ClientError)?.isConflict == true }
        try await client.delete(.configMaps, "one")
        for index in 0..<25 { _ = try await client.create(.configMaps, map("m\(index)", "x")) }
        let all = try await client.list(.configMaps, pageSize: 4)
        #expect(all.items.filter { $0.at("metadata", "name")?.string?.hasPrefix("m") == true }.count == 25)
        let one = try await client.list(.configMaps, Selection(fields: "metadata.name=m7"))
        #expect(one.items.count == 1)
        #expect(try await client.raw("/readyz") == "ok")
        await client.shutdown()
    }

    @Test func whoFollowsOutlivesTheServer() async throws {
        let cluster = try await Cluster.start([])
        let client = try client(cluster)
        let seen = NIOLockedValueBox<[String: String]>([:])
        let breaks = NIOLockedValueBox(0)
        let task = Task {
            try await client.follow(.configMaps) { change in
                seen.withLockedValue { seen in
                    func put(_ object: JSON) {
                        seen[object.at("metadata", "name")?.string ?? ""] = object.at("data", "v")?.string
                    }
                    switch change {
                    case .replaced(let items):
                        seen = [:]
                        items.forEach(put)
                    case .added(let object), .modified(let object): put(object)
                    case .deleted(let object): seen[object.at("metadata", "name")?.string ?? ""] = nil
                    case .bookmark: break
                    case .disconnected: breaks.withLockedValue { $0 += 1 }
                    }
                }
            }
        }
        func wait(_ name: String, _ value: String?) async throws {
            let end = Date().addingTimeInterval(40)
            while seen.withLockedValue({ $0[name] }) != value {
                if Date() > end { throw Failed(description: "\(name) never became \(value ?? "nothing")") }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        _ = try await client.create(.configMaps, map("a", "1"))
        try await wait("a", "1")
        _ = try await client.patch(.configMaps, "a", .merge, ["data": ["v": "2"]])
        try await wait("a", "2")
        // The same server again, on the same port, with the same data.
        let port = String(cluster.port)
        cluster.kill()
        let server = try Background(
            cluster.programs.aegis, ["serve", "--data-dir", cluster.directory.path, "--secure-port", port],
            in: FileManager.default.temporaryDirectory)
        var retrying = client
        retrying.retry = RetryPolicy(attempts: 30, base: 0.2, limit: 1)
        _ = try await retrying.patch(.configMaps, "a", .merge, ["data": ["v": "3"]], isRepeatable: true)
        try await wait("a", "3")
        try await client.delete(.configMaps, "a")
        try await wait("a", nil)
        #expect(breaks.withLockedValue { $0 } > 0)
        task.cancel()
        _ = await task.result
        await client.shutdown()
        server.stop()
        try? FileManager.default.removeItem(at: cluster.directory)
    }

    @Test func theClusterSaysWhoAndWhether() async throws {
        let cluster = try await Cluster.start()
        defer { cluster.stop() }
        let client = try client(cluster)
        _ = try await client.create(
            Resource("serviceaccounts"),
            ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "robot"]])
        let answer = try await client.create(
            Resource("serviceaccounts"), ["spec": ["expirationSeconds": 600]], name: "robot",
            subresource: "token")
        let token = try #require(answer.at("status", "token")?.string)
        let user = try #require(try await client.review(token: token))
        #expect(user.name == "system:serviceaccount:default:robot")
        #expect(user.groups.contains("system:serviceaccounts"))
        #expect(try await client.review(token: token + "x") == nil)
        let wish = ResourceAccess(verb: "get", group: "", resource: "pods", namespace: "default", name: "p")
        #expect(try await client.refusal(of: wish, by: user) != nil)
        try cluster.kubectl(
            "create", "rolebinding", "robot", "--clusterrole=view", "--serviceaccount=default:robot")
        #expect(try await client.refusal(of: wish, by: user) == nil)

        // As the robot, with its token in a file that is renewed.
        var own = try ClientConfiguration.find(environment: ["KUBECONFIG": cluster.kubeconfig])
        let file = cluster.directory.appendingPathComponent("robot.token").path
        try "wrong".write(toFile: file, atomically: true, encoding: .utf8)
        own.certificate = nil
        own.credential = .tokenFile(file)
        let robot = try KubeClient(own)
        await #expect {
            _ = try await robot.list(.pods)
        } throws: { ($0 as? ClientError)?.code == 401 }
        try token.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try await robot.list(.pods).items.isEmpty, "the file is read again when its token is refused")
        await #expect {
            _ = try await robot.delete(.pods, "p")
        } throws: { ($0 as? ClientError)?.isForbidden == true }
        await robot.shutdown()
        await client.shutdown()
    }
}
