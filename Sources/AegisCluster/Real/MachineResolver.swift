import Foundation
import KubeRuntimeCRI

/// What pods that ask the machine's own resolver are told.
enum MachineResolver {
    static func read(_ path: String = "/etc/resolv.conf") -> ResolverSettings {
        var settings = ResolverSettings()
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count > 1 else { continue }
            switch words[0] {
            case "nameserver": settings.servers.append(words[1])
            case "search", "domain": settings.searches = Array(words.dropFirst())
            case "options": settings.options += words.dropFirst()
            default: break
            }
        }
        return settings
    }
}
