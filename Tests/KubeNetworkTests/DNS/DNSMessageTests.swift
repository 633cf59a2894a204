import KubeAPI
import Testing

@testable import KubeNetwork

@Suite struct DNSMessageTests {
    // MARK: By hand

    /// A question as resolvers send it: id 0x1234, recursion desired, `Svc.a.` of type A.
    private static let question: [UInt8] =
        [0x12, 0x34, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 0x53, 0x76, 0x63, 1, 0x61, 0, 0, 1, 0, 1]

    @Test func aQuestionIsRead() throws {
        let message = try DNSMessage(parsing: Self.question)
        #expect(message.id == 0x1234)
        #expect(message.isRecursionDesired && !message.isResponse)
        #expect(message.questions == [DNSQuestion(DomainName("Svc.a")!, .a)])
        #expect(message.bytes() == Self.question)
    }

    @Test func anAnswerPointsToTheQuestionsName() throws {
        var reply = try DNSMessage(parsing: Self.question).reply(.noError)
        reply.isAuthoritative = true
        reply.answers = [DNSRecord(DomainName("Svc.a")!, ttl: 30, .a([10, 0, 0, 1]))]
        let expected: [UInt8] =
            [0x12, 0x34, 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0] + Self.question[12...]
            + [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 10, 0, 0, 1]
        #expect(reply.bytes() == expected)
        #expect(try DNSMessage(parsing: expected) == reply)
    }

    @Test func otherSpellingIsNoReasonToPoint() throws {
        var reply = try DNSMessage(parsing: Self.question).reply(.noError)
        reply.answers = [DNSRecord(DomainName("sVC.a")!, ttl: 30, .cname(DomainName("b.SVC.A")!))]
        #expect(try DNSMessage(parsing: reply.bytes()) == reply)
    }

