extension ClusterDNS {
    /// Serves `/metrics` for Prometheus, as upstream's CoreDNS does at port 9153.
    public func serveMetrics(at endpoint: DNSEndpoint) async throws(HostError) -> StatusServer {
        try await StatusServer(at: endpoint) { [weak self] path in
            guard path == "/metrics", let self else { return nil }
            return StatusServer.Answer(
                type: "text/plain; version=0.0.4; charset=utf-8", body: statistics.metricsText)
        }
    }
}

extension ClusterDNS.Statistics {
    /// In the exposition format of Prometheus, under CoreDNS' names where it counts the same.
    var metricsText: String {
        var text = ""
        func family(_ name: String, _ type: String, _ help: String, _ samples: [(String, Int)]) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
            for (labels, value) in samples {
                text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
            }
        }
        family(
            "coredns_dns_requests_total", "counter", "Questions by transport.",
            [("proto=\"tcp\"", questionsOverTCP), ("proto=\"udp\"", questionsOverUDP)])
        family(
            "coredns_dns_responses_total", "counter", "Answers by their code.",
            answers.sorted { $0.key < $1.key }.map { ("rcode=\"\(Self.name(ofCode: $0.key))\"", $0.value) })
        family(
            "coredns_cache_entries", "gauge", "Answers of others that are remembered.", [("", cacheEntries)])
        family("coredns_cache_hits_total", "counter", "Questions answered from memory.", [("", cacheHits)])
        family(
            "coredns_cache_misses_total", "counter", "Questions that had to be asked elsewhere.",
            [("", cacheMisses)])
        family(
            "coredns_proxy_requests_total", "counter", "Questions to other servers.",
            [("proto=\"tcp\"", forwardedOverTCP), ("proto=\"udp\"", forwarded)])
        family(
            "coredns_forward_max_concurrent_rejects_total", "counter",
            "Questions that were too many at a time.", [("", forwardRefused)])
        family(
            "aegis_dns_own_answers_total", "counter", "Answers from the cluster's names.", [("", ownAnswers)])
        family(
            "aegis_dns_forward_failures_total", "counter", "Questions that no other server answered.",
            [("", forwardFailures)])
        family(
            "aegis_dns_malformed_total", "counter", "Datagrams and frames that are no question.",
            [("", malformed)])
        family(
            "aegis_dns_truncated_total", "counter", "Answers that were cut for a datagram.", [("", truncated)]
        )
        return text
    }

    /// The mnemonics of IANA's register.
    private static func name(ofCode code: Int) -> String {
        let names = [
            0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED",
            16: "BADVERS",
        ]
        return names[code] ?? String(code)
    }
}
