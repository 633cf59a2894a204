import Foundation
import KubeAPI
import Testing

@testable import KubeNetwork

/// In a network namespace of its own, which takes root.
@Suite(.enabled(if: getuid() == 0 && Command.path(of: "ip") != nil, "takes root and ip (iproute2)"))
struct LocalAddressTests {
    @Test func anAddressComesAndGoes() throws {
        let namespace = "aegis-dns-\(getpid())"
        let command = Command()
        try #require(try command.run(["ip", "netns", "add", namespace]).isSuccess)
        defer { _ = try? command.run(["ip", "netns", "delete", namespace]) }
        let local = LocalAddress(namespace: namespace)
        let one = try #require(IPAddress("10.96.0.10"))
        let two = try #require(IPAddress("10.96.0.11"))
        let present = { () -> Set<String> in
            let output = try command.run(["ip", "-n", namespace, "-4", "-o", "addr", "show"]).output
            return Set(
                output.split(separator: "\n").compactMap { line in
                    let words = line.split(separator: " ")
                    return words.firstIndex(of: "inet").map { String(words[$0 + 1]) }
                })
        }
        try local.remove(one)
        try local.add(one)
        try local.add(one)
        try local.add(two)
        #expect(try present().subtracting(["127.0.0.1/8"]) == ["10.96.0.10/32", "10.96.0.11/32"])
        try local.remove(one)
        try local.remove(one)
        #expect(try present().subtracting(["127.0.0.1/8"]) == ["10.96.0.11/32"])
        try local.remove(two)
        #expect(try present().subtracting(["127.0.0.1/8"]) == [])
        #expect(
            try !command.run(["ip", "-n", namespace, "link", "show", "dev", LocalAddress.interface]).isSuccess
        )
    }
}
