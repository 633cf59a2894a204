import KubeJSON

/// Reading and writing the metadata of an object in place.
extension JSON {
    public var metadata: JSON {
        get { self["metadata"] ?? .object([:]) }
        set { self["metadata"] = newValue }
    }
    public var name: String { self["metadata"]?["name"]?.string ?? "" }
    public var namespace: String { self["metadata"]?["namespace"]?.string ?? "" }
    public var uid: String { self["metadata"]?["uid"]?.string ?? "" }
    public var resourceVersion: String { self["metadata"]?["resourceVersion"]?.string ?? "" }
    public var generation: Int64 { self["metadata"]?["generation"]?.integer ?? 0 }
    public var deletionTimestamp: String? { self["metadata"]?["deletionTimestamp"]?.string }
    public var finalizers: [String] {
        self["metadata"]?["finalizers"]?.array?.compactMap(\.string) ?? []
    }

    /// Sets or removes (nil, empty list) a member of metadata.
    public mutating func setMetadata(_ key: String, _ value: JSON?) {
        if case .object(var object) = self {
            self = .null
            var metadata = object["metadata"] ?? .object([:])
            object["metadata"] = .null
            metadata[key] = value
            object["metadata"] = metadata
            self = .object(object)
        }
    }

    /// Whether everything but `metadata` and `status` is the same, which is what generation counts.
    public func hasSameContent(as other: JSON) -> Bool {
        guard let mine = object, let theirs = other.object else { return self == other }
        func counted(_ key: String) -> Bool {
            key != "metadata" && key != "status" && key != "kind" && key != "apiVersion"
        }
        for (key, value) in mine where counted(key) && theirs[key] != value { return false }
        for (key, _) in theirs where counted(key) && !mine.contains(key) { return false }
        return true
    }
}
