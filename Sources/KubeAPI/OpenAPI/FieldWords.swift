import KubeJSON

/// What structures and fields are for, in this project's own words: what `kubectl explain` shows.
///
/// The words are text that is compiled in (`Words/`), read when a document is made for the first time.
/// Lines:
/// - `# core.v1.Pod core.v1.PodSpec …`: the structures that the lines after it are about; `*` is every one
/// - `- words`: what the structure is
/// - `field words`: what a field is for; words of the structure itself go before those for all
struct FieldWords: Sendable {
    static let shared = FieldWords(texts)

    private static let texts: [StaticString] = [meta, pods, nodes, workloads, services, storage, policy]

    private var structures: [String: String] = [:]
    private var fields: [String: [String: String]] = [:]

    init(_ texts: [StaticString]) {
        for text in texts {
            var subjects: [String] = []
            text.withUTF8Buffer { bytes in
                for line in bytes.split(separator: UInt8(ascii: "\n")) { read(line, &subjects) }
            }
        }
    }

    private mutating func read(_ line: Slice<UnsafeBufferPointer<UInt8>>, _ subjects: inout [String]) {
        let space = UInt8(ascii: " ")
        guard let end = line.firstIndex(of: space) else { return }
        let word = String(decoding: line[..<end], as: UTF8.self)
        let rest = line[line.index(after: end)...]
        switch word {
        case "#":
            subjects = rest.split(separator: space).map { Self.name(String(decoding: $0, as: UTF8.self)) }
        case "-":
            for subject in subjects { structures[subject] = String(decoding: rest, as: UTF8.self) }
        default:
            for subject in subjects {
                fields[subject, default: [:]][word] = String(decoding: rest, as: UTF8.self)
            }
        }
    }

    /// `io.k8s.api.core.v1.Pod` for `core.v1.Pod`.
    private static func name(_ short: String) -> String {
        if short.hasPrefix("meta.") { return "io.k8s.apimachinery.pkg.apis." + short }
        if short.hasPrefix("apiextensions.") { return "io.k8s.apiextensions-apiserver.pkg.apis." + short }
        return short == "*" ? short : "io.k8s.api." + short
    }

    /// The published names of the structures that have words.
    var subjects: [String] { Set(fields.keys).union(structures.keys).subtracting(["*"]).sorted() }

    func words(for structure: String) -> String? { structures[structure] }

    func words(for field: String, of structure: String) -> String? {
        fields[structure]?[field] ?? fields["*"]?[field]
    }

    /// The names of the fields that have words of their own.
    func fields(of structure: String) -> [String] { (fields[structure] ?? [:]).keys.sorted() }
}
