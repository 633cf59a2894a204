import AegisCluster
import Foundation
import KubeJSON

/// `aegis up` where a platform is up from the same data directory: the process that runs it is asked to apply the
/// manifests, and its progress is shown until everything is ready.
struct UpAgain {
    private let runtime: RuntimeState
    private let process: Int32
    private let paths: [String]

    init(_ runtime: RuntimeState, process: Int32, _ paths: [String]) {
        self.runtime = runtime
        self.process = process
        self.paths = paths.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    }

    /// - Parameter timeout: seconds.
    /// - Throws: `Failure` when the platform is refused, is not ready in time, or its process ends.
    func run(_ screen: Screen, _ timeout: Double?) async throws {
        let id = UUID().uuidString
        try runtime.ask(id, paths)
        guard kill(process, SIGUSR1) == 0 else {
            throw Failure("process \(process) runs the platform and cannot be asked: run this as its user")
        }
        let end = timeout.map { ContinuousClock.now + .seconds($0) }
        var last: PlatformProgress?
        while true {
            if let why = runtime.refusal(of: id) { throw Failure(why) }
            if let object = runtime.progress, object["request"]?.string == id {
                let progress = PlatformProgress(object)
                if progress.rows != last?.rows { screen.show(progress) }
                last = progress
                if progress.isReady { break }
            }
            guard runtime.running == process else {
                screen.end()
                throw Failure("process \(process), which ran the platform, ended")
            }
            if let end, ContinuousClock.now > end {
                screen.end()
                let waiting = last?.waiting.map(\.title).joined(separator: ", ") ?? "it was not applied"
                throw Failure("not ready after \(Int(timeout ?? 0)) s: \(waiting)")
            }
            // The answer is a file of another process: nobody tells when it changes.
            try await Task.sleep(for: .milliseconds(50))
        }
        screen.end()
        screen.say("everything is ready")
        screen.say("export KUBECONFIG=\(runtime.description?["kubeconfig"]?.string ?? "")")
        screen.show(Reachability(json: runtime.progress?["reachable"] ?? []))
    }
}
