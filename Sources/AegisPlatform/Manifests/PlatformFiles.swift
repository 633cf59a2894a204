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

    /// Reads files and directories (whole, in order of name; hidden ones are left out): `*.yaml`, `*.yml`,
    /// `*.json` and Markdown. A directory with a kustomization is what the kustomization makes of it.
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
        if isDirectory.boolValue, KustomizeBuild.isKustomization(path, in: DiskFiles()) {
            do throws(ManifestProblem) {
                let outcome = try KustomizeBuild.build(path, in: DiskFiles())
                manifests += outcome.manifests
                // Node groups are for whoever makes the nodes, which is us.
                manifests += outcome.local.filter {
                    $0.group == NodeGroup.group && $0.kind == NodeGroup.kind
                }
                files.append(path)
            } catch {
                problems.append(error)
            }
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

    /// One object written twice is a mistake: the second would silently win. Alike they are one, so that two
    /// environments may both name what they share.
    private mutating func findDuplicates() {
        var seen: [String: Manifest] = [:]
        var isRepeated = false
        for manifest in manifests where !manifest.object.name.isEmpty {
            let key = "\(manifest.group)/\(manifest.title)"
            if let first = seen[key] {
                if first.object == manifest.object, first.file != manifest.file || first.line == manifest.line
                {
                    isRepeated = true
                    continue
                }
                problems.append(
                    ManifestProblem(
                        manifest, "is written twice: also at \(first.file):\(first.line)"))
            } else {
                seen[key] = manifest
            }
        }
        guard isRepeated else { return }
        var kept: Set<String> = []
        manifests = manifests.filter {
            $0.object.name.isEmpty || kept.insert("\($0.group)/\($0.title)").inserted
        }
    }
}

/// The files of this machine.
public struct DiskFiles: KustomizeFiles {
    public init() {}

    public func contents(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path).map(Array.init)
    }

    public func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            && isDirectory.boolValue
    }
}
