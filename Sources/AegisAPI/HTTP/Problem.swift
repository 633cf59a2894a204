import KubeJSON

/// What went wrong with a request, as RFC 9457 has it.
struct Problem: Error, Sendable {
    /// What is wrong with one part of the request.
    struct Fault: Sendable, Equatable {
        /// Where: a JSON Pointer into the body, or the name of a parameter.
        let at: String
        let detail: String
    }

    var status: Int
    /// The kind of problem, the last part of its `type`.
    var kind: String
    var title: String
    var detail: String
    var faults: [Fault] = []
    /// Of the release that stands in the way.
    var release: String?
    var headers: [(name: String, value: String)] = []

    init(
        _ status: Int, _ kind: String, _ title: String, _ detail: String, faults: [Fault] = [],
        release: String? = nil, headers: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.kind = kind
        self.title = title
        self.detail = detail
        self.faults = faults
        self.release = release
        self.headers = headers
    }

    func document(requestID: String) -> JSON {
        var value: JSON = [
            "type": .string("urn:aegis:problem:" + kind), "title": .string(title),
            "status": .integer(Int64(status)), "detail": .string(detail), "requestId": .string(requestID),
        ]
        if !faults.isEmpty {
            value["errors"] = .array(faults.map { ["at": .string($0.at), "detail": .string($0.detail)] })
        }
        if let release { value["release"] = .string(release) }
        return value
    }

    static func badRequest(_ faults: [Fault]) -> Problem {
        Problem(
            400, "invalid-request", "The request is not valid",
            faults.map { $0.at.isEmpty ? $0.detail : "\($0.at): \($0.detail)" }.joined(separator: "; "),
            faults: faults)
    }

    static let notFound = Problem(404, "not-found", "Not found", "there is nothing at this path")

    static func noWorkload(_ name: String) -> Problem {
        Problem(404, "workload-not-found", "Workload not found", "there is no workload \(name)")
    }

    static func noRelease(_ id: String) -> Problem {
        Problem(404, "release-not-found", "Release not found", "there is no release \(id)")
    }

    static func unavailable(_ detail: String) -> Problem {
        Problem(
            503, "unavailable", "Not available now", detail, headers: [("Retry-After", "2")])
    }

    static let tooMany = Problem(
        429, "too-many-requests", "Too many requests", "slow down", headers: [("Retry-After", "1")])
}
