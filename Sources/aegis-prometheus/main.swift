import Foundation
import PrometheusDiscovery

Supervisor.holdSignals()
let supervisor = Supervisor(
    arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
do {
    exit(try await supervisor.run())
} catch {
    FileHandle.standardError.write(Data("aegis-prometheus: \(error)\n".utf8))
    exit(1)
}
