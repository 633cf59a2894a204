import KubeJSON

/// What one served version of a CustomResourceDefinition says of its objects, beyond what every
/// ``ResourceInfo`` has. Made once when the definition is stored, and shared.
public final class CustomResource: Sendable {
    public let structural: StructuralSchema
    public let strategy: Strategy
    /// The definition is being deleted: nothing new is made.
    public let isTerminating: Bool
    /// Texts for `Warning` headers when a version is deprecated.
    public let deprecation: String?
    /// Stored objects may differ from what this version shows (another version, an older schema), so they
    /// are pruned and defaulted when they are read.
    public let changesOnRead: Bool
    /// Who converts between versions; nil where only `apiVersion` is changed (the strategy `None`).
    public let conversion: ConversionWebhook?
    /// What the webhook made of stored objects, for lists and watches.
    public let shown = ConvertedObjects()
    private let apiVersion: String

    init(
        structural: StructuralSchema, strategy: Strategy, apiVersion: String, isTerminating: Bool,
        deprecation: String?, changesOnRead: Bool, conversion: ConversionWebhook? = nil
    ) {
        self.conversion = conversion
        self.structural = structural
        self.strategy = strategy
        self.apiVersion = apiVersion
        self.isTerminating = isTerminating
        self.deprecation = deprecation
        self.changesOnRead = changesOnRead
    }

    /// An object of any version of the kind as this version shows it: the conversion strategy `None`.
    public func presented(_ object: JSON) -> JSON {
        var unknown: [String] = []
        var shown = structural.pruned(structural.defaulted(object), unknown: &unknown)
        shown["apiVersion"] = .string(apiVersion)
        return shown
    }

    /// A body as the object it stands for: metadata typed, nulls and unknown fields dropped, defaults filled.
    /// `unknown` holds upstream's words for each field that was dropped.
    public func decode(_ body: JSON) throws(DecodeError) -> (JSON, unknown: [String]) {
        let (typed, unknownMetadata) = try ObjectDecoder.decode(body, as: ObjectDecoder.customObject)
        var paths: [String] = []
        let object = structural.defaulted(structural.pruned(typed, unknown: &paths))
        return (object, unknownMetadata + paths.map { "unknown field \"\($0)\"" })
    }
}
