import Foundation
import KubeJSON
import Testing

@testable import KubeNetwork

@Suite struct AddressPluginTests {
    private let uid = "0f3a5a1c-6c1e-4c7c-9d5e-1c2b3a4d5e6f"

    private func call(
        _ command: String, _ configuration: String, uid: String? = nil,
        files: [String: String] = [:]
    ) throws -> (status: Int32, output: JSON) {
        let arguments =
            "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web;K8S_POD_UID=\(uid ?? self.uid)"
        let answer = AddressPlugin.answer(
            environment: ["CNI_COMMAND": command, "CNI_ARGS": arguments], input: Array(configuration.utf8)
        ) { files[$0] }
        return (
            answer.status, answer.output.isEmpty ? .null : try JSONParser.parse(Array(answer.output.utf8))
        )
    }

    private func configuration(_ version: String) -> String {
        #"{"cniVersion":"\#(version)","name":"aegis","type":"ptp","ipam":{"type":"aegis-ipam","addresses":"/a"}}"#
    }

    @Test func addGivesTheAddressInTheFile() throws {
        for (version, hasFamily) in [("0.3.1", true), ("0.4.0", true), ("1.0.0", false)] {
            let (status, output) = try call(
                "ADD", configuration(version), files: ["/a/\(uid)": "10.244.3.77/24\n"])
            #expect(status == 0)
            #expect(output["cniVersion"]?.string == version)
            #expect(output["ips"]?[0]?["address"]?.string == "10.244.3.77/24")
            #expect(output["ips"]?[0]?["gateway"]?.string == "10.244.3.1")
            #expect(output["ips"]?[0]?["version"]?.string == (hasFamily ? "4" : nil))
            #expect(output["routes"]?[0]?["dst"]?.string == "0.0.0.0/0")
        }
        let (_, wide) = try call("ADD", configuration("1.0.0"), files: ["/a/\(uid)": "10.244.3.77/16"])
        #expect(wide["ips"]?[0]?["gateway"]?.string == "10.244.0.1")
    }

