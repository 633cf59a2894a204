import KubeAPI

/// What a cluster's zone says to a question.
public enum ZoneAnswer: Equatable, Sendable {
    /// Not a name of the cluster, or an address that the cluster knows nothing of: others are to be asked.
    case notHere
    case records(ZoneRecords)
    /// Another name for one outside the cluster: the records so far, and the name to ask others for.
    case alias([DNSRecord], DomainName)
}

public struct ZoneRecords: Equatable, Sendable {
    public var code = DNSCode.noError
    public var answers: [DNSRecord] = []
    public var authorities: [DNSRecord] = []
    public var additionals: [DNSRecord] = []
}

extension ClusterZone {
    /// Of the schema, as the record `dns-version` says.
    static let schemaVersion = "1.1.0"
    private static let schemaTTL: UInt32 = 28_800
    /// How many names may lead to one another.
    private static let longestChain = 8

    /// - Parameter seed: addresses are turned by it, so that clients which take the first spread.
    public func answer(_ question: DNSQuestion, seed: UInt64) -> ZoneAnswer {
        guard let labels = question.name.labels(below: configuration.domain) else { return reverse(question) }
        switch (labels, question.type) {
        case ([], .soa): return .records(ZoneRecords(answers: [authority]))
        case ([], .ns): return .records(nameServers(question))
        case (["dns-version"], let type):
            if type != .txt { return nothing(.noError) }
            let version = DNSData.txt([Array(Self.schemaVersion.utf8)])
            return .records(ZoneRecords(answers: [DNSRecord(question.name, ttl: Self.schemaTTL, version)]))
        case (["ns", "dns"], let type):
            let records = addressRecords(question.name, configuration.serverAddresses, type, seed)
            return records.isEmpty ? nothing(.noError) : .records(ZoneRecords(answers: records))
        default: break
        }
        switch find(labels) {
        case .noName: return nothing(.nameError)
        case .nothing: return nothing(.noError)
        case .alias(let target): return follow(target, question, seed)
        case .targets(let targets): return records(targets, question, seed)
        }
    }

    /// The zone's own record, which also says how long an absence may be remembered.
    var authority: DNSRecord {
        let soa = DNSAuthority(
            server: below("ns", "dns"), mailbox: below("hostmaster"), serial: serial, refresh: 7200,
            retry: 1800,
            expire: 86_400, minimum: configuration.negativeTTL)
        return DNSRecord(configuration.domain, ttl: configuration.negativeTTL, .soa(soa))
    }

    private func nothing(_ code: DNSCode) -> ZoneAnswer {
        .records(ZoneRecords(code: code, authorities: [authority]))
    }

    private func below(_ labels: String...) -> DomainName {
        DomainName(labels, before: configuration.domain) ?? configuration.domain
    }

    private func nameServers(_ question: DNSQuestion) -> ZoneRecords {
        var records = ZoneRecords()
        for address in configuration.serverAddresses {
            // The Service that has the server's address gives the name.
            var name = below("ns", "dns")
            if let key = services(at: address).first, let own = self.name(ofService: key) { name = own }
            let record = DNSRecord(question.name, ttl: configuration.ttl, .ns(name))
            if !records.answers.contains(record) { records.answers.append(record) }
            records.additionals.append(DNSRecord(name, ttl: configuration.ttl, DNSData(address)))
        }
        if records.answers.isEmpty { records.authorities = [authority] }
        return records
    }

    private func name(ofService key: String, host: String? = nil) -> DomainName? {
        let parts = key.split(separator: "/").map(String.init)
        guard parts.count == 2 else { return nil }
        return DomainName(
            (host.map { [$0] } ?? []) + [parts[1], parts[0], "svc"], before: configuration.domain)
    }

    // MARK: Finding

    private struct Target {
        /// The name that a service record points to.
        var name: DomainName
        var address: IPAddress
        var port: UInt16?
    }

    private enum Finding {
        /// There is no such name.
        case noName
        /// There is, and it has no records of this kind.
        case nothing
        case alias(DomainName)
        case targets([Target])
    }

