import AegisPlatform
import ArgumentParser
import Foundation

/// `aegis render`: what a kustomization makes, as text.
struct Render: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the objects of a kustomization, as kubectl kustomize does.",
        discussion: """
            Without PATH and without --env it is the kustomization of this directory.

            Exit codes: 0 printed, 1 a mistake in the files, 64 wrong usage.
            """)

    @OptionGroup var environment: EnvironmentOption

    @Argument(help: "A directory with a kustomization.")
    var path: String?

    func validate() throws {
        if path != nil, environment.name != nil { throw ValidationError("name either a PATH or --env") }
    }

    func run() throws {
        let directory = try path ?? environment.path ?? "."
        do throws(ManifestProblem) {
            let manifests = try KustomizeBuild.manifests(of: directory, in: DiskFiles())
            FileHandle.standardOutput.write(Data(KustomizeBuild.render(manifests).utf8))
        } catch {
            throw Failure("\(error)")
        }
    }
}

/// Which of the platform's environments is meant.
struct EnvironmentOption: ParsableArguments {
    @Option(
        name: .customLong("env"),
        help: ArgumentHelp(
            "An environment of the platform: a directory of platform/environments, or a path.",
            valueName: "name"))
    var name: String?

    /// The directory of the environment; nil where none was named.
    var path: String? {
        get throws {
            guard let name else { return nil }
            let files = DiskFiles()
            let known = "platform/environments/" + name
            if files.isDirectory(known) { return known }
            if files.isDirectory(name) { return name }
            throw Failure("--env \(name): there is neither \(known) nor \(name)")
        }
    }
}
