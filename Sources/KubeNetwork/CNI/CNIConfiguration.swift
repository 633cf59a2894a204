import Foundation
import KubeJSON

/// What a container runtime finds under `cni`: `net.d` with our network, `bin` with its plugins.
///
/// The network is the standard `ptp` plugin: each pod has a pair of interfaces to the machine and nothing in
/// common with another, so that every packet between pods is routed by the machine and passes its forward hook,
/// where policies are. There is no `portmap`: host ports are in our table with the Services.
public struct CNIConfiguration: Sendable {
    public let dataDirectory: String
    /// Where the distribution has the standard plugins: Debian's `containernetworking-plugins`.
    public var pluginDirectories = ["/usr/lib/cni", "/opt/cni/bin"]
    /// Of the pods' interfaces; 0 for the kernel's own.
    public var mtu = 0
    public static let version = "0.4.0"

    public init(dataDirectory: String) { self.dataDirectory = dataDirectory }

    public var configurationDirectory: String { "\(dataDirectory)/cni/net.d" }
    public var binaryDirectory: String { "\(dataDirectory)/cni/bin" }

    /// What is in `net.d/10-aegis.conflist`.
    var list: JSON {
        var plugin: JSON = [
            "type": "ptp", "ipMasq": false,
            "ipam": [
                "type": .string(AddressPlugin.name),
                "addresses": .string(PodAddresses(dataDirectory: dataDirectory).directory),
            ],
        ]
        if mtu > 0 { plugin["mtu"] = .integer(Int64(mtu)) }
        return ["cniVersion": .string(Self.version), "name": "aegis", "plugins": [plugin]]
    }

    /// Writes it all; does nothing twice.
    /// - Parameter program: the path of `aegis`, which is also the address plugin.
    /// - Throws: `HostError` with what to do when a standard plugin is missing.
    public func install(program: String) throws(HostError) {
        let files = FileManager.default
        do {
            for directory in [
                configurationDirectory, binaryDirectory, PodAddresses(dataDirectory: dataDirectory).directory,
            ] {
                try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
            }
            for plugin in ["ptp", "loopback"] {
                guard
                    let path = pluginDirectories.map({ "\($0)/\(plugin)" })
                        .first(where: { files.isExecutableFile(atPath: $0) })
                else {
                    throw HostError(
                        "the CNI plugin \(plugin) is missing: apt-get install containernetworking-plugins")
                }
                try link(plugin, to: path)
            }
            try link(AddressPlugin.name, to: program)
            try Data(JSONWriter.string(list).utf8)
                .write(
                    to: URL(fileURLWithPath: "\(configurationDirectory)/10-aegis.conflist"), options: .atomic)
        } catch let error as HostError {
            throw error
        } catch { throw HostError("\(dataDirectory)/cni cannot be written: \(error.localizedDescription)") }
    }

    private func link(_ name: String, to path: String) throws {
        let place = "\(binaryDirectory)/\(name)"
        if let present = try? FileManager.default.destinationOfSymbolicLink(atPath: place) {
            if present == path { return }
            try FileManager.default.removeItem(atPath: place)
        }
        try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: path)
    }
}
