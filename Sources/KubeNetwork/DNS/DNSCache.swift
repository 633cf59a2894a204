/// Answers of other servers, for as long as they may be remembered. Bounded: the oldest make room. Pure: the time
/// is handed in, in seconds of any clock that only goes forward.
public struct DNSCache: Sendable {
    /// What an answer depends on.
    public struct Key: Hashable, Sendable {
        let question: DNSQuestion
        let isSecurityWanted: Bool
        let isCheckingDisabled: Bool

        public init(_ question: DNSQuestion, isSecurityWanted: Bool = false, isCheckingDisabled: Bool = false)
        {
            self.question = DNSQuestion(
                question.name.folded, question.type, recordClass: question.recordClass)
            self.isSecurityWanted = isSecurityWanted
            self.isCheckingDisabled = isCheckingDisabled
        }
    }

    private struct Entry: Sendable {
        var message: DNSMessage
        var from: Double
        var until: Double
        /// Which turn in the queue is this entry's: earlier ones are of entries that it replaced.
        var turn: Int
    }

    public let capacity: Int
    /// The longest that anything is remembered, in seconds, whatever it says.
    public let longest: UInt32
    /// How long a server's failure is remembered (RFC 9520), in seconds.
    public let failureTTL: UInt32
    private var entries: [Key: Entry] = [:]
    private var queue: [(key: Key, turn: Int)] = []
    private var head = 0
    private var turn = 0

    public init(capacity: Int = 10_000, longest: UInt32 = 30, failureTTL: UInt32 = 5) {
        self.capacity = max(capacity, 1)
        self.longest = longest
        self.failureTTL = failureTTL
    }

    public var count: Int { entries.count }

    /// An answer that is still good, with what is left of the time of each record.
    public mutating func message(_ key: Key, at now: Double) -> DNSMessage? {
        guard let entry = entries[key] else { return nil }
        guard now < entry.until else {
            entries.removeValue(forKey: key)
            return nil
        }
        var message = entry.message
        let age = UInt32(max(now - entry.from, 0))
        for index in message.answers.indices { message.answers[index].age(age) }
        for index in message.authorities.indices { message.authorities[index].age(age) }
        for index in message.additionals.indices { message.additionals[index].age(age) }
        return message
    }

    public mutating func store(_ message: DNSMessage, _ key: Key, at now: Double) {
        let ttl = min(Self.ttl(of: message, failureTTL: failureTTL), longest)
        guard ttl > 0 else { return }
        while entries.count >= capacity, entries[key] == nil { dropOldest() }
        turn += 1
        entries[key] = Entry(message: message, from: now, until: now + Double(ttl), turn: turn)
        queue.append((key, turn))
        // Entries that ran out or were replaced leave their places in the queue behind.
        if queue.count - head > 2 * capacity + 16 {
            queue = queue[head...].filter { entries[$0.key]?.turn == $0.turn }
            head = 0
        }
    }

    private mutating func dropOldest() {
        guard head < queue.count else {
            entries = [:]
            return
        }
        let (key, turn) = queue[head]
        head += 1
        if entries[key]?.turn == turn { entries.removeValue(forKey: key) }
        if head > capacity {
            queue.removeFirst(head)
            head = 0
        }
    }

    /// Seconds; 0 for what is not to be remembered.
    static func ttl(of message: DNSMessage, failureTTL: UInt32) -> UInt32 {
        if message.isTruncated { return 0 }
        switch message.code {
        case .serverFailure: return failureTTL
        case .noError where !message.answers.isEmpty:
            return (message.answers + message.authorities + message.additionals).map(\.ttl).min() ?? 0
        case .noError, .nameError:
            // Only the zone's own record says how long nothing stays nothing (RFC 2308, 5).
            for record in message.authorities {
                if case .soa(let authority) = record.data {
                    let negative = min(record.ttl, authority.minimum)
                    return (message.answers.map(\.ttl) + [negative]).min() ?? 0
                }
            }
            return 0
        default: return 0
        }
    }
}

extension DNSRecord {
    fileprivate mutating func age(_ seconds: UInt32) { ttl = ttl > seconds ? ttl - seconds : 0 }
}
