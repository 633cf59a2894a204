import ArgumentParser

/// The command line. Each command is a thin layer over a library target.
@main
struct Aegis: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aegis",
        abstract: "Check, run, rehearse and ship a platform written as Kubernetes manifests.",
        version: "aegis 0.1.0 (Kubernetes v1.36)",
        subcommands: [Up.self, Status.self, Down.self, Serve.self])
}
