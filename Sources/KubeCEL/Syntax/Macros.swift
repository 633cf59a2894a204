/// The macros that Kubernetes has on: those of the standard, of optional values, of two-variable
/// comprehensions and `sortBy`.
enum Macros {
    static func global(
        _ name: String, _ arguments: [Expression], at position: Int
    ) throws(CompileIssue) -> Expression? {
        guard name == "has", arguments.count == 1 else { return nil }
        guard case .select(let operand, let field) = arguments[0].kind else {
            throw CompileIssue("invalid argument to has() macro", at: arguments[0].position)
        }
        return Expression(position: position, kind: .has(operand, field))
    }

    static func member(
        _ name: String, _ target: Expression, _ arguments: [Expression], at position: Int
    ) throws(CompileIssue) -> Expression? {
        let one = "argument must be a simple name"
        let two = "argument is not an identifier"
        switch (name, arguments.count) {
        case ("all", 2): return try fold(.all, target, arguments, 1, position, one)
        case ("exists", 2): return try fold(.exists, target, arguments, 1, position, one)
        case ("exists_one", 2), ("existsOne", 2):
            return try fold(.existsOne, target, arguments, 1, position, one)
        case ("map", 2), ("map", 3): return try fold(.map, target, arguments, 1, position, two)
        case ("filter", 2): return try fold(.filter, target, arguments, 1, position, two)
        case ("sortBy", 2): return try fold(.sortBy, target, arguments, 1, position, two)
        case ("optMap", 2):
            return try fold(
                .optMap, target, arguments, 1, position, "optMap() variable name must be a simple identifier")
        case ("optFlatMap", 2):
            return try fold(
                .optFlatMap, target, arguments, 1, position,
                "optFlatMap() variable name must be a simple identifier")
        case ("all", 3): return try fold(.all, target, arguments, 2, position, one)
        case ("exists", 3): return try fold(.exists, target, arguments, 2, position, one)
        case ("exists_one", 3), ("existsOne", 3):
            return try fold(.existsOne, target, arguments, 2, position, one)
        case ("transformList", 3), ("transformList", 4):
            return try fold(.transformList, target, arguments, 2, position, one)
        case ("transformMap", 3), ("transformMap", 4):
            return try fold(.transformMap, target, arguments, 2, position, one)
        case ("transformMapEntry", 3), ("transformMapEntry", 4):
            return try fold(.transformMapEntry, target, arguments, 2, position, one)
        default: return nil
        }
    }

    private static func fold(
        _ kind: FoldKind, _ target: Expression, _ arguments: [Expression], _ count: Int, _ position: Int,
        _ complaint: String
    ) throws(CompileIssue) -> Expression {
        var variables: [String] = []
        for argument in arguments.prefix(count) {
            guard case .identifier(let name) = argument.kind else {
                throw CompileIssue(complaint, at: argument.position)
            }
            if name == "__result__" {
                throw CompileIssue(
                    "iteration variable overwrites accumulator variable", at: argument.position)
            }
            if variables.contains(name) {
                throw CompileIssue("duplicate variable name: \(name)", at: argument.position)
            }
            variables.append(name)
        }
        let rest = arguments.dropFirst(count)
        guard let body = rest.last else { throw CompileIssue(complaint, at: position) }
        return Expression(
            position: position,
            kind: .fold(
                Expression.Fold(
                    kind: kind, range: target, variables: variables,
                    filter: rest.count > 1 ? rest.first : nil,
                    body: body)))
    }
}
