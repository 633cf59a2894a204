import KubeJSON

/// What one run of a probe came to (pkg/probe).
enum ProbeOutcome: Sendable, Equatable {
    case success
    /// As good as success, but worth telling.
    case warning(String)
    case failure(String)
    /// The question itself could not be asked: it says nothing of the container.
    case error(String)
}

/// What a probe asks, with everything looked up.
enum ProbeQuestion: Sendable, Equatable {
    case command([String])
    case http(HTTPQuestion)
    case tcp(host: String, port: Int)
    case grpc(host: String, port: Int, service: String)

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Reads a probe's handler, or a hook's.
    /// - Parameter address: of the pod, where the handler names no host.
    init(_ handler: JSON, container: JSON, address: String) throws {
        func host(_ action: JSON) -> String {
            let stated = action["host"]?.string ?? ""
            return stated.isEmpty ? address : stated
        }
        if let exec = handler["exec"] {
            self = .command((exec["command"]?.array ?? []).compactMap(\.string))
        } else if let action = handler["httpGet"] {
            let headers = (action["httpHeaders"]?.array ?? []).map {
                HTTPQuestion.Header(name: $0["name"]?.string ?? "", value: $0["value"]?.string ?? "")
            }
            self = .http(
                HTTPQuestion(
                    isSecure: (action["scheme"]?.string ?? "HTTP").uppercased() == "HTTPS",
                    host: host(action),
                    port: try Self.port(action["port"], container), path: action["path"]?.string ?? "/",
                    headers: headers))
        } else if let action = handler["tcpSocket"] {
            self = .tcp(host: host(action), port: try Self.port(action["port"], container))
        } else if let action = handler["grpc"] {
            self = .grpc(
                host: address, port: action["port"]?.int ?? 0, service: action["service"]?.string ?? "")
        } else {
            throw Failure(description: "missing probe handler for \(container["name"]?.string ?? "")")
        }
    }

    /// A port by its number, or by its name among the container's (pkg/probe: ResolveContainerPort).
    static func port(_ value: JSON?, _ container: JSON) throws -> Int {
        var port = value?.int ?? -1
        if let name = value?.string {
            let named = (container["ports"]?.array ?? []).first { $0["name"]?.string == name }
            guard let number = named?["containerPort"]?.int ?? Int(name) else {
                throw Failure(description: "couldn't find port: \(name) in container")
            }
            port = number
        }
        guard (1...65_535).contains(port) else {
            throw Failure(description: "invalid port number: \(port)")
        }
        return port
    }
}

/// Asks containers how they are, from the machine's own network.
struct ProbeRunner: Sendable {
    /// Bytes of an answer that are read.
    static let longestAnswer = 10 << 10

    /// - Parameters:
    ///   - timeout: in seconds.
    ///   - execute: runs a command in the container.
    func run(
        _ question: ProbeQuestion, timeout: Int,
        execute: @Sendable ([String]) async throws -> ExecResult
    ) async -> ProbeOutcome {
        switch question {
        case .command(let command): return await Self.run(command, timeout: timeout, execute)
        case .http(let question): return await HTTPProbe.run(question, timeout: timeout)
        case .tcp(let host, let port): return await TCPProbe.run(host: host, port: port, timeout: timeout)
        case .grpc(let host, let port, let service):
            return await GRPCProbe.run(host: host, port: port, service: service, timeout: timeout)
        }
    }

    private static func run(
        _ command: [String], timeout: Int, _ execute: @Sendable ([String]) async throws -> ExecResult
    ) async -> ProbeOutcome {
        do {
            let result = try await execute(command)
            if result.exitCode == 0 { return .success }
            let output = (result.output + result.errors).prefix(longestAnswer)
            return .failure(String(decoding: output, as: UTF8.self))
        } catch let error as CRIError {
            if error.kind == .deadlineExceeded || error.description.contains("timeout") {
                return .failure(
                    "command timed out: \"\(command.joined(separator: " "))\" timed out after \(timeout)s")
            }
            return .error(error.description)
        } catch {
            return .error("\(error)")
        }
    }
}
