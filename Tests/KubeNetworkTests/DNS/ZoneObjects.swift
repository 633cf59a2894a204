import KubeAPI
import KubeJSON

@testable import KubeNetwork

/// A small cluster, and answers as text, for tests of names.
enum ZoneObjects {
    static let services: [String: String] = [
        "default/kubernetes":
            #"{"spec":{"clusterIP":"10.96.0.1","clusterIPs":["10.96.0.1"],"ports":[{"name":"https","protocol":"TCP","port":443}]}}"#,
        "kube-system/kube-dns":
            #"{"spec":{"clusterIP":"10.96.0.10","clusterIPs":["10.96.0.10"],"ports":[{"name":"dns","protocol":"UDP","port":53},{"name":"dns-tcp","protocol":"TCP","port":53}]}}"#,
        "shop/web":
            #"{"spec":{"clusterIP":"10.96.7.7","ports":[{"name":"http","protocol":"TCP","port":80},{"name":"Admin","protocol":"TCP","port":8080},{"protocol":"UDP","port":9}]}}"#,
        "shop/dual":
            #"{"spec":{"clusterIP":"10.96.7.8","clusterIPs":["10.96.7.8","fd00::8"],"ports":[{"name":"http","port":80}]}}"#,
        "shop/idle":
            #"{"spec":{"clusterIP":"10.96.7.9","ports":[{"name":"http","protocol":"TCP","port":80}]}}"#,
        "shop/db":
            #"{"spec":{"clusterIP":"None","clusterIPs":["None"],"ports":[{"name":"pg","protocol":"TCP","port":5432}]}}"#,
        "shop/portless": #"{"spec":{"clusterIP":"None"}}"#,
        "shop/empty": #"{"spec":{"clusterIP":"None","ports":[{"name":"x","port":1}]}}"#,
        "shop/early":
            #"{"spec":{"clusterIP":"None","publishNotReadyAddresses":true,"ports":[{"name":"x","port":1}]}}"#,
        "shop/away": #"{"spec":{"type":"ExternalName","externalName":"www.example.com"}}"#,
        "shop/inner": #"{"spec":{"type":"ExternalName","externalName":"web.shop.svc.cluster.local"}}"#,
        "shop/chain": #"{"spec":{"type":"ExternalName","externalName":"inner.shop.svc.cluster.local."}}"#,
        "shop/lost": #"{"spec":{"type":"ExternalName","externalName":"nobody.shop.svc.cluster.local"}}"#,
        "shop/ring": #"{"spec":{"type":"ExternalName","externalName":"gnir.shop.svc.cluster.local"}}"#,
        "shop/gnir": #"{"spec":{"type":"ExternalName","externalName":"RING.shop.svc.cluster.local"}}"#,
        "shop/number": #"{"spec":{"type":"ExternalName","externalName":"192.0.2.1"}}"#,
    ]

    static let slices: [String: String] = [
        "shop/web-1":
            #"{"metadata":{"namespace":"shop","labels":{"kubernetes.io/service-name":"web"}},"addressType":"IPv4","ports":[{"name":"http","protocol":"TCP","port":8000}],"endpoints":[{"addresses":["10.244.0.5"],"conditions":{"ready":true}}]}"#,
        "shop/db-1":
            #"{"metadata":{"namespace":"shop","labels":{"kubernetes.io/service-name":"db"}},"addressType":"IPv4","ports":[{"name":"pg","protocol":"TCP","port":5432}],"endpoints":[{"addresses":["10.244.1.1"],"hostname":"db-0","conditions":{"ready":true}},{"addresses":["10.244.1.2"],"hostname":"db-1","conditions":{"ready":false}},{"addresses":["10.244.1.3"]}]}"#,
        // The same endpoint in a second slice, as while slices are packed anew, and one in IPv6.
        "shop/db-2":
            #"{"metadata":{"namespace":"shop","labels":{"kubernetes.io/service-name":"db"}},"addressType":"IPv4","ports":[{"name":"pg","protocol":"TCP","port":5432}],"endpoints":[{"addresses":["10.244.1.3"]}]}"#,
        "shop/db-3":
            #"{"metadata":{"namespace":"shop","labels":{"kubernetes.io/service-name":"db"}},"addressType":"IPv6","ports":[{"name":"pg","protocol":"TCP","port":5432}],"endpoints":[{"addresses":["fd00::1:3"]}]}"#,
        "shop/portless-1":
            #"{"metadata":{"namespace":"shop","labels":{"kubernetes.io/service-name":"portless"}},"addressType":"IPv4","ports":[],"endpoints":[{"addresses":["10.244.2.1"],"conditions":{"ready":true}}]}"#,
        "shop/empty-1":
            #"{"metadata":{"namespace":"shop","labels":{"kubernetes.io/service-name":"empty"}},"addressType":"IPv4","ports":[{"name":"x","port":1}],"endpoints":[{"addresses":["10.244.3.1"],"conditions":{"ready":false}}]}"#,
        // The slice of a Service that publishes addresses that are not ready calls them ready.
        "shop/early-1":
            #"{"metadata":{"namespace":"shop","labels":{"kubernetes.io/service-name":"early"}},"addressType":"IPv4","ports":[{"name":"x","port":1}],"endpoints":[{"addresses":["10.244.4.1"],"hostname":"early-0","conditions":{"ready":true,"serving":false}}]}"#,
    ]

    static func zone() throws -> ClusterZone {
        var zone = ClusterZone(try configuration())
        try fill(&zone)
        return zone
    }

    static func configuration() throws -> ClusterZone.Configuration {
        struct NoDomain: Error {}
        guard let address = IPAddress("10.96.0.10"),
            let configuration = ClusterZone.Configuration(serverAddresses: [address])
        else { throw NoDomain() }
        return configuration
    }

    static func fill(_ zone: inout ClusterZone) throws {
        for namespace in ["default", "kube-system", "shop"] { zone.setNamespace(namespace, exists: true) }
        for (key, text) in services { zone.setService(key, try JSONParser.parse(text)) }
        for (key, text) in slices { zone.setEndpointSlice(key, try JSONParser.parse(text)) }
    }

    static let types: [String: DNSType] = [
        "A": .a, "AAAA": .aaaa, "SRV": .srv, "PTR": .ptr, "TXT": .txt, "CNAME": .cname, "NS": .ns,
        "SOA": .soa,
        "MX": .mx, "ANY": .any, "HTTPS": DNSType(rawValue: 65),
    ]

    /// As dig writes it, with single spaces.
    static func text(_ record: DNSRecord) -> String {
        let type = types.first { $0.value == record.type }?.key ?? "TYPE\(record.type.rawValue)"
        let data =
            switch record.data {
            case .a(let bytes), .aaaa(let bytes): IPAddress(bytes: bytes)?.description ?? "?"
            case .ns(let name), .cname(let name), .ptr(let name): name.description
            case .srv(let priority, let weight, let port, let name): "\(priority) \(weight) \(port) \(name)"
            case .mx(let preference, let name): "\(preference) \(name)"
            case .txt(let strings):
                strings.map { "\"\(String(decoding: $0, as: UTF8.self))\"" }.joined(separator: " ")
            case .soa(let soa):
                "\(soa.server) \(soa.mailbox) SERIAL \(soa.refresh) \(soa.retry) \(soa.expire) \(soa.minimum)"
            case .other(_, let bytes): "\(bytes)"
            }
        return "\(record.name) \(record.ttl) \(type) \(data)"
    }
}
