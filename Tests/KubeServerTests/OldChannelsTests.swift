import KubeJSON
import NIOCore
import Testing

@testable import KubeServer

/// The WebSocket channels of the first clients: how a command ended is told in words, and success not at all.
@Suite struct OldChannelsTests {
    private static let failure: JSON = [
        "kind": "Status", "status": "Failure", "message": "command terminated with non-zero exit code: 7",
    ]

    /// What a client is sent when the command says something and ends.
    private func messages(_ kind: ChannelProtocol, _ status: JSON) throws -> [[UInt8]] {
        var options = RemoteCommandOptions()
        options.command = ["echo"]
        (options.stdout, options.stderr) = (true, true)
        var translation = RemoteCommandTranslation(options, kind)
        var sent = try translation.begin().toClient
        // Streams are error, stdout and stderr, in this order.
        var bytes = ByteBuffer()
        SPDYFrame.writeData(ByteBuffer(string: "hello"), stream: 3, to: &bytes)
        let words = JSONWriter.string(status)
        SPDYFrame.writeData(ByteBuffer(string: String(words.prefix(9))), stream: 1, to: &bytes)
        SPDYFrame.writeData(
            ByteBuffer(string: String(words.dropFirst(9))), stream: 1, isLast: true, to: &bytes)
        SPDYFrame.writeData(ByteBuffer(), stream: 3, isLast: true, to: &bytes)
        SPDYFrame.writeData(ByteBuffer(), stream: 5, isLast: true, to: &bytes)
        let output = try translation.fromServer(bytes)
        #expect(output.isOver)
        sent += output.toClient
        return sent.map { Array($0.readableBytesView) }.filter { $0.count > 1 }
    }

    @Test func successIsNotTold() throws {
        let success: JSON = ["kind": "Status", "status": "Success"]
        #expect(try messages(.v1, success) == [[1] + Array("hello".utf8)])
        #expect(try messages(.v1Base64, success) == [Array("1aGVsbG8=".utf8)])
    }

    @Test func failureIsToldInWords() throws {
        let words = try #require(Self.failure["message"]?.string)
        #expect(try messages(.v1, Self.failure) == [[1] + Array("hello".utf8), [3] + Array(words.utf8)])
    }

    @Test func laterOnesGetTheStatus() throws {
        let all = try messages(.v4, Self.failure)
        #expect(all.first == [1] + Array("hello".utf8))
        let told = all.dropFirst().flatMap { $0.dropFirst() }
        #expect(try JSONParser.parse(told) == Self.failure)
    }
}
