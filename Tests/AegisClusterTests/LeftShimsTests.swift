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

    @Test func runcOfTheDirectoryIsMeant() {
        let words = [
            "runc", "--root", "/run/containerd/runc/k8s.io", "--log", "/d/containerd/state/a/log.json",
        ]
        #expect(LeftShims.isRunc(words, below: "/d/containerd"))
        #expect(!LeftShims.isRunc(words, below: "/d/contain"))
        #expect(!LeftShims.isRunc(["tail", "/d/containerd/state/a/log.json"], below: "/d/containerd"))
        #expect(!LeftShims.isRunc([], below: "/d/containerd"))
    }

    /// Whoever they started is meant too, however far away; a parent or a neighbour is not.
    @Test func descendantsAreMeant() {
        let shim = ["/usr/bin/containerd-shim-runc-v2", "-address", "/d/c.sock"]
        let table = [
            LeftShims.Entry(id: 1, parent: 0, words: ["init"]),
            LeftShims.Entry(id: 20, parent: 11, words: ["sh"]),
            LeftShims.Entry(id: 10, parent: 1, words: shim),
            LeftShims.Entry(id: 11, parent: 10, words: ["postgres"]),
            LeftShims.Entry(id: 12, parent: 1, words: ["runc", "--bundle", "/d/containerd/x"]),
            LeftShims.Entry(id: 13, parent: 12, words: ["runc", "init"]),
            LeftShims.Entry(id: 14, parent: 1, words: ["runc", "--bundle", "/e/containerd/x"]),
        ]
        let left = LeftShims(socket: "/d/c.sock", directory: "/d/containerd", group: "/d")
        #expect(left.meant(table) == [10, 11, 12, 13, 20])
    }

    @Test func parentsAreReadBehindAnyName() {
        #expect(LeftShims.parent("12 (sh) S 7 12 12 0") == 7)
        #expect(LeftShims.parent("12 (a ) S 9 (b)) Z 7 12") == 7)
        #expect(LeftShims.parent("") == nil)
        #expect(LeftShims.parent("12 (sh)") == nil)
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
