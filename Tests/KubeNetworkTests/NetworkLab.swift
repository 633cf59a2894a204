import Foundation
import KubeAPI
import KubeJSON
import KubePolicy
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

    /// A question to an agent.
    struct Attempt: Hashable {
        var address: String
        var port: Int
        var transport: TransportProtocol
    }

    static let tcpPorts = [53, 7000, 8080, 9090]
    static let udpPorts = [53, 5353]
    let prefix: String
    var host: String { "\(prefix)-host" }
    private(set) var addresses: [String: String] = [:]
    private var agents: [String: Agent] = [:]
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
            agents["node"] = try Agent(namespace: host)
            for agent in agents.values { try agent.ready() }
        } catch {
            close()
            throw error
        }
    }

    deinit { close() }

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
        agents[name] = try Agent(namespace: namespace)
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
        try agents[from]?.command("open \(attempt.address) \(attempt.port)") ?? ""
    }
    /// - Returns: `alive`, `reset`, `silence`.
    func talk(_ from: String) throws -> String { try agents[from]?.command("talk") ?? "" }
    /// Keeps one UDP socket, for the first address that it is asked for, and sends from it.
    func datagram(_ from: String, _ attempt: Attempt) throws -> String {
        try agents[from]?.command("datagram \(attempt.address) \(attempt.port)") ?? ""
    }

    private final class Agent {
        private let process = Process()
        private let input = Pipe()
        private let output = Pipe()
        private var buffer: [UInt8] = []

        init(namespace: String) throws {
            process.executableURL = URL(fileURLWithPath: Command.path(of: "ip") ?? "/sbin/ip")
            let ports = NetworkLab.tcpPorts.map { "t\($0)" } + NetworkLab.udpPorts.map { "u\($0)" }
            process.arguments =
                ["netns", "exec", namespace, "python3", "-c", Self.script] + ports
            process.standardInput = input
            process.standardOutput = output
            try process.run()
        }

        func stop() {
            input.fileHandleForWriting.closeFile()
            process.terminate()
            process.waitUntilExit()
        }

        func ready() throws {
            guard try line() == "ready" else { throw Failure(description: "an agent did not start") }
        }

        private func line() throws -> String {
            while true {
                if let end = buffer.firstIndex(of: 10) {
                    let line = String(decoding: buffer[..<end], as: UTF8.self)
                    buffer.removeSubrange(...end)
                    return line
                }
                let data = output.fileHandleForReading.availableData
                if data.isEmpty { throw Failure(description: "an agent ended") }
                buffer += Array(data)
            }
        }

        func command(_ text: String) throws -> String {
            input.fileHandleForWriting.write(Data("\(text)\n".utf8))
            return try line()
        }

        func ask(_ attempts: [Attempt], seconds: Double) throws {
            let words = attempts.map { "\($0.address),\($0.port),\($0.transport.rawValue)" }
            input.fileHandleForWriting.write(Data("try \(seconds) \(words.joined(separator: " "))\n".utf8))
        }
        func answer() throws -> [String] { try line().split(separator: " ").map(String.init) }
        func attempt(_ attempts: [Attempt], seconds: Double) throws -> [String] {
            try ask(attempts, seconds: seconds)
            return try answer()
        }

        /// Answers with its own address and the one that it was reached from.
        private static let script = """
            import errno, select, socket, struct, sys, threading, time
            def serve_tcp(port):
                s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                s.bind(("0.0.0.0", port)); s.listen(128)
                while True:
                    c, peer = s.accept()
                    threading.Thread(target=talk_to, args=(c, peer), daemon=True).start()
            def talk_to(c, peer):
                try:
                    c.sendall((c.getsockname()[0] + "/" + peer[0] + "\\n").encode())
                    while True:
                        data = c.recv(100)
                        if not data: break
                        c.sendall(data)
                except OSError: pass
                c.close()
            def serve_udp(port):
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                s.setsockopt(socket.IPPROTO_IP, 8, 1)
                s.bind(("0.0.0.0", port))
                while True:
                    data, ancillary, flags, peer = s.recvmsg(100, 100)
                    own = socket.inet_ntoa(ancillary[0][2][8:12])
                    # From the address that was asked, which is not the first one on a machine with many.
                    reply = struct.pack("=I4s4s", 0, ancillary[0][2][4:8], b"\\0\\0\\0\\0")
                    try: s.sendmsg([(own + "/" + peer[0] + "\\n").encode()], [(socket.IPPROTO_IP, 8, reply)], 0, peer)
                    except OSError: pass
            for word in sys.argv[1:]:
                serve = serve_tcp if word[0] == "t" else serve_udp
                threading.Thread(target=serve, args=(int(word[1:]),), daemon=True).start()
            time.sleep(0.2)
            print("ready", flush=True)
            def said(e):
                if e.errno in (errno.ECONNREFUSED, errno.ECONNRESET): return "refused"
                return errno.errorcode.get(e.errno, str(e.errno))
            def attempt(seconds, targets):
                results = ["silence"] * len(targets); open_ = {}
                for i, (address, port, transport) in enumerate(targets):
                    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if transport == "TCP" else socket.SOCK_DGRAM)
                    s.setblocking(False)
                    try:
                        s.connect((address, int(port)))
                        if transport != "TCP": s.send(b"?")
                    except BlockingIOError: pass
                    except OSError as e:
                        results[i] = said(e); s.close(); continue
                    open_[s] = i
                end = time.time() + seconds
                while open_ and time.time() < end:
                    ready, _, _ = select.select(list(open_), [], [], end - time.time())
                    for s in ready:
                        i = open_.pop(s)
                        try: results[i] = s.recv(100).decode().strip() or "closed"
                        except OSError as e: results[i] = said(e)
                        s.close()
                for s in open_: s.close()
                return results
            kept = None; sender = None
            for line in sys.stdin:
                words = line.split()
                if words[0] == "try":
                    print(" ".join(attempt(float(words[1]), [w.split(",") for w in words[2:]])), flush=True)
                elif words[0] == "open":
                    kept = socket.socket(); kept.settimeout(1)
                    try: kept.connect((words[1], int(words[2]))); print(kept.recv(100).decode().strip(), flush=True)
                    except OSError: print("silence", flush=True)
                elif words[0] == "talk":
                    try:
                        kept.sendall(b"x"); print("alive" if kept.recv(1) == b"x" else "closed", flush=True)
                    except socket.timeout: print("silence", flush=True)
                    except OSError: print("reset", flush=True)
                elif words[0] == "datagram":
                    if sender is None:
                        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); sender.settimeout(0.4)
                        # Only a connected socket hears of a refusal.
                        sender.connect((words[1], int(words[2])))
                    try:
                        sender.send(b"?"); print(sender.recv(100).decode().strip(), flush=True)
                    except socket.timeout: print("silence", flush=True)
                    except OSError: print("refused", flush=True)
            """
    }
}
