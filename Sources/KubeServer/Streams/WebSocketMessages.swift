import Crypto
import Foundation
import NIOCore
import NIOWebSocket

/// Whole WebSocket messages as buffers, in both directions; answers pings and farewells (RFC 6455).
final class WebSocketMessages: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = WebSocketFrame

    /// Of one message, and of one frame.
    static let limit = 8 << 20

    private let isText: Bool
    private var message: ByteBuffer?
    private var hasSaidFarewell = false

    /// - Parameter isText: of the messages that are sent; both kinds are taken.
    init(isText: Bool) { self.isText = isText }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .binary, .text: message = ByteBuffer()
        case .continuation: break
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
            return
        case .connectionClose:
            // Close does what is left to do.
            return context.channel.close(promise: nil)
        default: return
        }
        let bytes = frame.unmaskedData
        guard var message, message.readableBytes + bytes.readableBytes <= Self.limit else {
            return fail(context, message == nil ? .protocolError : .messageTooLarge)
        }
        message.writeImmutableBuffer(bytes)
        if frame.fin {
            self.message = nil
            context.fireChannelRead(wrapInboundOut(message))
        } else {
            self.message = message
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: Error) {
        guard let error = error as? NIOWebSocketError else { return context.fireErrorCaught(error) }
        fail(context, error == .invalidFrameLength ? .messageTooLarge : .protocolError)
    }

    private func fail(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
        sayFarewell(context, code)
        context.channel.close(promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = unwrapOutboundIn(data)
        // An empty one only waits for those before it.
        if bytes.readableBytes == 0 {
            let nothing = WebSocketFrame(fin: true, opcode: .pong, data: ByteBuffer())
            return context.write(wrapOutboundOut(nothing), promise: promise)
        }
        let frame = WebSocketFrame(fin: true, opcode: isText ? .text : .binary, data: bytes)
        context.write(wrapOutboundOut(frame), promise: promise)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        sayFarewell(context, .normalClosure)
        context.close(mode: mode, promise: promise)
    }

    private func sayFarewell(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
        guard !hasSaidFarewell, context.channel.isActive else { return }
        hasSaidFarewell = true
        var body = ByteBuffer()
        body.write(webSocketErrorCode: code)
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: body)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    /// What a client's key is answered with (RFC 6455, section 4.2.2).
    static func accept(_ key: String) -> String {
        let digest = Insecure.SHA1.hash(data: Data((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        return Data(digest).base64EncodedString()
    }
}

/// Translates the messages of a client into SPDY and back.
final class RemoteCommandHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var translation: RemoteCommandTranslation
    private var isReadPending = false
    private var isOver = false

    init(_ translation: RemoteCommandTranslation) { self.translation = translation }

    /// Opens the streams. To be called when the handlers of both sides are in place.
    func begin(_ context: ChannelHandlerContext) {
        run(context) { translation throws(RemoteCommandTranslation.Failure) in try translation.begin() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let message = unwrapInboundIn(data)
        run(context) { translation throws(RemoteCommandTranslation.Failure) in
            try translation.fromClient(message)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = unwrapOutboundIn(data)
        if bytes.readableBytes == 0 { return context.write(data, promise: promise) }
        run(context) { translation throws(RemoteCommandTranslation.Failure) in
            try translation.fromServer(bytes)
        }
        promise?.succeed()
        if isReadPending, !translation.isWaiting {
            isReadPending = false
            context.read()
        }
    }

    func read(context: ChannelHandlerContext) {
        if translation.isWaiting { isReadPending = true } else { context.read() }
    }

    private func run(
        _ context: ChannelHandlerContext,
        _ step: (inout RemoteCommandTranslation) throws(RemoteCommandTranslation.Failure)
            -> RemoteCommandTranslation.Output
    ) {
        guard !isOver else { return }
        do throws(RemoteCommandTranslation.Failure) {
            let output = try step(&translation)
            for message in output.toClient { context.write(wrapOutboundOut(message), promise: nil) }
            if !output.toClient.isEmpty { context.flush() }
            if output.toServer.readableBytes > 0 {
                context.fireChannelRead(wrapInboundOut(output.toServer))
                context.fireChannelReadComplete()
            }
            if output.isOver { end(context) }
        } catch {
            context.channel.close(promise: nil)
        }
    }

    /// Ends the session when the client has taken all of it.
    private func end(_ context: ChannelHandlerContext) {
        isOver = true
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.whenComplete { _ in bound.value.channel.close(promise: nil) }
        let channel = context.channel
        let cut = context.eventLoop.assumeIsolated().scheduleTask(in: RelayHandler.farewellLimit) {
            channel.cutOff()
        }
        channel.closeFuture.whenComplete { _ in cut.cancel() }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
    }
}
