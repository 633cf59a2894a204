import Testing

@testable import AegisCluster

@Suite struct LeftShimsTests {
    @Test func onlyShimsOfTheSocketAreMeant() {
        let words = [
            "/usr/bin/containerd-shim-runc-v2", "-namespace", "k8s.io", "-id", "a", "-address", "/d/c.sock",
        ]
        #expect(LeftShims.isShim(words, of: "/d/c.sock"))
        #expect(!LeftShims.isShim(words, of: "/d/c"))
        #expect(!LeftShims.isShim(words, of: "/run/containerd/containerd.sock"))
        #expect(!LeftShims.isShim(["/bin/sh", "-address", "/d/c.sock"], of: "/d/c.sock"))
        #expect(!LeftShims.isShim(["/usr/bin/containerd-shim-runc-v2", "-address"], of: "/d/c.sock"))
        #expect(!LeftShims.isShim([], of: "/d/c.sock"))
    }

    @Test func mountsGoFromTheInnermost() {
        let table = """
            overlay / overlay rw 0 0
            overlay /d/state/x/rootfs overlay rw 0 0
            proc /d/state/x/rootfs/proc proc rw 0 0
            shm /d/state/a\\040b/shm tmpfs rw 0 0
            tmpfs /d/stateful tmpfs rw 0 0
            """
        #expect(
            LeftShims.mountPoints(table, below: "/d/state") == [
                "/d/state/a b/shm", "/d/state/x/rootfs/proc", "/d/state/x/rootfs",
            ])
    }
}
