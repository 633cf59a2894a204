/// The order of merged lists in a strategic merge patch: elements that the patch names come in its order,
/// the others in the order that they had, and the two are woven together by the order that they had.
///
/// Elements are known by their merge key, or by themselves in lists of scalars (empty merge key).
enum ElementOrder {
    /// Refuses a patch list whose elements are not in the order of the `$setElementOrder` list, or not in
    /// it at all. Directives count as absent.
    static func check(_ patch: [JSON], against order: [JSON], _ mergeKey: String) throws(PatchError) {
        if order.isEmpty || patch.isEmpty { return }
        let items = mergeKey.isEmpty ? patch : try splitDeletions(patch).kept
        var position = 0
        var next = 0
        while position < items.count, next < order.count {
            if items[position]["$patch"] != nil {
                position += 1
                continue
            }
            let left = try identity(items[position], mergeKey)
            let right = try identity(order[next], mergeKey)
            if left == right { position += 1 }
            next += 1
        }
        if position < items.count, next >= order.count {
            throw PatchError(
                .failed,
                "The order in patch list:\n\(JSON.array(patch).goText)\n doesn't match $setElementOrder "
                    + "list:\n\(JSON.array(order).goText)\n\n")
        }
    }

    /// The elements that the other list names, and those that it does not.
    static func partition(
        _ items: [JSON], by named: [JSON], _ mergeKey: String
    ) throws(PatchError) -> (listed: [JSON], others: [JSON]) {
        var names = Set<JSON>()
        for (position, item) in named.enumerated() {
            if mergeKey.isEmpty {
                names.insert(item)
            } else {
                guard case .object(let object) = item else {
                    throw PatchError(.failed, "value for key \(position) is not a map")
                }
                if let name = object[mergeKey] { names.insert(name) }
            }
        }
        var listed: [JSON] = []
        var others: [JSON] = []
        for item in items {
            if names.contains(try identity(item, mergeKey)) {
                listed.append(item)
            } else {
                others.append(item)
            }
        }
        return (listed, others)
    }

    /// Both parts, each in its order, woven by the order of `serverOrder`; where that does not know an
    /// element, the patch's comes first.
    static func arrange(
        patch: [JSON], serverOnly: [JSON], patchOrder: [JSON], serverOrder: [JSON], mergeKey: String,
        isMaps: Bool
    ) throws(PatchError) -> [JSON] {
        let right = try sort(patch, by: patchOrder, mergeKey, isMaps)
        let left = try sort(serverOnly, by: serverOrder, mergeKey, isMaps)
        let places = places(in: serverOrder, mergeKey, isMaps)
        let leftPlaces = left.map { places[key($0, mergeKey, isMaps)] }
        let rightPlaces = right.map { places[key($0, mergeKey, isMaps)] }
        var result: [JSON] = []
        result.reserveCapacity(left.count + right.count)
        var i = 0
        var j = 0
        while i < left.count, j < right.count {
            if let first = leftPlaces[i], let second = rightPlaces[j], first < second {
                result.append(left[i])
                i += 1
            } else {
                result.append(right[j])
                j += 1
            }
        }
        result += left[i...]
        result += right[j...]
        return result
    }

    private static func sort(
        _ items: [JSON], by order: [JSON], _ mergeKey: String, _ isMaps: Bool
    ) throws(PatchError) -> [JSON] {
        var kept = items
        var deletions: [JSON] = []
        if isMaps {
            for item in items { _ = try identity(item, mergeKey) }
            for item in order { _ = try identity(item, mergeKey) }
            (kept, deletions) = try splitDeletions(items)
        }
        let places = places(in: order, mergeKey, isMaps)
        let keyed = kept.enumerated().map { position, item in
            (place: places[key(item, mergeKey, isMaps)] ?? Int.max, position: position, item: item)
        }
        let sorted = keyed.sorted { ($0.place, $0.position) < ($1.place, $1.position) }
        return sorted.map(\.item) + deletions
    }

    private static func places(in order: [JSON], _ mergeKey: String, _ isMaps: Bool) -> [JSON: Int] {
        var places = [JSON: Int](minimumCapacity: order.count)
        for (position, item) in order.enumerated() {
            let key = key(item, mergeKey, isMaps)
            if places[key] == nil { places[key] = position }
        }
        return places
    }

    private static func key(_ item: JSON, _ mergeKey: String, _ isMaps: Bool) -> JSON {
        isMaps ? item[mergeKey] ?? .null : item
    }

    private static func identity(_ item: JSON, _ mergeKey: String) throws(PatchError) -> JSON {
        if mergeKey.isEmpty { return item }
        guard case .object(let object) = item else { throw .argument("object", item) }
        guard let key = object[mergeKey] else { throw .noMergeKey(object, mergeKey) }
        return key
    }

    private static func splitDeletions(
        _ items: [JSON]
    ) throws(PatchError) -> (kept: [JSON], deletions: [JSON]) {
        var kept: [JSON] = []
        var deletions: [JSON] = []
        for item in items {
            guard case .object(let object) = item else { throw .argument("object", item) }
            if object["$patch"]?.string == "delete" {
                deletions.append(item)
            } else {
                kept.append(item)
            }
        }
        return (kept, deletions)
    }
}
