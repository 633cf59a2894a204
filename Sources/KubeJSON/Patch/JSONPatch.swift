/// JSON Patch (RFC 6902), as kube-apiserver applies it.
///
/// kube-apiserver's library departs from the RFC, and clients see that it does: negative indices count
/// from the end of a list, `replace` sets a member that is not there, `copy` of an absent member adds
/// null, `test` of an absent member passes for null, numbers are equal when they are spelt alike, and a
/// path's text before its first slash is ignored.
public struct JSONPatch: Sendable {
    /// The most operations in one patch.
    public static let maximumOperations = 10_000
    /// The most bytes that the `copy` operations of one patch may add together.
    public static let maximumCopiedBytes = 3 << 20
    /// The deepest nesting that a patch may leave behind.
    static let maximumDepth = 1_000

    private struct Operation: Sendable {
        /// The members as they came; a null one counts as absent, other than `value`.
        let members: JSONObject

        var kind: String { members["op"]?.string ?? "unknown" }
        var value: JSON? { members["value"] }

        func pointer(_ name: String) -> String? { members[name]?.string }
    }

    private let operations: [Operation]

    public var count: Int { operations.count }

    /// Reads a patch document.
    ///
    /// - Throws: `malformed` when it is no list of operations, `tooLarge` over 10,000 of them. An unknown
    ///   `op` and missing members are found when the patch is applied, as upstream.
    public static func parse(_ patch: JSON) throws(PatchError) -> JSONPatch {
        if patch.isNull { return JSONPatch(operations: []) }
        guard case .array(let items) = patch else {
            throw undecodable(patch, "Go value of type []handlers.jsonPatchOp")
        }
        var operations: [Operation] = []
        operations.reserveCapacity(items.count)
        for item in items {
            switch item {
            case .object(let members):
                for name in ["op", "path", "from"] {
                    guard let value = members[name], !value.isNull, value.string == nil else { continue }
                    throw undecodable(value, "Go struct field jsonPatchOp.\(name) of type string")
                }
                operations.append(Operation(members: members))
            case .null: operations.append(Operation(members: JSONObject()))
            default: throw undecodable(item, "Go value of type handlers.jsonPatchOp")
            }
        }
        guard operations.count <= maximumOperations else {
            throw PatchError(
                .tooLarge,
                "The allowed maximum operations in a JSON patch is \(maximumOperations), "
                    + "got \(operations.count)")
        }
        return JSONPatch(operations: operations)
    }

    /// What strict field validation says of members that no operation has, as
    /// `json patch unknown field "[0].foo"`.
    public var unknownFields: [String] {
        var found: [String] = []
        for (position, operation) in operations.enumerated() {
            for member in operation.members.members {
                switch member.key {
                case "op", "path", "from", "value": continue
                default: found.append("json patch unknown field \"[\(position)].\(member.key)\"")
                }
            }
        }
        return found
    }

    private static func undecodable(_ value: JSON, _ target: String) -> PatchError {
        PatchError(
            .malformed, "error decoding patch: json: cannot unmarshal \(value.typeName) into \(target)")
    }

    /// The document with every operation done, in order; all of them or none.
    public func apply(to document: JSON) throws(PatchError) -> JSON {
        var run = Run(document: document)
        for operation in operations { try run.perform(operation) }
        return run.document
    }

    // MARK: - Applying

    private struct Run {
        var document: JSON
        private var copiedBytes = 0
        /// By how much the nesting may have grown since it was last measured.
        private var growth = 0

        init(document: JSON) { self.document = document }

        mutating func perform(_ operation: Operation) throws(PatchError) {
            switch operation.kind {
            case "add": try add(operation)
            case "remove": try remove(operation)
            case "replace": try replace(operation)
            case "move": try move(operation)
            case "copy": try copy(operation)
            case "test": try test(operation)
            default: throw unprocessable("Unexpected kind: \(operation.kind)")
            }
            if growth > JSONPatch.maximumDepth / 2 {
                guard document.nesting(upTo: JSONPatch.maximumDepth) <= JSONPatch.maximumDepth else {
                    throw unprocessable("exceeded max depth of \(JSONPatch.maximumDepth)")
                }
                growth = 0
            }
        }

