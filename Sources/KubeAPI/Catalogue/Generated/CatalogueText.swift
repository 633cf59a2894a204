// Written by catalogue-generator; do not edit.

/// The built-in catalogue as text; see ``CatalogueReader`` for the format.
enum CatalogueText {
    static let schemas: [StaticString] = [schemas0, schemas1, schemas2]
}
