import KubeAPI
import KubeEngine
import KubeJSON
import Synchronization
import Testing

@testable import KubeNetwork

/// A real server on a free port of 127.0.0.1, asked by dig.
@Suite(.serialized, .enabled(if: Dig.isThere, "dig is not installed: scripts/bootstrap installs it"))
struct ClusterDNSTests {
    private struct Server {
        var dns: ClusterDNS
        var port: Int
    }

    private func server(
        upstreams: [Int] = [], _ change: (inout ClusterDNS.Configuration) -> Void = { _ in }
    ) async throws -> Server {
        let local = try #require(IPAddress("127.0.0.1"))
        var configuration = ClusterDNS.Configuration(
            zone: try ZoneObjects.configuration(), endpoint: DNSEndpoint(local, port: 0),
            upstreams: upstreams.map { DNSEndpoint(local, port: $0) })
        change(&configuration)
        let dns = ClusterDNS(configuration)
        let objects = try ZoneObjects.zone()
        dns.update { $0 = objects }
        dns.setSynced()
        return Server(dns: dns, port: try await dns.start().port)
    }

    /// An upstream that gives `*.example.com` an address, and says that nothing else exists.
    private static func script(_ query: DNSMessage, _ isStream: Bool) -> DNSMessage? {
        guard let question = query.questions.first, let example = DomainName("example.com") else {
            return nil
        }
        var reply = query.reply(.noError)
        let soa = DNSAuthority(
            server: example, mailbox: example, serial: 7, refresh: 1, retry: 2, expire: 3, minimum: 60)
        if question.name.isWithin(example), question.type == .a {
            reply.answers = [DNSRecord(question.name.folded, ttl: 300, .a([192, 0, 2, 1]))]
        } else {
            reply.code = question.name.isWithin(example) ? .noError : .nameError
            reply.authorities = [DNSRecord(example, ttl: 300, .soa(soa))]
        }
        return reply
    }

