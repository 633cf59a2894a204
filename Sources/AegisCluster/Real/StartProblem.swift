/// What keeps a cluster of containers from starting, in one line that says what to do.
public struct StartProblem: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
