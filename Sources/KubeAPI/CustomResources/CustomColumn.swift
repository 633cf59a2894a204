/// A column of a custom resource's table, as `additionalPrinterColumns` of a CustomResourceDefinition
/// version declares it (apiextensions.k8s.io/v1 CustomResourceColumnDefinition).
public struct CustomColumn: Sendable, Equatable {
    public let name: String
    /// integer, number, string, boolean or date.
    public let type: String
    /// An OpenAPI format; `name` marks the primary column.
    public let format: String
    public let description: String
    /// 0 is always shown; higher ones only in wide output.
    public let priority: Int
    /// A simple JSON path with its leading dot, such as `.spec.replicas`.
    public let jsonPath: String

    public init(
        name: String, type: String, format: String = "", description: String = "", priority: Int = 0,
        jsonPath: String
    ) {
        self.name = name
        self.type = type
        self.format = format
        self.description = description
        self.priority = priority
        self.jsonPath = jsonPath
    }
}
