import KubeAPI
import KubeJSON

/// Where a request for the `proxy` subresource goes: the name that it gives, `[SCHEME:]NAME[:PORT]`, and what the
/// object says (upstream's ResourceLocation of pods and Services). Pure.
struct ProxyLocation: Equatable {
    /// `http` or `https`.
    var scheme: String
    var host: String
    var port: Int

    /// The parts of the name in the request's path.
    struct Name: Equatable {
        var scheme = "http"
        var name: String
        /// A number, or for a Service also its port's name; empty for the default.
        var port = ""

        /// - Throws: 400 where it has too many parts, no name, or another scheme.
        init(_ text: String, kind: String) throws(APIStatus) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            switch parts.count {
            case 1: name = parts[0]
            case 2: (name, port) = (parts[0], parts[1])
            case 3 where ["", "http", "https"].contains(parts[0]):
                (name, port) = (parts[1], parts[2])
                if !parts[0].isEmpty { scheme = parts[0] }
            default: name = ""
            }
            if name.isEmpty { throw .badRequest("invalid \(kind) request \"\(text)\"") }
        }

        var isSecure: Bool { scheme == "https" }
    }

    // MARK: Pods

    init(pod: JSON, _ wanted: Name) throws(APIStatus) {
        var port = wanted.port
        if port.isEmpty {
            let first = (pod["spec"]?["containers"]?.array ?? []).lazy.compactMap { $0["ports"]?[0] }.first
            port = first?["containerPort"]?.int.map { "\($0)" } ?? (wanted.isSecure ? "443" : "80")
        }
        guard let number = Int(port), (1...65535).contains(number) else {
            throw .serviceUnavailable(
                "error trying to reach service: address \(port): invalid port")
        }
        let address =
            pod["status"]?["podIPs"]?[0]?["ip"]?.string ?? pod["status"]?["podIP"]?.string ?? ""
        try Self.check(address)
        (scheme, host, self.port) = (wanted.scheme, address, number)
    }

    /// Only addresses that another machine may have: a pod's status must not lead to this one.
    private static func check(_ address: String) throws(APIStatus) {
        guard isGlobalUnicast(address) else { throw .badRequest("address not allowed") }
    }

    static func isGlobalUnicast(_ address: String) -> Bool {
        if address.contains(":") {
            let lower = address.lowercased()
            return lower != "::" && lower != "::1" && !lower.hasPrefix("fe8") && !lower.hasPrefix("fe9")
                && !lower.hasPrefix("fea") && !lower.hasPrefix("feb") && !lower.hasPrefix("ff")
        }
        let bytes = address.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard bytes.count == 4, let first = bytes[0], let second = bytes[1], bytes[2] != nil, bytes[3] != nil
        else { return false }
        return first != 127 && !(224...239).contains(first) && !(first == 169 && second == 254)
            && address != "0.0.0.0" && address != "255.255.255.255"
    }

    // MARK: Services

    /// - Parameters:
    ///   - slices: the Service's EndpointSlices.
    ///   - choose: picks one of so many.
    init(
        service: JSON, slices: [JSON], _ wanted: Name, choose: (Int) -> Int
    ) throws(APIStatus) {
        let ports = service["spec"]?["ports"]?.array ?? []
        var portName = wanted.port
        if let number = Int(wanted.port) {
            guard let port = ports.first(where: { $0["port"]?.int == number }) else {
                throw .serviceUnavailable("no service port \(number) found for service \"\(service.name)\"")
            }
            portName = port["name"]?.string ?? ""
        } else if wanted.port.isEmpty, ports.count == 1 {
            portName = ports[0]["name"]?.string ?? ""
        }
        var places: [(host: String, port: Int)] = []
        for slice in slices {
            let named = (slice["ports"]?.array ?? []).first { ($0["name"]?.string ?? "") == portName }
            guard let port = named?["port"]?.int else { continue }
            for endpoint in slice["endpoints"]?.array ?? []
            where endpoint["conditions"]?["ready"]?.bool ?? true {
                if let address = endpoint["addresses"]?[0]?.string { places.append((address, port)) }
            }
        }
        guard !places.isEmpty else {
            throw .serviceUnavailable("no endpoints available for service \"\(service.name)\"")
        }
        let place = places[choose(places.count)]
        try Self.check(place.host)
        (scheme, host, port) = (wanted.scheme, place.host, place.port)
    }

    // MARK: Nodes

    /// A port of the node's own, by number.
    init(node: JSON, _ wanted: Name) throws(APIStatus) {
        let addresses = node["status"]?["addresses"]?.array ?? []
        let internalAddress = addresses.first { $0["type"]?.string == "InternalIP" }
        let address = (internalAddress ?? addresses.first)?["address"]?.string ?? ""
        guard let number = Int(wanted.port), (1...65535).contains(number) else {
            throw .badRequest("invalid node request \"\(node.name):\(wanted.port)\"")
        }
        try Self.check(address)
        (scheme, host, port) = (wanted.scheme, address, number)
    }

    init(scheme: String, host: String, port: Int) {
        (self.scheme, self.host, self.port) = (scheme, host, port)
    }

    /// As a URL has it.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// The parts of a proxied request's path, undecoded.
struct ProxyPath: Equatable {
    /// Up to and with `…/proxy`: what links of the answer get before them.
    var prefix: String
    /// What the other server is asked for; empty where the request ended with `…/proxy`.
    var path: String
    /// With its question mark, or empty.
    var query: String

    /// - Parameter segments: how many make the prefix.
    init(_ uri: String, segments: Int) {
        let mark = uri.firstIndex(of: "?") ?? uri.endIndex
        query = String(uri[mark...])
        let whole = uri[..<mark]
        var left = segments
        var index = whole.startIndex
        while left > 0, index < whole.endIndex {
            while index < whole.endIndex, whole[index] == "/" { index = whole.index(after: index) }
            while index < whole.endIndex, whole[index] != "/" { index = whole.index(after: index) }
            left -= 1
        }
        prefix = String(whole[..<index])
        path = String(whole[index...])
    }
}
