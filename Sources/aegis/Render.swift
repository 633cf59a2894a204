import AegisPlatform
import ArgumentParser
import Foundation

/// `aegis render`: what a kustomization comes to.
struct Render: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the objects of a kustomization, as kubectl kustomize does.",
        discussion: """
            NAME is an environment of the platform in this directory (platform/environments/NAME), or any
            directory with a kustomization.

            Exit codes: 0 printed, 1 there are mistakes, 64 wrong usage.
            """)

    @Option(help: ArgumentHelp("The environment, or a directory.", valueName: "name|path"))
    var env: String

    func run() throws {
        let kustomization = Kustomization(root: Environments.directory(env), source: .disk)
        let problems = kustomization.problems.map(\.description)
        guard problems.isEmpty else { throw Failure(problems.joined(separator: "\n")) }
        FileHandle.standardOutput.write(Data(kustomization.text.utf8))
    }
}

/// Where a platform keeps its environments.
enum Environments {
    /// The directory that a name or a path means.
    static func directory(_ name: String) -> String {
        let known = "platform/environments/" + name
        let isKnown = !name.contains("/") && FileSource.disk.isDirectory(known)
        return isKnown ? known : name
    }
}