        private mutating func add(_ operation: Operation) throws(PatchError) {
            guard let path = operation.pointer("path") else {
                throw unprocessable("add operation failed to decode path: missing value")
            }
            let value = operation.value ?? .null
            grow(by: value, at: path)
            let done = try within(path) { (container, key) throws(PatchError) in
                try container.patchAdd(value, key, prefix: "error in add for path: '\(path)': ")
            }
            guard done else {
                throw unprocessable(
                    "add operation does not apply: doc is missing path: \"\(path)\": missing value")
            }
        }

        private mutating func remove(_ operation: Operation) throws(PatchError) {
            guard let path = operation.pointer("path") else {
                throw unprocessable("remove operation failed to decode path: missing value")
            }
            let done = try within(path) { (container, key) throws(PatchError) in
                try container.patchRemove(key, prefix: "error in remove for path: '\(path)': ")
            }
            guard done else {
                throw unprocessable(
                    "remove operation does not apply: doc is missing path: \"\(path)\": missing value")
            }
        }

        private mutating func replace(_ operation: Operation) throws(PatchError) {
            guard let path = operation.pointer("path") else {
                throw unprocessable(
                    "replace operation failed to decode path: operation missing path field: missing value")
            }
            let value = operation.value ?? .null
            if path.isEmpty {
                guard value.object != nil || value.array != nil else {
                    throw unprocessable("replace operation value must be object or array: %!w(<nil>)")
                }
                document = value
                return
            }
            grow(by: value, at: path)
            let done = try within(path) { (container, key) throws(PatchError) in
                try container.patchReplace(value, key, path: path)
            }
            guard done else {
                throw unprocessable(
                    "replace operation does not apply: doc is missing path: \(path): missing value")
            }
        }

        private mutating func move(_ operation: Operation) throws(PatchError) {
            guard let from = operation.pointer("from") else {
                throw unprocessable(
                    "move operation failed to decode from: operation, missing from field: missing value")
            }
            var value = JSON.null
            var done = try within(from) { (container, key) throws(PatchError) in
                let prefix = "error in move for path: '\(key)': "
                value = try container.patchGet(key, prefix: prefix) ?? .null
                try container.patchRemove(key, prefix: prefix)
            }
            guard done else {
                throw unprocessable(
                    "move operation does not apply: doc is missing from path: \(from): missing value")
            }
            guard let path = operation.pointer("path") else {
                throw unprocessable(
                    "move operation failed to decode path: operation missing path field: missing value")
            }
            growth += max(0, Self.steps(path) - Self.steps(from))
            let moved = value
            done = try within(path) { (container, key) throws(PatchError) in
                try container.patchAdd(moved, key, prefix: "error in move for path: '\(path)': ")
            }
            guard done else {
                throw unprocessable(
                    "move operation does not apply: doc is missing destination path: \(path): missing value"
                )
            }
        }

        private mutating func copy(_ operation: Operation) throws(PatchError) {
            guard let from = operation.pointer("from") else {
                throw unprocessable(
                    "copy operation failed to decode from: operation, missing from field: missing value")
            }
            guard let (container, key) = find(from) else {
                throw unprocessable(
                    "copy operation does not apply: doc is missing from path: \(from): missing value")
            }
            let value = try container.patchGet(key, prefix: "error in copy for from: '\(from)': ")
            guard let path = operation.pointer("path") else {
                throw unprocessable("copy operation failed to decode path: missing value")
            }
            guard find(path) != nil else {
                throw unprocessable(
                    "copy operation does not apply: doc is missing destination path: \(path): missing value"
                )
            }
            if let value {
                copiedBytes += JSONWriter.bytes(value).count
                guard copiedBytes <= JSONPatch.maximumCopiedBytes else {
                    throw unprocessable(
                        "Unable to complete the copy, the accumulated size increase of copy is "
                            + "\(copiedBytes), exceeding the limit \(JSONPatch.maximumCopiedBytes)")
                }
                grow(by: value, at: path)
            }
            _ = try within(path) { (container, key) throws(PatchError) in
                try container.patchAdd(value ?? .null, key, prefix: "error while adding value during copy: ")
            }
        }

