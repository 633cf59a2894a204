import Foundation
import KubeJSON
import KubeRuntimeCRI

// What containerd itself takes for pods: `pod-benchmark DIRECTORY IMAGES PODS [host]` starts a containerd in the
// directory, loads the archive of images, starts so many pods at once (with `host` in the machine's network), and
// says how many seconds that took. scripts/bench-pods compares.

struct Failure: Error, CustomStringConvertible {
    let description: String
}

func run(_ words: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(description: words.joined(separator: " ")) }
}

let arguments = CommandLine.arguments
guard arguments.count > 3, let count = Int(arguments[3]) else {
    print("pod-benchmark DIRECTORY IMAGES PODS [host]")
    exit(64)
}
let directory = arguments[1]
let usesHostNetwork = arguments.contains("host")
let networks = directory + "/cni/net.d"
try FileManager.default.createDirectory(atPath: networks, withIntermediateDirectories: true)
let network = """
    {"cniVersion": "0.4.0", "name": "aegis-bench", "plugins": [{"type": "ptp", "ipMasq": false,
     "ipam": {"type": "host-local", "subnet": "10.199.0.0/16", "dataDir": "\(directory)/cni/ipam",
     "routes": [{"dst": "0.0.0.0/0"}]}}]}
    """
try network.write(toFile: networks + "/10-bench.conflist", atomically: true, encoding: .utf8)
// Where Debian has the plugins.
try? FileManager.default.createSymbolicLink(
    atPath: directory + "/cni/bin", withDestinationPath: "/usr/lib/cni")

let configuration = ContainerdConfiguration(dataDirectory: directory)
let supervisor = try ContainerdSupervisor(configuration)
_ = try await supervisor.start()
try run("ctr", "-a", configuration.socket, "-n", "k8s.io", "images", "import", arguments[2])
let client = try CRIClient(socket: configuration.socket)
let pods = BarePods(client: client, dataDirectory: directory, cgroupRoot: "/aegis-bench")
let all = (0..<count).map { index -> JSON in
    [
        "metadata": [
            "name": .string("web-\(index)"), "namespace": "bench", "uid": .string("bench-\(index)"),
        ],
        "spec": [
            "hostNetwork": .bool(usesHostNetwork), "volumes": [["name": "token"]],
            "containers": [
                [
                    "name": "web", "image": "aegis.local/busybox:test", "command": ["sleep", "3600"],
                    "volumeMounts": [
                        [
                            "name": "token", "readOnly": true,
                            "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
                        ]
                    ],
                ]
            ],
        ],
    ]
}
guard let image = try await client.image("aegis.local/busybox:test") else {
    throw Failure(description: "\(arguments[2]) has no aegis.local/busybox:test")
}
for pod in all { try pods.prepare(pod) }
let clock = ContinuousClock()
let start = clock.now
let sandboxes = try await withThrowingTaskGroup(of: String.self) { group in
    for pod in all { group.addTask { try await pods.start(pod, image: image) } }
    var made: [String] = []
    while let sandbox = try await group.next() { made.append(sandbox) }
    return made
}
let taken = clock.now - start
let seconds = Double(taken.components.seconds) + Double(taken.components.attoseconds) / 1e18
print(String(format: "%.3f", seconds))
for sandbox in sandboxes { try await pods.remove(sandbox) }
client.close()
await supervisor.stop()
await pods.removeGroups()
