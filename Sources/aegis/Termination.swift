import Dispatch
import Foundation
import KubeServer

enum Termination {
    /// SIGTERM and SIGINT as a stream; they no longer end the process by themselves.
    static func signals() -> AsyncStream<Void> { stream([SIGTERM, SIGINT]) }

    /// SIGUSR1, by which another `aegis up` says that it left a request.
    static func requests() -> AsyncStream<Void> { stream([SIGUSR1]) }

    private static func stream(_ numbers: [Int32]) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            for number in numbers {
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                // The handler holds its own source: it lives as long as the process.
                source.setEventHandler {
                    withExtendedLifetime(source) { _ = continuation.yield() }
                }
                source.resume()
            }
        }
    }
}

enum StartFailure {
    /// What happened and what to do, for the errors that people meet.
    static func explain(_ error: any Error, _ options: ControlPlane.Options) -> String {
        let text = "\(error)"
        if text.contains("address already in use") || text.contains("errno: 98") {
            return
                "port \(options.port) on \(options.host) is taken: stop what uses it or choose another with --secure-port"
        }
        return text
    }
}
