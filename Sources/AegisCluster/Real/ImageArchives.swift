import Foundation
import KubeRuntimeCRI

/// Images that come as files.
enum ImageArchives {
    /// Loads every `.tar` of a directory that was not loaded as it is now.
    static func load(from directory: String, _ layout: ContainerLayout) async throws {
        let files = FileManager.default
        let names = ((try? files.contentsOfDirectory(atPath: directory)) ?? []).sorted()
        for name in names where name.hasSuffix(".tar") {
            let path = "\(directory)/\(name)"
            let attributes = try files.attributesOfItem(atPath: path)
            let stamp = "\(attributes[.size] ?? 0) \(attributes[.modificationDate] ?? Date.distantPast)"
            let mark = path + ".loaded"
            if let data = files.contents(atPath: mark), String(decoding: data, as: UTF8.self) == stamp { continue }
            try await load(path, layout)
            try Data(stamp.utf8).write(to: URL(fileURLWithPath: mark))
        }
    }

    /// Hands an archive (of docker's or OCI's form) to containerd.
    static func load(_ path: String, _ layout: ContainerLayout) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "ctr", "--address", layout.containerd.socket, "--namespace", "k8s.io", "images", "import", path,
        ]
        let errors = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        let words = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let text = String(decoding: words, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            throw StartProblem("the images of \(path) cannot be loaded: \(text)")
        }
    }
}