        private func test(_ operation: Operation) throws(PatchError) {
            guard let path = operation.pointer("path") else {
                throw unprocessable(
                    "test operation failed to decode path: operation missing path field: missing value")
            }
            let expected = operation.value
            let failure = unprocessable("testing value \(path) failed: test failed")
            if path.isEmpty {
                guard let expected, document.patchEquals(expected) else { throw failure }
                return
            }
            guard let (container, key) = find(path) else {
                throw unprocessable(
                    "test operation does not apply: is missing path: \(path): missing value")
            }
            let value = try container.patchGet(key, prefix: "error in test for path: '\(path)': ")
            guard (value ?? .null).patchEquals(expected ?? .null) else { throw failure }
        }

        // MARK: Paths

        private mutating func grow(by value: JSON, at path: String) {
            growth += Self.steps(path) + value.nesting(upTo: JSONPatch.maximumDepth)
        }

        private static func steps(_ path: String) -> Int {
            path.utf8.reduce(0) { $1 == UInt8(ascii: "/") ? $0 + 1 : $0 }
        }

        private static func keys(_ path: String) -> [String]? {
            var parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            guard parts.count >= 2 else { return nil }
            parts.removeFirst()
            return parts.map { part in
                guard part.contains(UInt8(ascii: "~")) else { return String(part) ?? "" }
                return unescaped(part)
            }
        }

        private static func unescaped(_ part: Substring.UTF8View) -> String {
            var text: [UInt8] = []
            text.reserveCapacity(part.count)
            var rest = part[...]
            while let byte = rest.popFirst() {
                if byte == UInt8(ascii: "~"), let next = rest.first {
                    if next == UInt8(ascii: "1") || next == UInt8(ascii: "0") {
                        text.append(next == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
                        rest.removeFirst()
                        continue
                    }
                }
                text.append(byte)
            }
            return String(decoding: text, as: UTF8.self)
        }

        /// The container that a path's last key is for, and that key; nil when there is none.
        private func find(_ path: String) -> (container: JSON, key: String)? {
            guard let keys = Self.keys(path), let last = keys.last else { return nil }
            var value = document
            for key in keys.dropLast() {
                guard let next = value.patchStep(key) else { return nil }
                value = next
            }
            guard value.object != nil || value.array != nil else { return nil }
            return (value, last)
        }

        /// Changes the container that a path's last key is for, in place. False when there is none.
        private mutating func within(
            _ path: String, _ change: (inout JSON, String) throws(PatchError) -> Void
        ) throws(PatchError) -> Bool {
            guard let keys = Self.keys(path) else { return false }
            return try Self.descend(&document, keys[...], change)
        }

        private static func descend(
            _ value: inout JSON, _ keys: ArraySlice<String>,
            _ change: (inout JSON, String) throws(PatchError) -> Void
        ) throws(PatchError) -> Bool {
            guard let key = keys.first else { return false }
            switch value {
            case .object(var object):
                if keys.count == 1 {
                    try change(&value, key)
                    return true
                }
                guard let position = object.position(of: key) else { return false }
                value = .null
                defer { value = .object(object) }
                return try descend(&object.members[position].value, keys.dropFirst(), change)
            case .array(var array):
                if keys.count == 1 {
                    try change(&value, key)
                    return true
                }
                guard case .success(let index) = arrayIndex(key, count: array.count) else { return false }
                value = .null
                defer { value = .array(array) }
                return try descend(&array[index], keys.dropFirst(), change)
            default: return false
            }
        }
    }
}

private func unprocessable(_ message: String) -> PatchError { PatchError(.unprocessable, message) }

private struct IndexError: Error { let message: String }

/// An index of a list as Go's Atoi reads it: a sign is allowed, and negative ones count from the end.
private func arrayIndex(_ key: String, count: Int) -> Result<Int, IndexError> {
    let digits = key.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    guard digits.count + 1 >= key.utf8.count, !digits.isEmpty,
        digits.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 })
    else {
        return .failure(IndexError(message: "strconv.Atoi: parsing \(GoText.quoted(key)): invalid syntax"))
    }
    guard let number = Int(key) else {
        return .failure(IndexError(message: "strconv.Atoi: parsing \"\(key)\": value out of range"))
    }
    guard number < count, number >= -count else {
        return .failure(
            IndexError(message: "Unable to access invalid index: \(number): invalid index referenced"))
    }
    return .success(number < 0 ? number + count : number)
}

