/// Why a label or field selector was refused, in upstream's words (the message of a 400 answer).
public struct SelectorError: Error, Sendable, Hashable, CustomStringConvertible {
    public let message: String
    public init(_ message: String) { self.message = message }
    public var description: String { message }
}
