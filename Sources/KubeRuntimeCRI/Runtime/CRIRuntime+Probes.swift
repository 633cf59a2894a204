import KubeAPI
import KubeJSON
import KubeNode
import NIOCore

extension CRIRuntime {
    func probe(_ kind: ProbeShape.Kind, _ index: Int, of pod: PodIdentity) async {
        guard let entry = entry(pod), let container = entry.container(index),
            let instance = entry.observation.containers[index], instance.state == .running,
            let shape = entry.shape.containers[index].probe(kind)
        else { return }
        let key =
            switch kind {
            case .startup: "startupProbe"
            case .liveness: "livenessProbe"
            case .readiness: "readinessProbe"
            }
        let outcome: ProbeOutcome
        do {
            let question = try ProbeQuestion(
                container[key] ?? .null, container: container, address: facts(entry).addresses.first ?? "")
            outcome = await probes.run(question, timeout: shape.timeout) { [client] command in
                try await client.execSync(container: instance.id, command: command, timeout: shape.timeout)
            }
        } catch {
            outcome = .error("\(error)")
        }
        var result = ProbeResult(
            container: index, kind: kind, containerID: instance.id, isSuccess: false,
            time: WallClock.now())
        switch outcome {
        case .success: result.isSuccess = true
        case .warning(let words): (result.isSuccess, result.output, result.verdict) = (true, words, .warning)
        case .failure(let words): result.output = words
        case .error(let words): (result.output, result.verdict) = (words, .error)
        }
        update(pod) { $0.observation.probes.append(result) }
    }

    /// Runs what a container wants run after it began or before it ends (pkg/kubelet/lifecycle).
    func run(_ hook: ContainerHook, _ index: Int, of pod: PodIdentity) async {
        guard let entry = entry(pod), let container = entry.container(index),
            let instance = entry.observation.containers[index]
        else { return }
        let key = hook == .postStart ? "postStart" : "preStop"
        let state: HookState
        do {
            let facts = facts(entry)
            try await run(
                container["lifecycle"]?[key] ?? .null, container, instance.id, of: facts.fullName,
                at: facts.addresses.first ?? "")
            state = .done
        } catch {
            state = .failed("\(error)")
        }
        update(pod) { entry in
            guard entry.observation.containers[index]?.id == instance.id else { return }
            switch hook {
            case .postStart: entry.observation.containers[index]?.postStart = state
            case .preStop: entry.observation.containers[index]?.preStop = state
            }
        }
    }

    private struct HookFailure: Error, CustomStringConvertible {
        var description: String
    }

    /// - Parameters:
    ///   - container: as in the spec; for its name and its ports.
    ///   - pod: its name in complaints.
    ///   - limit: seconds after which a command is ended; 0 for none.
    func run(
        _ handler: JSON, _ container: JSON, _ id: String, of pod: String, at address: String, limit: Int = 0
    ) async throws {
        if let seconds = handler["sleep"]?["seconds"]?.int {
            return try await Task.sleep(for: .seconds(seconds))
        }
        let name = container["name"]?.string ?? ""
        let question = try ProbeQuestion(handler, container: container, address: address)
        switch question {
        case .command(let command):
            let whom = "Exec lifecycle hook ([\(command.joined(separator: " "))]) for Container \"\(name)\""
            let result = try await client.execSync(container: id, command: command, timeout: limit)
            guard result.exitCode != 0 else { return }
            let words = String(decoding: result.errors.isEmpty ? result.output : result.errors, as: UTF8.self)
            throw HookFailure(
                description: "\(whom) in Pod \"\(pod)\" failed - error: command "
                    + "'\(command.joined(separator: " "))' exited with \(result.exitCode): \(words), "
                    + "message: \"\(words)\"")
        case .http(let question):
            do {
                _ = try await HTTPProbe.ask(question, until: .now() + .seconds(limit > 0 ? Int64(limit) : 30))
            } catch {
                throw HookFailure(
                    description: "HTTP lifecycle hook (\(question.path)) for Container \"\(name)\" in Pod "
                        + "\"\(pod)\" failed - error: Get \"\(question.url)\": \(error), "
                        + "message: \"\"")
            }
        case .tcp, .grpc: return
        }
    }
}
