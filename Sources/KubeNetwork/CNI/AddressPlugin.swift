import Foundation
import KubeAPI
import KubeJSON

/// The address plugin of our CNI configuration (`ipam.type`): gives a pod the address that the node's agent chose
/// for it, which it finds in a file named after the pod's uid. Follows the CNI specification, versions 0.3.1,
/// 0.4.0, 1.0.0 and 1.1.0: parameters in the environment, configuration on standard input, the result or an error
/// as JSON on standard output.
public enum AddressPlugin {
    /// The name under which the program is this plugin.
    public static let name = "aegis-ipam"
    static let versions = ["0.3.1", "0.4.0", "1.0.0", "1.1.0"]

    /// What a call is answered with.
    public struct Answer: Sendable, Equatable {
        /// Empty for an answer without words.
        public var output: String
        public var status: Int32
    }

    /// Whether a program called by this name is to be the plugin.
    public static func isMeant(by program: String) -> Bool {
        program.split(separator: "/").last.map(String.init) == name
    }

    /// One call, as the specification has it.
    /// - Parameters:
    ///   - environment: `CNI_COMMAND`, `CNI_ARGS` and the others.
    ///   - file: reads a file; nil when there is none.
    public static func answer(
        environment: [String: String], input: [UInt8], file: (String) -> String? = { readFile($0) }
    ) -> Answer {
        let command = environment["CNI_COMMAND"] ?? ""
        if command == "VERSION" {
            let version = (try? JSONParser.parse(input))?["cniVersion"]?.string
            return Answer(
                output: JSONWriter.string([
                    "cniVersion": .string(version ?? "1.0.0"),
                    "supportedVersions": .array(versions.map { .string($0) }),
                ]), status: 0)
        }
        guard let configuration = try? JSONParser.parse(input), configuration.object != nil else {
            return failure("1.0.0", code: 6, "the configuration on standard input is no JSON object")
        }
        let version = configuration["cniVersion"]?.string ?? "0.1.0"
        guard versions.contains(version) else {
            return failure(version, code: 1, "CNI version \(version) is not among \(versions)")
        }
        switch command {
        case "DEL", "GC", "STATUS":
            // The agent owns the addresses: nothing is kept here that could be given back.
            return Answer(output: "", status: 0)
        case "ADD", "CHECK": break
        default: return failure(version, code: 4, "CNI_COMMAND \(command) is none that is known")
        }
        guard let uid = argument("K8S_POD_UID", of: environment["CNI_ARGS"] ?? ""), isPlain(uid) else {
            return failure(version, code: 4, "CNI_ARGS has no K8S_POD_UID")
        }
        guard let directory = configuration["ipam"]?["addresses"]?.string, !directory.isEmpty else {
            return failure(
                version, code: 7, "ipam.addresses is to name the directory with the pods' addresses")
        }
        guard let text = file("\(directory)/\(uid)") else {
            return failure(
                version, code: 11, "pod \(uid) has no address yet: there is no \(directory)/\(uid)")
        }
        let word = text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
        guard let block = CIDR(word), block.address.isIPv4, (1...30).contains(block.prefix),
            let gateway = PodAddresses.gateway(of: block)
        else {
            return failure(
                version, code: 11, "\(directory)/\(uid) has no address like 10.244.0.5/24: \(word)")
        }
        if command == "CHECK" { return Answer(output: "", status: 0) }
        return Answer(
            output: JSONWriter.string(
                result(version, "\(block.address)/\(block.prefix)", gateway: gateway.description)), status: 0)
    }

    private static func result(_ version: String, _ address: String, gateway: String) -> JSON {
        var ip: JSON = ["address": .string(address), "gateway": .string(gateway)]
        // Gone from the result with 1.0.0.
        if version.hasPrefix("0.") { ip["version"] = "4" }
        return [
            "cniVersion": .string(version), "ips": [ip],
            "routes": [["dst": "0.0.0.0/0", "gw": .string(gateway)]], "dns": [:],
        ]
    }

    private static func failure(_ version: String, code: Int64, _ message: String) -> Answer {
        Answer(
            output: JSONWriter.string([
                "cniVersion": .string(version), "code": .integer(code), "msg": .string(message),
            ]), status: 1)
    }

    /// Of `K=V;K=V`.
    private static func argument(_ name: String, of arguments: String) -> String? {
        for pair in arguments.split(separator: ";") {
            guard let equals = pair.firstIndex(of: "="), pair[..<equals] == name else { continue }
            return String(pair[pair.index(after: equals)...])
        }
        return nil
    }

    /// It becomes the name of a file.
    private static func isPlain(_ uid: String) -> Bool {
        !uid.isEmpty && uid.utf8.count <= 253 && !uid.hasPrefix(".") && !uid.contains("/")
    }

    public static func readFile(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Answers the one call that this process was started for.
    /// - Returns: the status to exit with.
    public static func run() -> Int32 {
        let input = Array(FileHandle.standardInput.readDataToEndOfFile())
        let answer = answer(environment: ProcessInfo.processInfo.environment, input: input)
        FileHandle.standardOutput.write(Data(answer.output.utf8))
        return answer.status
    }
}

/// The addresses that the node's agent chose, where the plugin finds them: a file for each pod under
/// `cni/addresses`, named after its uid.
public struct PodAddresses: Sendable {
    public let directory: String

    /// - Parameter dataDirectory: that of the cluster.
    public init(dataDirectory: String) { directory = "\(dataDirectory)/cni/addresses" }

    /// - Parameter range: the addresses of the node's pods (`spec.podCIDR`): its first is the gateway.
    public func write(_ address: String, in range: String, uid: String) throws(HostError) {
        guard let block = CIDR(range), let own = IPAddress(address), block.contains(own),
            (1...30).contains(block.prefix)
        else { throw HostError("\(address) is not an address of \(range)") }
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try Data("\(own)/\(block.prefix)\n".utf8)
                .write(to: URL(fileURLWithPath: "\(directory)/\(uid)"), options: .atomic)
        } catch { throw HostError("\(directory)/\(uid) cannot be written: \(error.localizedDescription)") }
    }

    /// Nil when it has none.
    public func address(uid: String) -> String? {
        AddressPlugin.readFile("\(directory)/\(uid)")
            .flatMap { $0.split(whereSeparator: \.isWhitespace).first }
            .map { String($0.prefix { $0 != "/" }) }
    }

    /// Those of all pods that have one.
    public var all: Set<String> {
        let uids = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return Set(uids.compactMap { address(uid: $0) })
    }

    public func remove(uid: String) { try? FileManager.default.removeItem(atPath: "\(directory)/\(uid)") }

    /// The first address of a network, where its pods find the machine.
    static func gateway(of block: CIDR) -> IPAddress? {
        var bytes = Array(block.network.bytes.suffix(4))
        guard bytes.count == 4 else { return nil }
        bytes[3] |= 1
        return IPAddress(bytes: bytes)
    }
}
