import AegisCluster
import AegisImages
import AegisPlatform
import ArgumentParser
import Foundation
import KubeEngine
import KubeServer
import Logging

/// `aegis up`: a platform running on this machine.
struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a platform on this machine, and stay until interrupted.",
        discussion: """
            PATH is a directory, a file of manifests, or a Markdown document with YAML blocks. A directory with
            a kustomization is what the kustomization makes of it. All objects are
            tried on a copy of the cluster first; when one is refused, none is applied.

            Images that have a recipe (see aegis image list) and are not in the store are built and imported
            before the first pod starts. Recipes of your own are images/NAME/recipe.yaml beside the manifests.

            Exit codes: 0 stopped by a signal (or, with --detach, everything is ready), 1 refused, not ready in
            time or could not start, 64 wrong usage.
            """)

    enum Nodes: String, ExpressibleByArgument, CaseIterable {
        case containers, hollow
    }

    enum Output: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Argument(help: "Where the platform's manifests are.")
    var paths: [String] = []

    @Option(
        help: ArgumentHelp("An environment of the platform, or a directory.", valueName: "name|path"))
    var env: String?

    @Option(help: "What runs the pods: 'containers', or 'hollow' (simulated; needs no root).")
    var nodes = Nodes.containers

    @Option(help: "The socket of a containerd that runs already; without it aegis starts its own.")
    var containerdSocket: String?

    @OptionGroup var data: DataDirectory

    @Option(help: ArgumentHelp("Where images are built and kept.", valueName: "directory"))
    var imageCache = ImageBuilder.usualCache

    @Option(help: "The address to listen on.")
    var bindAddress = "127.0.0.1"

    @Option(help: "The port for HTTPS; 0 takes a free one.")
    var securePort = 6443

    @Option(help: "Seconds until everything must be ready; without it there is no end of waiting.")
    var timeout: Double?

    @Flag(help: "Return when everything is ready, and stay up in the background.")
    var detach = false

    @Option(name: .shortAndLong, help: "How progress is written: 'text' or 'json' (one line a change).")
    var output = Output.text

    func validate() throws {
        guard !paths.isEmpty || env != nil else {
            throw ValidationError("name at least one PATH, or --env")
        }
        guard (0...65_535).contains(securePort) else {
            throw ValidationError("--secure-port \(securePort): a port is between 0 and 65535")
        }
        if let timeout, timeout <= 0 {
            throw ValidationError("--timeout \(timeout): a time-out is above zero")
        }
    }

    func run() async throws {
        let runtime = RuntimeState(directory: data.path)
        if let running = runtime.running, running != ProcessInfo.processInfo.processIdentifier {
            throw Failure("a platform is up already from \(data.path) (process \(running)): see aegis status")
        }
        let paths = paths + [env.map(Environments.directory)].compactMap { $0 }
        let platform = Platform(paths: paths)
        try report(platform.problems)
        guard !platform.manifests.isEmpty else {
            throw Failure("\(paths.joined(separator: ", ")): there are no manifests in it")
        }
        if detach, !Detachment.isChild {
            try Detachment.start(logFile: data.path + "/aegis.log", directory: data.path)
            return
        }
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            // What a controller tries again is shown as what waits.
            handler.logLevel = .error
            return handler
        }
        let machine = try await prepareMachine()
        // Until here, and while images are built, a signal ends the program at once; the next start goes on.
        try await prepareImages(machine, platform)
        let stopped = Termination.signals()
        let plane = try await start(machine)
        do {
            try await machine?.run(plane)
            try runtime.write(kubeconfig: plane.kubeconfigPath, address: plane.address)
            defer { runtime.remove() }
            try await follow(plane, platform, runtime, stopped)
        } catch {
            await machine?.stop()
            try await plane.stop()
            throw error
        }
        await machine?.stop()
        try await plane.stop()
    }

    /// Makes the machine ready to run containers, where they are wanted.
    private func prepareMachine() async throws -> MachineCluster? {
        guard nodes == .containers else { return nil }
        var options = MachineCluster.Options(
            dataDirectory: URL(fileURLWithPath: data.path).standardizedFileURL.path,
            program: Bundle.main.executablePath ?? CommandLine.arguments[0])
        options.containerdSocket = containerdSocket
        do {
            return try await MachineCluster.prepare(options, logger: Logger(label: "aegis"))
        } catch {
            throw Failure("\(error)")
        }
    }

    /// Builds and imports the images that have recipes and are not in the store.
    private func prepareImages(_ machine: MachineCluster?, _ platform: Platform) async throws {
        guard let machine else { return }
        let book: RecipeBook
        do {
            book = try RecipeBook(directories: RecipeBook.directories(beside: paths))
        } catch {
            throw Failure("\(error)")
        }
        let screen = Screen(isJSON: output == .json)
        let builder = ImageBuilder(book, directory: imageCache) { screen.pass($0) }
        let names = MachineImages.names(in: platform.manifests.map(\.object))
        for problem in await machine.images(book, builder).ensure(names) { screen.say(problem) }
    }

    private func start(_ machine: MachineCluster?) async throws -> ControlPlane {
        var options = ControlPlane.Options(dataDirectory: data.path)
        options.host = bindAddress
        options.port = securePort
        let seed = UInt64.random(in: .min ... .max)
        options.metrics = machine?.metrics ?? ClusterControllers.metrics(seed: seed)
        options.advertiseAddress = machine?.addresses.server
        let real = machine.map { (kind: $0.kind, metrics: $0.metrics, volumes: $0.volumes) }
        options.controllers = { server in
            ClusterControllers.loops(of: server, seed: seed, machine: real)
        }
        do {
            return try await ControlPlane.start(options, logger: Logger(label: "aegis"))
        } catch {
            throw Failure(StartFailure.explain(error, options))
        }
    }

    /// Applies the platform and shows its progress until a signal comes.
    private func follow(
        _ plane: ControlPlane, _ platform: Platform, _ runtime: RuntimeState, _ stopped: AsyncStream<Void>
    ) async throws {
        let changes = try StoreChanges(plane.registry.store)
        let plan = PlatformPlan(platform, present: plane.registry)
        try report(plan.problems)
        let applier = Applier(plane.registry)
        try report(applier.problems(of: plan.provided + plan.manifests))
        let applied: [Applier.Applied]
        do {
            _ = try await applier.apply(plan.provided, changes: changes)
            applied = try await applier.apply(plan.manifests, changes: changes)
        } catch let problem as ManifestProblem {
            throw Failure("\(problem)")
        }
        let screen = Screen(isJSON: output == .json)
        screen.say("\(applied.count) objects applied; the API is at \(plane.address)")
        screen.say("export KUBECONFIG=\(plane.kubeconfigPath)")
        for note in plan.notes { screen.say(note) }
        for entry in applied {
            for warning in entry.warnings { screen.say("\(entry.manifest.title): warning: \(warning)") }
        }
        let seconds = timeout
        let ended = try await withThrowingTaskGroup(of: End?.self) { group in
            group.addTask {
                for await _ in stopped { return .signal }
                return nil
            }
            if let seconds {
                group.addTask {
                    try await Task.sleep(for: .seconds(seconds))
                    return .late
                }
            }
            group.addTask {
                try await watch(applied, plane, runtime, changes, screen)
                return nil
            }
            defer { group.cancelAll() }
            while let end = try await group.next() {
                guard let end else { continue }
                if end == .late, PlatformProgress(applied, plane.registry).isReady { continue }
                return end
            }
            return .signal
        }
        if ended == .late {
            let waiting = PlatformProgress(applied, plane.registry).waiting
            screen.end()
            throw Failure(
                "not ready after \(seconds.map { String(Int($0)) } ?? "") s: "
                    + waiting.map(\.title).joined(separator: ", "))
        }
        screen.say("stopping")
    }

    private enum End {
        case signal
        case late
    }

    /// Shows every change of the progress, at most ten times a second.
    private func watch(
        _ applied: [Applier.Applied], _ plane: ControlPlane, _ runtime: RuntimeState,
        _ changes: StoreChanges, _ screen: Screen
    ) async throws {
        var last: PlatformProgress?
        var wasReady = false
        while !Task.isCancelled {
            let progress = PlatformProgress(applied, plane.registry)
            if progress.rows != last?.rows {
                screen.show(progress)
                try runtime.write(progress)
                last = progress
            }
            if progress.isReady, !wasReady {
                wasReady = true
                screen.end()
                screen.say("everything is ready")
                Detachment.detachIfChild()
            }
            try await Task.sleep(for: .milliseconds(100))
            await changes.next()
        }
    }

    private func report(_ problems: [ManifestProblem]) throws {
        if problems.isEmpty { return }
        var text = problems.map(\.description).joined(separator: "\n")
        text += "\n\(problems.count == 1 ? "one mistake" : "\(problems.count) mistakes"); nothing was applied"
        throw Failure(text)
    }
}

/// Ends a command with a message on standard error and exit code 1.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Where a cluster's data are.
struct DataDirectory: ParsableArguments {
    @Option(
        name: .customLong("data-dir"),
        help: ArgumentHelp(
            "Where certificates, the kubeconfig and the cluster's objects are kept.",
            discussion: "By default $XDG_DATA_HOME/aegis or ~/.local/share/aegis.", valueName: "directory"))
    var given: String?

    var path: String {
        if let given { return given }
        let environment = ProcessInfo.processInfo.environment
        if let base = environment["XDG_DATA_HOME"], !base.isEmpty { return base + "/aegis" }
        return NSHomeDirectory() + "/.local/share/aegis"
    }
}
