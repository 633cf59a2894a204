/// Why an apply was refused.
public enum ApplyError: Error, Sendable, Equatable {
    /// 400 BadRequest with this message.
    case badRequest(String)
    /// 500: a plain error with this message.
    case failed(String)
    /// 409 Conflict.
    case conflict(ApplyConflict)
}

/// The fields that an apply wants to change and that others own.
public struct ApplyConflict: Error, Sendable, Equatable {
    /// One cause of the Status (reason FieldManagerConflict).
    public struct Cause: Sendable, Equatable {
        /// `conflict with "kubectl-edit" using apps/v1`
        public let message: String
        /// `.spec.replicas`
        public let field: String
    }

    struct Conflict: Sendable, Equatable {
        let manager: ManagedEntry.Identity
        let path: [PathElement]
    }

    let conflicts: [Conflict]

    public static let reason = "FieldManagerConflict"

    /// Sorted by manager, then in the order of the set.
    public var causes: [Cause] {
        conflicts.map {
            Cause(message: "conflict with \(Self.words($0.manager))", field: Self.text($0.path))
        }
    }

    /// The message of the Status.
    public var message: String {
        if conflicts.count == 1 {
            return "Apply failed with 1 conflict: conflict with \(Self.words(conflicts[0].manager)): "
                + Self.text(conflicts[0].path)
        }
        var lines: [String] = []
        var previous: ManagedEntry.Identity?
        for conflict in conflicts {
            if conflict.manager != previous {
                lines.append("conflicts with \(Self.words(conflict.manager)):")
            }
            previous = conflict.manager
            lines.append("- " + Self.text(conflict.path))
        }
        return "Apply failed with \(conflicts.count) conflicts: " + lines.joined(separator: "\n")
    }

    private static func text(_ path: [PathElement]) -> String { path.map(\.description).joined() }

    private static func words(_ manager: ManagedEntry.Identity) -> String {
        var words = GoText.quoted(manager.manager)
        if !manager.subresource.isEmpty { words += " with subresource \(GoText.quoted(manager.subresource))" }
        if !manager.isApply { words += " using \(manager.apiVersion)" }
        return words
    }
}
