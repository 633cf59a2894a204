import Foundation
import KubeAPI
import KubeNetwork
import Testing

@testable import AegisCluster

@Suite struct MachineInstanceTests {
    @Test func theFirstClusterHasTheUsualNamesAndRanges() {
        let first = MachineInstance.usual
        #expect(first == MachineInstance(0))
        #expect(first.name == "aegis")
        #expect(first.controlGroup == "/aegis")
        #expect(first.addresses.pods == "10.244.0.0/16")
        #expect(first.addresses.nodes == "10.243.0.0/16")
        #expect(first.addresses.balancers == "10.242.0.0/24")
        #expect(first.addresses.server == "10.243.255.1")
        #expect(first.addresses.resolver == "10.243.255.10")
        #expect(first.serviceRange == "10.96.0.0/12")
        #expect(MachineInstance(MachineInstance.limit) == nil)
        #expect(MachineInstance(-1) == nil)
    }

    @Test func noTwoClustersShareAnAddressOrAName() throws {
        let all = (0..<MachineInstance.limit).compactMap { MachineInstance($0) }
        var ranges: [CIDR] = []
        for instance in all {
            let addresses = instance.addresses
            let own = try [addresses.pods, addresses.nodes, addresses.balancers, instance.serviceRange].map {
                try #require(CIDR($0), "\($0)")
            }
            for range in own {
                for other in ranges {
                    #expect(
                        !range.contains(other.network) && !other.contains(range.network), "\(range) \(other)")
                }
                ranges.append(range)
            }
            let nodes = try #require(CIDR(addresses.nodes))
            for address in [addresses.server, addresses.resolver] {
                #expect(nodes.contains(try #require(IPAddress(address))))
            }
            #expect(!instance.foreignRanges.contains(nodes))
            #expect(instance.foreignRanges.count == 2 * (MachineInstance.limit - 1))
            // The kernel's limit for the label of an address.
            #expect("lo:\(instance.name)".count <= 15)
        }
        #expect(Set(all.map(\.name)).count == all.count)
    }

    /// A register and data directories below a directory of its own.
    private final class Place {
        let root = FileManager.default.temporaryDirectory.appending(path: "aegis-register-\(UUID())").path
        var register: MachineRegister { MachineRegister(directory: root + "/run") }
        var prepared = 0

        init() throws {
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        }
        deinit { try? FileManager.default.removeItem(atPath: root) }

        func claim(_ name: String) throws -> Int {
            try register.claim("\(root)/\(name)", containerdSocket: nil) { _ in prepared += 1 }.number
        }
        /// - Returns: whether it was the last.
        func release(_ name: String) throws -> Bool {
            var isLast = false
            try register.release("\(root)/\(name)") { _ in isLast = true }
            return isLast
        }
        func purge(_ name: String) throws {
            register.forget("\(root)/\(name)")
            try FileManager.default.removeItem(atPath: "\(root)/\(name)")
        }
    }

    @Test func clustersGetTheSmallestNumberAndKeepIt() throws {
        let place = try Place()
        #expect(try place.claim("a") == 0)
        #expect(try place.claim("b") == 1)
        #expect(try place.claim("a") == 0, "a second start is the same cluster")
        #expect(try !place.release("a"))
        #expect(try place.claim("c") == 2, "one that is down keeps its number for its stored objects")
        #expect(try place.claim("a") == 0)
        #expect(place.prepared == 5)
        _ = try place.release("b")
        try place.purge("b")
        #expect(try place.claim("d") == 1)
        #expect(try !place.release("a"))
        #expect(try !place.release("c"))
        #expect(try place.release("d"), "the last one puts the machine's settings back")
        #expect(MachineRecord.read(place.root + "/d")?.isUp == false)
    }

    @Test func whatIsThereWithoutBeingRegisteredIsLeftAlone() throws {
        let place = try Place()
        let found = try place.register.claim(
            place.root + "/a", containerdSocket: nil, isTaken: { $0.number < 2 }, prepare: { _ in })
        #expect(found.number == 2)
        // What a cluster of an earlier version left is its own.
        let old = place.root + "/old"
        try FileManager.default.createDirectory(
            atPath: old + "/containerd", withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: old + "/containerd/config.toml"))
        let own = try place.register.claim(
            old, containerdSocket: nil, isTaken: { $0.number == 0 }, prepare: { _ in })
        #expect(own.number == 0)
    }

    @Test func aDirectoryThatIsGoneHoldsNothing() throws {
        let place = try Place()
        #expect(try place.claim("a") == 0)
        try FileManager.default.removeItem(atPath: place.root + "/a")
        #expect(try place.claim("b") == 0)
        #expect(try place.release("b"))
    }

    @Test func whoCameFirstAfterTheMachinesStartKeepsItsAddresses() throws {
        let place = try Place()
        #expect(try place.claim("a") == 0)
        // The machine starts anew: nothing of its register is left.
        try FileManager.default.removeItem(atPath: place.root + "/run")
        #expect(try place.claim("b") == 0)
        #expect {
            _ = try place.claim("a")
        } throws: {
            "\($0)".contains("aegis down --data-dir \(place.root)/b")
        }
        _ = try place.release("b")
        #expect(try place.claim("a") == 0)
    }

    @Test func storedObjectsWithoutARecordHaveTheUsualAddresses() throws {
        let place = try Place()
        let old = place.root + "/old"
        try FileManager.default.createDirectory(atPath: old + "/pki", withIntermediateDirectories: true)
        #expect(try place.claim("a") == 0)
        #expect(throws: HostError.self) { try place.claim("old") }
        _ = try place.release("a")
        try place.purge("a")
        #expect(try place.claim("old") == 0)
    }

    @Test func thereIsRoomForSoManyAndTheNextIsTold() throws {
        let place = try Place()
        for number in 0..<MachineInstance.limit { #expect(try place.claim("n\(number)") == number) }
        #expect(throws: HostError.self) { try place.claim("more") }
        _ = try place.release("n7")
        #expect(try place.claim("more") == 7, "one that is down makes room for one that is up")
    }
}