    @Test(arguments: ["+notcp", "+tcp"]) func namesOfTheCluster(_ transport: String) async throws {
        let server = try await server()
        let web = await Dig.ask(server.port, transport, "Web.shop.svc.cluster.local", "A")
        #expect(web.status == "NOERROR")
        #expect(web.flags == ["qr", "aa", "rd", "ra"])
        #expect(web.answers == ["Web.shop.svc.cluster.local. 30 A 10.96.7.7"])
        let ports = await Dig.ask(server.port, transport, "_pg._tcp.db.shop.svc.cluster.local", "SRV")
        #expect(
            ports.answers.sorted() == [
                "_pg._tcp.db.shop.svc.cluster.local. 30 SRV 0 25 5432 10-244-1-3.db.shop.svc.cluster.local.",
                "_pg._tcp.db.shop.svc.cluster.local. 30 SRV 0 25 5432 db-0.db.shop.svc.cluster.local.",
                "_pg._tcp.db.shop.svc.cluster.local. 30 SRV 0 25 5432 fd00--1-3.db.shop.svc.cluster.local.",
            ])
        #expect(ports.additionals.count == 3)
        let none = await Dig.ask(server.port, transport, "nobody.shop.svc.cluster.local", "AAAA")
        #expect(none.status == "NXDOMAIN")
        #expect(none.authorities.count == 1 && none.authorities[0].hasPrefix("cluster.local. 5 SOA "))
        let empty = await Dig.ask(server.port, transport, "web.shop.svc.cluster.local", "AAAA")
        #expect(empty.status == "NOERROR" && empty.answers.isEmpty && empty.authorities.count == 1)
        let reverse = await Dig.ask(server.port, transport, "-x", "10.244.1.1")
        #expect(reverse.answers == ["1.1.244.10.in-addr.arpa. 30 PTR db-0.db.shop.svc.cluster.local."])
        let version = await Dig.ask(server.port, transport, "dns-version.cluster.local", "TXT")
        #expect(version.answers == [#"dns-version.cluster.local. 28800 TXT "1.1.0""#])
        let statistics = server.dns.statistics
        #expect(statistics.questionsOverUDP + statistics.questionsOverTCP == 6)
        #expect((transport == "+tcp" ? statistics.questionsOverTCP : statistics.questionsOverUDP) == 6)
        #expect(
            statistics.answers == [0: 5, 3: 1] && statistics.ownAnswers == 6 && statistics.forwarded == 0)
        await server.dns.stop()
    }

    @Test func otherNamesAreForwardedAndRemembered() async throws {
        let upstream = try await FakeUpstream(Self.script)
        let server = try await server(upstreams: [upstream.port])
        let first = await Dig.ask(server.port, "www.example.com")
        #expect(first.status == "NOERROR" && first.answers == ["www.example.com. 300 A 192.0.2.1"])
        #expect(first.flags == ["qr", "rd", "ra"])
        // In the spelling of each question, though the upstream was asked once.
        let second = await Dig.ask(server.port, "+tcp", "WWW.example.com")
        #expect(second.answers.count == 1 && second.answers[0].hasPrefix("WWW.example.com. "))
        let none = await Dig.ask(server.port, "www.example.org")
        #expect(none.status == "NXDOMAIN" && none.authorities.count == 1)
        #expect(upstream.questions.count == 2)
        let statistics = server.dns.statistics
        #expect(statistics.forwarded == 2 && statistics.cacheHits == 1 && statistics.cacheEntries == 2)
        // An external name is followed, and known even when what it leads to is not.
        let away = await Dig.ask(server.port, "away.shop.svc.cluster.local")
        #expect(away.answers.count == 2)
        #expect(away.answers.first == "away.shop.svc.cluster.local. 30 CNAME www.example.com.")
        #expect(away.answers.last?.hasSuffix(" A 192.0.2.1") == true)
        let noAddress = await Dig.ask(server.port, "away.shop.svc.cluster.local", "AAAA")
        #expect(noAddress.status == "NOERROR")
        #expect(noAddress.answers == ["away.shop.svc.cluster.local. 30 CNAME www.example.com."])
        await server.dns.stop()
        await upstream.stop()
    }

    @Test func whatFitsNoDatagramComesOverTCP() async throws {
        let upstream = try await FakeUpstream { query, isStream in
            guard let question = query.questions.first else { return nil }
            var reply = query.reply(.noError)
            reply.answers = (0..<200).map { DNSRecord(question.name, ttl: 60, .a([192, 0, 2, UInt8($0)])) }
            return reply
        }
        let server = try await server(upstreams: [upstream.port])
        // dig asks again over TCP when the answer is cut.
        let whole = await Dig.ask(server.port, "big.example.com")
        #expect(whole.answers.count == 200)
        #expect(upstream.streamQuestions.count == 1)
        let cut = await Dig.ask(server.port, "+ignore", "+noedns", "big.example.com")
        #expect(cut.flags.contains("tc"))
        // (512 - 12 - 21) / 16 of them.
        #expect(cut.answers.count == 29)
        #expect(server.dns.statistics.truncated == 2)
        #expect(upstream.questions.count == 2)
        await server.dns.stop()
        await upstream.stop()
    }

    @Test func aHeadlessServiceWithManyEndpointsIsCut() async throws {
        let server = try await server()
        let endpoints = (0..<250).map { number -> JSON in ["addresses": [.string("10.244.9.\(number)")]] }
        let slice: JSON = [
            "metadata": ["namespace": "shop", "labels": ["kubernetes.io/service-name": "empty"]],
            "addressType": "IPv4", "endpoints": .array(endpoints), "ports": [["name": "x", "port": 1]],
        ]
        server.dns.update { $0.setEndpointSlice("shop/empty-2", slice) }
        let cut = await Dig.ask(server.port, "+ignore", "empty.shop.svc.cluster.local")
        #expect(cut.flags.contains("tc") && cut.answers.count > 60 && cut.answers.count < 250)
        let whole = await Dig.ask(server.port, "empty.shop.svc.cluster.local")
        #expect(Set(whole.answers).count == 250)
        // The first is another one each time, nearly.
        var firsts: Set<String> = []
        for _ in 0..<8 {
            let answer = await Dig.ask(server.port, "+ignore", "empty.shop.svc.cluster.local")
            firsts.formUnion(answer.answers.prefix(1))
        }
        #expect(firsts.count > 4)
        await server.dns.stop()
    }

    @Test func theNextServerIsAskedWhenOneIsSilentFailsOrIsGone() async throws {
        let good = try await FakeUpstream(Self.script)
        let silent = try await FakeUpstream { _, _ in nil }
        let failing = try await FakeUpstream { query, _ in query.reply(.serverFailure) }
        let gone = try await FakeUpstream(Self.script)
        await gone.stop()
        for (name, bad) in [("silent", silent), ("failing", failing), ("gone", gone)] {
            let server = try await server(upstreams: [bad.port, good.port]) { $0.attemptTimeout = 0.3 }
            let answer = await Dig.ask(server.port, "www.example.com")
            #expect(answer.status == "NOERROR" && answer.answers.count == 1, "\(name)")
            let asked = silent.questions.count
            _ = await Dig.ask(server.port, "other.example.com")
            // One that was silent comes last for a while.
            if name == "silent" { #expect(silent.questions.count == asked) }
            await server.dns.stop()
        }
        for upstream in [good, silent, failing] { await upstream.stop() }
    }

    @Test func aFailureIsSaidInTime() async throws {
        let silent = try await FakeUpstream { _, _ in nil }
        let server = try await server(upstreams: [silent.port]) {
            $0.attemptTimeout = 0.4
            $0.wholeTimeout = 0.6
        }
        let clock = ContinuousClock()
        let start = clock.now
        #expect(await Dig.ask(server.port, "www.example.com").status == "SERVFAIL")
        #expect(clock.now - start < .seconds(15))
        // A datagram may be lost: it was sent twice.
        #expect(silent.questions.count == 2)
        // The failure is remembered for a moment.
        #expect(await Dig.ask(server.port, "www.example.com").status == "SERVFAIL")
        #expect(silent.questions.count == 2)
        #expect(server.dns.statistics.forwardFailures == 1)
        await server.dns.stop()
        await silent.stop()
        let alone = try await self.server()
        #expect(await Dig.ask(alone.port, "www.example.com").status == "SERVFAIL")
        #expect(await Dig.ask(alone.port, "away.shop.svc.cluster.local").answers.count == 1)
        await alone.dns.stop()
    }

    @Test func equalQuestionsAreAskedOnce() async throws {
        let upstream = try await FakeUpstream(Self.script)
        let slow = try await FakeUpstream { _, _ in nil }
        let server = try await server(upstreams: [slow.port, upstream.port]) { $0.attemptTimeout = 0.6 }
        await withTaskGroup(of: Dig.Answer.self) { group in
            for _ in 0..<6 { group.addTask { await Dig.ask(server.port, "same.example.com") } }
            for await answer in group { #expect(answer.answers.count == 1) }
        }
        #expect(slow.questions.count == 1)
        #expect(upstream.questions.count == 1)
        await server.dns.stop()
        await upstream.stop()
        await slow.stop()
    }

    @Test func itNeverAsksItself() async throws {
        let alone = try await serverKnowingItsPort { configuration, port in
            configuration.upstreams = [DNSEndpoint(configuration.endpoint.address, port: port)]
        }
        #expect(await Dig.ask(alone.port, "www.example.com").status == "SERVFAIL")
        #expect(alone.dns.statistics.questionsOverUDP == 1)
        await alone.dns.stop()
        // Another server that asks us what we ask it.
        let ports = Mutex<Int>(0)
        let other = try await FakeUpstream { query, _ in
            let port = ports.withLock { $0 }
            Task { _ = await Datagram.exchange(port, query.bytes(), milliseconds: 10) }
            return nil
        }
        let one = try await server(upstreams: [other.port]) {
            $0.wholeTimeout = 1
            $0.attemptTimeout = 0.4
        }
        ports.withLock { $0 = one.port }
        #expect(await Dig.ask(one.port, "www.example.com").status == "SERVFAIL")
        // Two attempts, and each came back once and went no further.
        #expect(other.questions.count == 2)
        #expect(one.dns.statistics.questionsOverUDP == 3)
        await one.dns.stop()
        await other.stop()
    }

    /// A server whose configuration depends on its port.
    private func serverKnowingItsPort(
        _ change: @escaping (inout ClusterDNS.Configuration, Int) -> Void
    ) async throws -> Server {
        for _ in 0..<10 {
            let first = try await server()
            await first.dns.stop()
            let second = try? await server { configuration in
                configuration.endpoint.port = first.port
                change(&configuration, first.port)
            }
            if let second { return second }
        }
        return try await server()
    }

    @Test func whatIsNoQuestionHarmsNobody() async throws {
        let server = try await server()
        for seed in UInt64(0)..<10 {
            var random = SplitMix(state: seed)
            var bytes = DNSMessageTests.message(&random).bytes()
            // A response is never answered, or two servers would talk for ever.
            bytes[2] |= 0x80
            #expect(await Datagram.exchange(server.port, Array(bytes.prefix(1400))) == nil, "seed \(seed)")
        }
        for bytes: [UInt8] in [[], [1], [UInt8](repeating: 0xFF, count: 11)] {
            #expect(await Datagram.exchange(server.port, bytes) == nil)
        }
        let broken = await Datagram.exchange(server.port, [7, 8, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xC0, 12])
        #expect(broken == [7, 8, 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(await Dig.ask(server.port, "+opcode=2", "web.shop.svc.cluster.local").status == "NOTIMP")
        #expect(await Dig.ask(server.port, "-c", "CH", "-t", "TXT", "version.bind").status == "REFUSED")
        #expect(await Dig.ask(server.port, "+notcp", "cluster.local", "AXFR").status != "NOERROR")
        #expect(await Dig.ask(server.port, "+edns=1", "+noednsneg", "cluster.local").status == "BADVERS")
        #expect(await Dig.ask(server.port, "web.shop.svc.cluster.local").status == "NOERROR")
        await server.dns.stop()
    }

    @Test func aTakenPortIsSaidInOneLine() async throws {
        let server = try await server()
        await #expect(throws: ClusterDNS.Failure.self) {
            _ = try await self.server { $0.endpoint.port = server.port }
        }
        do {
            _ = try await self.server { $0.endpoint.port = server.port }
        } catch let failure as ClusterDNS.Failure {
            #expect(
                failure.description.hasPrefix("the cluster's DNS cannot listen at 127.0.0.1:\(server.port): ")
            )
        }
        await server.dns.stop()
    }

    @Test func changesOfTheClusterAreSeenAtOnce() async throws {
        let local = try #require(IPAddress("127.0.0.1"))
        let dns = ClusterDNS(
            ClusterDNS.Configuration(
                zone: try ZoneObjects.configuration(), endpoint: DNSEndpoint(local, port: 0), upstreams: []))
        let port = try await dns.start().port
        // Nothing is said of names before the objects are known.
        #expect(await Dig.ask(port, "new.default.svc.cluster.local").status == "SERVFAIL")
        let cluster = try VirtualCluster(seed: 1, controllers: [DNSController(dns)])
        cluster.run(for: 1)
        #expect(dns.isSynced)
        #expect(await Dig.ask(port, "new.default.svc.cluster.local").status == "NXDOMAIN")
        let service = try cluster.create(
            "v1", "services", ["metadata": ["name": "new"], "spec": ["ports": [["port": 80]]]])
        cluster.run(for: 0)
        let address = try #require(service["spec"]?["clusterIP"]?.string)
        #expect(
            await Dig.ask(port, "new.default.svc.cluster.local").answers
                == ["new.default.svc.cluster.local. 30 A \(address)"])
        try cluster.delete("v1", "services", "new")
        cluster.run(for: 0)
        #expect(await Dig.ask(port, "new.default.svc.cluster.local").status == "NXDOMAIN")
        await dns.stop()
    }
}
