/// Rewrites the links of what a proxied server answers, so that they lead through the proxy again (upstream's
/// proxy.Transport): those with an absolute path on the same host. Pure.
struct ProxiedLinks {
    /// `/api/v1/namespaces/NS/services/NAME/proxy`.
    let prefix: String
    /// The hosts that are this one: the endpoint's, and the one that the client asked.
    let hosts: [String]

    /// A link, in its rewritten form where it has one.
    func rewritten(_ link: String) -> String {
        var rest = link[...]
        if let mark = rest.range(of: "://") {
            let scheme = rest[..<mark.lowerBound]
            guard scheme.allSatisfy({ $0.isLetter }) else { return link }
            rest = rest[mark.upperBound...]
        } else if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
        } else {
            return rest.hasPrefix("/") && !isInside(rest) ? prefix + link : link
        }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        guard hosts.contains(String(rest[..<end])), end < rest.endIndex, rest[end] == "/" else { return link }
        let path = rest[end...]
        return isInside(path) ? String(path) : prefix + path
    }

    private func isInside(_ path: Substring) -> Bool { path.hasPrefix(prefix) }

    // MARK: HTML

    /// Attributes that hold a link, by tag.
    private static let attributes: [String: Set<String>] = [
        "a": ["href"], "applet": ["codebase"], "area": ["href"], "audio": ["src"], "base": ["href"],
        "blockquote": ["cite"], "body": ["background"], "button": ["formaction"], "command": ["icon"],
        "del": ["cite"], "embed": ["src"], "form": ["action"], "frame": ["longdesc", "src"],
        "head": ["profile"], "html": ["manifest"], "iframe": ["longdesc", "src"],
        "img": ["longdesc", "src", "usemap"], "input": ["src", "usemap", "formaction"], "ins": ["cite"],
        "link": ["href"], "object": ["classid", "codebase", "data", "usemap"], "q": ["cite"],
        "script": ["src"], "source": ["src"], "video": ["poster", "src"],
    ]

    /// A page with its links rewritten; everything else stays as it is, byte for byte.
    func rewritten(page: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(page.count + 256)
        var scanner = TagScanner(page)
        var copied = 0
        while let tag = scanner.nextTag() {
            guard let wanted = Self.attributes[tag.name] else { continue }
            for attribute in tag.attributes where wanted.contains(attribute.name) {
                let old = String(decoding: page[attribute.value], as: UTF8.self)
                let link = old.replacing("&amp;", with: "&")
                let new = rewritten(link)
                guard new != link else { continue }
                output += page[copied..<attribute.value.lowerBound]
                output += new.replacing("&", with: "&amp;").utf8
                copied = attribute.value.upperBound
            }
        }
        return output + page[copied...]
    }
}

/// Finds the start tags of a page, and where the values of their attributes are.
private struct TagScanner {
    struct Tag {
        /// In lower case, as are the names of its attributes.
        var name: String
        var attributes: [(name: String, value: Range<Int>)] = []
    }

    private let page: [UInt8]
    private var index = 0
    /// The tag whose text is no markup, until it ends.
    private var rawText: String?

    init(_ page: [UInt8]) { self.page = page }

    mutating func nextTag() -> Tag? {
        while index < page.count {
            guard let open = page[index...].firstIndex(of: UInt8(ascii: "<")) else { break }
            index = open + 1
            if let raw = rawText {
                if starts(with: "/" + raw) { rawText = nil }
            } else if starts(with: "!--") {
                skip(past: "-->")
            } else if index < page.count, Self.isLetter(page[index]) {
                let tag = readTag()
                if ["script", "style", "textarea", "title"].contains(tag.name) { rawText = tag.name }
                return tag
            }
        }
        index = page.count
        return nil
    }

    private func starts(with text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard index + bytes.count <= page.count else { return false }
        return zip(page[index...], bytes).allSatisfy { Self.lower($0) == $1 }
    }

    private mutating func skip(past text: String) {
        while index < page.count, !starts(with: text) { index += 1 }
        index = min(page.count, index + text.utf8.count)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

    private mutating func word(until stops: (UInt8) -> Bool) -> String {
        let start = index
        while index < page.count, !stops(page[index]) { index += 1 }
        return String(decoding: page[start..<index].map(Self.lower), as: UTF8.self)
    }

    private mutating func skipSpaces() {
        while index < page.count, Self.isSpace(page[index]) { index += 1 }
    }

    private mutating func readTag() -> Tag {
        let close = UInt8(ascii: ">")
        let slash = UInt8(ascii: "/")
        let equals = UInt8(ascii: "=")
        var tag = Tag(name: word { Self.isSpace($0) || $0 == close || $0 == slash })
        while index < page.count {
            while index < page.count, Self.isSpace(page[index]) || page[index] == slash { index += 1 }
            guard index < page.count, page[index] != close else { break }
            let start = index
            let name = word { Self.isSpace($0) || $0 == close || $0 == slash || $0 == equals }
            skipSpaces()
            if index < page.count, page[index] == equals {
                index += 1
                skipSpaces()
                tag.attributes.append((name, readValue()))
            } else if index == start {
                index += 1
            }
        }
        return tag
    }

    private mutating func readValue() -> Range<Int> {
        guard index < page.count else { return index..<index }
        let quote = page[index]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            let start = index
            while index < page.count, !Self.isSpace(page[index]), page[index] != UInt8(ascii: ">") {
                index += 1
            }
            return start..<index
        }
        index += 1
        let start = index
        while index < page.count, page[index] != quote { index += 1 }
        let end = index
        if index < page.count { index += 1 }
        return start..<end
    }
}
