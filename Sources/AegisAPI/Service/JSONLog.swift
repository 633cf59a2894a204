import KubeJSON
import Logging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Log lines as JSON objects, one a line, on standard output.
public struct JSONLog: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    public var logLevel: Logger.Level
    private let label: String

    public init(label: String, level: Logger.Level) {
        self.label = label
        logLevel = level
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var all = metadata
        if let metadataProvider { all.merge(metadataProvider.get()) { $1 } }
        if let more = event.metadata { all.merge(more) { $1 } }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var line: JSONObject = [
            "time": .string(
                timestamp(Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000, fraction: true)),
            "level": .string(event.level.rawValue), "message": .string(event.message.description),
        ]
        for (key, value) in all.sorted(by: { $0.key < $1.key }) where line[key] == nil {
            line[key] = Self.json(value)
        }
        var bytes = JSONWriter.bytes(.object(line))
        bytes.append(UInt8(ascii: "\n"))
        // One write a line: lines of several threads do not mix.
        bytes.withUnsafeBytes { buffer in _ = write(1, buffer.baseAddress, buffer.count) }
    }

    private static func json(_ value: Logger.MetadataValue) -> JSON {
        switch value {
        case .string(let text):
            // Numbers are numbers.
            if let number = Int64(text) { .integer(number) } else { .string(text) }
        case .stringConvertible(let value as Double): .double(value)
        case .stringConvertible(let value): .string(value.description)
        case .array(let values): .array(values.map(json))
        case .dictionary(let members):
            .object(JSONObject(members.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) }))
        }
    }
}
