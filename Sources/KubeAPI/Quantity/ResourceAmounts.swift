import KubeJSON

/// Amounts by the name of a resource: a ResourceList, for reckoning (k8s.io/apiserver/pkg/quota/v1).
public struct ResourceAmounts: Sendable, Equatable {
    public var amounts: [String: Quantity]

    public init(_ amounts: [String: Quantity] = [:]) { self.amounts = amounts }

    /// Reads a ResourceList; what is no quantity is left out.
    public init(_ list: JSON?) {
        amounts = [:]
        for (name, value) in list?.object ?? [:] {
            if let text = value.string, let amount = Quantity(text) { amounts[name] = amount }
        }
    }

    public subscript(name: String) -> Quantity? {
        get { amounts[name] }
        set { amounts[name] = newValue }
    }

    public var names: [String] { amounts.keys.sorted(by: utf8Less) }
    public var isEmpty: Bool { amounts.isEmpty }

    /// A ResourceList in order of the names.
    public var json: JSON {
        var object = JSONObject()
        for name in names { object[name] = amounts[name].map { .string($0.canonical) } }
        return .object(object)
    }

    /// Upstream's form in errors: `cpu=1,pods=2`.
    public var text: String {
        names.compactMap { name in amounts[name].map { "\(name)=\($0.canonical)" } }.joined(separator: ",")
    }

    public mutating func add(_ other: ResourceAmounts) {
        for (name, amount) in other.amounts { amounts[name] = amounts[name].map { $0 + amount } ?? amount }
    }

    /// Takes the larger of both, name by name.
    public mutating func raise(to other: ResourceAmounts) {
        for (name, amount) in other.amounts {
            if let present = amounts[name], present >= amount { continue }
            amounts[name] = amount
        }
    }

    public func adding(_ other: ResourceAmounts) -> ResourceAmounts {
        var sum = self
        sum.add(other)
        return sum
    }

    /// What is more here than there; nothing below zero.
    public func growth(from other: ResourceAmounts) -> ResourceAmounts {
        var result = ResourceAmounts()
        for (name, amount) in amounts {
            let difference = other.amounts[name].map { amount - $0 } ?? amount
            result.amounts[name] = difference.sign < 0 ? .zero : difference
        }
        for name in other.amounts.keys where amounts[name] == nil { result.amounts[name] = .zero }
        return result
    }

    public func only(_ names: some Collection<String>) -> ResourceAmounts {
        ResourceAmounts(amounts.filter { names.contains($0.key) })
    }

    public func filter(_ isIncluded: (String, Quantity) -> Bool) -> ResourceAmounts {
        ResourceAmounts(amounts.filter { isIncluded($0.key, $0.value) })
    }
}
