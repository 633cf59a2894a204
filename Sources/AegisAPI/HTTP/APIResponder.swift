import HTTPTypes
import Hummingbird
import KubeJSON
import Logging
import NIOConcurrencyHelpers
import NIOCore

/// The other end of the connection that a request came over.
struct APIContext: InitializableFromSource, Sendable {
    let address: String

    init(source: ApplicationRequestContextSource) {
        address = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}

/// HTTP around the handlers: bounds, request ids, problem details, figures, one line of log a request.
struct APIResponder: HTTPResponder {
    typealias Context = APIContext

    let handlers: Handlers
    let logger: Logger
    private let inFlight = NIOLockedValueBox(0)

    init(_ handlers: Handlers, logger: Logger) {
        self.handlers = handlers
        self.logger = logger
    }

    func respond(to request: Request, context: APIContext) async throws -> Response {
        let begin = handlers.clock()
        let given = request.headers[.requestID]
        let requestID = given.flatMap { Checker.isKey($0) ? $0 : nil } ?? releaseID(handlers.now())
        let method = request.method.rawValue
        let target = request.head.path ?? "/"
        let path = String(target.prefix { $0 != "?" && $0 != "#" })
        var route = "none"
        var answer: APIAnswer
        let isAdmitted = inFlight.withLockedValue { count in
            count += 1
            return count <= handlers.limits.concurrent
        }
        defer { inFlight.withLockedValue { $0 -= 1 } }
        do {
            guard isAdmitted else { throw Problem.unavailable("too many requests are being worked on") }
            switch Routes.match(method, path) {
            case .none: throw Problem.notFound
            case .otherMethods(let methods, let pattern):
                route = pattern
                throw Problem(
                    405, "method-not-allowed", "Method not allowed",
                    "\(pattern) takes \(methods.joined(separator: ", "))",
                    headers: [("Allow", methods.joined(separator: ", "))])
            case .route(let match, let parameters):
                route = match.pattern
                answer = try await handlers.handle(
                    try await read(request, context, method, path, target, requestID), match, parameters)
            }
        } catch {
            answer = self.answer(to: error, requestID: requestID)
        }
        let seconds = handlers.clock() - begin
        handlers.figures.request(
            route: route, method: Self.methods.contains(method) ? method : "other", status: answer.status,
            seconds: seconds)
        // Probes and scrapes come every few seconds and say nothing.
        let level: Logger.Level =
            answer.status == 500
            ? .error
            : answer.status > 500 && route.hasPrefix("/v1")
                ? .warning : route.hasPrefix("/v1") ? .info : .debug
        logger.log(
            level: level, "request",
            metadata: [
                "request": "\(requestID)", "method": "\(method)", "path": "\(path)",
                "status": "\(answer.status)",
                "millis": .stringConvertible((seconds * 100_000).rounded() / 100),
                "address": "\(context.address)",
            ])
        return response(answer, requestID: requestID, isHead: method == "HEAD")
    }

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    private func read(
        _ request: Request, _ context: APIContext, _ method: String, _ path: String, _ target: String,
        _ requestID: String
    ) async throws -> APIRequest {
        let tooLarge = Problem(
            413, "body-too-large", "The body is too large",
            "a body may have \(handlers.limits.body) bytes")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > handlers.limits.body {
            throw tooLarge
        }
        var body: [UInt8] = []
        if method == "POST" {
            for try await part in request.body {
                body += Array(part.readableBytesView)
                if body.count > handlers.limits.body { throw tooLarge }
            }
        }
        return APIRequest(
            method: method, path: path,
            query: target.firstIndex(of: "?").map {
                String(target[target.index(after: $0)...].prefix { $0 != "#" })
            },
            requestID: requestID, address: context.address, authorization: request.headers[.authorization],
            contentType: request.headers[.contentType], idempotencyKey: request.headers[.idempotencyKey],
            lastEventID: request.headers[.lastEventID], body: body)
    }

