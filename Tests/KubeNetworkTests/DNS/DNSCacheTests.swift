import Testing

@testable import KubeNetwork

@Suite struct DNSCacheTests {
    private func key(_ name: String) throws -> DNSCache.Key {
        DNSCache.Key(DNSQuestion(try #require(DomainName(name)), .a))
    }

    private func message(_ name: String, ttl: UInt32, _ code: DNSCode = .noError) throws -> DNSMessage {
        var message = DNSMessage(id: 0)
        message.code = code
        let name = try #require(DomainName(name))
        message.answers = [
            DNSRecord(name, ttl: ttl, .a([1, 2, 3, 4])), DNSRecord(name, ttl: 4000, .a([1, 2, 3, 5])),
        ]
        return message
    }

    @Test func anAnswerAgesAndEnds() throws {
        var cache = DNSCache(longest: 3600)
        cache.store(try message("a", ttl: 60), try key("a"), at: 100)
        #expect(cache.message(try key("A"), at: 100)?.answers.map(\.ttl) == [60, 4000])
        #expect(cache.message(try key("a"), at: 130.5)?.answers.map(\.ttl) == [30, 3970])
        #expect(cache.message(try key("a"), at: 159.9)?.answers.map(\.ttl) == [1, 3941])
        #expect(cache.message(try key("a"), at: 160) == nil)
        #expect(cache.count == 0)
    }

    @Test func nothingIsRememberedLongerThanAllowed() throws {
        var cache = DNSCache(longest: 30)
        cache.store(try message("a", ttl: 3000), try key("a"), at: 0)
        #expect(cache.message(try key("a"), at: 29) != nil)
        #expect(cache.message(try key("a"), at: 30) == nil)
        cache.store(try message("zero", ttl: 0), try key("zero"), at: 0)
        #expect(cache.message(try key("zero"), at: 0) == nil)
        var cut = try message("cut", ttl: 60)
        cut.isTruncated = true
        cache.store(cut, try key("cut"), at: 0)
        #expect(cache.message(try key("cut"), at: 0) == nil)
    }

    @Test func anAbsenceIsRememberedAsItsZoneSays() throws {
        var cache = DNSCache(longest: 3600)
        var absent = DNSMessage(id: 0)
        absent.code = .nameError
        cache.store(absent, try key("none"), at: 0)
        #expect(cache.message(try key("none"), at: 0) == nil)
        let soa = DNSAuthority(
            server: .root, mailbox: .root, serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 10)
        absent.authorities = [DNSRecord(.root, ttl: 900, .soa(soa))]
        cache.store(absent, try key("none"), at: 0)
        #expect(cache.message(try key("none"), at: 9) != nil)
        #expect(cache.message(try key("none"), at: 10) == nil)
        cache.store(try message("bad", ttl: 60, .serverFailure), try key("bad"), at: 0)
        #expect(cache.message(try key("bad"), at: 4) != nil)
        #expect(cache.message(try key("bad"), at: 5) == nil)
        cache.store(try message("no", ttl: 60, .refused), try key("no"), at: 0)
        #expect(cache.message(try key("no"), at: 0) == nil)
    }

    @Test func theOldestMakeRoom() throws {
        for seed in UInt64(0)..<60 {
            var random = SplitMix(state: seed)
            var cache = DNSCache(capacity: 5, longest: 100)
            var order: [String] = []
            for step in 0..<200 {
                let name = "n\(Int.random(in: 0..<12, using: &random))"
                cache.store(try message(name, ttl: 100), try key(name), at: Double(step) * 0.01)
                order.removeAll { $0 == name }
                order.append(name)
                // A name that is stored again is as young as a new one, and takes nobody's place.
                if order.count > 5 { order.removeFirst() }
                #expect(cache.count == order.count, "seed \(seed)")
                for name in order {
                    #expect(cache.message(try key(name), at: 2) != nil, "seed \(seed) \(name)")
                }
            }
        }
    }

    @Test func securityIsAnotherQuestion() throws {
        var cache = DNSCache()
        cache.store(try message("a", ttl: 60), try key("a"), at: 0)
        let name = try #require(DomainName("a"))
        #expect(cache.message(DNSCache.Key(DNSQuestion(name, .a), isSecurityWanted: true), at: 0) == nil)
        #expect(cache.message(DNSCache.Key(DNSQuestion(name, .aaaa)), at: 0) == nil)
    }
}

@Suite struct ResolverConfigurationTests {
    @Test func aFileIsRead() throws {
        let text = """
            # made by hand
            nameserver 192.0.2.1 # first
            nameserver\t2001:db8::1
            nameserver fe80::1%eth0
            nameserver 192.0.2.1
            domain old.example
            search a.example b.example
            options ndots:2 timeout:1
            options edns0
            sortlist 1.2.3.4
            ; end
            """
        let configuration = ResolverConfiguration(parsing: text)
        #expect(configuration.servers.map(\.description) == ["192.0.2.1:53", "[2001:db8::1]:53"])
        #expect(configuration.search == ["a.example", "b.example"])
        #expect(configuration.options == ["ndots:2", "timeout:1", "edns0"])
        #expect(ResolverConfiguration.system(path: "/nonexistent") == ResolverConfiguration(parsing: ""))
    }
}
