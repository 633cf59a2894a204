import KubeAPI
import KubeAuth
import KubeRegistry
import NIOCore

/// Requests that are another server's (kube-aggregator's pkg/apiserver/handler_proxy).
extension APIServer {
    /// How long the answer to a request for discovery may take, which every client waits for.
    private static let discoveryPatience = TimeAmount.seconds(5)

    /// Hands a request on that this server has authorised.
    func forward(_ exchange: HTTPExchange, _ info: RequestInfo, _ user: UserInfo, to route: Aggregator.Route)
    {
        guard let aggregator, route.service.isAvailable else {
            return refuse(exchange, 503, "service unavailable")
        }
        do throws(FrontProxy.Failure) {
            let tls = try route.tls.get()
            let places: [ProxyLocation]
            do throws(FrontProxy.Failure) { places = try aggregator.places(route.reference) } catch {
                logger.debug(
                    "no way to a server behind this one",
                    metadata: ["apiservice": .string(route.service.name), "error": .string("\(error)")])
                return refuse(exchange, 503, "service unavailable")
            }
            let place = places[Int.random(in: 0..<places.count)]
            var headers = try FrontProxy.headers(of: user)
            headers.append(("Audit-ID", exchange.auditID))
            // Whose turn it is the other server decides.
            exchange.flow = nil
            let aggregated = ReverseProxy.Aggregated(
                headers: headers, patience: patience(exchange, info),
                unreachable: { [self] words in refuse(exchange, 503, words) })
            ReverseProxy(
                exchange,
                ReverseProxy.Target(
                    host: place.host, port: place.port, tls: tls, serverName: route.reference.serverName),
                ProxyPath(exchange.uri, segments: 0), aggregated: aggregated
            ).start()
        } catch {
            refuse(exchange, 500, error.description)
        }
    }

    /// How long an answer is waited for; nil for what may last.
    private func patience(
        _ exchange: HTTPExchange, _ info: RequestInfo
    ) -> (time: TimeAmount, refusal: () -> Void)? {
        if !info.isResourceRequest {
            return (
                Self.discoveryPatience,
                { [self] in
                    refuse(exchange, 503, "error trying to reach service: context deadline exceeded")
                }
            )
        }
        let lasting: Set = ["attach", "exec", "log", "portforward", "proxy"]
        if info.verb == "watch" || lasting.contains(info.subresource) || exchange.upgradeProtocol != nil {
            return nil
        }
        return (
            limits.requestTimeout,
            {
                exchange.respond(
                    APIStatus(
                        code: 504, reason: "Timeout",
                        message:
                            "Timeout: request did not complete within the allotted timeout", details: [:]))
            }
        )
    }

    /// As Go's http.Error answers.
    private func refuse(_ exchange: HTTPExchange, _ status: Int, _ words: String) {
        exchange.respond(
            ResponseHead(
                status: status, contentType: "text/plain; charset=utf-8",
                headers: [("x-content-type-options", "nosniff")]), body: Array((words + "\n").utf8))
    }
}