    private func answer(to error: any Error, requestID: String) -> APIAnswer {
        let problem: Problem
        switch error {
        case let known as Problem: problem = known
        case let database as DatabaseError where database.isTransient:
            problem = .unavailable(database.description)
        case is CancellationError: problem = .unavailable("the service is about to end")
        default:
            logger.error("a request failed", metadata: ["request": "\(requestID)", "error": "\(error)"])
            problem = Problem(
                500, "internal", "The service failed", "what happened is in its log under the request's id")
        }
        return APIAnswer(
            status: problem.status, headers: problem.headers,
            body: .bytes(
                JSONWriter.bytes(problem.document(requestID: requestID)),
                contentType: "application/problem+json"))
    }

    private func response(_ answer: APIAnswer, requestID: String, isHead: Bool) -> Response {
        var headers = HTTPFields()
        headers[.requestID] = requestID
        headers[.cacheControl] = "no-store"
        headers[.contentTypeOptions] = "nosniff"
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        // A client that keeps its connection would keep to a replica that is about to end.
        if handlers.readiness.isDraining { headers[.connection] = "close" }
        let bytes: [UInt8]
        switch answer.body {
        case .json(let value):
            headers[.contentType] = "application/json"
            bytes = JSONWriter.bytes(value)
        case .text(let text, let type):
            headers[.contentType] = type
            bytes = Array(text.utf8)
        case .bytes(let content, let type):
            headers[.contentType] = type
            bytes = content
        case .events(let stream):
            headers[.contentType] = "text/event-stream"
            return Response(
                status: .ok, headers: headers,
                body: ResponseBody { [handlers] writer in
                    try await handlers.write(stream, to: &writer)
                    try await writer.finish(nil)
                })
        }
        if isHead { headers[.contentLength] = String(bytes.count) }
        return Response(
            status: .init(code: answer.status), headers: headers,
            body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension HTTPField.Name {
    static let requestID = fixed("X-Request-ID")
    static let idempotencyKey = fixed("Idempotency-Key")
    static let lastEventID = fixed("Last-Event-ID")
    static let contentTypeOptions = fixed("X-Content-Type-Options")

    /// A name that is known to be one; Cache-Control stands for what cannot happen.
    private static func fixed(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .cacheControl }
}

extension Handlers {
    /// Sends what a client missed and then what happens, until the stream's time is over, the client goes, or
    /// the service ends.
    func write(_ stream: EventStream, to writer: inout any ResponseBodyWriter) async throws {
        figures.streams(1)
        let timer = Task { [hub, limits] in
            try await Task.sleep(for: .seconds(limits.stream))
            await hub.leave(stream.follower)
        }
        defer {
            timer.cancel()
            figures.streams(-1)
        }
        do {
            try await writer.write(ByteBuffer(string: "retry: 1000\n\n"))
            var next = stream.after.map { $0 + 1 } ?? stream.from + 1
            while next <= stream.from {
                let missed = try await store.events(after: next - 1)
                guard let last = missed.last else { break }
                try await write(missed.filter { $0.number <= stream.from }, of: stream, to: &writer)
                next = last.number + 1
            }
            for await item in stream.items {
                switch item {
                case .event(let event): try await write([event], of: stream, to: &writer)
                case .idle: try await writer.write(ByteBuffer(string: ": nothing new\n\n"))
                }
            }
        } catch {
            await hub.leave(stream.follower)
            throw error
        }
        await hub.leave(stream.follower)
    }

    private func write(
        _ events: [ReleaseEvent], of stream: EventStream, to writer: inout any ResponseBodyWriter
    ) async throws {
        var text = ""
        for event in events where stream.wants(event) && event.namespace == namespace {
            text += "id: \(event.number)\nevent: release\ndata: \(JSONWriter.string(event.view))\n\n"
        }
        if !text.isEmpty { try await writer.write(ByteBuffer(string: text)) }
    }
}
