/// Writes tar archives as POSIX.1-2001 describes them. Times are zero and names of users are left out, so that
/// the same files make the same bytes.
struct TarWriter {
    private static let block = 512
    private let write: (ArraySlice<UInt8>) throws -> Void

    /// - Parameter write: takes the archive's bytes one piece after the other.
    init(_ write: @escaping (ArraySlice<UInt8>) throws -> Void) { self.write = write }

    func add(_ path: String, _ node: FileTree.Node) throws {
        switch node.kind {
        case .directory: try header(path + "/", "5", node)
        case .link(let target): try header(path, "2", node, link: target)
        case .file(let bytes): try add(path, bytes, node)
        }
    }

    func add(_ path: String, _ bytes: ArraySlice<UInt8>, mode: UInt32 = 0o644) throws {
        try add(path, bytes, FileTree.Node(kind: .file(bytes), mode: mode))
    }

    private func add(_ path: String, _ bytes: ArraySlice<UInt8>, _ node: FileTree.Node) throws {
        try begin(path, size: bytes.count, node)
        try write(bytes)
        try pad(bytes.count)
    }

    /// A file whose bytes the caller writes itself, followed by `pad`.
    func begin(
        _ path: String, size: Int, _ node: FileTree.Node = FileTree.Node(kind: .file([]), mode: 0o644)
    ) throws {
        try header(path, "0", node, size: size)
    }

    func pad(_ size: Int) throws {
        let rest = size % Self.block
        if rest > 0 { try write(ArraySlice(repeating: 0, count: Self.block - rest)) }
    }

    func end() throws { try write(ArraySlice(repeating: 0, count: 2 * Self.block)) }

    private func header(
        _ path: String, _ type: Character, _ node: FileTree.Node, link: String = "", size: Int = 0
    ) throws {
        var records: [UInt8] = []
        if path.utf8.count > 100 { records += Self.record("path", path) }
        if link.utf8.count > 100 { records += Self.record("linkpath", link) }
        if !records.isEmpty {
            let plain = FileTree.Node(kind: .file([]), mode: 0o644)
            try write(Self.block("PaxHeader", "x", plain, "", records.count))
            try write(records[...])
            try pad(records.count)
        }
        try write(Self.block(path, type, node, link, size))
    }

    /// One record of an extended header: its own length in decimal is part of what it counts.
    private static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n".utf8.count
        var length = rest + 1
        while "\(length)".utf8.count + rest != length { length += 1 }
        return Array("\(length) \(key)=\(value)\n".utf8)
    }

    private static func block(
        _ path: String, _ type: Character, _ node: FileTree.Node, _ link: String, _ size: Int
    ) -> ArraySlice<UInt8> {
        var bytes = [UInt8](repeating: 0, count: block)
        func put(_ text: String, _ offset: Int, _ length: Int) {
            for (index, byte) in text.utf8.prefix(length).enumerated() { bytes[offset + index] = byte }
        }
        func octal(_ number: Int, _ offset: Int, _ length: Int) {
            let digits = String(number, radix: 8)
            put(String(repeating: "0", count: max(0, length - 1 - digits.count)) + digits, offset, length)
        }
        put(path, 0, 100)
        octal(Int(node.mode), 100, 8)
        octal(Int(node.user), 108, 8)
        octal(Int(node.group), 116, 8)
        octal(size, 124, 12)
        octal(0, 136, 12)
        put("        ", 148, 8)
        put(String(type), 156, 1)
        put(link, 157, 100)
        put("ustar", 257, 5)
        put("00", 263, 2)
        octal(0, 329, 8)
        octal(0, 337, 8)
        let sum = bytes.reduce(0) { $0 + Int($1) }
        octal(sum, 148, 7)
        bytes[154] = 0
        bytes[155] = 32
        return bytes[...]
    }
}

/// Reads tar archives: ustar, GNU's long names and extended headers.
enum TarReader {
    struct Damaged: Error, CustomStringConvertible {
        var description: String
    }

