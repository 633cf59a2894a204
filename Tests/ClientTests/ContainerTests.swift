import Foundation
import Testing

/// Why containers are not tried on this machine, said once; nil when they are.
private let missing: String? = {
    var words: String?
    if geteuid() != 0 { words = "not root" }
    let places = ["/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/", "/usr/local/bin/"]
    for program in ["containerd", "runc", "ctr", "nft", "busybox"] where words == nil {
        if !places.contains(where: { access($0 + program, X_OK) == 0 }) { words = "no \(program)" }
    }
    if words == nil, access("/usr/lib/cni/ptp", X_OK) != 0 { words = "no CNI plugins" }
    if let words { print("skipped: a platform in containers: \(words) (scripts/bootstrap installs it)") }
    return words
}()

extension Trait where Self == ConditionTrait {
    fileprivate static var containers: Self {
        .enabled("AEGIS_BINARY is not set, or the machine has no containers") {
            Programs.environment != nil && missing == nil
        }
    }
}

/// `aegis up` with real containers, as a person uses it.
@Suite(.serialized, .containers) struct ContainerTests {
    /// A data directory and whatever `aegis up` runs from it.
    final class Machine {
        let directory: String
        let programs: Programs
        private var process = Process()

        init() throws {
            guard let programs = Programs.environment else { throw Failed(description: "no programs") }
            self.programs = programs
            // Short: the path of a socket is at most a hundred bytes.
            directory = "/tmp/aegis-c-" + UUID().uuidString.prefix(8)
            try FileManager.default.createDirectory(
                atPath: directory + "/images", withIntermediateDirectories: true)
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("scripts/test-images").path
            let made = try run("/usr/bin/env", ["bash", script, directory + "/images/test.tar"])
            guard made.status == 0 else { throw Failed(description: made.errors) }
        }

        deinit {
            if process.isRunning { process.terminate() }
            _ = try? run(programs.aegis, ["down", "--purge", "--data-dir", directory])
        }

        var isRunning: Bool { process.isRunning }

        /// Returns when all is ready.
        func up(_ manifests: String) throws {
            let file = directory + "/platform.yaml"
            try manifests.write(toFile: file, atomically: true, encoding: .utf8)
            process = Process()
            process.executableURL = URL(fileURLWithPath: programs.aegis)
            process.arguments = [
                "up", "--nodes", "containers", "--data-dir", directory, "--secure-port", "0", "--timeout",
                "120",
                file,
            ]
            let (output, errors) = (Pipe(), directory + "/errors")
            _ = FileManager.default.createFile(atPath: errors, contents: nil)
            process.standardOutput = output
            process.standardError = FileHandle(forWritingAtPath: errors)
            try process.run()
            try loadImages()
            var text = ""
            while !text.contains("everything is ready") {
                let data = output.fileHandleForReading.availableData
                if data.isEmpty {
                    let words = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
                    throw Failed(description: "aegis up ended: \(text)\n\(words)")
                }
                text += String(decoding: data, as: UTF8.self)
            }
        }

        /// Where no registry answers, images come from a file.
        private func loadImages() throws {
            let socket = directory + "/containerd/containerd.sock"
            for _ in 0..<600 {
                let words = [
                    "ctr", "--address", socket, "--namespace", "k8s.io", "images", "import",
                    directory + "/images/test.tar",
                ]
                if access(socket, F_OK) == 0, try run("/usr/bin/env", words).status == 0 { return }
                usleep(100_000)
            }
            throw Failed(description: "containerd took no images")
        }

        /// As a machine's out-of-memory killer does.
        func kill() {
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }

        func down(_ more: [String] = []) throws {
            let outcome = try run(programs.aegis, ["down", "--data-dir", directory] + more)
            guard outcome.status == 0 else { throw Failed(description: outcome.output + outcome.errors) }
            process.waitUntilExit()
        }

        func kubectl(_ line: String) throws -> String {
            let arguments =
                ["--kubeconfig", directory + "/kubeconfig"] + line.split(separator: " ").map(String.init)
            let outcome = try run(programs.tools + "/kubectl", arguments)
            guard outcome.status == 0 else {
                throw Failed(description: "kubectl \(line): \(outcome.output)\(outcome.errors)")
            }
            return outcome.output
        }

        /// What is on the machine that has to do with the directory: processes, mounts.
        var traces: [String] {
            var found: [String] = []
            for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
                guard Int(name) != nil,
                    let data = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
                else { continue }
                let words = String(decoding: data.map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
                if words.contains(directory) { found.append("process \(words)") }
            }
            let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
            found += mounts.split(separator: "\n").filter { $0.contains(directory) }.map { "mount \($0)" }
            return found
        }
    }

    private static let platform = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: words, namespace: default}
        data: {greeting: hello}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: data, namespace: default}
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: standard
          resources: {requests: {storage: 1Gi}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: box, namespace: default, labels: {app: box}}
        spec:
          terminationGracePeriodSeconds: 1
          initContainers:
          - name: first
            image: aegis.local/busybox:test
            command: [sh, -c, "echo begun >> /data/starts; cat /words/greeting > /scratch/word"]
            volumeMounts: &mounts
            - {name: data, mountPath: /data}
            - {name: words, mountPath: /words}
            - {name: scratch, mountPath: /scratch}
          containers:
          - name: web
            image: aegis.local/busybox:test
            command: [sh, -c, "cp /scratch/word /scratch/index.html; exec httpd -f -p 8080 -h /scratch"]
            readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
            volumeMounts: *mounts
          volumes:
          - {name: data, persistentVolumeClaim: {claimName: data}}
          - {name: words, configMap: {name: words}}
          - {name: scratch, emptyDir: {}}
        """

    @Test func aPodRunsIsFoundAgainAndGoes() throws {
        let machine = try Machine()
        try machine.up(Self.platform)
        func status(_ path: String) throws -> String {
            try machine.kubectl("get pod box -o jsonpath={.status.\(path)}")
        }
        #expect(try status("phase") == "Running")
        let container = try status("containerStatuses[0].containerID")
        let address = try status("podIP")
        #expect(container.hasPrefix("containerd://"))
        #expect(
            try run("/usr/bin/env", ["busybox", "wget", "-qO-", "http://\(address):8080/"]).output == "hello")
        let node = try machine.kubectl("get nodes -o jsonpath={.items[0].status.nodeInfo}")
        #expect(node.contains("containerd://"))

        // The agent's process is killed: the pod goes on, and is found again as it was.
        machine.kill()
        #expect(
            try run("/usr/bin/env", ["busybox", "wget", "-qO-", "http://\(address):8080/"]).output == "hello")
        try machine.up(Self.platform)
        #expect(try status("containerStatuses[0].containerID") == container)
        #expect(try status("containerStatuses[0].restartCount") == "0")
        #expect(try status("podIP") == address)

        // Down takes all away but the data; the next up begins the pod again, init containers first.
        try machine.down()
        #expect(machine.traces == [])
        try machine.up(Self.platform)
        #expect(try status("containerStatuses[0].containerID") != container)
        #expect(try status("containerStatuses[0].restartCount") == "1")
        let claim = try machine.kubectl("get pvc data -o jsonpath={.metadata.uid}")
        #expect(
            try String(
                contentsOfFile: "\(machine.directory)/volumes/default-data-\(claim)/starts", encoding: .utf8)
                == "begun\nbegun\n")

        _ = try machine.kubectl("delete pod box --timeout=60s")
        machine.kill()
        try machine.down(["--purge"])
        #expect(machine.traces == [])
        #expect(!FileManager.default.fileExists(atPath: machine.directory))
    }
}
