import AegisPlatform
import Foundation
import KubeAPI
import KubeJSON

/// Secrets whose content is made once, in the cluster, and is written nowhere else.
///
/// A Secret says what it wants in the annotation `aegis.dev/generate`: YAML with a template for each key. In
/// a template `${random N}` stands for N letters and digits, and `${secret NAME KEY}` for a value of another
/// Secret of the namespace. A key that the cluster has already keeps its value, whatever the template says.
public struct GeneratedSecrets {
    public static let annotation = "aegis.dev/generate"

    /// Makes that many letters and digits.
    private let random: (Int) -> String
    /// The Secret that the cluster has under a namespace and name.
    private let present: (String, String) -> JSON?

    public init(random: @escaping (Int) -> String, present: @escaping (String, String) -> JSON?) {
        self.random = random
        self.present = present
    }

    /// From the machine's own source of chance.
    public static func systemRandom(_ count: Int) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        var generator = SystemRandomNumberGenerator()
        return String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
    }

    /// - Returns: the manifests, those with the annotation filled in, and what is wrong with their templates.
    public func fill(_ manifests: [Manifest]) -> (manifests: [Manifest], problems: [ManifestProblem]) {
        var work = Work(random: random, present: present)
        var problems: [ManifestProblem] = []
        for (index, manifest) in manifests.enumerated()
        where manifest.kind == "Secret" && manifest.group.isEmpty {
            do throws(ManifestProblem) { try work.add(manifest, at: index) } catch { problems.append(error) }
        }
        problems += work.resolve(manifests)
        var filled = manifests
        for (index, object) in work.objects { filled[index] = manifests[index].replacing(object) }
        return (filled, problems)
    }

    /// A key that waits for its value.
    private struct Wanted {
        let index: Int
        let place: String
        let key: String
        let template: [Part]
    }

    private enum Part {
        case text(String)
        case random(Int)
        case secret(place: String, key: String, name: String)
    }

    private struct Work {
        let random: (Int) -> String
        let present: (String, String) -> JSON?
        var objects: [Int: JSON] = [:]
        private var wanted: [Wanted] = []
        /// By `namespace/name`, then by key.
        private var values: [String: [String: [UInt8]]] = [:]

        init(random: @escaping (Int) -> String, present: @escaping (String, String) -> JSON?) {
            self.random = random
            self.present = present
        }

        mutating func add(_ manifest: Manifest, at index: Int) throws(ManifestProblem) {
            let namespace = manifest.object.namespace.isEmpty ? "default" : manifest.object.namespace
            let place = namespace + "/" + manifest.object.name
            values[place] = Self.data(of: manifest.object)
            guard
                let text = manifest.object.metadata["annotations"]?[GeneratedSecrets.annotation]?.string
            else { return }
            let live = Self.data(of: present(namespace, manifest.object.name) ?? .null)
            let field = "metadata.annotations[\(GeneratedSecrets.annotation)]"
            guard let templates = (try? YAML.parse(text))?.first?.value.object else {
                throw ManifestProblem(manifest, field: field, "must be YAML with a template for each key")
            }
            objects[index] = manifest.object
            for (key, template) in templates where values[place]?[key] == nil {
                if let value = live[key] {
                    set(value, key, place, index)
                    continue
                }
                guard let text = template.string, let parts = Self.parts(text, namespace) else {
                    throw ManifestProblem(
                        manifest, field: field,
                        "\(key): a template is text with ${random N}, N from 1 to 256, and ${secret NAME KEY}"
                    )
                }
                wanted.append(Wanted(index: index, place: place, key: key, template: parts))
            }
        }

        /// Makes values until there are none left, or none that can be made.
        mutating func resolve(_ manifests: [Manifest]) -> [ManifestProblem] {
            while !wanted.isEmpty {
                var waiting: [Wanted] = []
                for entry in wanted {
                    if let value = value(of: entry) {
                        set(value, entry.key, entry.place, entry.index)
                    } else {
                        waiting.append(entry)
                    }
                }
                if waiting.count == wanted.count { break }
                wanted = waiting
            }
            return wanted.map { entry in
                ManifestProblem(
                    manifests[entry.index], field: "metadata.annotations[\(GeneratedSecrets.annotation)]",
                    "\(entry.key): refers to a Secret's key that is not there, or to itself")
            }
        }

        private func value(of entry: Wanted) -> [UInt8]? {
            var value: [UInt8] = []
            for part in entry.template {
                switch part {
                case .text(let text): value += text.utf8
                case .random(let count): value += random(count).utf8
                case .secret(let place, let key, let name):
                    let namespace = String(place.prefix { $0 != "/" })
                    guard
                        let other = values[place]?[key]
                            ?? (isWanted(key, in: place)
                                ? nil : Self.data(of: present(namespace, name) ?? .null)[key])
                    else { return nil }
                    value += other
                }
            }
            return value
        }

        private func isWanted(_ key: String, in place: String) -> Bool {
            wanted.contains { $0.key == key && $0.place == place }
        }

        private mutating func set(_ value: [UInt8], _ key: String, _ place: String, _ index: Int) {
            values[place, default: [:]][key] = value
            objects[index]?.set(.string(Data(value).base64EncodedString()), at: "data", key)
        }

        private static func data(of secret: JSON) -> [String: [UInt8]] {
            var values: [String: [UInt8]] = [:]
            for (key, value) in secret["data"]?.object ?? [:] {
                values[key] = value.string.flatMap { Data(base64Encoded: $0) }.map(Array.init)
            }
            for (key, value) in secret["stringData"]?.object ?? [:] {
                values[key] = value.string.map { Array($0.utf8) }
            }
            return values
        }

        private static func parts(_ text: String, _ namespace: String) -> [Part]? {
            var parts: [Part] = []
            var rest = Substring(text)
            while let start = rest.range(of: "${") {
                parts.append(.text(String(rest[..<start.lowerBound])))
                guard let end = rest[start.upperBound...].firstIndex(of: "}") else { return nil }
                let words = rest[start.upperBound..<end].split(separator: " ").map(String.init)
                if words.count == 2, words[0] == "random", let count = Int(words[1]),
                    (1...256).contains(count)
                {
                    parts.append(.random(count))
                } else if words.count == 3, words[0] == "secret" {
                    parts.append(.secret(place: namespace + "/" + words[1], key: words[2], name: words[1]))
                } else {
                    return nil
                }
                rest = rest[rest.index(after: end)...]
            }
            return parts + [.text(String(rest))]
        }
    }
}
