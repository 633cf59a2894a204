import KubeAPI
import KubeJSON
import Testing

@testable import KubeNetwork

@Suite struct ClusterZoneTests {
    /// A question, the code of its answer, and the records: answers, then additional ones behind a `+`. Worked out
    /// from the specification (2.2 to 2.6) and CoreDNS' rules.
    struct Row: Sendable, CustomTestStringConvertible {
        var question: String
        var code: String
        var records: [String]
        init(_ question: String, _ code: String, _ records: String...) {
            self.question = question
            self.code = code
            self.records = records
        }
        var testDescription: String { question }
    }

    private static let soa =
        "cluster.local. 5 SOA ns.dns.cluster.local. hostmaster.cluster.local. SERIAL 7200 1800 86400 5"

    static let rows: [Row] = [
        // 2.2
        Row("dns-version.cluster.local TXT", "NOERROR", #"dns-version.cluster.local. 28800 TXT "1.1.0""#),
        Row("dns-version.cluster.local A", "NODATA"),
        // 2.3.1: Services with an address
        Row(
            "kubernetes.default.svc.cluster.local A", "NOERROR",
            "kubernetes.default.svc.cluster.local. 30 A 10.96.0.1"),
        Row("web.shop.svc.cluster.local A", "NOERROR", "web.shop.svc.cluster.local. 30 A 10.96.7.7"),
        Row("WEB.Shop.sVc.cluster.LOCAL A", "NOERROR", "WEB.Shop.sVc.cluster.LOCAL. 30 A 10.96.7.7"),
        Row("web.shop.svc.cluster.local AAAA", "NODATA"),
        Row("web.shop.svc.cluster.local HTTPS", "NODATA"),
        Row("web.shop.svc.cluster.local MX", "NODATA"),
        Row("web.shop.svc.cluster.local TXT", "NODATA"),
        Row("web.shop.svc.cluster.local CNAME", "NODATA"),
        Row("web.shop.svc.cluster.local ANY", "NODATA"),
        Row("web.shop.svc.cluster.local SOA", "NODATA"),
        Row("web.shop.svc.cluster.local NS", "NODATA"),
        // An address has its name without any endpoint.
        Row("idle.shop.svc.cluster.local A", "NOERROR", "idle.shop.svc.cluster.local. 30 A 10.96.7.9"),
        Row("dual.shop.svc.cluster.local A", "NOERROR", "dual.shop.svc.cluster.local. 30 A 10.96.7.8"),
        Row("dual.shop.svc.cluster.local AAAA", "NOERROR", "dual.shop.svc.cluster.local. 30 AAAA fd00::8"),
        Row("nobody.shop.svc.cluster.local A", "NXDOMAIN"),
        Row("nobody.shop.svc.cluster.local AAAA", "NXDOMAIN"),
        Row("nobody.shop.svc.cluster.local SRV", "NXDOMAIN"),
        Row("web.default.svc.cluster.local A", "NXDOMAIN"),
        Row("web.nowhere.svc.cluster.local A", "NXDOMAIN"),
        // An endpoint of a Service with an address, by the address it has.
        Row(
            "10-244-0-5.web.shop.svc.cluster.local A", "NOERROR",
            "10-244-0-5.web.shop.svc.cluster.local. 30 A 10.244.0.5"),
        Row("10-244-0-6.web.shop.svc.cluster.local A", "NXDOMAIN"),
        // Names in between
        Row("cluster.local A", "NODATA"),
        Row("svc.cluster.local A", "NODATA"),
        Row("pod.cluster.local A", "NODATA"),
        Row("shop.svc.cluster.local A", "NODATA"),
        Row("shop.pod.cluster.local A", "NODATA"),
        Row("nowhere.svc.cluster.local A", "NXDOMAIN"),
        Row("foo.cluster.local A", "NXDOMAIN"),
        Row("web.shop.service.cluster.local A", "NXDOMAIN"),
        Row("www.example.com.cluster.local A", "NXDOMAIN"),
        Row("a.b.c.web.shop.svc.cluster.local A", "NXDOMAIN"),
        Row(#"w\233b.shop.svc.cluster.local A"#, "NXDOMAIN"),
        Row(#"web.shop\.svc.cluster.local A"#, "NXDOMAIN"),
        // No wildcards
        Row("*.shop.svc.cluster.local A", "NXDOMAIN"),
        Row("web.*.svc.cluster.local A", "NXDOMAIN"),
        Row("*.db.shop.svc.cluster.local A", "NXDOMAIN"),
        Row("any.any.svc.cluster.local A", "NXDOMAIN"),
        Row("_._tcp.web.shop.svc.cluster.local SRV", "NXDOMAIN"),
        Row("_http._.web.shop.svc.cluster.local SRV", "NXDOMAIN"),
        Row("_*._tcp.web.shop.svc.cluster.local SRV", "NXDOMAIN"),
        // 2.3.2: their ports
        Row(
            "_http._tcp.web.shop.svc.cluster.local SRV", "NOERROR",
            "_http._tcp.web.shop.svc.cluster.local. 30 SRV 0 100 80 web.shop.svc.cluster.local.",
            "+ web.shop.svc.cluster.local. 30 A 10.96.7.7"),
        Row(
            "_admin._TCP.web.shop.svc.cluster.local SRV", "NOERROR",
            "_admin._TCP.web.shop.svc.cluster.local. 30 SRV 0 100 8080 web.shop.svc.cluster.local.",
            "+ web.shop.svc.cluster.local. 30 A 10.96.7.7"),
        Row("_http._udp.web.shop.svc.cluster.local SRV", "NXDOMAIN"),
        Row("_smtp._tcp.web.shop.svc.cluster.local SRV", "NXDOMAIN"),
        Row("_http._tcp.web.shop.svc.cluster.local AAAA", "NODATA"),
        Row(
            "_dns._udp.kube-dns.kube-system.svc.cluster.local SRV", "NOERROR",
            "_dns._udp.kube-dns.kube-system.svc.cluster.local. 30 SRV 0 100 53 kube-dns.kube-system.svc.cluster.local.",
            "+ kube-dns.kube-system.svc.cluster.local. 30 A 10.96.0.10"),
        Row(
            "web.shop.svc.cluster.local SRV", "NOERROR",
            "web.shop.svc.cluster.local. 30 SRV 0 33 80 web.shop.svc.cluster.local.",
            "web.shop.svc.cluster.local. 30 SRV 0 33 8080 web.shop.svc.cluster.local.",
            "web.shop.svc.cluster.local. 30 SRV 0 33 9 web.shop.svc.cluster.local.",
            "+ web.shop.svc.cluster.local. 30 A 10.96.7.7"),
        Row(
            "_http._tcp.dual.shop.svc.cluster.local SRV", "NOERROR",
            "_http._tcp.dual.shop.svc.cluster.local. 30 SRV 0 50 80 dual.shop.svc.cluster.local.",
            "+ dual.shop.svc.cluster.local. 30 A 10.96.7.8",
            "+ dual.shop.svc.cluster.local. 30 AAAA fd00::8"),
        // 2.3.3
        Row(
            "1.0.96.10.in-addr.arpa PTR", "NOERROR",
            "1.0.96.10.in-addr.arpa. 30 PTR kubernetes.default.svc.cluster.local."),
        Row(
            "7.7.96.10.IN-ADDR.ARPA PTR", "NOERROR",
            "7.7.96.10.IN-ADDR.ARPA. 30 PTR web.shop.svc.cluster.local."),
        Row(
            "8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa PTR", "NOERROR",
            "8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa. 30 PTR dual.shop.svc.cluster.local."
        ),
        Row("2.0.96.10.in-addr.arpa PTR", "ELSEWHERE"),
        Row("07.7.96.10.in-addr.arpa PTR", "ELSEWHERE"),
        Row("96.10.in-addr.arpa PTR", "ELSEWHERE"),
        Row("7.7.96.10.in-addr.arpa A", "ELSEWHERE"),
        // 2.4.1: headless Services; an endpoint that is not ready has no name
        Row(
            "db.shop.svc.cluster.local A", "NOERROR",
            "db.shop.svc.cluster.local. 30 A 10.244.1.1", "db.shop.svc.cluster.local. 30 A 10.244.1.3"),
        Row("db.shop.svc.cluster.local AAAA", "NOERROR", "db.shop.svc.cluster.local. 30 AAAA fd00::1:3"),
        Row("db-0.db.shop.svc.cluster.local A", "NOERROR", "db-0.db.shop.svc.cluster.local. 30 A 10.244.1.1"),
        Row("DB-0.db.shop.svc.cluster.local A", "NOERROR", "DB-0.db.shop.svc.cluster.local. 30 A 10.244.1.1"),
        Row("db-0.db.shop.svc.cluster.local AAAA", "NODATA"),
        Row("db-1.db.shop.svc.cluster.local A", "NXDOMAIN"),
        Row(
            "10-244-1-3.db.shop.svc.cluster.local A", "NOERROR",
            "10-244-1-3.db.shop.svc.cluster.local. 30 A 10.244.1.3"),
        Row(
            "fd00--1-3.db.shop.svc.cluster.local AAAA", "NOERROR",
            "fd00--1-3.db.shop.svc.cluster.local. 30 AAAA fd00::1:3"),
        // One with a name is not found by its address.
        Row("10-244-1-1.db.shop.svc.cluster.local A", "NXDOMAIN"),
        Row(
            "portless.shop.svc.cluster.local A", "NOERROR", "portless.shop.svc.cluster.local. 30 A 10.244.2.1"
        ),
        Row("portless.shop.svc.cluster.local SRV", "NODATA"),
        Row("empty.shop.svc.cluster.local A", "NXDOMAIN"),
        Row("early.shop.svc.cluster.local A", "NOERROR", "early.shop.svc.cluster.local. 30 A 10.244.4.1"),
        // 2.4.2
        Row(
            "_pg._tcp.db.shop.svc.cluster.local SRV", "NOERROR",
            "_pg._tcp.db.shop.svc.cluster.local. 30 SRV 0 25 5432 db-0.db.shop.svc.cluster.local.",
            "_pg._tcp.db.shop.svc.cluster.local. 30 SRV 0 25 5432 10-244-1-3.db.shop.svc.cluster.local.",
            "_pg._tcp.db.shop.svc.cluster.local. 30 SRV 0 25 5432 fd00--1-3.db.shop.svc.cluster.local.",
            "+ db-0.db.shop.svc.cluster.local. 30 A 10.244.1.1",
            "+ 10-244-1-3.db.shop.svc.cluster.local. 30 A 10.244.1.3",
            "+ fd00--1-3.db.shop.svc.cluster.local. 30 AAAA fd00::1:3"),
        Row("_http._tcp.db.shop.svc.cluster.local SRV", "NXDOMAIN"),
        // 2.4.3
        Row(
            "1.1.244.10.in-addr.arpa PTR", "NOERROR",
            "1.1.244.10.in-addr.arpa. 30 PTR db-0.db.shop.svc.cluster.local."),
        Row(
            "3.1.244.10.in-addr.arpa PTR", "NOERROR",
            "3.1.244.10.in-addr.arpa. 30 PTR 10-244-1-3.db.shop.svc.cluster.local."),
        Row("2.1.244.10.in-addr.arpa PTR", "ELSEWHERE"),
        Row(
            "5.0.244.10.in-addr.arpa PTR", "NOERROR",
            "5.0.244.10.in-addr.arpa. 30 PTR 10-244-0-5.web.shop.svc.cluster.local."),
        // 2.5
        Row(
            "away.shop.svc.cluster.local CNAME", "NOERROR",
            "away.shop.svc.cluster.local. 30 CNAME www.example.com."),
        Row(
            "away.shop.svc.cluster.local A", "ALIAS www.example.com.",
            "away.shop.svc.cluster.local. 30 CNAME www.example.com."),
        Row("away.shop.svc.cluster.local SRV", "NODATA"),
        Row("x.away.shop.svc.cluster.local CNAME", "NXDOMAIN"),
        Row(
            "inner.shop.svc.cluster.local A", "NOERROR",
            "inner.shop.svc.cluster.local. 30 CNAME web.shop.svc.cluster.local.",
            "web.shop.svc.cluster.local. 30 A 10.96.7.7"),
        Row("inner.shop.svc.cluster.local AAAA", "NODATA"),
        Row(
            "chain.shop.svc.cluster.local A", "NOERROR",
            "chain.shop.svc.cluster.local. 30 CNAME inner.shop.svc.cluster.local.",
            "inner.shop.svc.cluster.local. 30 CNAME web.shop.svc.cluster.local.",
            "web.shop.svc.cluster.local. 30 A 10.96.7.7"),
        Row("lost.shop.svc.cluster.local A", "NODATA"),
        Row("ring.shop.svc.cluster.local A", "NODATA"),
        Row("number.shop.svc.cluster.local A", "NXDOMAIN"),
        // 2.6
        Row("10-1-2-3.shop.pod.cluster.local A", "NOERROR", "10-1-2-3.shop.pod.cluster.local. 30 A 10.1.2.3"),
        Row(
            "fd00--9.shop.pod.cluster.local AAAA", "NOERROR",
            "fd00--9.shop.pod.cluster.local. 30 AAAA fd00::9"),
        Row("10-1-2-3.shop.pod.cluster.local AAAA", "NODATA"),
        Row("10-1-2-333.shop.pod.cluster.local A", "NXDOMAIN"),
        Row("10-1-2-3.nowhere.pod.cluster.local A", "NXDOMAIN"),
        Row("web-1.shop.pod.cluster.local A", "NXDOMAIN"),
        // The zone itself
        Row("cluster.local SOA", "NOERROR", soa),
        Row(
            "cluster.local NS", "NOERROR", "cluster.local. 30 NS kube-dns.kube-system.svc.cluster.local.",
            "+ kube-dns.kube-system.svc.cluster.local. 30 A 10.96.0.10"),
        Row("ns.dns.cluster.local A", "NOERROR", "ns.dns.cluster.local. 30 A 10.96.0.10"),
        Row("ns.dns.cluster.local AAAA", "NODATA"),
        // Others
        Row("www.example.com A", "ELSEWHERE"),
        Row("local A", "ELSEWHERE"),
        Row("notcluster.local A", "ELSEWHERE"),
        Row(#"web.shop.svc.cluster\.local A"#, "ELSEWHERE"),
        Row(". NS", "ELSEWHERE"),
    ]

    @Test(arguments: rows) func table(_ row: Row) throws {
        let words = row.question.split(separator: " ")
        let name = try #require(DomainName(words[0]))
        let type = try #require(ZoneObjects.types[String(words[1])])
        let zone = try ZoneObjects.zone()
        // A seed that turns nothing.
        switch zone.answer(DNSQuestion(name, type), seed: 0) {
        case .notHere: #expect(row.code == "ELSEWHERE")
        case .alias(let records, let target):
            #expect(row.code == "ALIAS \(target)")
            #expect(records.map(ZoneObjects.text) == row.records)
        case .records(let records):
            let isEmpty = records.code == .noError && records.answers.isEmpty
            #expect((records.code == .nameError ? "NXDOMAIN" : isEmpty ? "NODATA" : "NOERROR") == row.code)
            #expect(
                records.answers.map(ZoneObjects.text)
                    + records.additionals.map { "+ " + ZoneObjects.text($0) }
                    == row.records)
            // What says that there is nothing says for how long.
            #expect(records.authorities.map(ZoneObjects.text) == (records.answers.isEmpty ? [Self.soa] : []))
        }
    }

    @Test func podNamesCanBeLeftOut() throws {
        var configuration = try ZoneObjects.configuration()
        configuration.hasPodNames = false
        var zone = ClusterZone(configuration)
        try ZoneObjects.fill(&zone)
        let name = try #require(DomainName("10-1-2-3.shop.pod.cluster.local"))
        guard case .records(let records) = zone.answer(DNSQuestion(name, .a), seed: 0) else {
            Issue.record("not ours")
            return
        }
        #expect(records.code == .nameError)
    }

    @Test func seedsTurnAddresses() throws {
        let zone = try ZoneObjects.zone()
        let name = try #require(DomainName("db.shop.svc.cluster.local"))
        var firsts: [DNSData] = []
        for seed in UInt64(0)..<4 {
            guard case .records(let records) = zone.answer(DNSQuestion(name, .a), seed: seed) else {
                continue
            }
            #expect(records.answers.count == 2)
            firsts += records.answers.prefix(1).map(\.data)
        }
        #expect(
            firsts == [
                .a([10, 244, 1, 1]), .a([10, 244, 1, 3]), .a([10, 244, 1, 1]), .a([10, 244, 1, 3]),
            ])
    }

    /// Whatever came and went: the answers are those of a zone that was told only what is there.
    @Test func stepByStepIsTheSameAsFromScratch() throws {
        let services = try ZoneObjects.services.mapValues { try JSONParser.parse($0) }
        let slices = try ZoneObjects.slices.mapValues { try JSONParser.parse($0) }
        let serviceKeys = services.keys.sorted()
        let sliceKeys = slices.keys.sorted()
        let questions = Self.rows.compactMap { row -> DNSQuestion? in
            let words = row.question.split(separator: " ")
            guard let name = DomainName(words[0]), let type = ZoneObjects.types[String(words[1])] else {
                return nil
            }
            return DNSQuestion(name, type)
        }
        for seed in UInt64(0)..<120 {
            var random = SplitMix(state: seed)
            var zone = ClusterZone(try ZoneObjects.configuration())
            var present: (services: [String: JSON], slices: [String: JSON], namespaces: Set<String>) = (
                [:], [:], []
            )
            for _ in 0..<60 {
                switch Int.random(in: 0..<7, using: &random) {
                case 0...2:
                    guard let key = serviceKeys.randomElement(using: &random) else { continue }
                    // Sometimes what another one says.
                    let other =
                        Bool.random(using: &random) ? key : serviceKeys.randomElement(using: &random) ?? key
                    present.services[key] = Int.random(in: 0..<3, using: &random) == 0 ? nil : services[other]
                    zone.setService(key, present.services[key])
                case 3...5:
                    guard let key = sliceKeys.randomElement(using: &random) else { continue }
                    let other =
                        Bool.random(using: &random) ? key : sliceKeys.randomElement(using: &random) ?? key
                    present.slices[key] = Int.random(in: 0..<3, using: &random) == 0 ? nil : slices[other]
                    zone.setEndpointSlice(key, present.slices[key])
                default:
                    let name = ["default", "kube-system", "shop"].randomElement(using: &random) ?? "shop"
                    let exists = Bool.random(using: &random)
                    if exists { present.namespaces.insert(name) } else { present.namespaces.remove(name) }
                    zone.setNamespace(name, exists: exists)
                }
            }
            var fresh = ClusterZone(try ZoneObjects.configuration())
            for (key, slice) in present.slices.shuffled(using: &random) { fresh.setEndpointSlice(key, slice) }
            for name in present.namespaces { fresh.setNamespace(name, exists: true) }
            for (key, service) in present.services.shuffled(using: &random) { fresh.setService(key, service) }
            for question in questions {
                let (one, two) = (zone.answer(question, seed: seed), fresh.answer(question, seed: seed))
                #expect(Self.withoutSerial(one) == Self.withoutSerial(two), "seed \(seed): \(question)")
            }
        }
    }

    private static func withoutSerial(_ answer: ZoneAnswer) -> ZoneAnswer {
        guard case .records(var records) = answer else { return answer }
        let clear = { (record: DNSRecord) -> DNSRecord in
            guard case .soa(var soa) = record.data else { return record }
            soa.serial = 0
            var record = record
            record.data = .soa(soa)
            return record
        }
        records.answers = records.answers.map(clear)
        records.authorities = records.authorities.map(clear)
        return .records(records)
    }

    @Test func onlyChangesMakeANewSerial() throws {
        var zone = try ZoneObjects.zone()
        let serial = zone.serial
        try ZoneObjects.fill(&zone)
        zone.setService("shop/never", nil)
        #expect(zone.serial == serial)
        zone.setService("shop/web", nil)
        #expect(zone.serial == serial + 1)
    }
}
