import Foundation
import KubePolicy

/// Somebody at a place in a network (Python, in a network namespace or a pod) who listens on the ports of the tests
/// and connects to what they are told.
public final class ConnectionAgent {
    public struct Attempt: Hashable, Sendable {
        public var address: String
        public var port: Int
        public var transport: TransportProtocol
        /// Whoever listens there answers the DNS and nothing else.
        public var asksForNames = false

        public init(address: String, port: Int, transport: TransportProtocol, asksForNames: Bool = false) {
            self.address = address
            self.port = port
            self.transport = transport
            self.asksForNames = asksForNames
        }
    }

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    public static let tcpPorts = [53, 7000, 8080, 9090]
    public static let udpPorts = [53, 5353]

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var buffer: [UInt8] = []

    /// - Parameters:
    ///   - arguments: these, with a script and its own arguments after them, make the program run Python there.
    ///   - address: where it listens; by default at every address of the place.
    public init(_ program: String, _ arguments: [String], listeningAt address: String = "0.0.0.0") throws {
        process.executableURL = URL(fileURLWithPath: program)
        let ports = Self.tcpPorts.map { "t\($0)" } + Self.udpPorts.map { "u\($0)" }
        process.arguments = arguments + ["-c", Self.script, address] + ports
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    public func stop() {
        input.fileHandleForWriting.closeFile()
        process.terminate()
        process.waitUntilExit()
    }

    public func ready() throws {
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

    private func command(_ text: String) throws -> String {
        input.fileHandleForWriting.write(Data("\(text)\n".utf8))
        return try line()
    }

    /// Begins to connect to all of these at once; `answer` says what became of it.
    public func ask(_ attempts: [Attempt], seconds: Double) throws {
        let words = attempts.map {
            "\($0.address),\($0.port),\($0.transport.rawValue)\($0.asksForNames ? "-NAMES" : "")"
        }
        input.fileHandleForWriting.write(Data("try \(seconds) \(words.joined(separator: " "))\n".utf8))
    }

    /// - Returns: who answered, by `address of the answering socket/address that it was reached from`; what was
    ///   refused is `refused`, what nobody answered within the time `silence`.
    public func answer() throws -> [String] { try line().split(separator: " ").map(String.init) }

    public func attempt(_ attempts: [Attempt], seconds: Double) throws -> [String] {
        try ask(attempts, seconds: seconds)
        return try answer()
    }

    /// Opens a connection that stays, and says something over it now and then.
    public func open(_ attempt: Attempt) throws -> String {
        try command("open \(attempt.address) \(attempt.port)")
    }
    /// - Returns: `alive`, `reset`, `silence`.
    public func talk() throws -> String { try command("talk") }
    /// Keeps one UDP socket, for the first address that it is asked for, and sends from it.
    public func datagram(_ attempt: Attempt) throws -> String {
        try command("datagram \(attempt.address) \(attempt.port)")
    }
    /// The addresses that a name has there; `nothing` for none.
    public func lookup(_ name: String) throws -> [String] {
        try command("lookup \(name)").split(separator: " ").map(String.init)
    }

    /// Answers with its own address and the one that it was reached from.
    private static let script = """
        import errno, select, socket, struct, sys, threading, time
        def serve_tcp(s):
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
        def serve_udp(s):
            while True:
                data, ancillary, flags, peer = s.recvmsg(100, 100)
                own = socket.inet_ntoa(ancillary[0][2][8:12])
                # From the address that was asked, which is not the first one on a machine with many.
                reply = struct.pack("=I4s4s", 0, ancillary[0][2][4:8], b"\\0\\0\\0\\0")
                try: s.sendmsg([(own + "/" + peer[0] + "\\n").encode()], [(socket.IPPROTO_IP, 8, reply)], 0, peer)
                except OSError: pass
        for word in sys.argv[2:]:
            is_tcp = word[0] == "t"
            s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if is_tcp else socket.SOCK_DGRAM)
            if is_tcp: s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            else: s.setsockopt(socket.IPPROTO_IP, 8, 1)
            s.bind((sys.argv[1], int(word[1:])))
            if is_tcp: s.listen(128)
            threading.Thread(target=serve_tcp if is_tcp else serve_udp, args=(s,), daemon=True).start()
        print("ready", flush=True)
        def said(e):
            if e.errno in (errno.ECONNREFUSED, errno.ECONNRESET): return "refused"
            return errno.errorcode.get(e.errno, str(e.errno))
        # Is there an address of kubernetes.default.svc.cluster.local?
        names_question = b"\\xfa\\xfa\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0" + b"".join(
            bytes([len(label)]) + label for label in b"kubernetes.default.svc.cluster.local".split(b".")
        ) + b"\\0\\0\\1\\0\\1"
        def attempt(seconds, targets):
            results = ["silence"] * len(targets); readers = {}; writers = {}
            for i, (address, port, transport) in enumerate(targets):
                asks = transport.endswith("-NAMES"); is_tcp = transport.startswith("TCP")
                s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if is_tcp else socket.SOCK_DGRAM)
                s.setblocking(False)
                try:
                    s.connect((address, int(port)))
                    if not is_tcp: s.send(names_question if asks else b"?")
                except BlockingIOError: pass
                except OSError as e:
                    results[i] = said(e); s.close(); continue
                (writers if asks and is_tcp else readers)[s] = i
            end = time.time() + seconds
            while (readers or writers) and time.time() < end:
                ready, writable, _ = select.select(list(readers), list(writers), [], max(0, end - time.time()))
                for s in writable:
                    i = writers.pop(s)
                    try:
                        s.sendall(struct.pack(">H", len(names_question)) + names_question); readers[s] = i
                    except OSError as e: results[i] = said(e); s.close()
                for s in ready:
                    i = readers.pop(s)
                    try:
                        answer = s.recv(500)
                        if names_question[:2] in answer[:4]: answer = s.getpeername()[0].encode() + b"/names"
                        results[i] = answer.decode().strip() or "closed"
                    except OSError as e: results[i] = said(e)
                    s.close()
            for s in list(readers) + list(writers): s.close()
            return results
        kept = None; sender = None
        for line in sys.stdin:
            words = line.split()
            if words[0] == "try":
                print(" ".join(attempt(float(words[1]), [w.split(",") for w in words[2:]])), flush=True)
            elif words[0] == "lookup":
                try: found = {item[4][0] for item in socket.getaddrinfo(words[1], None, socket.AF_INET)}
                except OSError: found = {"nothing"}
                print(" ".join(sorted(found)), flush=True)
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
