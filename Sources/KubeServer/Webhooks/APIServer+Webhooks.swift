import KubeAPI
import KubeJSON
import KubeRegistry
import KubeStore
import NIOCore
import NIOPosix

/// Writes that may have to wait for webhooks leave the event loops: each has a thread to wait on.
extension APIServer {
    /// As many writes wait for webhooks at a time, as upstream's --max-mutating-requests-inflight; others that
    /// ask one wait for those.
    static let waitingWrites = 200
    private static let threads = NIOThreadPool(numberOfThreads: waitingWrites)

    /// Does a write and goes on with what it gave, at once where it asks no webhook.
    /// - Parameters:
    ///   - startsWaiting: it asks one surely, or consists of several writes, so that it cannot be begun here and
    ///     again elsewhere.
    ///   - work: touches the registry alone, never the exchange. It is told whether it may wait.
    ///   - then: runs on the exchange's loop.
    func perform<Value: Sendable>(
        _ call: Call, startsWaiting: Bool = false, _ work: @escaping (Bool) throws(APIStatus) -> Value,
        then: @escaping (Value) -> Void
    ) throws(APIStatus) {
        try perform(call, startsWaiting: startsWaiting, orTell: { call.fail($0) }, work, then: then)
    }

    /// - Parameter orTell: of a refusal that comes later, on the exchange's loop.
    func perform<Value: Sendable>(
        _ call: Call, startsWaiting: Bool = false, orTell: @escaping (APIStatus) -> Void,
        _ work: @escaping (Bool) throws(APIStatus) -> Value, then: @escaping (Value) -> Void
    ) throws(APIStatus) {
        if !startsWaiting {
            do throws(APIStatus) { return then(try work(false)) } catch {
                guard error.asksToWait else { throw error }
            }
        }
        // The closures are handed from thread to thread, one at a time.
        nonisolated(unsafe) let work = work
        nonisolated(unsafe) let then = then
        nonisolated(unsafe) let orTell = orTell
        let loop = call.exchange.eventLoop
        Self.threads.start()
        Self.threads.submit { _ in
            let result: Result<Value, APIStatus>
            do throws(APIStatus) { result = .success(try work(true)) } catch { result = .failure(error) }
            loop.execute {
                switch result {
                case .success(let value): then(value)
                case .failure(let status): orTell(status)
                }
            }
        }
    }

    /// As many watches wait for conversion webhooks at a time.
    private static let conversions = NIOThreadPool(numberOfThreads: 64)

    /// Runs what asks a conversion webhook on a thread that may wait.
    /// - Parameter then: runs on the loop.
    static func convert<Value: Sendable>(
        on loop: any EventLoop, _ work: @escaping @Sendable () throws(APIStatus) -> Value,
        then: @escaping @Sendable (Result<Value, APIStatus>) -> Void
    ) {
        conversions.start()
        conversions.submit { _ in
            let result: Result<Value, APIStatus>
            do throws(APIStatus) { result = .success(try work()) } catch { result = .failure(error) }
            loop.execute { then(result) }
        }
    }

    /// Has the rules of the cluster judge a connection to an object, and goes on if they let it be.
    /// - Parameter kind: of the options, such as `PodExecOptions`.
    func admitConnection(
        _ call: Call, _ resource: ResourceInfo, kind: String,
        then: @escaping () throws(APIStatus) -> Void
    ) throws(APIStatus) {
        guard registry.hasRules else { return try then() }
        var options: JSON = ["kind": .string(kind), "apiVersion": "v1"]
        for (name, value) in call.info.query.items {
            switch name {
            case "stdin", "stdout", "stderr", "tty": options[name] = .bool(call.info.query.flag(name))
            case "command": options["command"] = .array(call.info.query.all(name).map { .string($0) })
            case "ports":
                options["ports"] = .array(
                    call.info.query.all(name).compactMap { Int64($0).map { .integer($0) } })
            case "container", "path": options[name] = .string(value)
            default: break
            }
        }
        let request = try call.request(resource)
        try perform(call) { [registry] mayWait throws(APIStatus) in
            var request = request
            request.mayWait = mayWait
            try registry.admitConnection(&request, options)
        } then: {
            do throws(APIStatus) { try then() } catch { call.fail(error) }
        }
    }
}

extension Store {
    /// The EndpointSlices of a Service.
    func endpointSlices(of namespace: String, _ service: String) -> [JSON] {
        snapshot(.endpointSlices).page(prefix: namespace + "/").items.lazy.map(\.value).filter {
            $0["metadata"]?["labels"]?["kubernetes.io/service-name"]?.string == service
        }
    }
}
