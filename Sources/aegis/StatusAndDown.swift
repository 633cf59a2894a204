import AegisCluster
import ArgumentParser
import Foundation
import KubeJSON

/// `aegis status`: how the platform that `aegis up` runs is.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say how the platform is that is up.",
        discussion: "Exit codes: 0 everything is ready, 1 something waits, 3 nothing is up, 64 wrong usage.")

    @OptionGroup var data: DataDirectory
    @Option(name: .shortAndLong, help: "'text' or 'json'.")
    var output = Up.Output.text

    func run() throws {
        let state = RuntimeState(directory: data.path)
        guard let process = state.running, let description = state.description else {
            if output == .json {
                print(JSONWriter.string(["running": false]))
            } else {
                print("nothing is up from \(data.path)")
            }
            throw ExitCode(3)
        }
        let progress = state.progress
        let isReady = progress?["ready"]?.bool ?? false
        if output == .json {
            var answer: JSON = [
                "running": true, "pid": .integer(Int64(process)),
                "address": description["address"] ?? "", "kubeconfig": description["kubeconfig"] ?? "",
            ]
            answer["ready"] = .bool(isReady)
            answer["objects"] = progress?["objects"] ?? []
            answer["reachable"] = progress?["reachable"] ?? []
            print(JSONWriter.string(answer))
        } else {
            print("up at \(description["address"]?.string ?? ""), process \(process)")
            print("export KUBECONFIG=\(description["kubeconfig"]?.string ?? "")")
            for row in progress?["objects"]?.array ?? [] {
                let reasons = (row["reasons"]?.array ?? []).compactMap(\.string).joined(separator: "; ")
                let what = row["ready"]?.bool == true ? "ready" : reasons
                let words = [row["object"]?.string ?? "", row["count"]?.string ?? "", what]
                print(words.filter { !$0.isEmpty }.joined(separator: "  "))
            }
            for line in Screen.lines(Reachability(json: progress?["reachable"] ?? [])) { print(line) }
        }
        if !isReady { throw ExitCode(1) }
    }
}

/// `aegis down`: stops what `aegis up` started.
struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop the platform that is up.",
        discussion: """
            Pods are asked to end and given the time that they want, up to --grace; then containers, networks
            and rules are removed. The cluster's objects, images and persistent volumes stay for the next
            `aegis up`, unless --purge removes them.

            Exit codes: 0 stopped or nothing was up, 1 it did not stop, 64 wrong usage.
            """)

    @OptionGroup var data: DataDirectory
    @Flag(help: "Remove the data directory as well: certificates, objects, logs.")
    var purge = false
    @Option(
        help: ArgumentHelp(
            "How long pods may take to end; 0 kills them at once. None gets more than its "
                + "terminationGracePeriodSeconds.", valueName: "seconds"))
    var grace = 30

    func validate() throws {
        guard (0...86_400).contains(grace) else {
            throw ValidationError("--grace \(grace): a time between 0 and 86400 seconds")
        }
    }

    func run() async throws {
        let state = RuntimeState(directory: data.path)
        if let process = state.running {
            kill(process, SIGTERM)
            // Nobody but its parent is told when a process ends: look until it is gone.
            let end = ContinuousClock.now + .seconds(30)
            while state.running == process {
                guard ContinuousClock.now < end else {
                    throw Failure("process \(process) has not stopped after 30 s")
                }
                try await Task.sleep(for: .milliseconds(20))
            }
            print("stopped")
        } else {
            print("nothing is up from \(data.path)")
        }
        if MachineTearDown.isNeeded(data.path) {
            try await tearDown(URL(fileURLWithPath: data.path).standardizedFileURL.path)
            print("containers, networks and rules are removed")
        }
        if purge, FileManager.default.fileExists(atPath: data.path) {
            // Only what is a data directory of ours is removed.
            guard FileManager.default.fileExists(atPath: data.path + "/pki") else {
                throw Failure("\(data.path) is no data directory of aegis: nothing was removed")
            }
            MachineTearDown.forget(data.path)
            try FileManager.default.removeItem(atPath: data.path)
            print("\(data.path) is removed")
        }
    }

    private func tearDown(_ directory: String) async throws {
        let words = EndingWords(most: grace) { text in
            print(text)
            fflush(nil)
        }
        let saying = Task { await words.run() }
        defer { saying.cancel() }
        do {
            try await MachineTearDown.run(
                directory, grace: grace, tell: { words.take($0) }, complain: { print("warning: \($0)") })
        } catch {
            throw Failure("not everything could be taken away: \(error)")
        }
    }
}
