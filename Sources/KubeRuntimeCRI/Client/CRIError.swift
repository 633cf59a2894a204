import GRPCCore

/// A call to the container runtime that failed.
public struct CRIError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// Nothing answers at the socket.
        case unavailable
        case deadlineExceeded
        case notFound
        case alreadyExists
        case other
    }

    public var kind: Kind
    /// As Go's gRPC prints it, for that is what Events and statuses show.
    public var description: String

    public init(kind: Kind, description: String) {
        self.kind = kind
        self.description = description
    }

    init(_ error: any Error, socket: String) {
        guard let error = error as? RPCError else {
            self.init(kind: .other, description: "\(error)")
            return
        }
        var words = error.message
        let kind: Kind
        var code = error.code
        // A connection that broke in the middle of a call has no code of its own.
        if code == .unknown, error.message.hasPrefix("The transport threw") { code = .unavailable }
        switch code {
        case .unavailable:
            kind = .unavailable
            words =
                "connection error: desc = \"transport: Error while dialing: dial unix \(socket): "
                + "connect: connection refused\""
        case .deadlineExceeded: kind = .deadlineExceeded
        case .notFound: kind = .notFound
        case .alreadyExists: kind = .alreadyExists
        default: kind = .other
        }
        self.init(
            kind: kind, description: "rpc error: code = \(Self.name(code)) desc = \(words)")
    }

    /// The runtime's own words, without the frame of the call.
    public var message: String {
        guard let range = description.firstRange(of: " desc = ") else { return description }
        return String(description[range.upperBound...])
    }

    private static func name(_ code: RPCError.Code) -> String {
        switch code {
        case .cancelled: "Canceled"
        case .invalidArgument: "InvalidArgument"
        case .deadlineExceeded: "DeadlineExceeded"
        case .notFound: "NotFound"
        case .alreadyExists: "AlreadyExists"
        case .permissionDenied: "PermissionDenied"
        case .resourceExhausted: "ResourceExhausted"
        case .failedPrecondition: "FailedPrecondition"
        case .aborted: "Aborted"
        case .outOfRange: "OutOfRange"
        case .unimplemented: "Unimplemented"
        case .internalError: "Internal"
        case .unavailable: "Unavailable"
        case .dataLoss: "DataLoss"
        case .unauthenticated: "Unauthenticated"
        default: "Unknown"
        }
    }
}
