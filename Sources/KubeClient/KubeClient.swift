import KubeJSON

/// A client of any Kubernetes API server: requests over JSON values, with retries, time-outs and upstream's
/// errors.
///
/// Objects go in and out as they are; nothing is lost that this client does not know.
public struct KubeClient: Sendable {
    /// The clock and chance, handed in so that tests have their own.
    public struct Environment: Sendable {
        /// Seconds on a clock that only goes forward.
        public var now: @Sendable () -> Double
        public var sleep: @Sendable (Double) async throws -> Void
        /// From 0 to 1.
        public var chance: @Sendable () -> Double
        public var readFile: @Sendable (String) -> String?

        public init(
            now: @escaping @Sendable () -> Double, sleep: @escaping @Sendable (Double) async throws -> Void,
            chance: @escaping @Sendable () -> Double, readFile: @escaping @Sendable (String) -> String?
        ) {
            self.now = now
            self.sleep = sleep
            self.chance = chance
            self.readFile = readFile
        }

        public static let real = Environment(
            now: {
                let (seconds, fraction) = (ContinuousClock.now - start).components
                return Double(seconds) + Double(fraction) / 1e18
            },
            sleep: { try await Task.sleep(for: .seconds($0)) },
            chance: { Double.random(in: 0...1) },
            readFile: readTextFile)

        private static let start = ContinuousClock.now
    }

    /// Told of every request that was sent: its verb (as audit and RBAC name it) and the answer's code, nil when
    /// there was none.
    public typealias Observer = @Sendable (_ verb: String, _ code: Int?) -> Void

    public let namespace: String
    public var retry = RetryPolicy()
    /// How long a request may take, in seconds; watches have a time of their own.
    public var timeout = 30.0

    let transport: any Transport
    let environment: Environment
    private let tokens: TokenSource
    private let identity: [(name: String, value: String)]
    private let observer: Observer

    public init(
        _ configuration: ClientConfiguration, transport: any Transport, userAgent: String = "aegis",
        environment: Environment = .real, observer: @escaping Observer = { _, _ in }
    ) {
        self.transport = transport
        self.environment = environment
        self.observer = observer
        namespace = configuration.namespace
        tokens = TokenSource(configuration.credential, readFile: environment.readFile)
        var identity = [(name: "User-Agent", value: userAgent)]
        if let user = configuration.impersonatedUser {
            identity.append(("Impersonate-User", user))
            for group in configuration.impersonatedGroups { identity.append(("Impersonate-Group", group)) }
        }
        self.identity = identity
    }

    /// A client over HTTP; call `shutdown` when it is no longer needed.
    public init(
        _ configuration: ClientConfiguration, userAgent: String = "aegis",
        observer: @escaping Observer = { _, _ in }
    ) throws {
        self.init(
            configuration, transport: try HTTPTransport(configuration), userAgent: userAgent,
            observer: observer)
    }

    public func shutdown() async { await transport.shutdown() }

    // MARK: Requests

    /// What a patch is written in.
    public enum PatchKind: Sendable, Equatable {
        case json
        case merge
        case strategic
        case apply(fieldManager: String, force: Bool)

        var contentType: String {
            switch self {
            case .json: "application/json-patch+json"
            case .merge: "application/merge-patch+json"
            case .strategic: "application/strategic-merge-patch+json"
            case .apply: "application/apply-patch+yaml"
            }
        }
    }

    public func get(
        _ resource: Resource, _ name: String, namespace: String? = nil, subresource: String? = nil
    ) async throws -> JSON {
        try await request(
            "get", .get,
            resource.path(namespace: namespace ?? self.namespace, name: name, subresource: subresource))
    }

    public func create(
        _ resource: Resource, _ object: JSON, namespace: String? = nil, name: String? = nil,
        subresource: String? = nil, fieldManager: String? = nil
    ) async throws -> JSON {
        try await request(
            "create", .post,
            target(
                resource.path(namespace: namespace ?? self.namespace, name: name, subresource: subresource),
                fieldManager.map { [("fieldManager", $0)] } ?? []),
            body: object)
    }

    public func update(
        _ resource: Resource, _ object: JSON, namespace: String? = nil, subresource: String? = nil,
        fieldManager: String? = nil
    ) async throws -> JSON {
        guard let name = object.at("metadata", "name")?.string else {
            throw ClientError.malformed("the object to update has no name")
        }
        let path = resource.path(
            namespace: object.at("metadata", "namespace")?.string ?? namespace ?? self.namespace, name: name,
            subresource: subresource)
        // With a resource version in it an update that was already done is refused, not done again.
        return try await request(
            "update", .put, target(path, fieldManager.map { [("fieldManager", $0)] } ?? []), body: object)
    }

