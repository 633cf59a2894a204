import KubeJSON

/// The body of `POST /v1/releases`, checked.
struct ReleaseRequest: Sendable {
    static let defaultDeadline = 300

    let workload: String
    let change: ReleaseChange
    let deadline: Int
    let note: String

    /// - Throws: `Problem` that names every fault.
    init(_ body: JSON) throws(Problem) {
        guard let object = body.object else {
            throw .badRequest([.init(at: "", detail: "the body is not a JSON object")])
        }
        var checker = Checker()
        let known = [
            "workload", "container", "image", "env", "replicas", "restart", "deadlineSeconds", "note",
        ]
        for key in object.keys where !known.contains(key) { checker.fault(key, "is not known") }
        let workload =
            checker.string(object, "workload", isRequired: true, like: Checker.isWorkloadName) ?? ""
        let container = checker.string(object, "container", like: Checker.isLabel)
        let image = checker.string(object, "image", like: Checker.isImage)
        let environment = checker.environment(object["env"])
        let replicas = checker.integer(object["replicas"], "replicas", in: 0...1_000)
        let deadline = checker.integer(object["deadlineSeconds"], "deadlineSeconds", in: 10...3_600)
        let note = checker.string(object, "note", like: { Checker.isText($0, longest: 500) })
        var isRestart = false
        if let restart = object["restart"] {
            if restart == .bool(true) {
                isRestart = true
            } else {
                checker.fault("restart", "can only be true")
            }
        }
        let isEmpty = ["image", "env", "replicas", "restart"].allSatisfy { object[$0] == nil }
        if isEmpty { checker.fault("", "one of image, env, replicas and restart is needed") }
        if !checker.faults.isEmpty { throw .badRequest(checker.faults) }
        self.workload = workload
        self.change = ReleaseChange(
            container: container, image: image, environment: environment, replicas: replicas,
            isRestart: isRestart)
        self.deadline = deadline ?? Self.defaultDeadline
        self.note = note ?? ""
    }
}

/// Collects what is wrong with a request.
struct Checker {
    private(set) var faults: [Problem.Fault] = []

    mutating func fault(_ name: String, _ detail: String) {
        faults.append(.init(at: name.isEmpty ? "" : "/" + name, detail: detail))
    }

    mutating func string(
        _ object: JSONObject, _ name: String, isRequired: Bool = false, like isRight: (String) -> Bool
    ) -> String? {
        guard let value = object[name] else {
            if isRequired { fault(name, "is missing") }
            return nil
        }
        guard let text = value.string else {
            fault(name, "is not a string")
            return nil
        }
        guard isRight(text) else {
            fault(name, "is too long, or has a form that is not allowed")
            return nil
        }
        return text
    }

    mutating func integer(_ value: JSON?, _ name: String, in range: ClosedRange<Int64>) -> Int? {
        guard let value else { return nil }
        guard let number = value.integer, range.contains(number) else {
            fault(name, "is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return Int(number)
    }

    mutating func environment(_ value: JSON?) -> [(name: String, value: String?)] {
        guard let value else { return [] }
        guard let object = value.object, (1...50).contains(object.count) else {
            fault("env", "is not an object with 1 to 50 members")
            return []
        }
        var variables: [(name: String, value: String?)] = []
        for (name, value) in object {
            guard Self.isVariable(name) else {
                fault("env", "\"\(name.prefix(60))\" is not the name of a variable")
                continue
            }
            switch value {
            case .null: variables.append((name, nil))
            case .string(let text) where Self.isText(text, longest: 4_096): variables.append((name, text))
            default: fault("env/" + name, "is neither null nor a string of at most 4096 characters")
            }
        }
        return variables
    }

    // MARK: Forms; the OpenAPI document has the same as patterns.

    private static func isLower(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        isLower(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isName(_ text: String, longest: Int, extra: [UInt8]) -> Bool {
        guard (1...longest).contains(text.utf8.count), let first = text.utf8.first, let last = text.utf8.last
        else { return false }
        return isLower(first) && isLower(last) && text.utf8.allSatisfy { isLower($0) || extra.contains($0) }
    }

    static func isWorkloadName(_ text: String) -> Bool {
        isName(text, longest: 253, extra: [UInt8(ascii: "-"), UInt8(ascii: ".")])
    }

    static func isLabel(_ text: String) -> Bool { isName(text, longest: 63, extra: [UInt8(ascii: "-")]) }

    static func isImage(_ text: String) -> Bool {
        guard (1...500).contains(text.utf8.count), let first = text.utf8.first, let last = text.utf8.last
        else {
            return false
        }
        return isLetter(first) && isLetter(last)
            && text.utf8.allSatisfy { isLetter($0) || "._:/@-".utf8.contains($0) }
    }

    static func isVariable(_ text: String) -> Bool {
        guard (1...128).contains(text.utf8.count), let first = text.utf8.first else { return false }
        let underscore = UInt8(ascii: "_")
        return !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
            && text.utf8.allSatisfy { isLetter($0) || $0 == underscore }
    }

    static func isText(_ text: String, longest: Int) -> Bool {
        text.unicodeScalars.count <= longest && !text.utf8.contains(0)
    }

    static func isKey(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    static func isReleaseID(_ text: String) -> Bool {
        text.utf8.count == 36
            && text.utf8.enumerated().allSatisfy { position, byte in
                [8, 13, 18, 23].contains(position)
                    ? byte == UInt8(ascii: "-")
                    : isLower(byte) && byte <= UInt8(ascii: "f")
            }
    }
}

/// The query of a request, checked against what an operation knows.
struct QueryParameters {
    private let values: [String: String]
    private(set) var faults: [Problem.Fault] = []

    init(_ query: String?, known: [String]) throws(Problem) {
        var values: [String: String] = [:]
        var faults: [Problem.Fault] = []
        for part in (query ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decoded(_ text: Substring) -> String? {
                percentDecoded(String(text.map { $0 == "+" ? " " : $0 }))
            }
            guard let name = decoded(pair[0]), let value = pair.count > 1 ? decoded(pair[1]) : "" else {
                faults.append(.init(at: "query", detail: "is not percent-encoded UTF-8"))
                continue
            }
            if !known.contains(name) {
                faults.append(
                    .init(at: String(name.prefix(60)), detail: "is not a parameter of this operation"))
            } else if values.updateValue(value, forKey: name) != nil {
                faults.append(.init(at: name, detail: "is there twice"))
            }
        }
        if !faults.isEmpty { throw .badRequest(faults) }
        self.values = values
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let text = values[name] else { return nil }
        guard let number = Int64(text), range.contains(number), !text.hasPrefix("+") else {
            faults.append(
                .init(
                    at: name, detail: "is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            )
            return nil
        }
        return number
    }

    mutating func string(_ name: String, like isRight: (String) -> Bool, _ what: String) -> String? {
        guard let text = values[name] else { return nil }
        guard isRight(text) else {
            faults.append(.init(at: name, detail: "is not \(what)"))
            return nil
        }
        return text
    }

    func check() throws(Problem) {
        if !faults.isEmpty { throw .badRequest(faults) }
    }
}
