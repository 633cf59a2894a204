import ArgumentParser
import Foundation
import KubeNetwork

@main
enum Program {
    static func main() async {
        // A container runtime calls the same program, by another name, for the address of a pod.
        if AddressPlugin.isMeant(by: CommandLine.arguments.first ?? "") { exit(AddressPlugin.run()) }
        await Aegis.main()
    }
}

/// The command line. Each command is a thin layer over a library target.
struct Aegis: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aegis",
        abstract: "Check, run, rehearse and ship a platform written as Kubernetes manifests.",
        version: "aegis 0.1.0 (Kubernetes v1.36)",
        subcommands: [Up.self, Status.self, Down.self, Serve.self])
}
