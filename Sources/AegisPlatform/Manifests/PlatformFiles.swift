import Foundation
import KubeJSON

/// What a platform is made of: every object that its files hold.
public struct Platform: Sendable {
    public var manifests: [Manifest] = []
    /// InstanceGroups that only a table describes.
    public var tableGroups: [JSON] = []
    public var problems: [ManifestProblem] = []
    /// The files that were read.
    public var files: [String] = []

    public init() {}

    /// Reads files and directories: a directory with a kustomization as that comes out, any other whole, in
    /// order of name and without hidden files: `*.yaml`, `*.yml`, `*.json` and Markdown.
    public init(paths: [String]) {
        for path in paths { read(path, isNamed: true) }
        findDuplicates()
    }

    private mutating func read(_ path: String, isNamed: Bool) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            problems.append(ManifestProblem(file: path, line: 0, message: "no such file or directory"))
            return
        }
        if isDirectory.boolValue, Kustomization.isThere(in: path, .disk) {
            let kustomization = Kustomization(root: path, source: .disk)
            // What tools alone read is not applied elsewhere: here the tool is this one.
            manifests += kustomization.localManifests + kustomization.manifests
            problems += kustomization.problems
            files += kustomization.files
            return
        }
        if isDirectory.boolValue {
            do {
                let names = try FileManager.default.contentsOfDirectory(atPath: path)
                for name in names.sorted(by: utf8Less) where !name.hasPrefix(".") {
                    read(path.hasSuffix("/") ? path + name : path + "/" + name, isNamed: false)
                }
            } catch {
                problems.append(
                    ManifestProblem(file: path, line: 0, message: "cannot be read: \(Self.reason(error))"))
            }
            return
        }
        guard let format = ManifestReader.Format(fileName: path) else {
            if isNamed {
                problems.append(
                    ManifestProblem(
                        file: path, line: 0, message: "is neither YAML, JSON nor Markdown by its name"))
            }
            return
        }
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            problems.append(
                ManifestProblem(file: path, line: 0, message: "cannot be read: \(Self.reason(error))"))
            return
        }
        files.append(path)
        let found = ManifestReader.read(text, file: path, format: format)
        manifests += found.manifests
        problems += found.problems
        if format == .markdown {
            let groups = NodeGroup.instanceGroups(in: MarkdownDocument(text), file: path)
            tableGroups += groups.objects
            problems += groups.problems
        }
    }

    private static func reason(_ error: any Error) -> String {
        ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.localizedDescription
            ?? error.localizedDescription
    }

    /// One object written twice is a mistake: the second would silently win.
    private mutating func findDuplicates() {
        var seen: [String: Manifest] = [:]
        for manifest in manifests where !manifest.object.name.isEmpty {
            let key = "\(manifest.group)/\(manifest.title)"
            if let first = seen[key] {
                problems.append(
                    ManifestProblem(
                        manifest, "is written twice: also at \(first.file):\(first.line)"))
            } else {
                seen[key] = manifest
            }
        }
    }
}

extension FileSource {
    /// The files of this machine.
    public static let disk = FileSource(
        read: { Array(try Data(contentsOf: URL(fileURLWithPath: $0))) },
        isDirectory: { path in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
                && isDirectory.boolValue
        })
}
