import Testing

@testable import KubeNode

@Suite("Addresses of a machine's nodes")
struct MachineAddressesTests {
    @Test("Every block of pods gives its node an address of its own, and none of them is the cluster's")
    func addressesDiffer() throws {
        let addresses = MachineAddresses()
        var seen: Set<String> = [addresses.server, addresses.resolver]
        for number in 0...255 {
            let address = try #require(addresses.node(withPods: "10.244.\(number).0/24"))
            #expect(seen.insert(address).inserted, "10.244.\(number).0/24 gives \(address), which is taken")
        }
        #expect(addresses.node(withPods: "10.244.0.0/24") == "10.243.0.1")
        #expect(MachineAddresses(number: 2).node(withPods: "10.238.255.0/24") == "10.237.255.2")
        #expect(addresses.node(withPods: "10.241.0.0/24") == nil)
        #expect(addresses.node(withPods: "192.168.0.0/24") == nil)
    }
}
