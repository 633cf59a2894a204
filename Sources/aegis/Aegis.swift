import ArgumentParser
import Foundation
import KubeNetwork

/// The program: the command line, or the network plugin when it is called by that name.
@main
enum Program {
    static func main() async {
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
        subcommands: [Up.self, Status.self, Down.self, Serve.self, ChaosCommand.self, Render.self])
}
