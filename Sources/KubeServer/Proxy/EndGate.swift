import NIOCore

/// Holds back a connection's end while its pipeline is being rebuilt, so that what was received before the end is
/// handed on before it. A peer that answers an upgrade, says what it has to say and leaves does all of it in one
/// segment: the decoder, which gives up its bytes on the loop's next turn, would otherwise hear of the end first and
/// drop them.
///
/// It stands before the decoder, next to the socket (or TLS).
final class EndGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private enum State {
        case open
        case held
        /// The end came meanwhile.
        case ended
    }

    private var state = State.open
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// From now on the end waits.
    func hold() {
        if case .open = state { state = .held }
    }

    /// Lets an end pass that came while the gate was held, and stands in the way no longer.
    func release() {
        guard let context else { return }
        let hasEnded = if case .ended = state { true } else { false }
        state = .open
        if hasEnded { context.fireChannelInactive() }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .open = state { context.fireChannelInactive() } else { state = .ended }
    }
}
