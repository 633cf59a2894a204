import Crypto
import KubeJSON

/// Ports of an endpoint, in the order that upstream gives them: by a hash of the text that Go's spew library
/// makes of them. The order shows in every slice and subset, so the text has to be the same byte for byte.
struct ServingPort: Hashable, Sendable {
    var name: String
    /// Nil where a slice leaves it open.
    var number: Int?
    var transport: String
    var application: String?

    /// Of an EndpointSlice's or Endpoints' `ports`.
    init(_ json: JSON) {
        name = json["name"]?.string ?? ""
        number = json["port"]?.int
        transport = json["protocol"]?.string ?? "TCP"
        application = json["appProtocol"]?.string
    }

    init(name: String, number: Int, transport: String, application: String?) {
        self.name = name
        self.number = number
        self.transport = transport
        self.application = application
    }

    /// discovery/v1 EndpointPort as spew writes it in an array; behind its type when it stands alone.
    var sliceText: String {
        let number = number.map { "(*int32)\($0)" } ?? "(*int32)<nil>"
        return "{Name:(*string)\(name) Protocol:(*v1.Protocol)\(transport) Port:\(number) "
            + "AppProtocol:(*string)\(application ?? "<nil>")}"
    }

    /// core/v1 EndpointPort likewise.
    var subsetText: String {
        "{Name:(string)\(name) Port:(int32)\(number ?? 0) Protocol:(v1.Protocol)\(transport) "
            + "AppProtocol:(*string)\(application ?? "<nil>")}"
    }

    var sliceJSON: JSON {
        var json: JSONObject = ["name": .string(name)]
        if let number { json["port"] = .integer(Int64(number)) }
        json["protocol"] = .string(transport)
        if let application { json["appProtocol"] = .string(application) }
        return .object(json)
    }

    var subsetJSON: JSON {
        var json: JSONObject = name.isEmpty ? [:] : ["name": .string(name)]
        json["port"] = .integer(Int64(number ?? 0))
        json["protocol"] = .string(transport)
        if let application { json["appProtocol"] = .string(application) }
        return .object(json)
    }

    /// In the order of EndpointSlices (portsInOrder: by FNV-1a of 128 bits).
    static func inSliceOrder(_ ports: [ServingPort]) -> [ServingPort] {
        if ports.count < 2 { return ports }
        return ports.map { ($0, FNV128("(v1.EndpointPort)" + $0.sliceText)) }
            .sorted { $0.1 < $1.1 }.map(\.0)
    }

    /// In the order of Endpoints (portsByHash: by MD5).
    static func inSubsetOrder(_ ports: [ServingPort]) -> [ServingPort] {
        if ports.count < 2 { return ports }
        return ports.map { ($0, MD5Text.digest("(v1.EndpointPort)" + $0.subsetText)) }
            .sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
    }
}

/// FNV-1a of 128 bits.
struct FNV128: Comparable, Sendable {
    private var high: UInt64 = 0x6C62_272E_07BB_0142
    private var low: UInt64 = 0x62B8_2175_6295_C58D

    init(_ text: String) {
        // The prime is 2^88 + 0x13B.
        for byte in text.utf8 {
            low ^= UInt64(byte)
            let product = low.multipliedFullWidth(by: 0x13B)
            high = high &* 0x13B &+ product.high &+ (low << 24)
            low = product.low
        }
    }

    static func < (left: FNV128, right: FNV128) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

/// MD5, which upstream orders the subsets of Endpoints by; nothing rests on its strength.
enum MD5Text {
    static func digest(_ text: String) -> [UInt8] {
        var hash = Insecure.MD5()
        var text = text
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return Array(hash.finalize())
    }
}
