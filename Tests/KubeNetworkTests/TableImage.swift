@testable import KubeNetwork

/// What a table would be after transactions: does what nft and the kernel do with the commands that we write,
/// and refuses what they refuse.
struct TableImage: Equatable {
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var chains: [String: [String]] = [:]
    private(set) var sets: [String: String] = [:]
    private(set) var elements: [String: [String: String]] = [:]
    private var baseChains: Set<String> = []
    private let base: String

    init(_ configuration: NetworkConfiguration) {
        base = BaseTable(configuration: configuration).commands
        for line in base.split(separator: "\n") {
            let words = line.split(separator: " ")
            switch words.first {
            case "chain": baseChains.insert(String(words[1]))
            case "set", "map":
                sets[String(words[1])] = "base"
                elements[String(words[1])] = [:]
            default: break
            }
        }
    }

    /// The same without what is empty, to compare two of them.
    var normalised: TableImage {
        var image = self
        image.elements = elements.filter { !$0.value.isEmpty }
        return image
    }

    mutating func apply(_ text: String) throws {
        if text.isEmpty { return }
        var image = self
        var rest = text[...]
        if text.hasPrefix(base) {
            rest = text.dropFirst(base.count)
            for set in image.sets.keys where image.sets[set] != "base" { image.sets.removeValue(forKey: set) }
            image.elements = image.sets.mapValues { _ in [:] }
            image.chains = [:]
        }
        for line in rest.split(separator: "\n") { try image.command(line) }
        try image.check()
        self = image
    }

    private mutating func command(_ line: Substring) throws {
        let words = line.split(separator: " ", maxSplits: 5)
        guard words.count >= 5, words[2] == "ip" else { throw Refusal(description: "not a command: \(line)") }
        let name = String(words[4])
        switch (words[0], words[1]) {
        case ("add", "chain"): chains[name, default: []] += []
        case ("flush", "chain"):
            guard chains[name] != nil else { throw Refusal(description: "no such chain: \(line)") }
            chains[name] = []
        case ("add", "rule"):
            guard chains[name] != nil else { throw Refusal(description: "no such chain: \(line)") }
            chains[name]?.append(String(words[5]))
        case ("delete", "chain"):
            guard chains.removeValue(forKey: name) != nil else {
                throw Refusal(description: "no such chain: \(line)")
            }
        case ("add", "set"), ("add", "map"):
            if let old = sets[name], old != words[5] { throw Refusal(description: "another type: \(line)") }
            sets[name] = String(words[5])
            elements[name, default: [:]].merge([:]) { $1 }
        case ("delete", "set"):
            guard sets.removeValue(forKey: name) != nil else {
                throw Refusal(description: "no such set: \(line)")
            }
            elements.removeValue(forKey: name)
        case (let verb, "element"):
            guard elements[name] != nil else { throw Refusal(description: "no such set: \(line)") }
            for item in words[5].dropFirst(2).dropLast(2).split(separator: ",") {
                let parts = item.trimmingPrefix(" ").split(separator: ":", maxSplits: 1)
                let key = parts[0].hasSuffix(" ") ? String(parts[0].dropLast()) : String(parts[0])
                let value = parts.count > 1 ? String(parts[1].trimmingPrefix(" ")) : ""
                if verb == "delete" {
                    guard elements[name]?.removeValue(forKey: key) != nil else {
                        throw Refusal(description: "no such element: \(key) in \(line)")
                    }
                } else {
                    if let old = elements[name]?[key], old != value {
                        throw Refusal(description: "there already: \(key) in \(line)")
                    }
                    elements[name]?[key] = value
                }
            }
        default: throw Refusal(description: "unknown: \(line)")
        }
    }

    /// Nothing may lead to what is not there.
    private func check() throws {
        let texts = chains.values.flatMap { $0 } + elements.values.flatMap { $0.values }
        for text in texts {
            let words = text.split(separator: " ")
            for (index, word) in words.enumerated() {
                if word == "goto" || word == "jump", index + 1 < words.count {
                    let chain = String(words[index + 1].prefix { $0 != "," })
                    guard chains[chain] != nil || baseChains.contains(chain) else {
                        throw Refusal(description: "no chain \(chain): \(text)")
                    }
                }
                if word.hasPrefix("@"), sets[String(word.dropFirst())] == nil {
                    throw Refusal(description: "no set \(word): \(text)")
                }
            }
        }
    }
}