    @Test func theExtensionRecordIsTakenApart() throws {
        var bytes = Self.question
        bytes[11] = 1
        // Root, type 41, 4096 bytes, upper code 1, version 0, DO, an option of type 10 with two bytes.
        bytes += [0, 0, 41, 0x10, 0, 1, 0, 0x80, 0, 0, 6, 0, 10, 0, 2, 0xAB, 0xCD]
        let message = try DNSMessage(parsing: bytes)
        #expect(
            message.extensions
                == DNSExtensions(payload: 4096, isSecurityWanted: true, options: [0, 10, 0, 2, 0xAB, 0xCD]))
        #expect(message.code.rawValue == 16)
        #expect(message.additionals.isEmpty)
        #expect(message.bytes() == bytes)
        // Two of them are an error (RFC 6891, 6.1.1).
        bytes[11] = 2
        bytes += [0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0]
        #expect(throws: DNSFormatError.extensions) { try DNSMessage(parsing: bytes) }
    }

    @Test(arguments: [
        // A pointer to itself, one forwards, one past the end, two that lead to each other.
        ([0xC0, 12], DNSFormatError.name), ([0xC0, 14], .name), ([0xFF, 0xFF], .name),
        ([1, 0x61, 0xC0, 12], .name), ([0x40, 0], .name), ([0x80, 0], .name),
        ([5, 0x61, 0], .short), ([0xC0], .short), ([], .short),
    ])
    func badNames(_ name: [UInt8], _ error: DNSFormatError) {
        let bytes = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] + name
        #expect(throws: error) { try DNSMessage(parsing: bytes) }
    }

    @Test func aNameOfMoreThan255BytesIsNone() throws {
        let header: [UInt8] = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        let label: [UInt8] = [63] + [UInt8](repeating: 0x61, count: 63)
        let longest = label + label + label + [61] + [UInt8](repeating: 0x61, count: 61) + [0]
        #expect(longest.count == 255)
        #expect(
            try DNSMessage(parsing: header + longest + [0, 1, 0, 1]).questions.first?.name.wire == longest)
        #expect(throws: DNSFormatError.name) {
            try DNSMessage(parsing: header + label + label + label + label + [0, 0, 1, 0, 1])
        }
        // A label before a pointer to the longest.
        var two = header + longest + [0, 1, 0, 1] + [1, 0x62, 0xC0, 12, 0, 1, 0, 1]
        two[5] = 2
        #expect(throws: DNSFormatError.name) { try DNSMessage(parsing: two) }
    }

    @Test func aRecordMustBeAsLongAsItSays() throws {
        let header: [UInt8] = [0, 1, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0]
        let start: [UInt8] = [0, 0, 1, 0, 1, 0, 0, 0, 1, 0]
        #expect(throws: DNSFormatError.data) { try DNSMessage(parsing: header + start + [3, 1, 2, 3]) }
        #expect(throws: DNSFormatError.short) { try DNSMessage(parsing: header + start + [4, 1, 2, 3]) }
        #expect(try DNSMessage(parsing: header + start + [4, 1, 2, 3, 4]).answers.count == 1)
    }

    @Test func namesInDataOfOldTypesAreWrittenOut() throws {
        // A DNAME (39) whose target is a pointer to the owner's name.
        let bytes: [UInt8] =
            [0, 1, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0] + [1, 0x61, 0, 0, 39, 0, 1, 0, 0, 0, 1, 0, 2, 0xC0, 12]
        let message = try DNSMessage(parsing: bytes)
        #expect(message.answers.first?.data == .other(DNSType(rawValue: 39), [1, 0x61, 0]))
        #expect(try DNSMessage(parsing: message.bytes()) == message)
    }

    @Test(arguments: [
        ("a.b", "a.b."), (".", "."), ("", "."), ("A\\.b.c.", "A\\.b.c."), ("\\000x.y", "\\000x.y."),
        ("a b", "a\\032b."),
    ])
    func names(_ text: String, _ canonical: String) {
        #expect(DomainName(text)?.description == canonical)
        #expect(DomainName(canonical) == DomainName(text))
    }

    @Test(arguments: ["a..b", ".a", "\\", "\\25", "\\256", String(repeating: "a", count: 64)])
    func badTexts(_ text: String) { #expect(DomainName(text) == nil) }

    // MARK: Any

    @Test func anyBytesAreReadOrRefused() {
        for seed in UInt64(0)..<4000 {
            var random = SplitMix(state: seed)
            var bytes: [UInt8]
            if seed % 2 == 0 {
                bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                    Bool.random(using: &random)
                        ? UInt8.random(in: 0...3, using: &random) : .random(in: 0...255, using: &random)
                }
            } else {
                bytes = Self.message(&random).bytes()
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let index = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[index] =
                        [0xC0, 0xFF, 0, 12, .random(in: 0...255, using: &random)].randomElement(
                            using: &random) ?? 0
                }
                if Bool.random(using: &random) {
                    bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
                }
            }
            guard let message = try? DNSMessage(parsing: bytes) else { continue }
            // What was read is a message: it can be written, and says the same again.
            #expect((try? DNSMessage(parsing: message.bytes())) == message, "seed \(seed)")
        }
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        for seed in UInt64(0)..<1500 {
            var random = SplitMix(state: seed)
            let message = Self.message(&random)
            #expect(try DNSMessage(parsing: message.bytes()) == message, "seed \(seed)")
        }
    }

    @Test func aLimitIsKept() throws {
        for seed in UInt64(0)..<1000 {
            var random = SplitMix(state: seed)
            var message = Self.message(&random)
            message.questions = Array(message.questions.prefix(1))
            message.isTruncated = false
            let whole = message.bytes().count
            let least = 300 + (message.extensions?.options.count ?? 0)
            let limit = Int.random(in: least...max(whole + 20, least), using: &random)
            let bytes = message.bytes(limit: limit)
            #expect(bytes.count <= limit, "seed \(seed)")
            let cut = try DNSMessage(parsing: bytes)
            #expect(cut.extensions == message.extensions, "seed \(seed)")
            #expect(message.answers.starts(with: cut.answers), "seed \(seed)")
            #expect(message.authorities.starts(with: cut.authorities), "seed \(seed)")
            #expect(message.additionals.starts(with: cut.additionals), "seed \(seed)")
            let isWhole = cut.answers == message.answers && cut.authorities == message.authorities
            #expect(cut.isTruncated == !isWhole, "seed \(seed)")
            if whole <= limit { #expect(cut == message, "seed \(seed)") }
        }
    }

    static func message(_ random: inout SplitMix) -> DNSMessage {
        var message = DNSMessage(id: .random(in: 0...UInt16.max, using: &random))
        message.isResponse = .random(using: &random)
        message.opcode = .random(in: 0...15, using: &random)
        message.isAuthoritative = .random(using: &random)
        message.isTruncated = .random(using: &random)
        message.isRecursionDesired = .random(using: &random)
        message.isRecursionAvailable = .random(using: &random)
        message.isAuthenticated = .random(using: &random)
        message.isCheckingDisabled = .random(using: &random)
        if Bool.random(using: &random) {
            message.extensions = DNSExtensions(
                payload: .random(in: 0...UInt16.max, using: &random),
                version: .random(in: 0...2, using: &random),
                isSecurityWanted: .random(using: &random), flags: .random(in: 0...0x7FFF, using: &random),
                options: bytes(12, &random))
        }
        message.code.rawValue = .random(in: 0...(message.extensions == nil ? 15 : 4095), using: &random)
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            message.questions.append(
                DNSQuestion(name(&random), DNSType(rawValue: .random(in: 0...300, using: &random))))
        }
        message.answers = records(&random)
        message.authorities = records(&random)
        message.additionals = records(&random)
        return message
    }

    private static func bytes(_ most: Int, _ random: inout SplitMix) -> [UInt8] {
        (0..<Int.random(in: 0...most, using: &random)).map { _ in .random(in: 0...255, using: &random) }
    }

    private static func name(_ random: inout SplitMix) -> DomainName {
        let labels = ["a", "B", "b", "svc", "cluster", "local", "x.y", String(repeating: "l", count: 63)]
        let chosen = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            labels.randomElement(using: &random) ?? "a"
        }
        let suffix = Bool.random(using: &random) ? DomainName("ns.svc.cluster.local") : .root
        return DomainName(chosen, before: suffix ?? .root) ?? .root
    }

    private static func records(_ random: inout SplitMix) -> [DNSRecord] {
        (0..<Int.random(in: 0...5, using: &random)).map { _ in
            let number = UInt16.random(in: 0...UInt16.max, using: &random)
            let data: DNSData =
                switch Int.random(in: 0..<10, using: &random) {
                case 0: .a((0..<4).map { _ in .random(in: 0...255, using: &random) })
                case 1: .aaaa((0..<16).map { _ in .random(in: 0...255, using: &random) })
                case 2: .ns(name(&random))
                case 3: .cname(name(&random))
                case 4: .ptr(name(&random))
                case 5: .mx(preference: number, name(&random))
                case 6: .srv(priority: number, weight: 1, port: 2, name(&random))
                case 7: .txt((0...Int.random(in: 0...2, using: &random)).map { _ in bytes(255, &random) })
                case 8:
                    .soa(
                        DNSAuthority(
                            server: name(&random), mailbox: name(&random), serial: 1, refresh: 2, retry: 3,
                            expire: .max, minimum: 5))
                default: .other(DNSType(rawValue: 65), bytes(40, &random))
                }
            return DNSRecord(
                name(&random), ttl: .random(in: 0...UInt32.max, using: &random), data,
                recordClass: .random(in: 0...300, using: &random))
        }
    }
}