    private func find(_ labels: [String]) -> Finding {
        guard let kind = labels.last else { return .nothing }
        guard kind == "svc" || kind == "pod" else { return .noName }
        guard labels.count > 1 else { return .nothing }
        let namespace = labels[labels.count - 2]
        guard labels.count > 2 else { return namespaces.contains(namespace) ? .nothing : .noName }
        let name = labels[labels.count - 3]
        if kind == "pod" { return labels.count == 3 ? findPod(name, namespace) : .noName }
        switch labels.count {
        case 3: return findService("\(namespace)/\(name)", host: nil, port: nil)
        case 4: return findService("\(namespace)/\(name)", host: labels[0], port: nil)
        case 5:
            let port = Self.withoutUnderscore(labels[0])
            let protocolName = Self.withoutUnderscore(labels[1])
            // An unnamed port has no name to be found by.
            guard !port.isEmpty, !protocolName.isEmpty else { return .noName }
            return findService("\(namespace)/\(name)", host: nil, port: (port, protocolName))
        default: return .noName
        }
    }

    private static func withoutUnderscore(_ label: String) -> String {
        label.first == "_" ? String(label.dropFirst()) : label
    }

    private func findPod(_ name: String, _ namespace: String) -> Finding {
        guard configuration.hasPodNames, namespaces.contains(namespace) else { return .noName }
        let hyphens = name.utf8.count { $0 == 0x2D }
        let separator: Character = hyphens == 3 && !name.contains("--") ? "." : ":"
        guard let address = IPAddress(String(name.map { $0 == "-" ? separator : $0 })) else { return .noName }
        return .targets([Target(name: below(name, namespace, "pod"), address: address, port: nil)])
    }

    private func findService(_ key: String, host: String?, port wanted: (name: String, protocolName: String)?)
        -> Finding
    {
        guard let service = services[key] else { return .noName }
        let matches = { (port: Port?) in
            guard let wanted else { return true }
            return port?.name.lowercased() == wanted.name && port?.protocolName == wanted.protocolName
        }
        switch service.target {
        case .nothing: return .noName
        case .alias(let target):
            return host == nil ? .alias(target) : .noName
        case .addresses(let addresses) where host == nil:
            guard let name = name(ofService: key) else { return .noName }
            let ports = service.ports.filter(matches)
            if ports.isEmpty { return .noName }
            return .targets(
                ports.flatMap { port in addresses.map { Target(name: name, address: $0, port: port?.number) }
                })
        case .addresses, .endpoints:
            var targets: [Target] = []
            for slice in slices(of: key) {
                let ports = slice.ports.filter(matches)
                for endpoint in slice.endpoints where host == nil || host == endpoint.hostname.lowercased() {
                    guard let name = name(ofService: key, host: endpoint.hostname) else { continue }
                    for port in ports {
                        targets.append(Target(name: name, address: endpoint.address, port: port?.number))
                    }
                }
            }
            return targets.isEmpty ? .noName : .targets(targets)
        }
    }

    // MARK: Records

    private func records(_ targets: [Target], _ question: DNSQuestion, _ seed: UInt64) -> ZoneAnswer {
        var records = ZoneRecords()
        switch question.type {
        case .a, .aaaa:
            records.answers = addressRecords(question.name, targets.map(\.address), question.type, seed)
        case .srv:
            records = serviceRecords(targets, question, seed)
        default: break
        }
        return records.answers.isEmpty ? nothing(.noError) : .records(records)
    }

    private func addressRecords(
        _ name: DomainName, _ addresses: [IPAddress], _ type: DNSType, _ seed: UInt64
    ) -> [DNSRecord] {
        guard type == .a || type == .aaaa else { return [] }
        var seen: Set<IPAddress> = []
        let wanted = addresses.filter { $0.isIPv4 == (type == .a) && seen.insert($0).inserted }
        return Self.turned(wanted, seed).map { DNSRecord(name, ttl: configuration.ttl, DNSData($0)) }
    }

    private static func turned<Element>(_ elements: [Element], _ seed: UInt64) -> [Element] {
        guard elements.count > 1 else { return elements }
        let shift = Int(seed % UInt64(elements.count))
        return Array(elements[shift...] + elements[..<shift])
    }

