import Foundation
import KubeAPI
import KubeJSON
import KubePolicy
import TestNetwork
import Testing

@testable import KubeNetwork

/// A machine with pods and somebody outside, made of network namespaces: `HOST` stands for the machine and routes,
/// each pod has a pair of interfaces to it as the ptp plugin makes them. In every one an agent (Python) listens on
/// the ports of the tests and connects to what it is told.
final class NetworkLab {
    /// Why there can be none here; nil when there can.
    static let obstacle: String? = {
        if geteuid() != 0 { return "not root" }
        for program in ["nft", "ip", "python3", "conntrack"] where Command.path(of: program) == nil {
            return "\(program) is not installed"
        }
        let name = "aegis-net-probe-\(getpid())"
        guard let outcome = try? Command().run(["ip", "netns", "add", name]), outcome.isSuccess else {
            return "network namespaces cannot be made"
        }
        defer { _ = try? Command().run(["ip", "netns", "del", name]) }
        let test = "table ip t { chain c { type nat hook prerouting priority -100; masquerade; }; }"
        let nft = try? Command(prefix: ["ip", "netns", "exec", name])
            .run(
                ["nft", "-c", "-f", "-"],
                input: test.replacingOccurrences(
                    of: "prerouting priority -100", with: "postrouting priority 100"))
        if nft?.isSuccess != true { return "nft cannot do NAT in a namespace" }
        return nil
    }()

    static func skips() -> Bool {
        guard let obstacle else { return false }
        print("skipped: tests of the network on this machine: \(obstacle)")
        return true
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    typealias Attempt = ConnectionAgent.Attempt

    let prefix: String
    var host: String { "\(prefix)-host" }
    private(set) var addresses: [String: String] = [:]
    private var agents: [String: ConnectionAgent] = [:]
    private var namespaces: [String] = []

    /// What test processes that were killed left behind, whose number is in the name.
    private static let sweep: Void = {
        let listing = (try? Command().run(["ip", "netns", "list"]))?.output ?? ""
        for line in listing.split(separator: "\n") {
            let name = line.prefix { $0 != " " }
            let words = name.split(separator: "-")
            guard name.hasPrefix("aegis-net-"), let process = words.compactMap({ pid_t($0) }).last,
                kill(process, 0) != 0
            else { continue }
            _ = try? Command().run(["ip", "netns", "del", String(name)])
        }
    }()

    /// - Parameters:
    ///   - pods: names and addresses.
    ///   - outside: the address of somebody who is no pod, in `203.0.113.0/24`.
    ///   - resolver: an address of the machine for the cluster's DNS; the party `dns`, which asks nothing itself.
    init(
        _ name: String, pods: [(String, String)], outside: String? = nil, resolver: String? = nil
    ) throws {
        Self.sweep
        prefix = "aegis-net-\(name)-\(getpid())"
        do {
            try addNamespace(host)
            try inside(host, ["sysctl", "-qw", "net.ipv4.ip_forward=1"])
            for (index, pod) in pods.enumerated() {
                try connect(pod.0, pod.1, index, gateway: Self.gateway(pod.1))
            }
            if let outside { try connect("outside", outside, pods.count, gateway: "203.0.113.1") }
            addresses["node"] = "169.254.77.1"
            try inside(host, ["ip", "addr", "add", "169.254.77.1/32", "dev", "lo"])
            if let resolver {
                guard let range = CIDR("\(resolver)/32"), let services = CIDR("10.96.0.0/16") else {
                    throw Failure(description: "\(resolver) is no address")
                }
                try MachineRoutes(local: [range], services: services, namespace: host).add()
                addresses["dns"] = resolver
            }
            agents["node"] = try agent(host)
            for agent in agents.values { try agent.ready() }
        } catch {
            close()
            throw error
        }
    }

    deinit { close() }

    private func agent(_ namespace: String) throws -> ConnectionAgent {
        try ConnectionAgent(Command.path(of: "ip") ?? "/sbin/ip", ["netns", "exec", namespace, "python3"])
    }

    private static func gateway(_ address: String) -> String {
        address.split(separator: ".").dropLast().joined(separator: ".") + ".1"
    }

    private func connect(_ name: String, _ address: String, _ index: Int, gateway: String) throws {
        let namespace = "\(prefix)-\(name)"
        try addNamespace(namespace)
        try inside(
            namespace,
            ["ip", "link", "add", "eth0", "type", "veth", "peer", "name", "v\(index)", "netns", host])
        try inside(namespace, ["ip", "addr", "add", "\(address)/32", "dev", "eth0"])
        try inside(namespace, ["ip", "link", "set", "eth0", "up"])
        try inside(namespace, ["ip", "route", "add", gateway, "dev", "eth0", "scope", "link"])
        try inside(namespace, ["ip", "route", "add", "default", "via", gateway, "src", address])
        try inside(host, ["ip", "addr", "add", "\(gateway)/32", "dev", "v\(index)"])
        try inside(host, ["ip", "link", "set", "v\(index)", "up"])
        try inside(host, ["ip", "route", "add", "\(address)/32", "dev", "v\(index)"])
        addresses[name] = address
        agents[name] = try agent(namespace)
    }

    func close() {
        for agent in agents.values { agent.stop() }
        agents = [:]
        for name in namespaces { _ = try? Command().run(["ip", "netns", "del", name]) }
        namespaces = []
    }

    private func addNamespace(_ name: String) throws {
        namespaces.append(name)
        try run(["ip", "netns", "add", name])
        try inside(name, ["ip", "link", "set", "lo", "up"])
    }

    private func run(_ words: [String]) throws {
        let outcome = try Command().run(words)
        guard outcome.isSuccess else { throw Failure(description: "\(words): \(outcome.complaint)") }
    }

    func inside(_ namespace: String, _ words: [String]) throws {
        try run(["ip", "netns", "exec", namespace] + words)
    }

    func output(_ words: [String]) throws -> String {
        try Command(prefix: ["ip", "netns", "exec", host]).run(words).output
    }

    /// Connects from a party to all of these at once.
    /// - Returns: who answered, by `address of the answering socket's namespace/source address that it saw`; what
    ///   was refused is `refused`, what nobody answered within the time `silence`.
    func attempt(_ from: String, _ attempts: [Attempt], seconds: Double = 0.4) throws -> [String] {
        guard let agent = agents[from] else { throw Failure(description: "nobody is \(from)") }
        return try agent.attempt(attempts, seconds: seconds)
    }

    /// Asks several parties at the same time, and does something meanwhile.
    func attempt(
        _ questions: [String: [Attempt]], seconds: Double = 0.4, meanwhile: () throws -> Void = {}
    ) throws -> [String: [String]] {
        for (name, attempts) in questions { try agents[name]?.ask(attempts, seconds: seconds) }
        try meanwhile()
        var answers: [String: [String]] = [:]
        for name in questions.keys { answers[name] = try agents[name]?.answer() ?? [] }
        return answers
    }

    /// Opens a connection that stays, and says something over it now and then.
    func open(_ from: String, _ attempt: Attempt) throws -> String {
        try agents[from]?.open(attempt) ?? ""
    }
    /// - Returns: `alive`, `reset`, `silence`.
    func talk(_ from: String) throws -> String { try agents[from]?.talk() ?? "" }
    /// Keeps one UDP socket, for the first address that it is asked for, and sends from it.
    func datagram(_ from: String, _ attempt: Attempt) throws -> String {
        try agents[from]?.datagram(attempt) ?? ""
    }
}
