import KubeAPI
import KubeJSON
struct APIDocuments {
    let address: String
    struct Document { let contentType: String; let bytes: [UInt8] }
    func rootPaths(_ r: ResourceCatalogue) -> [String] { [] }
    func openAPIv3Index(_ r: ResourceCatalogue) -> JSON { [:] }
    func openAPIv3(_ p: String, _ r: ResourceCatalogue) -> [UInt8]? { nil }
    func openAPIv2(_ r: ResourceCatalogue) -> [UInt8] { [] }
    func discovery(_ p: String, aggregated: String?, _ r: ResourceCatalogue) -> Document? { nil }
}