    private struct Place: Hashable {
        var name: DomainName
        var port: UInt16
    }

    private func serviceRecords(_ targets: [Target], _ question: DNSQuestion, _ seed: UInt64) -> ZoneRecords {
        var records = ZoneRecords()
        // Of a hundred, an equal share for each, as CoreDNS counts: by addresses, before equal records are one.
        let weight = UInt16(max(100 / max(targets.count, 1), 1))
        var places: Set<Place> = []
        var additionals: Set<DNSRecord> = []
        for target in Self.turned(targets, seed) {
            guard let port = target.port else { continue }
            if places.insert(Place(name: target.name, port: port)).inserted {
                let data = DNSData.srv(priority: 0, weight: weight, port: port, target.name)
                records.answers.append(DNSRecord(question.name, ttl: configuration.ttl, data))
            }
            let address = DNSRecord(target.name, ttl: configuration.ttl, DNSData(target.address))
            if additionals.insert(address).inserted { records.additionals.append(address) }
        }
        return records
    }

    /// The answer for a Service that is another name.
    private func follow(_ first: DomainName, _ question: DNSQuestion, _ seed: UInt64) -> ZoneAnswer {
        let alias = DNSRecord(question.name, ttl: configuration.ttl, .cname(first))
        if question.type == .cname { return .records(ZoneRecords(answers: [alias])) }
        guard question.type == .a || question.type == .aaaa else { return nothing(.noError) }
        var records = [alias]
        var seen: Set<DomainName> = [question.name.folded]
        var target = first
        while seen.insert(target.folded).inserted, records.count <= Self.longestChain {
            guard let labels = target.labels(below: configuration.domain) else {
                return .alias(records, target)
            }
            guard case .alias(let next) = find(labels) else {
                // A name of the cluster: an alias to nothing is said to be nothing, as CoreDNS does.
                guard case .records(let end) = answer(DNSQuestion(target, question.type), seed: seed),
                    !end.answers.isEmpty
                else { return nothing(.noError) }
                return .records(ZoneRecords(answers: records + end.answers))
            }
            records.append(DNSRecord(target, ttl: configuration.ttl, .cname(next)))
            target = next
        }
        return nothing(.noError)
    }

    // MARK: From addresses to names

    private static let reverseZones = (v4: DomainName("in-addr.arpa"), v6: DomainName("ip6.arpa"))

    static func address(ofReverse name: DomainName) -> IPAddress? {
        if let zone = reverseZones.v4, let labels = name.labels(below: zone) {
            guard labels.count == 4, labels.allSatisfy({ $0.count == 1 || $0.first != "0" }) else {
                return nil
            }
            return IPAddress(labels.reversed().joined(separator: "."))
        }
        guard let zone = reverseZones.v6, let labels = name.labels(below: zone), labels.count == 32 else {
            return nil
        }
        var bytes: [UInt8] = []
        for index in stride(from: 31, to: 0, by: -2) {
            guard labels[index].utf8.count == 1, labels[index - 1].utf8.count == 1,
                let byte = UInt8(labels[index] + labels[index - 1], radix: 16)
            else { return nil }
            bytes.append(byte)
        }
        return IPAddress(bytes: bytes)
    }

    private func reverse(_ question: DNSQuestion) -> ZoneAnswer {
        guard question.type == .ptr, let address = Self.address(ofReverse: question.name) else {
            return .notHere
        }
        var names = services(at: address).prefix(1).compactMap { name(ofService: $0) }
        if names.isEmpty {
            for key in services(withEndpointAt: address) {
                for slice in slices(of: key) {
                    for endpoint in slice.endpoints where endpoint.address == address {
                        guard let name = name(ofService: key, host: endpoint.hostname), !names.contains(name)
                        else {
                            continue
                        }
                        names.append(name)
                    }
                }
            }
        }
        if names.isEmpty { return .notHere }
        let records = names.map { DNSRecord(question.name, ttl: configuration.ttl, .ptr($0)) }
        return .records(ZoneRecords(answers: records))
    }
}