extension JSON {
    fileprivate func patchStep(_ key: String) -> JSON? {
        switch self {
        case .object(let object): return object[key]
        case .array(let array):
            guard case .success(let index) = arrayIndex(key, count: array.count) else { return nil }
            return array[index]
        default: return nil
        }
    }

    fileprivate func patchGet(_ key: String, prefix: String) throws(PatchError) -> JSON? {
        guard case .array(let array) = self else { return self[key] }
        switch arrayIndex(key, count: array.count) {
        case .success(let index): return array[index]
        case .failure(let error): throw unprocessable(prefix + error.message)
        }
    }

    fileprivate mutating func patchAdd(_ value: JSON, _ key: String, prefix: String) throws(PatchError) {
        guard case .array(var array) = self else {
            self[key] = value
            return
        }
        if key == "-" {
            self = .null
            array.append(value)
            self = .array(array)
            return
        }
        // One past the end is a place to add at, and is what -1 means here.
        switch arrayIndex(key, count: array.count + 1) {
        case .success(let index):
            self = .null
            array.insert(value, at: index)
            self = .array(array)
        case .failure(let error):
            let syntax = error.message.hasPrefix("strconv")
            let detail = syntax ? "value was not a proper array index: '\(key)': " : ""
            throw unprocessable(prefix + detail + error.message)
        }
    }

    fileprivate mutating func patchRemove(_ key: String, prefix: String) throws(PatchError) {
        guard case .array(var array) = self else {
            guard self[key] != nil else {
                throw unprocessable(prefix + "Unable to remove nonexistent key: \(key): missing value")
            }
            self[key] = nil as JSON?
            return
        }
        switch arrayIndex(key, count: array.count) {
        case .success(let index):
            self = .null
            array.remove(at: index)
            self = .array(array)
        case .failure(let error): throw unprocessable(prefix + error.message)
        }
    }

    fileprivate mutating func patchReplace(_ value: JSON, _ key: String, path: String) throws(PatchError) {
        guard case .array(var array) = self else {
            self[key] = value
            return
        }
        guard case .success(let index) = arrayIndex(key, count: array.count) else {
            throw unprocessable(
                "replace operation does not apply: doc is missing key: \(path): missing value")
        }
        self = .null
        array[index] = value
        self = .array(array)
    }

    /// Equal for `test`: numbers are compared as they are spelt, so that 1 is not 1.0.
    fileprivate func patchEquals(_ other: JSON) -> Bool {
        switch (self, other) {
        case (.integer, .double), (.double, .integer): return false
        case (.array(let left), .array(let right)):
            guard left.count == right.count else { return false }
            return zip(left, right).allSatisfy { $0.patchEquals($1) }
        case (.object(let left), .object(let right)):
            guard left.count == right.count else { return false }
            return left.members.allSatisfy { right[$0.key]?.patchEquals($0.value) ?? false }
        default: return self == other
        }
    }
}
