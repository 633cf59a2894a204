/// What is known of type variables, and whether one type may stand for another: the rules of cel-spec's
/// checker, in which `dyn` fits everything.
struct Substitutions {
    private var bound: [Int: CELType] = [:]
    private var count = 0

    mutating func fresh() -> CELType {
        count += 1
        return .variable(count - 1)
    }

    /// `type` with everything filled in that is known.
    /// - Parameter closing: whether what stays unknown becomes `dyn`.
    func apply(_ type: CELType, closing: Bool = false) -> CELType {
        switch type {
        case .variable(let index):
            if let known = bound[index] { return apply(known, closing: closing) }
            return closing ? .dyn : type
        case .parameter: return closing ? .dyn : type
        case .list(let element): return .list(apply(element, closing: closing))
        case .map(let key, let value):
            return .map(apply(key, closing: closing), apply(value, closing: closing))
        case .optional(let value): return .optional(apply(value, closing: closing))
        case .type(let type): return .type(apply(type, closing: closing))
        default: return type
        }
    }

    /// An overload's declaration with fresh variables for its parameters.
    mutating func instantiate(_ types: [CELType]) -> [CELType] {
        var names: [String: CELType] = [:]
        return types.map { instantiate($0, &names) }
    }

    private mutating func instantiate(_ type: CELType, _ names: inout [String: CELType]) -> CELType {
        switch type {
        case .parameter(let name):
            if let known = names[name] { return known }
            let new = fresh()
            names[name] = new
            return new
        case .list(let element): return .list(instantiate(element, &names))
        case .map(let key, let value):
            return .map(instantiate(key, &names), instantiate(value, &names))
        case .optional(let value): return .optional(instantiate(value, &names))
        case .type(let type): return .type(instantiate(type, &names))
        default: return type
        }
    }

    /// Whether a value of `source` may be where `target` is wanted; on success what was learnt is kept.
    mutating func assign(_ source: CELType, to target: CELType) -> Bool {
        assign([source], to: [target])
    }

    mutating func assign(_ sources: [CELType], to targets: [CELType]) -> Bool {
        guard sources.count == targets.count else { return false }
        var trial = self
        for (source, target) in zip(sources, targets) where !trial.fits(source, target) { return false }
        self = trial
        return true
    }

    private mutating func fits(_ left: CELType, _ right: CELType) -> Bool {
        if case .variable(let index) = right {
            let (isValid, isKnown) = bind(left, to: index)
            if isValid { return true }
            if isKnown { return false }
        }
        if case .variable(let index) = left { return bind(right, to: index).isValid }
        if left.isDynOrError || right.isDynOrError { return true }
        if left == .null { return isNullable(right) }
        if right == .null { return isNullable(left) }
        switch (left, right) {
        case (.list(let a), .list(let b)): return fits(a, b)
        case (.map(let ak, let av), .map(let bk, let bv)): return fits(ak, bk) && fits(av, bv)
        case (.optional(let a), .optional(let b)): return fits(a, b)
        case (.type, .type): return true
        default: return left == right
        }
    }

    private func isNullable(_ type: CELType) -> Bool {
        switch type {
        case .null, .opaque, .optional, .object, .duration, .timestamp: true
        default: false
        }
    }

    private mutating func bind(_ type: CELType, to index: Int) -> (isValid: Bool, isKnown: Bool) {
        if type == .variable(index) { return (true, true) }
        if let known = bound[index] {
            if type == known { return (true, true) }
            guard fits(type, known) else { return (false, true) }
            let general = Self.isAtMostAsSpecific(type, known) ? type : known
            if !occurs(index, in: general) { bound[index] = general }
            return (true, true)
        }
        if occurs(index, in: type) { return (false, false) }
        bound[index] = type
        return (true, false)
    }

    private func occurs(_ index: Int, in type: CELType) -> Bool {
        switch type {
        case .variable(let other):
            if other == index { return true }
            return bound[other].map { occurs(index, in: $0) } ?? false
        case .list(let element): return occurs(index, in: element)
        case .map(let key, let value): return occurs(index, in: key) || occurs(index, in: value)
        case .optional(let value): return occurs(index, in: value)
        case .type(let type): return occurs(index, in: type)
        default: return false
        }
    }

    /// Whether everything that `right` describes is described by `left` too.
    static func isAtMostAsSpecific(_ left: CELType, _ right: CELType) -> Bool {
        switch (left, right) {
        case (.dyn, _), (.variable, _): true
        case (_, .dyn), (_, .variable): false
        case (.list(let a), .list(let b)): isAtMostAsSpecific(a, b)
        case (.map(let ak, let av), .map(let bk, let bv)):
            isAtMostAsSpecific(ak, bk) && isAtMostAsSpecific(av, bv)
        case (.optional(let a), .optional(let b)): isAtMostAsSpecific(a, b)
        case (.type, .type): true
        default: left == right
        }
    }
}
