import KubeJSON

/// What an image's layer holds: files by their path. Paths are absolute without the first slash, and go by
/// the merged layout of Debian (`/bin` is `/usr/bin`).
struct FileTree: Sendable {
    enum Kind: Sendable, Equatable {
        case directory
        case file(ArraySlice<UInt8>)
        case link(String)
    }

    struct Node: Sendable, Equatable {
        var kind: Kind
        /// Permission bits, with set-user-id and the like.
        var mode: UInt32
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    private(set) var nodes: [String: Node] = [:]

    /// In an order that depends on the paths alone; a directory comes before what is in it.
    var sorted: [(path: String, node: Node)] {
        nodes.sorted { utf8Less($0.key, $1.key) }.map { (path: $0.key, node: $0.value) }
    }

    subscript(path: String) -> Node? { nodes[Self.normalized(path)] }

    /// Puts a node in place, and directories above it where there are none.
    mutating func put(_ path: String, _ node: Node) {
        let path = Self.normalized(path)
        if path.isEmpty { return }
        makeParents(of: path)
        nodes[path] = node
    }

    mutating func remove(_ path: String) { nodes[Self.normalized(path)] = nil }

    private mutating func makeParents(of path: String) {
        var parent = path
        while let slash = parent.lastIndex(of: "/") {
            parent = String(parent[..<slash])
            if nodes[parent] != nil { return }
            nodes[parent] = Node(kind: .directory, mode: 0o755)
        }
    }

    /// Everything of a package, over what is here. A directory that is there keeps what it is.
    mutating func merge(_ package: FileTree) {
        for (path, node) in package.nodes {
            if node.kind == .directory, nodes[path]?.kind == .directory { continue }
            nodes[path] = node
        }
    }

    /// Everything of a layer, over what is here.
    mutating func cover(with layer: FileTree) {
        nodes.merge(layer.nodes) { $1 }
    }

    /// What a layer has to hold for this tree to come of `base`. Nothing of the base is taken away.
    func over(_ base: FileTree) -> FileTree {
        var result = FileTree()
        result.nodes = nodes.filter { base.nodes[$0.key] != $0.value }
        return result
    }

    mutating func removeAll(where isUnwanted: (String) -> Bool) {
        nodes = nodes.filter { !isUnwanted($0.key) }
        // What was kept below something that was not.
        for path in Array(nodes.keys) { makeParents(of: path) }
    }

    /// Without `.`, leading and trailing slashes, and with the top directories that are links resolved.
    static func normalized(_ path: String) -> String {
        var steps = path.split(separator: "/").filter { $0 != "." }
        if steps.count > 1, let first = steps.first, merged.contains(String(first)) {
            steps.insert("usr", at: 0)
        }
        return steps.joined(separator: "/")
    }

    /// Directories that are links into `/usr`.
    static let merged: Set<String> = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"]
}
