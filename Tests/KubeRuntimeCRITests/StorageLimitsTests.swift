import KubeJSON
import Testing

@testable import KubeRuntimeCRI

@Suite struct StorageLimitsTests {
    private static func pod(_ limits: [String?]) -> JSON {
        let containers = limits.enumerated().map { index, limit -> JSON in
            let resources: JSON = limit.map { ["limits": ["ephemeral-storage": .string($0)]] } ?? [:]
            return ["name": .string("c\(index)"), "resources": resources]
        }
        return ["spec": ["containers": .array(containers)]]
    }

    @Test func podsWithoutALimitMayGrow() {
        #expect(StorageLimits(Self.pod([nil, nil])) == nil)
    }

    @Test func whatIsTooMuchIsSaid() throws {
        let one = try #require(StorageLimits(Self.pod(["5Mi"])))
        #expect(one.excess(["c0": 5 << 20], volumes: 0) == nil)
        let words = "Pod ephemeral local storage usage exceeds the total limit of containers 5Mi. "
        #expect(one.excess(["c0": 5 << 20], volumes: 1) == words)
        let two = try #require(StorageLimits(Self.pod(["5Mi", "1Gi"])))
        #expect(
            two.excess(["c0": 6 << 20, "c1": 0], volumes: 0)
                == "Container c0 exceeded its local ephemeral storage limit \"5Mi\". ")
        #expect(two.excess(["c0": 4 << 20, "c1": 900 << 20], volumes: 0) == nil)
    }

    @Test func findsTheLayersOfContainers() {
        let mounts = """
            101 29 0:52 / /d/state/io.containerd.runtime.v2.task/k8s.io/abc/rootfs rw,relatime shared:9 - overlay \
            overlay rw,lowerdir=/l/1:/l/2,upperdir=/d/root/snapshots/7/fs,workdir=/w
            102 29 0:53 / /proc rw - proc proc rw
            103 29 0:54 / /other rw - overlay overlay rw,lowerdir=/l/1,upperdir=/u,workdir=/w
            """
        #expect(StorageLimits.layers(mounts) == ["abc": "/d/root/snapshots/7/fs"])
    }
}
