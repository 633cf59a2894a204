/// Which shared libraries executables ask for (the ELF format, 64 bits, little-endian).
enum SharedLibraries {
    /// Libraries that files of a tree need and that are nowhere in it, each with one that needs it.
    static func missing(in tree: FileTree, for files: FileTree) -> [(library: String, file: String)] {
        let present = Set(tree.nodes.keys.map { $0.split(separator: "/").last.map(String.init) ?? $0 })
        var found: [String: String] = [:]
        for (path, node) in files.sorted {
            guard case .file(let bytes) = node.kind else { continue }
            for library in needed(by: bytes) where !present.contains(library) && found[library] == nil {
                found[library] = path
            }
        }
        return found.sorted { $0.key < $1.key }.map { (library: $0.key, file: $0.value) }
    }

    /// What the dynamic section of a program or library names; nothing for any other file.
    static func needed(by bytes: ArraySlice<UInt8>) -> [String] {
        guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else { return [] }
        func number(_ offset: Int, _ length: Int) -> Int? {
            guard offset >= 0, offset <= bytes.count - length else { return nil }
            let start = bytes.startIndex + offset
            let value = bytes[start..<start + length].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int(exactly: value)
        }
        guard let table = number(32, 8), let size = number(54, 2), let count = number(56, 2),
            table <= bytes.count
        else { return [] }
        var segments: [(address: Int, offset: Int, size: Int)] = []
        var dynamic: (offset: Int, size: Int)?
        for index in 0..<count {
            let at = table + index * size
            guard let kind = number(at, 4), let offset = number(at + 8, 8), let address = number(at + 16, 8),
                let length = number(at + 32, 8)
            else { return [] }
            // What is outside the file cannot be read, and would be too large to reckon with.
            if offset > bytes.count || length > bytes.count { continue }
            if kind == 1 { segments.append((address, offset, length)) }
            if kind == 2 { dynamic = (offset, length) }
        }
        guard let dynamic else { return [] }
        var names: [Int] = []
        var strings: Int?
        for at in stride(from: dynamic.offset, to: dynamic.offset + dynamic.size, by: 16) {
            guard let tag = number(at, 8), let value = number(at + 8, 8), tag != 0 else { break }
            if tag == 1 { names.append(value) }
            if tag == 5 {
                strings = segments.first { value >= $0.address && value - $0.address < $0.size }
                    .map { value - $0.address + $0.offset }
            }
        }
        guard let strings else { return [] }
        return names.compactMap { name in
            guard name < bytes.count, strings + name < bytes.count else { return nil }
            let start = bytes.startIndex + strings + name
            return String(decoding: bytes[start...].prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
