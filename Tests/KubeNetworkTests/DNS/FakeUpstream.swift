import Dispatch
import Foundation
import NIOCore
import NIOPosix
import Synchronization

@testable import KubeNetwork

/// A name server that says what a test wants it to say.
final class FakeUpstream: Sendable {
    /// The answer, nil for silence; whether the question came over TCP.
    typealias Script = @Sendable (DNSMessage, Bool) -> DNSMessage?

    private let script: Script
    private let channels = Mutex<[any Channel]>([])
    private let seen = Mutex<[(question: DNSQuestion, isStream: Bool)]>([])
    private let bound = Mutex<Int>(0)

    /// Starts on a free port of 127.0.0.1.
    init(_ script: @escaping Script) async throws {
        self.script = script
        let group = MultiThreadedEventLoopGroup.singleton
        for attempt in 0..<16 {
            let datagrams = try await DatagramBootstrap(group: group).channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Datagrams(self))
                }
            }.bind(host: "127.0.0.1", port: 0).get()
            let port = datagrams.localAddress?.port ?? 0
            do {
                let streams = try await ServerBootstrap(group: group).childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            DNSStreamHandler { bytes, channel in
                                guard let answer = self.answer(bytes, isStream: true) else { return }
                                channel.writeAndFlush(DNSStreamHandler.frame(answer), promise: nil)
                            })
                    }
                }.bind(host: "127.0.0.1", port: port).get()
                channels.withLock { $0 = [datagrams, streams] }
                bound.withLock { $0 = port }
                return
            } catch {
                try? await datagrams.close()
                if attempt == 15 { throw error }
            }
        }
    }

    var port: Int { bound.withLock { $0 } }
    var questions: [DNSQuestion] { seen.withLock { $0.map(\.question) } }
    var streamQuestions: [DNSQuestion] { seen.withLock { $0.filter(\.isStream).map(\.question) } }

    func stop() async { for channel in channels.withLock({ $0 }) { try? await channel.close() } }

    private func answer(_ bytes: [UInt8], isStream: Bool) -> [UInt8]? {
        guard let query = try? DNSMessage(parsing: bytes), let question = query.questions.first else {
            return nil
        }
        seen.withLock { $0.append((question, isStream)) }
        return script(query, isStream)?.bytes(limit: isStream ? 65_535 : 1232)
    }

    private final class Datagrams: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        private let server: FakeUpstream
        init(_ server: FakeUpstream) { self.server = server }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let envelope = unwrapInboundIn(data)
            guard let answer = server.answer(Array(envelope.data.readableBytesView), isStream: false) else {
                return
            }
            let reply = AddressedEnvelope(
                remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: answer))
            context.channel.writeAndFlush(reply, promise: nil)
        }
    }
}

/// What Debian's dig says.
enum Dig {
    struct Answer: Sendable {
        var status: String
        var flags: Set<String>
        /// Lines of the answer, the authority and the additional section, with single spaces and without the class.
        var answers: [String] = []
        var authorities: [String] = []
        var additionals: [String] = []
        var text: String
    }

    static var isThere: Bool { Command.path(of: "dig") != nil }

    static func ask(_ port: Int, _ words: String...) async -> Answer {
        let command = ["dig", "@127.0.0.1", "-p", "\(port)", "+tries=1", "+time=8"] + words
        let text = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let outcome = try? Command().run(command)
                continuation.resume(returning: outcome?.output ?? "")
            }
        }
        var answer = Answer(status: "", flags: [], text: text)
        var section = ""
        for line in text.split(separator: "\n") {
            if let range = line.range(of: "status: ") {
                answer.status = String(line[range.upperBound...].prefix { $0 != "," })
            }
            if line.hasPrefix(";; flags: ") {
                answer.flags = Set(
                    line.dropFirst(10).prefix { $0 != ";" }.split(separator: " ").map(String.init))
            }
            if line.hasPrefix(";; "), line.hasSuffix("SECTION:") {
                section = String(line.dropFirst(3).prefix { $0 != " " })
            }
            if line.hasPrefix(";") { continue }
            var parts = line.split(whereSeparator: { $0 == "\t" || $0 == " " }).map(String.init)
            if parts.count > 2, parts[2] == "IN" { parts.remove(at: 2) }
            let record = parts.joined(separator: " ")
            switch section {
            case "ANSWER": answer.answers.append(record)
            case "AUTHORITY": answer.authorities.append(record)
            case "ADDITIONAL": answer.additionals.append(record)
            default: break
            }
        }
        return answer
    }
}

/// A datagram as it is, and what comes back.
enum Datagram {
    static func exchange(_ port: Int, _ bytes: [UInt8], milliseconds: Int = 150) async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: blocking(port, bytes, milliseconds))
            }
        }
    }

    private static func blocking(_ port: Int, _ bytes: [UInt8], _ milliseconds: Int) -> [UInt8]? {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var timeout = timeval(tv_sec: 0, tv_usec: milliseconds * 1000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard sent == bytes.count else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count >= 0 ? Array(buffer[..<count]) : nil
    }
}
