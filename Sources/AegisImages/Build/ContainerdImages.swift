import Foundation

/// The images of a containerd, through its own client `ctr`, in the namespace that Kubernetes uses.
public struct ContainerdImages: Sendable {
    public let socket: String

    public init(socket: String) { self.socket = socket }

    /// Imports an archive (OCI, or of `docker save`) under the names that it has inside.
    public func load(_ archive: String) throws {
        let outcome = try ctr(["import", archive])
        guard outcome.status == 0 else {
            throw ImageFailure("containerd does not take \(archive): \(outcome.reason)")
        }
    }

    /// The names of all images.
    public func names() throws -> [String] {
        let outcome = try ctr(["list", "-q"])
        guard outcome.status == 0 else {
            throw ImageFailure("containerd at \(socket) does not answer: \(outcome.reason)")
        }
        return String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func ctr(_ arguments: [String]) throws -> Subprocess.Outcome {
        guard let program = Subprocess.find("ctr") else {
            throw ImageFailure("ctr is not installed: apt-get install containerd")
        }
        return try Subprocess.run(program, ["-a", socket, "-n", "k8s.io", "images"] + arguments)
    }
}
