import KubeJSON
import Testing

@testable import KubeAPI

@Suite struct DiscoveryTests {
    @Test func equalsTheRecordedDocuments() throws {
        let discovery = Discovery(Catalogue.builtin.resources)
        var count = 0
        for recording in try Golden.load("discovery") {
            guard let path = recording.at("request", "path")?.string,
                let body = recording.at("response", "body"),
                recording.at("response", "code")?.int == 200, path.hasPrefix("/api")
            else { continue }
            let parts = path.split(separator: "/").map(String.init)
            let isAggregated = recording.at("request", "accept") != nil
            let document: JSON? =
                switch (parts.count, parts[0]) {
                case (1, "api"):
                    isAggregated
                        ? discovery.aggregated(core: true)
                        : discovery.coreVersions(
                            serverAddress: body["serverAddressByClientCIDRs"]?[0]?["serverAddress"]?.string
                                ?? "")
                case (1, _): isAggregated ? discovery.aggregated(core: false) : discovery.groupList()
                case (2, "api"): discovery.resourceList(group: "", version: parts[1])
                case (2, _): discovery.group(parts[1])
                default: discovery.resourceList(group: parts[1], version: parts[2])
                }
            if let document {
                #expect(document == body, "\(path): \(ObjectDecoderTests.difference(body, document, ""))")
            } else {
                Issue.record("\(path) is not served")
            }
            count += 1
        }
        #expect(count > 25)
    }

    @Test func knowsNothingOfOthers() {
        let discovery = Discovery(Catalogue.builtin.resources)
        #expect(discovery.group("nope") == nil)
        #expect(discovery.resourceList(group: "apps", version: "v9") == nil)
    }
}
