import ArgumentParser
import Foundation
import KubeNetwork

/// The command line. Each command is a thin layer over a library target.
@main
struct Aegis: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aegis",
        abstract: "Check, run, rehearse and ship a platform written as Kubernetes manifests.",
        version: "aegis 0.1.0 (Kubernetes v1.36)",
        subcommands: [Up.self, Status.self, Down.self, Serve.self])

    /// Under another name the program is a plugin of the container network, which `up` links it as.
    static func main() async {
        if AddressPlugin.isMeant(by: CommandLine.arguments.first ?? "") { exit(AddressPlugin.run()) }
        await main(nil)
    }
}
