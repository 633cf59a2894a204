import KubeJSON
import Testing

@testable import KubeAPI

@Suite struct NameRulesTests {
    @Test(arguments: ["a", "0", "a.b", "a-b.c-d", "1.2.3", "xn--a"])
    func subdomains(_ name: String) { #expect(NameRules.dns1123Subdomain(name).isEmpty) }

    @Test(arguments: ["", ".", "a.", ".a", "a..b", "-a", "a-", "a.-b", "a-.b", "A", "a_b", "a b", "ä"])
    func notSubdomains(_ name: String) { #expect(NameRules.dns1123Subdomain(name).count == 1) }

    @Test func lengths() {
        let long = String(repeating: "a", count: 254)
        #expect(NameRules.dns1123Subdomain(long) == ["must be no more than 253 characters"])
        #expect(NameRules.dns1123Label(String(long.prefix(64))) == ["must be no more than 63 characters"])
        #expect(NameRules.labelValue(String(long.prefix(64))) == ["must be no more than 63 bytes"])
        #expect(
            NameRules.qualifiedName(String(long.prefix(64))) == ["name part must be no more than 63 bytes"])
    }

    @Test func labels() {
        #expect(NameRules.dns1123Label("a-1").isEmpty)
        #expect(NameRules.dns1123Label("a.b") == ["must not contain dots"])
        #expect(NameRules.dns1123Label("a-", isPrefix: true).isEmpty)
        #expect(!NameRules.dns1035Label("1a").isEmpty)
        #expect(NameRules.dns1035Label("a1").isEmpty)
    }

    @Test(arguments: ["a", "a_b.c-D", "x.y/Z9", "kubernetes.io/metadata.name"])
    func keys(_ key: String) { #expect(NameRules.qualifiedName(key).isEmpty) }

    @Test(arguments: [("", 2), ("/a", 1), ("a/", 2), ("a/b/c", 1), ("-a", 1), ("A.b/c", 1), ("a b", 1)])
    func notKeys(_ key: String, _ count: Int) { #expect(NameRules.qualifiedName(key).count == count) }

    @Test func ports() {
        #expect(NameRules.portName("http-2").isEmpty)
        #expect(NameRules.portName("1") == ["must contain at least one letter (a-z)"])
        #expect(NameRules.portName("a--b") == ["must not contain consecutive hyphens"])
        #expect(NameRules.portName("-a") == ["must not begin or end with a hyphen"])
        #expect(NameRules.portName("abcdefghijklmnop") == ["must be no more than 15 characters"])
        #expect(NameRules.percent("10%").isEmpty)
        #expect(!NameRules.percent("%").isEmpty)
        #expect(!NameRules.percent("1").isEmpty)
    }

    @Test func searchDomains() {
        #expect(NameRules.dns1123SubdomainWithUnderscore("_sip._tcp.a_b.c").isEmpty)
        for name in ["_", "a_", "_-a", "__a", "a._", "a.b_"] {
            #expect(!NameRules.dns1123SubdomainWithUnderscore(name).isEmpty, "\(name)")
        }
    }

    @Test(arguments: [
        ("10.1.2.3", "10.1.2.3"), ("::1", "::1"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("::", "::"), ("fe80::1:0:0:0:2", "fe80:0:0:1::2"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("::ffff:1.2.3.4", "1.2.3.4"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
    ])
    func addresses(_ text: String, _ canonical: String) { #expect(IPAddress(text)?.description == canonical) }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.256", "1.2.3.4.5", ":", ":::", "1::2::3", "1:2:3:4:5:6:7:8:9", "g::", "1:",
    ])
    func notAddresses(_ text: String) { #expect(IPAddress(text) == nil) }

    @Test func networks() throws {
        #expect(CIDR("10.0.0.0/99") == nil)
        #expect(CIDR("10.0.0.0") == nil)
        let network = try #require(CIDR("10.1.2.3/16"))
        #expect(network.hasHostBits)
        #expect(network.description == "10.1.0.0/16")
        #expect(network.contains(try #require(IPAddress("10.1.255.9"))))
        #expect(!network.contains(try #require(IPAddress("10.2.0.1"))))
        let wide = try #require(CIDR("fd00::/8"))
        #expect(wide.contains(try #require(IPAddress("fdff::1"))))
        #expect(!wide.contains(try #require(IPAddress("fe00::1"))))
    }

    @Test func paths() {
        let path = FieldPath("spec", "template").child("spec").child("containers").index(0).child("env").key(
            "a/b")
        #expect(path.description == "spec.template.spec.containers[0].env[a/b]")
        #expect(FieldPath.root.description.isEmpty)
        #expect(FieldPath.root.child("a").description == "a")
    }
}
