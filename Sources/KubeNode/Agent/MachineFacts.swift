#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a machine says of itself, for the status of the nodes that are on it.
public struct MachineFacts: Sendable, Equatable {
    public var machineID = ""
    public var systemUUID = ""
    public var bootID = ""
    public var kernelVersion = ""
    public var osImage = ""
    /// As Go names it: `amd64`, `arm64`.
    public var architecture = "amd64"
    /// Of the interface that leads out of the machine; 127.0.0.1 where none does.
    public var address = "127.0.0.1"

    public init() {}

    /// Reads what the machine has; what it does not say stays empty.
    public static func read() -> MachineFacts {
        var facts = MachineFacts()
        facts.machineID = line("/etc/machine-id") ?? ""
        facts.systemUUID = line("/sys/class/dmi/id/product_uuid") ?? facts.machineID
        facts.bootID = line("/proc/sys/kernel/random/boot_id") ?? ""
        var names = utsname()
        if uname(&names) == 0 {
            facts.kernelVersion = text(&names.release)
            switch text(&names.machine) {
            case "x86_64": facts.architecture = "amd64"
            case "aarch64": facts.architecture = "arm64"
            case let other: facts.architecture = other
            }
        }
        facts.osImage = osImage() ?? "Linux"
        facts.address = outwardAddress() ?? "127.0.0.1"
        return facts
    }

    private static func text<T>(_ field: inout T) -> String {
        withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func line(_ path: String) -> String? {
        guard let bytes = HostFiles.read(path) else { return nil }
        let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return line.isEmpty ? nil : line
    }

    private static func osImage() -> String? {
        guard let bytes = HostFiles.read("/etc/os-release") else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard line.hasPrefix("PRETTY_NAME=") else { continue }
            return line.dropFirst(12).filter { $0 != "\"" }
        }
        return nil
    }

    /// The address from which a packet to the outside would go; nothing is sent.
    private static func outwardAddress() -> String? {
        #if os(Linux)
            let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        #else
            let descriptor = socket(AF_INET, SOCK_DGRAM, 0)
        #endif
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(9).bigEndian
        // Of a block that is kept for documentation: routed like any other address outside.
        address.sin_addr.s_addr = UInt32(0xC000_0201).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard result == 0 else { return nil }
        var own = sockaddr_in()
        var length = size
        let named = withUnsafeMutablePointer(to: &own) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard named == 0 else { return nil }
        return AddressPool.text(UInt32(bigEndian: own.sin_addr.s_addr))
    }
}
