import Foundation
import KubeJSON
import NIOCore

/// How a client's WebSocket carries the streams of a command: one message holds a channel's number and bytes
/// of that channel.
enum ChannelProtocol: String, CaseIterable {
    /// Version 4, and that a channel can be closed: a message of 255 and the channel's number.
    case v5 = "v5.channel.k8s.io"
    /// How it ended comes as a Status.
    case v4 = "v4.channel.k8s.io"
    case v4Base64 = "v4.base64.channel.k8s.io"
    /// The oldest: what went wrong comes as words, and success is not told.
    case v1 = "channel.k8s.io"
    case v1Base64 = "base64.channel.k8s.io"

    /// Channels are digits, and bytes are in base64.
    var isBase64: Bool { self == .v4Base64 || self == .v1Base64 }
    var tellsInWords: Bool { self == .v1 || self == .v1Base64 }
}

/// Translates between a client that speaks WebSocket channels and a runtime's server that speaks SPDY/3.1, for
/// exec and attach (k8s.io/apiserver util/proxy's stream translator). A value that is told what came and says
/// what goes; it does no IO.
///
/// The server's library, which is containerd's and the kubelet's, knows no frames of flow control: the
/// connection's own pace is all there is. It drops what comes on a stream before it has answered that stream:
/// stdin waits for that.
struct RemoteCommandTranslation {
    struct Output: Equatable {
        var toServer = ByteBuffer()
        /// Whole messages.
        var toClient: [ByteBuffer] = []
        /// The session is over.
        var isOver = false
    }

    struct Failure: Error, Equatable { var description: String }

    /// Channels' numbers on the client's side.
    enum Channel: UInt8, CaseIterable {
        case stdin, stdout, stderr, error, resize

        var streamType: String {
            switch self {
            case .stdin: "stdin"
            case .stdout: "stdout"
            case .stderr: "stderr"
            case .error: "error"
            case .resize: "resize"
            }
        }
    }

    private struct Stream {
        let id: UInt32
        let channel: Channel
        var isAnswered = false
        var isClosedHere = false
        var isClosedThere = false
        /// What came before the stream was answered.
        var waiting = ByteBuffer()
        var closesAfterWaiting = false
    }

    static let closeSignal: UInt8 = 255

    private let kind: ChannelProtocol
    private let options: RemoteCommandOptions
    private let compressor = SPDYHeaderCompressor()
    private var streams: [Stream] = []
    private var received = ByteBuffer()
    /// The Status that tells how it ended, for a client that is told in words.
    private var ending = ByteBuffer()

    init(_ options: RemoteCommandOptions, _ kind: ChannelProtocol) {
        self.options = options
        self.kind = kind
    }

    /// Whether the client must not be read from yet.
    var isWaiting: Bool { streams.contains { !$0.isAnswered } }

    /// Opens the streams in the order in which upstream's clients do.
    mutating func begin() throws(Failure) -> Output {
        var channels: [Channel] = [.error]
        if options.stdin { channels.append(.stdin) }
        if options.stdout { channels.append(.stdout) }
        if options.stderr, !options.tty { channels.append(.stderr) }
        if options.tty { channels.append(.resize) }
        var output = Output()
        for channel in channels {
            let id = UInt32(streams.count * 2 + 1)
            guard let block = compressor.block([(name: "streamtype", value: channel.streamType)]) else {
                throw Failure(description: "cannot compress headers")
            }
            var payload = ByteBuffer()
            payload.writeInteger(id)
            payload.writeInteger(UInt32(0))
            payload.writeInteger(UInt16(0))
            payload.writeImmutableBuffer(block)
            SPDYFrame.writeControl(type: SPDYFrame.Kind.synStream, payload: payload, to: &output.toServer)
            streams.append(Stream(id: id, channel: channel))
        }
        // An empty message tells the client that the connection stands.
        let first: Channel = options.stdout ? .stdout : options.stderr && !options.tty ? .stderr : .error
        output.toClient.append(message(first, ByteBuffer()))
        return output
    }

    // MARK: From the client

    mutating func fromClient(_ message: ByteBuffer) throws(Failure) -> Output {
        var output = Output()
        guard var (number, bytes) = try unwrapped(message) else { return output }
        var closes = false
        if number == Self.closeSignal, kind == .v5 {
            guard let closed: UInt8 = bytes.readInteger() else { return output }
            number = closed
            closes = true
        }
        guard let channel = Channel(rawValue: number), channel == .stdin || channel == .resize,
            let index = streams.firstIndex(where: { $0.channel == channel }), !streams[index].isClosedHere
        else { return output }
        if !streams[index].isAnswered {
            streams[index].waiting.writeImmutableBuffer(bytes)
            if closes { streams[index].closesAfterWaiting = true }
            return output
        }
        if closes { streams[index].isClosedHere = true }
        if closes || bytes.readableBytes > 0 {
            SPDYFrame.writeData(bytes, stream: streams[index].id, isLast: closes, to: &output.toServer)
        }
        return output
    }