    /// The files of an archive; devices are left out.
    static func read(_ bytes: [UInt8]) throws -> FileTree {
        var tree = FileTree()
        var hardLinks: [(path: String, target: String)] = []
        var position = 0
        var longPath: String?
        var longLink: String?
        while position + 512 <= bytes.count {
            let header = bytes[position..<position + 512]
            if header.allSatisfy({ $0 == 0 }) { break }
            let base = position
            let size = try number(bytes, base + 124, 12)
            let start = base + 512
            guard size >= 0, start + size <= bytes.count else {
                throw Damaged(description: "the archive ends in the middle of a file")
            }
            let content = bytes[start..<start + size]
            position = start + (size + 511) / 512 * 512
            let type = bytes[base + 156]
            switch type {
            case UInt8(ascii: "L"):
                longPath = text(content)
                continue
            case UInt8(ascii: "K"):
                longLink = text(content)
                continue
            case UInt8(ascii: "x"):
                for (key, value) in records(content) {
                    if key == "path" { longPath = value }
                    if key == "linkpath" { longLink = value }
                }
                continue
            case UInt8(ascii: "g"): continue
            default: break
            }
            var path = longPath ?? text(bytes[base..<base + 100])
            if longPath == nil, text(bytes[base + 257..<base + 262]) == "ustar",
                bytes[base + 262] == 0, bytes[base + 345] != 0
            {
                path = text(bytes[base + 345..<base + 500]) + "/" + path
            }
            let link = longLink ?? text(bytes[base + 157..<base + 257])
            (longPath, longLink) = (nil, nil)
            guard !path.split(separator: "/").contains("..") else {
                throw Damaged(description: "the archive has a path that leaves it: \(path)")
            }
            var node = FileTree.Node(
                kind: .directory, mode: UInt32(truncatingIfNeeded: try number(bytes, base + 100, 8)) & 0o7777,
                user: UInt32(truncatingIfNeeded: try number(bytes, base + 108, 8)),
                group: UInt32(truncatingIfNeeded: try number(bytes, base + 116, 8)))
            switch type {
            case UInt8(ascii: "5"): break
            case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): node.kind = .file(content)
            case UInt8(ascii: "2"):
                node.kind = .link(link)
                node.mode = 0o777
            case UInt8(ascii: "1"):
                hardLinks.append((path, link))
                continue
            default: continue
            }
            tree.put(path, node)
        }
        // A second name of a file becomes a file with the same bytes.
        for (path, target) in hardLinks {
            guard let node = tree[target] else {
                throw Damaged(description: "\(path) is linked to \(target), which is not in the archive")
            }
            tree.put(path, node)
        }
        return tree
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ length: Int) throws -> Int {
        // Numbers that do not fit in octal digits are binary, with the first bit set.
        if bytes[offset] & 0x80 != 0 {
            return bytes[offset + max(1, length - 7)..<offset + length].reduce(0) { $0 << 8 | Int($1) }
        }
        let digits = bytes[offset..<offset + length].drop { $0 == 32 }.prefix { $0 >= 48 && $0 < 56 }
        return digits.reduce(0) { $0 << 3 | Int($1 - 48) }
    }

    private static func records(_ content: ArraySlice<UInt8>) -> [(String, String)] {
        var result: [(String, String)] = []
        var rest = content
        while let space = rest.firstIndex(of: 32),
            let length = Int(String(decoding: rest[rest.startIndex..<space], as: UTF8.self)),
            length > 0, rest.startIndex + length <= rest.endIndex
        {
            let record = rest[space + 1..<rest.startIndex + length].dropLast()
            if let equals = record.firstIndex(of: UInt8(ascii: "=")) {
                result.append(
                    (
                        String(decoding: record[..<equals], as: UTF8.self),
                        String(decoding: record[(equals + 1)...], as: UTF8.self)
                    ))
            }
            rest = rest[(rest.startIndex + length)...]
        }
        return result
    }
}
