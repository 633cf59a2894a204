import Foundation
import KubeNetwork
import KubeNode

/// Makes the addresses of nodes, of the API server and of load balancers the machine's own, by one route each
/// in its local table: no interface is made, and nothing outside sees them.
struct LocalRoutes {
    private let ranges: [String]

    init(_ addresses: MachineAddresses) { ranges = [addresses.nodes, addresses.balancers] }

    /// Does nothing twice.
    func add() throws {
        for range in ranges { try Self.ip("route", "replace", "local", range, "dev", "lo") }
    }

    func remove() {
        // One that is gone already is what is wanted.
        for range in ranges { try? Self.ip("route", "del", "local", range, "dev", "lo", "table", "local") }
    }

    private static func ip(_ words: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ip"] + words
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let line = String(decoding: said, as: UTF8.self).split(separator: "\n").first ?? ""
            throw HostError("ip \(words.joined(separator: " ")): \(line)")
        }
    }
}