    @Test func theOtherCommands() throws {
        let (status, versions) = try call("VERSION", #"{"cniVersion":"1.0.0"}"#)
        #expect(status == 0)
        #expect(versions["supportedVersions"]?.array?.contains("0.4.0") == true)
        for command in ["DEL", "GC", "STATUS"] {
            let (status, output) = try call(command, configuration("1.0.0"))
            #expect(status == 0 && output == .null)
        }
        #expect(try call("CHECK", configuration("1.0.0"), files: ["/a/\(uid)": "10.244.3.77/24"]).status == 0)
        #expect(try call("CHECK", configuration("1.0.0")).status == 1)
    }

    @Test func whatIsWrongIsSaidInTheSpecificationsForm() throws {
        let cases: [(String, String, String?, [String: String], Int)] = [
            ("ADD", "{", nil, [:], 6),
            ("ADD", configuration("9.0.0"), nil, [:], 1),
            ("ADD", #"{"cniVersion":"1.0.0","ipam":{}}"#, nil, [:], 7),
            ("ADD", configuration("1.0.0"), nil, [:], 11),
            ("ADD", configuration("1.0.0"), "../x", ["/a/../x": "10.0.0.1/24"], 4),
            ("ADD", configuration("1.0.0"), "", [:], 4),
            ("ADD", configuration("1.0.0"), nil, ["/a/\(uid)": "10.244.0.5"], 11),
            ("ADD", configuration("1.0.0"), nil, ["/a/\(uid)": "fd00::1/64"], 11),
            ("ADD", configuration("1.0.0"), nil, ["/a/\(uid)": ""], 11),
            ("JUMP", configuration("1.0.0"), nil, [:], 4),
        ]
        for (command, text, uid, files, code) in cases {
            let (status, output) = try call(command, text, uid: uid, files: files)
            #expect(status == 1, "\(text)")
            #expect(output["code"]?.int == code, "\(output)")
            #expect(output["msg"]?.string?.isEmpty == false)
            #expect(output["cniVersion"]?.string?.isEmpty == false)
        }
    }

    @Test func theAgentsFilesAreThoseThatThePluginReads() throws {
        let data = FileManager.default.temporaryDirectory.appending(path: "aegis-net-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: data) }
        let addresses = PodAddresses(dataDirectory: data)
        #expect(addresses.address(uid: uid) == nil)
        try addresses.write("10.244.1.9", in: "10.244.1.0/24", uid: uid)
        #expect(addresses.address(uid: uid) == "10.244.1.9")
        #expect(throws: HostError.self) { try addresses.write("10.244.2.9", in: "10.244.1.0/24", uid: uid) }
        let configuration = CNIConfiguration(dataDirectory: data)
        let answer = AddressPlugin.answer(
            environment: ["CNI_COMMAND": "ADD", "CNI_ARGS": "K8S_POD_UID=\(uid)"],
            input: Array(
                JSONWriter.string(configuration.list["plugins"]?[0]?.merging(version: "0.4.0") ?? .null).utf8)
        )
        #expect(answer.status == 0)
        #expect(answer.output.contains("10.244.1.9/24"))
        addresses.remove(uid: uid)
        #expect(addresses.address(uid: uid) == nil)
    }

    @Test func installingWritesTheNetworkAndLinksThePlugins() throws {
        let data = FileManager.default.temporaryDirectory.appending(path: "aegis-net-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: data) }
        var configuration = CNIConfiguration(dataDirectory: data)
        configuration.pluginDirectories = ["\(data)/none"]
        #expect(
            throws: HostError("the CNI plugin ptp is missing: apt-get install containernetworking-plugins")
        ) {
            try configuration.install(program: "/bin/true")
        }
        let plugins = "\(data)/plugins"
        try FileManager.default.createDirectory(atPath: plugins, withIntermediateDirectories: true)
        for plugin in ["ptp", "loopback"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(plugins)/\(plugin)", withDestinationPath: "/bin/true")
        }
        configuration.pluginDirectories = [plugins]
        for _ in 0..<2 { try configuration.install(program: "/bin/true") }
        // Another program later: the link follows.
        try configuration.install(program: "/bin/false")
        let link = try FileManager.default.destinationOfSymbolicLink(atPath: "\(data)/cni/bin/aegis-ipam")
        #expect(link == "/bin/false")
        let text = try #require(AddressPlugin.readFile("\(data)/cni/net.d/10-aegis.conflist"))
        let list = try JSONParser.parse(Array(text.utf8))
        #expect(list["plugins"]?[0]?["type"]?.string == "ptp")
        #expect(list["plugins"]?[0]?["ipam"]?["type"]?.string == "aegis-ipam")
        #expect(AddressPlugin.isMeant(by: "\(data)/cni/bin/aegis-ipam"))
        #expect(!AddressPlugin.isMeant(by: "/usr/bin/aegis"))
    }

    @Test func settingsArePutBack() throws {
        let data = FileManager.default.temporaryDirectory.appending(path: "aegis-net-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: data) }
        let root = "\(data)/sys"
        try FileManager.default.createDirectory(atPath: "\(root)/net/ipv4", withIntermediateDirectories: true)
        let file = "\(root)/net/ipv4/ip_forward"
        func set(_ text: String) throws { try text.write(toFile: file, atomically: false, encoding: .utf8) }
        func value() -> String? {
            AddressPlugin.readFile(file)?.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        try set("0\n")
        let settings = HostSettings(directory: data, root: root)
        try settings.apply()
        #expect(value() == "1")
        // A second start finds what the first one left: the former value stays known.
        try HostSettings(directory: data, root: root).apply()
        try HostSettings(directory: data, root: root).restore()
        #expect(value() == "0")
        try set("1\n")
        try settings.apply()
        try settings.restore()
        #expect(value() == "1")
    }
}

extension JSON {
    /// What a plugin gets of a list: its own part with the list's version.
    fileprivate func merging(version: String) -> JSON {
        var copy = self
        copy["cniVersion"] = .string(version)
        return copy
    }
}
