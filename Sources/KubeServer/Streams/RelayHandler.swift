import NIOCore

/// Hands bytes over between two connections of one event loop. Neither is read from while the other does not
/// take what was read; when one ends, so does the other once it has taken the rest.
final class RelayHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A connection on which nothing goes either way for so long is ended, as by a kubelet
    /// (--streaming-connection-idle-timeout).
    static let idleLimit = TimeAmount.hours(4)
    /// How long the rest may take when the other side has ended.
    static let farewellLimit = TimeAmount.seconds(60)

    private var partner: RelayHandler?
    private var context: ChannelHandlerContext?
    private var isReadPending = false
    private var isEnding = false
    private var idleTimer: Scheduled<Void>?
    private var lastUse = NIODeadline.now()

    /// Two that belong together; the first one watches the time.
    static func pair() -> (RelayHandler, RelayHandler) {
        let (first, second) = (RelayHandler(), RelayHandler())
        first.partner = second
        second.partner = first
        return (first, second)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        scheduleIdleCheck(in: Self.idleLimit)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        idleTimer?.cancel()
        idleTimer = nil
        let partner = partner
        self.partner = nil
        self.context = nil
        partner?.end()
    }

    private func scheduleIdleCheck(in time: TimeAmount) {
        guard let context else { return }
        idleTimer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [self] in
            let last = max(lastUse, partner?.lastUse ?? lastUse)
            let left = last + Self.idleLimit - NIODeadline.now()
            if left <= .nanoseconds(0) { end() } else { scheduleIdleCheck(in: left) }
        }
    }

    // MARK: Bytes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastUse = .now()
        partner?.send(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        partner?.context?.flush()
        context.fireChannelReadComplete()
    }

    private func send(_ bytes: ByteBuffer) {
        guard !isEnding else { return }
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { partner?.readAgain() }
        context.fireChannelWritabilityChanged()
    }

    func read(context: ChannelHandlerContext) {
        if let partner, let other = partner.context, !other.channel.isWritable {
            isReadPending = true
        } else {
            context.read()
        }
    }

    private func readAgain() {
        guard isReadPending, let context else { return }
        isReadPending = false
        context.read()
    }

    // MARK: Ends

    func channelInactive(context: ChannelHandlerContext) {
        partner?.end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: Error) {
        // TLS tells in this way that the peer left without its farewell.
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { partner?.end() }
        context.fireUserInboundEventTriggered(event)
    }

    /// Closes this side when what it was given has been taken.
    func end() {
        guard !isEnding, let context else { return }
        isEnding = true
        let channel = context.channel
        let cut = context.eventLoop.assumeIsolated().scheduleTask(in: Self.farewellLimit) { channel.cutOff() }
        let sent = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in cut.cancel() }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
    }
}
