import KubeJSON

/// What one kind does beyond what its schema says: upstream's defaulting functions, registry strategy and
/// validation (pkg/apis/…/defaults.go, pkg/registry/…/strategy.go, pkg/apis/…/validation) as pure functions.
///
/// Objects reach these functions decoded and normalised: right types, canonical quantities, no nulls, no
/// unknown fields (see ``ObjectDecoder``).
public struct Strategy: Sendable {
    /// Fills what the client left out. Runs on every write, before admission.
    public var setDefaults: @Sendable (inout JSON) -> Void = { _ in }
    /// After mutating admission, before validation: clears what clients may not set (status).
    public var prepareForCreate: @Sendable (inout JSON) -> Void = { _ in }
    /// Keeps from the old object what a write to the main resource may not change (status).
    public var prepareForUpdate: @Sendable (inout JSON, _ old: JSON) -> Void = { _, _ in }
    /// Keeps from the old object what a write to `status` may not change (spec, most of metadata).
    public var prepareForStatusUpdate: @Sendable (inout JSON, _ old: JSON) -> Void = { _, _ in }
    /// Notes when something happened (RFC 3339, UTC), after prepareFor…; `old` is nil on create.
    public var stampTimes: @Sendable (inout JSON, _ old: JSON?, _ now: String) -> Void = { _, _, _ in }
    /// Everything but ObjectMeta's generic rules, which the server applies for all kinds by
    /// ``ObjectMetaValidation`` with `validateName`.
    public var validate: @Sendable (JSON) -> [FieldError] = { _ in [] }
    public var validateUpdate: @Sendable (JSON, _ old: JSON) -> [FieldError] = { _, _ in [] }
    public var validateStatusUpdate: @Sendable (JSON, _ old: JSON) -> [FieldError] = { _, _ in [] }
    /// For the other subresources that are written as the whole object (`approval`, …).
    public var validateSubresourceUpdate:
        @Sendable (JSON, _ old: JSON, _ subresource: String) -> [FieldError] = { _, _, _ in [] }
    /// Returns what is wrong with a name ("" when a prefix for generateName), empty when nothing is.
    public var validateName: @Sendable (String, _ isPrefix: Bool) -> [String] = { name, prefix in
        NameRules.dns1123Subdomain(name, isPrefix: prefix)
    }
    /// Texts for `Warning` headers (deprecated fields, suspicious values); `old` is nil on create.
    public var warnings: @Sendable (JSON, _ old: JSON?) -> [String] = { _, _ in [] }
    /// Whether metadata.generation counts changes of anything outside metadata and status.
    public var hasGeneration = false
    /// Deployments count changes of annotations too.
    public var generationCountsAnnotations = false
    /// Custom resources without a status subresource count changes of status too.
    public var generationCountsStatus = false
    /// PUT of an object that does not exist creates it.
    public var allowsCreateOnUpdate = false
    /// PUT without a resourceVersion is taken.
    public var allowsUnconditionalUpdate = true
    /// The grace period in seconds with which a deletion starts when the client names none; nil: at once.
    public var defaultGracePeriod: @Sendable (JSON) -> Int? = { _ in nil }

    public init() {}

    public init(_ change: (inout Strategy) -> Void) {
        self.init()
        change(&self)
    }
}
