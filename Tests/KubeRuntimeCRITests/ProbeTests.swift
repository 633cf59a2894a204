import KubeJSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import KubeRuntimeCRI

@Suite struct ProbeTests {
    /// Answers by the request's path.
    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .head(let head) = unwrapInboundIn(data) else { return }
            var headers = HTTPHeaders([("Content-Length", "0")])
            var status = HTTPResponseStatus.ok
            switch head.uri {
            case "/ok", "/": break
            case "/agent":
                if head.headers.first(name: "User-Agent")?.hasPrefix("kube-probe/") != true
                    || head.headers.first(name: "X-Own") != "yes"
                {
                    status = .badRequest
                }
            case "/moved":
                (status, headers) = (.found, HTTPHeaders([("Location", "/ok"), ("Content-Length", "0")]))
            case "/away":
                (status, headers) = (
                    .found, HTTPHeaders([("Location", "http://elsewhere.invalid/"), ("Content-Length", "0")])
                )
            case "/loop":
                (status, headers) = (.found, HTTPHeaders([("Location", "/loop"), ("Content-Length", "0")]))
            case "/silent": return
            default: status = .serviceUnavailable
            }
            let response = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
            context.write(wrapOutboundOut(.head(response)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }

    private func server() async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Answerer())
                }
            }.bind(host: "127.0.0.1", port: 0).get()
    }

    private func run(
        _ handler: JSON, address: String = "127.0.0.1", seconds: Int = 1
    ) async throws -> ProbeOutcome {
        let question = try ProbeQuestion(handler, container: ["name": "c"], address: address)
        return await ProbeRunner().run(question, timeout: seconds) { _ in
            ExecResult(output: [], errors: [], exitCode: 0)
        }
    }

    @Test func asksByHTTP() async throws {
        let server = try await server()
        let port = server.localAddress?.port ?? 0
        // What is answered may take its time on a machine that has much else to do.
        func ask(_ path: String, seconds: Int = 60) async throws -> ProbeOutcome {
            try await run(
                [
                    "httpGet": [
                        "path": .string(path), "port": .integer(Int64(port)),
                        "httpHeaders": [["name": "X-Own", "value": "yes"]],
                    ]
                ], seconds: seconds)
        }
        let url = "http://127.0.0.1:\(port)"
        #expect(try await ask("/ok") == .success)
        #expect(try await ask("ok") == .success)
        #expect(try await ask("/agent") == .success)
        #expect(try await ask("/moved") == .success)
        #expect(try await ask("/away") == .warning("Probe terminated redirects, Response body: "))
        #expect(try await ask("/loop") == .failure("Get \"\(url)/loop\": stopped after 10 redirects"))
        #expect(try await ask("/sick") == .failure("HTTP probe failed with statuscode: 503"))
        #expect(
            try await ask("/silent", seconds: 1)
                == .failure(
                    "Get \"\(url)/silent\": context deadline exceeded (Client.Timeout exceeded while "
                        + "awaiting headers)"))
        #expect(
            try await run(["grpc": ["port": .integer(Int64(port))]]) != .success)
        try await server.close()
    }

    @Test func saysWhyNothingAnswers() async throws {
        let handler: JSON = ["port": 1]
        #expect(
            try await run(["tcpSocket": handler])
                == .failure("dial tcp 127.0.0.1:1: connect: connection refused"))
        #expect(
            try await run(["httpGet": handler])
                == .failure("Get \"http://127.0.0.1:1/\": dial tcp 127.0.0.1:1: connect: connection refused"))
        #expect(
            try await run(["grpc": handler])
                == .failure(
                    "timeout: failed to connect service \"127.0.0.1:1\" within 1s: context deadline exceeded")
        )
    }

    @Test func findsPortsByName() throws {
        let container: JSON = ["name": "c", "ports": [["name": "web", "containerPort": 81]]]
        #expect(try ProbeQuestion.port("web", container) == 81)
        #expect(try ProbeQuestion.port(82, container) == 82)
        #expect(try ProbeQuestion.port("83", container) == 83)
        #expect(throws: ProbeQuestion.Failure.self) { try ProbeQuestion.port("other", container) }
        #expect(throws: ProbeQuestion.Failure.self) { try ProbeQuestion.port(0, container) }
    }

    @Test func followsLocations() {
        let question = HTTPQuestion(isSecure: false, host: "h", port: 80, path: "/a/b?c", headers: [])
        #expect(question.following("/x")?.url == "http://h:80/x")
        #expect(question.following("y")?.url == "http://h:80/a/y")
        #expect(question.following("https://z/q")?.url == "https://z:443/q")
        #expect(question.following("http://[::1]:8/q")?.url == "http://[::1]:8/q")
        #expect(question.following("ftp://z/q") == nil)
    }
}