    private func unwrapped(_ message: ByteBuffer) throws(Failure) -> (UInt8, ByteBuffer)? {
        var bytes = message
        guard let first: UInt8 = bytes.readInteger() else { return nil }
        guard kind.isBase64 else { return (first, bytes) }
        guard let decoded = Data(base64Encoded: Data(bytes.readableBytesView)) else {
            throw Failure(description: "the message is no base64")
        }
        return (first &- UInt8(ascii: "0"), ByteBuffer(bytes: decoded))
    }

    // MARK: From the server

    mutating func fromServer(_ bytes: ByteBuffer) throws(Failure) -> Output {
        var output = Output()
        if received.readableBytes == 0 { received = bytes } else { received.writeImmutableBuffer(bytes) }
        do throws(SPDYFrame.Malformed) {
            while let frame = try SPDYFrame.read(from: &received) { take(frame, &output) }
        } catch {
            throw Failure(description: "the runtime's answer is no SPDY/3.1")
        }
        received.discardReadBytes()
        return output
    }

    private mutating func take(_ frame: SPDYFrame, _ output: inout Output) {
        switch frame {
        case .data(let id, let isLast, let bytes):
            guard let index = streams.firstIndex(where: { $0.id == id }) else { return }
            if streams[index].channel == .error, kind.tellsInWords {
                ending.writeImmutableBuffer(bytes)
            } else if bytes.readableBytes > 0 {
                output.toClient.append(message(streams[index].channel, bytes))
            }
            if isLast { closed(index, &output) }
        case .control(let type, let flags, var payload):
            if type == SPDYFrame.Kind.ping {
                // Even numbers are the server's own, and want an answer.
                if let id: UInt32 = payload.getInteger(at: payload.readerIndex), id % 2 == 0 {
                    SPDYFrame.writeControl(type: type, payload: payload, to: &output.toServer)
                }
                return
            }
            guard let id: UInt32 = payload.readInteger() else { return }
            if type == SPDYFrame.Kind.synStream {
                // Nobody here takes streams of the server's: 3 is REFUSED_STREAM.
                var refusal = ByteBuffer()
                refusal.writeInteger(id)
                refusal.writeInteger(UInt32(3))
                SPDYFrame.writeControl(
                    type: SPDYFrame.Kind.rstStream, payload: refusal, to: &output.toServer)
                return
            }
            guard let index = streams.firstIndex(where: { $0.id == id }) else { return }
            switch type {
            case SPDYFrame.Kind.synReply:
                answered(index, &output)
                if flags & SPDYFrame.finFlag != 0 { closed(index, &output) }
            case SPDYFrame.Kind.rstStream:
                streams[index].isAnswered = true
                streams[index].isClosedHere = true
                closed(index, &output)
            default: break
            }
        }
    }

    private mutating func answered(_ index: Int, _ output: inout Output) {
        guard !streams[index].isAnswered else { return }
        streams[index].isAnswered = true
        let waiting = streams[index].waiting
        let closes = streams[index].closesAfterWaiting
        streams[index].waiting = ByteBuffer()
        guard waiting.readableBytes > 0 || closes else { return }
        streams[index].isClosedHere = closes
        SPDYFrame.writeData(waiting, stream: streams[index].id, isLast: closes, to: &output.toServer)
    }

    /// The server has said all of a stream. When that is so of all that it writes, nothing more can come.
    private mutating func closed(_ index: Int, _ output: inout Output) {
        streams[index].isClosedThere = true
        if streams[index].channel == .error, kind.tellsInWords, ending.readableBytes > 0 {
            let status = try? JSONParser.parse(Array(ending.readableBytesView))
            ending.clear()
            if status?["status"]?.string != "Success" {
                let words = status?["message"]?.string ?? "unknown error"
                output.toClient.append(message(.error, ByteBuffer(string: words)))
            }
        }
        let isOver = streams.allSatisfy {
            $0.isClosedThere || $0.channel == .stdin || $0.channel == .resize
        }
        if isOver { output.isOver = true }
    }

    // MARK: Messages

    /// A whole message for the client.
    func message(_ channel: Channel, _ bytes: ByteBuffer) -> ByteBuffer {
        var message = ByteBuffer()
        guard kind.isBase64 else {
            message.reserveCapacity(bytes.readableBytes + 1)
            message.writeInteger(channel.rawValue)
            message.writeImmutableBuffer(bytes)
            return message
        }
        message.writeInteger(channel.rawValue + UInt8(ascii: "0"))
        message.writeBytes(Data(bytes.readableBytesView).base64EncodedData())
        return message
    }
}
