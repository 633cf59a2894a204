import NIOCore
import NIOSSL

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Channel {
    /// Ends the connection at once: nothing more is sent, and what the peer has not taken is dropped. Only on
    /// the channel's event loop.
    ///
    /// A connection that is closed in good order stays, with what it has to say, until the peer has taken it
    /// or the system gives up, and TLS waits for the peer's farewell: for a peer that reads nothing that is
    /// long. This one is reset instead.
    func cutOff() {
        (self as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenFailure { _ in }
        if let tls = try? pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self) {
            tls.close(promise: nil)
        } else {
            close(promise: nil)
        }
    }
}