    /// - Parameter isRepeatable: whether the patch may be applied twice; a merge patch of plain values may.
    public func patch(
        _ resource: Resource, _ name: String, _ kind: PatchKind, _ patch: JSON, namespace: String? = nil,
        subresource: String? = nil, fieldManager: String? = nil, isRepeatable: Bool = false
    ) async throws -> JSON {
        var query: [(String, String)] = []
        var isApply = false
        if case .apply(let manager, let force) = kind {
            query = [("fieldManager", manager), ("force", force ? "true" : "false")]
            isApply = true
        } else if let fieldManager {
            query = [("fieldManager", fieldManager)]
        }
        let path = resource.path(
            namespace: namespace ?? self.namespace, name: name, subresource: subresource)
        return try await request(
            isApply ? "apply" : "patch", .patch, target(path, query), body: patch,
            contentType: kind.contentType, isRepeatable: isRepeatable || isApply)
    }

    /// - Parameters:
    ///   - uid: deletes only the object that has it.
    ///   - propagation: `Foreground`, `Background` or `Orphan`.
    @discardableResult
    public func delete(
        _ resource: Resource, _ name: String, namespace: String? = nil, uid: String? = nil,
        propagation: String? = nil, gracePeriod: Int? = nil
    ) async throws -> JSON {
        var options: JSON = ["apiVersion": "v1", "kind": "DeleteOptions"]
        if let uid { options["preconditions"] = ["uid": .string(uid)] }
        if let propagation { options["propagationPolicy"] = .string(propagation) }
        if let gracePeriod { options["gracePeriodSeconds"] = .integer(Int64(gracePeriod)) }
        return try await request(
            "delete", .delete, resource.path(namespace: namespace ?? self.namespace, name: name),
            body: options)
    }

    /// Any other path, such as `/readyz`; the body as text when it is no JSON.
    public func raw(_ path: String) async throws -> JSON { try await request("get", .get, path) }

    // MARK: Sending

    func request(
        _ verb: String, _ method: TransportRequest.Method, _ target: String, body: JSON? = nil,
        contentType: String = "application/json", isRepeatable: Bool? = nil
    ) async throws -> JSON {
        let bytes = body.map { JSONWriter.bytes($0) }
        var attempt = 0
        while true {
            attempt += 1
            do {
                let response = try await send(
                    verb,
                    TransportRequest(
                        method, target, headers: body == nil ? [] : [("Content-Type", contentType)],
                        body: bytes,
                        timeout: timeout))
                return try Self.parse(try await Self.collect(response.body), what: target)
            } catch let error as ClientError {
                let isRepeatable = isRepeatable ?? (method == .get || method == .delete)
                guard
                    let pause = retry.pause(
                        after: error, attempt: attempt, isRepeatable: isRepeatable,
                        chance: environment.chance())
                else { throw error }
                try await environment.sleep(pause)
            }
        }
    }

    /// Sends once, or twice when a token that was refused can be read anew; anything but 2xx is an error.
    func send(_ verb: String, _ request: TransportRequest) async throws -> TransportResponse {
        var isSecond = false
        while true {
            var request = request
            request.headers += identity
            request.headers.append(("Accept", "application/json"))
            if let token = tokens.header(now: environment.now()) {
                request.headers.append(("Authorization", token))
            }
            let response: TransportResponse
            do {
                response = try await transport.send(request)
            } catch {
                if !(error is CancellationError) { observer(verb, nil) }
                throw error
            }
            observer(verb, response.status)
            if (200..<300).contains(response.status) { return response }
            if response.status == 401, !isSecond, tokens.refused() {
                isSecond = true
                continue
            }
            let bytes = try await Self.collect(response.body, limit: 1 << 20)
            let object =
                (try? JSONParser.parse(bytes)) ?? .string(String(decoding: bytes.prefix(300), as: UTF8.self))
            throw ClientError.refused(
                Status(code: response.status, object: object, retryAfter: response.retryAfter))
        }
    }

    static func collect(
        _ body: AsyncThrowingStream<[UInt8], any Error>, limit: Int = 256 << 20
    ) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await part in body {
            if bytes.isEmpty { bytes = part } else { bytes += part }
            if bytes.count > limit { throw ClientError.malformed("more than \(limit) bytes") }
        }
        return bytes
    }

    static func parse(_ bytes: [UInt8], what: String) throws(ClientError) -> JSON {
        if bytes.isEmpty { return .null }
        do {
            return try JSONParser.parse(bytes)
        } catch {
            // /readyz and its like answer in plain words.
            if what.hasPrefix("/api/") || what.hasPrefix("/apis/") {
                throw .malformed("\(what): \(error)")
            }
            return .string(String(decoding: bytes, as: UTF8.self))
        }
    }
}
