import AegisAPI
import KubeClient
import Logging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The environment, read once.
func environmentVariables() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
        let line = String(cString: text)
        if let equals = line.firstIndex(of: "=") {
            variables[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        entry += 1
    }
    return variables
}

// A client that goes away while it is written to is an error of that write alone.
signal(SIGPIPE, SIG_IGN)
do {
    let variables = environmentVariables()
    let settings = try ServiceSettings(variables)
    LoggingSystem.bootstrap { JSONLog(label: $0, level: settings.logLevel) }
    var logger = Logger(label: "aegis-api")
    logger[metadataKey: "replica"] = "\(settings.replica)"
    let service = try APIService(
        settings, cluster: try ClientConfiguration.find(environment: variables), logger: logger)
    try await service.run()
} catch {
    let words = "aegis-api: \(error)\n"
    _ = words.withCString { write(2, $0, strlen($0)) }
    exit(1)
}
