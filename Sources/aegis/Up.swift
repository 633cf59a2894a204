import AegisCluster
import AegisImages
import AegisPlatform
import ArgumentParser
import Foundation
import KubeEngine
import KubeServer
import Logging
import Synchronization

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

            Where a platform is up already, it is given what is different, and the command ends when everything is
            ready: the program that runs it stays the same.

            Exit codes: 0 stopped by a signal (or, with --detach or where it was up already, everything is
            ready), 1 refused, not ready in time or could not start, 64 wrong usage.
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

    @Option(help: "The port for HTTPS; 0 takes a free one. By default 6443, or the next that is free.")
    var securePort: Int?

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
        if let securePort, !(0...65_535).contains(securePort) {
            throw ValidationError("--secure-port \(securePort): a port is between 0 and 65535")
        }
        if let timeout, timeout <= 0 {
            throw ValidationError("--timeout \(timeout): a time-out is above zero")
        }
    }

    func run() async throws {
        let runtime = RuntimeState(directory: data.path)
        let paths = paths + [env.map(Environments.directory)].compactMap { $0 }
        let platform = try read(paths)
        if let running = runtime.running, running != ProcessInfo.processInfo.processIdentifier {
            try await UpAgain(runtime, process: running, paths).run(Screen(isJSON: output == .json), timeout)
            return
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
        let port = try ListenPort(host: bindAddress, wanted: securePort).number
        // A request that comes before this can be followed is no reason to end.
        let requests = Termination.requests()
        let machine = try await prepareMachine()
        // Until here, and while images are built, a signal ends the program at once; the next start goes on.
        let stopped: AsyncStream<Void>
        let plane: ControlPlane
        do {
            try await prepareImages(machine, platform, paths)
            stopped = Termination.signals()
            plane = try await start(machine, port)
        } catch {
            await machine?.stop()
            throw error
        }
        do {
            try await machine?.run(plane)
            try runtime.write(kubeconfig: plane.kubeconfigPath, address: plane.address)
            defer { runtime.remove() }
            try await follow(plane, platform, runtime, machine, stopped, requests)
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
    private func prepareImages(_ machine: MachineCluster?, _ platform: Platform, _ paths: [String])
        async throws
    {
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
        let images = machine.images(book, builder)
        for problem in await images.ensure(names) { screen.say(problem) }
        machine.serve(images)
    }

    private func start(_ machine: MachineCluster?, _ port: Int) async throws -> ControlPlane {
        var options = ControlPlane.Options(dataDirectory: data.path)
        options.host = bindAddress
        options.port = port
        // Stored Services have addresses of the range that the cluster has had so far.
        let instance = machine?.instance ?? MachineRecord.read(data.path)?.instance ?? .usual
        options.serviceCIDR = instance.serviceRange
        let seed = UInt64.random(in: .min ... .max)
        options.metrics = machine?.metrics ?? ClusterControllers.metrics(seed: seed)
        options.advertiseAddress = machine?.addresses.server
        let real = machine.map {
            ClusterControllers.Machine(
                kind: $0.kind, metrics: $0.metrics, volumes: $0.volumes, pods: $0.addresses.pods)
        }
        options.controllers = { server in
            ClusterControllers.loops(of: server, seed: seed, machine: real)
        }
        do {
            return try await ControlPlane.start(options, logger: Logger(label: "aegis"))
        } catch {
            throw Failure(StartFailure.explain(error, options))
        }
    }

    /// The manifests of a platform.
    /// - Throws: `Failure` with all mistakes in them.
    private func read(_ paths: [String]) throws -> Platform {
        let platform = Platform(paths: paths)
        try report(platform.problems)
        guard !platform.manifests.isEmpty else {
            throw Failure("\(paths.joined(separator: ", ")): there are no manifests in it")
        }
        return platform
    }

    /// Brings all of a platform into the cluster, or nothing.
    private func apply(
        _ platform: Platform, _ plane: ControlPlane, _ changes: StoreChanges, _ screen: Screen
    ) async throws -> [Applier.Applied] {
        let plan = PlatformPlan(platform, present: plane.registry)
        try report(plan.problems)
        let applier = Applier(plane.registry)
        try report(applier.problems(of: plan.provided + plan.manifests))
        do {
            _ = try await applier.apply(plan.provided, changes: changes)
            let applied = try await applier.apply(plan.manifests, changes: changes)
            screen.say("\(applied.count) objects applied; the API is at \(plane.address)")
            screen.say("export KUBECONFIG=\(plane.kubeconfigPath)")
            for note in plan.notes { screen.say(note) }
            for entry in applied {
                for warning in entry.warnings { screen.say("\(entry.manifest.title): warning: \(warning)") }
            }
            return applied
        } catch let problem as ManifestProblem {
            throw Failure("\(problem)")
        }
    }

    /// Applies the platform and shows its progress until a signal comes.
    private func follow(
        _ plane: ControlPlane, _ platform: Platform, _ runtime: RuntimeState, _ machine: MachineCluster?,
        _ stopped: AsyncStream<Void>, _ requests: AsyncStream<Void>
    ) async throws {
        let changes = try StoreChanges(plane.registry.store)
        let screen = Screen(isJSON: output == .json)
        let current = Current(try await apply(platform, plane, changes, screen))
        let seconds = timeout
        let ready = Ready()
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
                try await watch(current, plane, runtime, changes, screen, ready)
                return nil
            }
            group.addTask {
                for await _ in requests {
                    guard let request = runtime.request else { continue }
                    do {
                        let platform = try read(request.paths)
                        try await prepareImages(machine, platform, request.paths)
                        await current.set(
                            try await apply(platform, plane, try StoreChanges(plane.registry.store), screen),
                            answering: request.id)
                        changes.signal()
                    } catch {
                        try runtime.refuse(request.id, "\(error)")
                    }
                }
                return nil
            }
            defer { group.cancelAll() }
            while let end = try await group.next() {
                guard let end else { continue }
                if end == .late, ready.isTrue { continue }
                if end == .late, await current.progress(plane).isReady { continue }
                return end
            }
            return .signal
        }
        if ended == .late {
            let waiting = await current.progress(plane).waiting
            screen.end()
            throw Failure(
                "not ready after \(seconds.map { String(Int($0)) } ?? "") s: "
                    + waiting.map(\.title).joined(separator: ", "))
        }
        screen.say("stopping")
    }

    /// What was applied last, and who asked for it.
    private actor Current {
        private(set) var applied: [Applier.Applied]
        private(set) var request: String?

        init(_ applied: [Applier.Applied]) { self.applied = applied }

        func set(_ applied: [Applier.Applied], answering request: String) {
            self.applied = applied
            self.request = request
        }

        func progress(_ plane: ControlPlane) -> PlatformProgress { PlatformProgress(applied, plane.registry) }
    }

    /// Whether everything has been ready once; what happens later is no matter of `--timeout`.
    private final class Ready: Sendable {
        private let flag = Atomic(false)
        var isTrue: Bool { flag.load(ordering: .acquiring) }
        func set() { flag.store(true, ordering: .releasing) }
    }

    private enum End {
        case signal
        case late
    }

    /// Shows every change of the progress, at most ten times a second.
    private func watch(
        _ current: Current, _ plane: ControlPlane, _ runtime: RuntimeState,
        _ changes: StoreChanges, _ screen: Screen, _ ready: Ready
    ) async throws {
        var last: PlatformProgress?
        var answered: String?
        var lastReach: Reachability?
        var looked = ContinuousClock.now - .seconds(1)
        while !Task.isCancelled {
            let (progress, request) = await (current.progress(plane), current.request)
            let isNews = progress.rows != last?.rows
            let isFirstReady = progress.isReady && !ready.isTrue
            // Every pod is looked at for it: not at every change of anything.
            var reach = lastReach
            if isFirstReady || looked.duration(to: .now) >= .seconds(1) {
                reach = Reachability(plane.registry)
                looked = .now
            }
            if isNews { screen.show(progress) }
            if isNews || reach != lastReach || request != answered {
                try runtime.write(progress, reach, answering: request)
                (last, lastReach, answered) = (progress, reach, request)
            }
            if isFirstReady {
                ready.set()
                screen.end()
                screen.say("everything is ready")
                if let reach { screen.show(reach) }
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
