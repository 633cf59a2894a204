import KubeAPI

/// A message of the domain name system (RFC 1035, 4), with the extension record of EDNS (RFC 6891) taken out of
/// the additional records.
public struct DNSMessage: Hashable, Sendable {
    public var id: UInt16
    public var isResponse = false
    /// Four bits; 0 is a query.
    public var opcode: UInt8 = 0
    public var isAuthoritative = false
    public var isTruncated = false
    public var isRecursionDesired = false
    public var isRecursionAvailable = false
    public var isAuthenticated = false
    public var isCheckingDisabled = false
    /// Twelve bits with EDNS, four without.
    public var code = DNSCode.noError
    public var questions: [DNSQuestion] = []
    public var answers: [DNSRecord] = []
    public var authorities: [DNSRecord] = []
    public var additionals: [DNSRecord] = []
    public var extensions: DNSExtensions?

    public init(id: UInt16) { self.id = id }

    /// An answer to this question with nothing in it yet.
    public func reply(_ code: DNSCode) -> DNSMessage {
        var reply = DNSMessage(id: id)
        reply.isResponse = true
        reply.opcode = opcode
        reply.isRecursionDesired = isRecursionDesired
        reply.isRecursionAvailable = true
        reply.isCheckingDisabled = isCheckingDisabled
        reply.code = code
        reply.questions = questions
        if let extensions {
            reply.extensions = DNSExtensions(
                payload: DNSExtensions.largestPayload, isSecurityWanted: extensions.isSecurityWanted)
        }
        return reply
    }
}

public struct DNSQuestion: Hashable, Sendable {
    public var name: DomainName
    public var type: DNSType
    /// 1 is the internet's.
    public var recordClass: UInt16

    public init(_ name: DomainName, _ type: DNSType, recordClass: UInt16 = 1) {
        self.name = name
        self.type = type
        self.recordClass = recordClass
    }
}

/// What EDNS adds to a message.
public struct DNSExtensions: Hashable, Sendable {
    /// The most that we send in one datagram: what passes everywhere without being cut into fragments.
    public static let largestPayload: UInt16 = 1232

    /// The bytes that the sender takes in one datagram.
    public var payload: UInt16
    public var version: UInt8
    /// The DO bit: signatures are wanted.
    public var isSecurityWanted: Bool
    /// The other fifteen flags.
    public var flags: UInt16
    /// The options as they are.
    public var options: [UInt8]

    public init(
        payload: UInt16, version: UInt8 = 0, isSecurityWanted: Bool = false, flags: UInt16 = 0,
        options: [UInt8] = []
    ) {
        self.payload = payload
        self.version = version
        self.isSecurityWanted = isSecurityWanted
        self.flags = flags & 0x7FFF
        self.options = options
    }
}

public struct DNSCode: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public static let noError = DNSCode(rawValue: 0)
    public static let formatError = DNSCode(rawValue: 1)
    public static let serverFailure = DNSCode(rawValue: 2)
    public static let nameError = DNSCode(rawValue: 3)
    public static let notImplemented = DNSCode(rawValue: 4)
    public static let refused = DNSCode(rawValue: 5)
    public static let badVersion = DNSCode(rawValue: 16)
}

public struct DNSType: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public static let a = DNSType(rawValue: 1)
    public static let ns = DNSType(rawValue: 2)
    public static let cname = DNSType(rawValue: 5)
    public static let soa = DNSType(rawValue: 6)
    public static let ptr = DNSType(rawValue: 12)
    public static let mx = DNSType(rawValue: 15)
    public static let txt = DNSType(rawValue: 16)
    public static let aaaa = DNSType(rawValue: 28)
    public static let srv = DNSType(rawValue: 33)
    public static let opt = DNSType(rawValue: 41)
    public static let ixfr = DNSType(rawValue: 251)
    public static let axfr = DNSType(rawValue: 252)
    public static let any = DNSType(rawValue: 255)
}

public struct DNSRecord: Hashable, Sendable {
    public var name: DomainName
    public var recordClass: UInt16
    /// Seconds.
    public var ttl: UInt32
    public var data: DNSData

    public init(_ name: DomainName, ttl: UInt32, _ data: DNSData, recordClass: UInt16 = 1) {
        self.name = name
        self.recordClass = recordClass
        self.ttl = ttl
        self.data = data
    }

    public var type: DNSType { data.type }
}

/// What a record says.
public enum DNSData: Hashable, Sendable {
    /// Four bytes.
    case a([UInt8])
    /// Sixteen bytes.
    case aaaa([UInt8])
    case ns(DomainName)
    case cname(DomainName)
    case ptr(DomainName)
    case mx(preference: UInt16, DomainName)
    case srv(priority: UInt16, weight: UInt16, port: UInt16, DomainName)
    /// Each at most 255 bytes.
    case txt([[UInt8]])
    case soa(DNSAuthority)
    /// Of any other type: the bytes, with names in them written out.
    case other(DNSType, [UInt8])

    public var type: DNSType {
        switch self {
        case .a: .a
        case .aaaa: .aaaa
        case .ns: .ns
        case .cname: .cname
        case .ptr: .ptr
        case .mx: .mx
        case .srv: .srv
        case .txt: .txt
        case .soa: .soa
        case .other(let type, _): type
        }
    }

    /// An A or AAAA record's.
    init(_ address: IPAddress) {
        self = address.isIPv4 ? .a(Array(address.bytes[12...])) : .aaaa(address.bytes)
    }
}

/// A start of authority; times in seconds.
public struct DNSAuthority: Hashable, Sendable {
    public var server: DomainName
    public var mailbox: DomainName
    public var serial: UInt32
    public var refresh: UInt32
    public var retry: UInt32
    public var expire: UInt32
    /// How long what does not exist may be remembered (RFC 2308).
    public var minimum: UInt32
}
