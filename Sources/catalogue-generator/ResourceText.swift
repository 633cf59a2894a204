import KubeJSON

/// Writes what the recorded discovery documents say of groups, versions and resources.
///
/// `V group version`, `R plural singular kind N|C verbs short categories hash listKind schema`,
/// `r name group version kind verbs`, `-` for an empty column.
struct ResourceText {
    private(set) var lines: [String] = []
    private(set) var schemas: [String] = []
    private let definitions: JSON
    private var byKind: [String: String] = [:]

    init(definitions: JSON) {
        self.definitions = definitions
        for (name, definition) in definitions.object ?? [:] {
            for kind in definition["x-kubernetes-group-version-kind"]?.array ?? [] {
                byKind[Self.key(kind["group"]?.string, kind["version"]?.string, kind["kind"]?.string)] = name
            }
        }
    }

    private static func key(_ group: String?, _ version: String?, _ kind: String?) -> String {
        "\(group ?? "")/\(version ?? "")/\(kind ?? "")"
    }

    private func column(_ values: JSON?) -> String {
        let text = (values?.array ?? []).compactMap(\.string).joined(separator: ",")
        return text.isEmpty ? "-" : text
    }

    /// Reads every recorded answer that names a storage version hash, then the aggregated documents.
    mutating func add(recordings: [JSON]) {
        var hashes: [String: String] = [:]
        for recording in recordings {
            guard let body = recording.at("response", "body"), body["kind"]?.string == "APIResourceList",
                let groupVersion = body["groupVersion"]?.string
            else { continue }
            for resource in body["resources"]?.array ?? [] {
                let name = resource["name"]?.string ?? ""
                if let hash = resource["storageVersionHash"]?.string {
                    hashes["\(groupVersion)/\(name)"] = hash
                }
            }
        }
        for recording in recordings {
            guard let body = recording.at("response", "body"),
                body["kind"]?.string == "APIGroupDiscoveryList"
            else { continue }
            for group in body["items"]?.array ?? [] { add(group: group, hashes: hashes) }
        }
    }

    private mutating func add(group: JSON, hashes: [String: String]) {
        let name = group.at("metadata", "name")?.string ?? ""
        for entry in group["versions"]?.array ?? [] {
            let version = entry["version"]?.string ?? ""
            let groupVersion = name.isEmpty ? version : "\(name)/\(version)"
            lines.append("V \(name.isEmpty ? "-" : name) \(version)")
            for resource in entry["resources"]?.array ?? [] {
                let plural = resource["resource"]?.string ?? ""
                let kind = resource.at("responseKind", "kind")?.string ?? ""
                let schema = byKind[Self.key(name, version, kind)] ?? "-"
                let list = byKind[Self.key(name, version, kind + "List")]
                schemas += [schema, list].compactMap { $0 }
                lines.append(
                    [
                        "R", plural, resource["singularResource"]?.string ?? "", kind,
                        resource["scope"]?.string == "Namespaced" ? "N" : "C", column(resource["verbs"]),
                        column(resource["shortNames"]), column(resource["categories"]),
                        hashes["\(groupVersion)/\(plural)"] ?? "-", list == nil ? "-" : kind + "List", schema,
                    ].joined(separator: " "))
                for sub in resource["subresources"]?.array ?? [] {
                    let subGroup = sub.at("responseKind", "group")?.string ?? ""
                    let subVersion = sub.at("responseKind", "version")?.string ?? ""
                    let subKind = sub.at("responseKind", "kind")?.string ?? ""
                    let ofGroup = subVersion.isEmpty ? name : subGroup
                    let ofVersion = subVersion.isEmpty ? version : subVersion
                    if let schema = byKind[Self.key(ofGroup, ofVersion, subKind)] { schemas.append(schema) }
                    lines.append(
                        "r \(sub["subresource"]?.string ?? "") \(ofGroup.isEmpty ? "-" : ofGroup) \(ofVersion) "
                            + "\(subKind) \(column(sub["verbs"]))")
                }
            }
        }
    }
}
