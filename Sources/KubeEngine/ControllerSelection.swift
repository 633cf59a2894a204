/// Which controllers run, as `--controllers` says it: names or aliases, `*` for all that are on by default,
/// `-name` for all but that one (kube-controller-manager). `all` and `none` are
/// whole words for the two ends.
public struct ControllerSelection: Sendable {
    /// What is wrong with a selection.
    public struct UnknownController: Error, Sendable, CustomStringConvertible {
        public let name: String
        public let known: [String]
        public var description: String {
            "'\(name)' is not a controller; there are \(known.joined(separator: ", "))"
        }
    }

    private let isAll: Bool
    private let included: Set<String>
    private let excluded: Set<String>

    public static let all = ControllerSelection(isAll: true, included: [], excluded: [])
    public static let none = ControllerSelection(isAll: false, included: [], excluded: [])

    private init(isAll: Bool, included: Set<String>, excluded: Set<String>) {
        self.isAll = isAll
        self.included = included
        self.excluded = excluded
    }

    /// Reads `all`, `none`, or a list such as `*,-garbagecollector`.
    /// - Parameter controllers: those that there are.
    public init(_ text: String, of controllers: [any Controller]) throws(UnknownController) {
        switch text {
        case "all": self = .all
        case "none", "": self = .none
        default:
            var isAll = false
            var included = Set<String>()
            var excluded = Set<String>()
            for part in text.split(separator: ",") {
                let word = part.trimmingPrefix(while: { $0 == " " })
                if word == "*" {
                    isAll = true
                } else if word.hasPrefix("-") {
                    excluded.insert(try Self.name(String(word.dropFirst()), controllers))
                } else {
                    included.insert(try Self.name(String(word), controllers))
                }
            }
            self.init(isAll: isAll, included: included, excluded: excluded)
        }
    }

    private static func name(
        _ name: String, _ controllers: [any Controller]
    ) throws(UnknownController) -> String {
        for controller in controllers where controller.name == name || controller.alias == name {
            return controller.name
        }
        throw UnknownController(name: name, known: controllers.map(\.alias))
    }

    public func contains(_ controller: any Controller) -> Bool {
        if included.contains(controller.name) { return true }
        return isAll && !excluded.contains(controller.name)
    }
}
