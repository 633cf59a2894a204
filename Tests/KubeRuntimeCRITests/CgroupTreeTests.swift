import Foundation
import Testing

@testable import KubeRuntimeCRI

@Suite("Control groups that a machine offers")
struct CgroupTreeTests {
    /// A directory that looks like /sys/fs/cgroup.
    private func withMount(_ body: (URL) throws -> Void) throws {
        let mount = FileManager.default.temporaryDirectory
            .appendingPathComponent("aegis-net2-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: mount, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: mount) }
        try body(mount)
    }

    @Test("Version 2 names its controllers in a file")
    func unified() throws {
        try withMount { mount in
            let file = mount.appendingPathComponent("cgroup.controllers")
            try Data("cpuset cpu io memory pids\n".utf8).write(to: file)
            #expect(CgroupTree(mount: mount.path).missing.isEmpty)
            try Data("cpuset cpu io\n".utf8).write(to: file)
            #expect(CgroupTree(mount: mount.path).missing == ["memory", "pids"])
        }
    }

    @Test("Version 1 has a hierarchy each, or a link to one that controllers share")
    func hierarchies() throws {
        try withMount { mount in
            let files = FileManager.default
            for name in ["cpu,cpuacct", "memory"] {
                try files.createDirectory(
                    at: mount.appendingPathComponent(name), withIntermediateDirectories: true)
            }
            #expect(CgroupTree(mount: mount.path).missing == ["cpu", "pids"])
            try files.createSymbolicLink(
                atPath: mount.path + "/cpu", withDestinationPath: "cpu,cpuacct")
            try files.createDirectory(
                at: mount.appendingPathComponent("pids"), withIntermediateDirectories: true)
            #expect(CgroupTree(mount: mount.path).missing.isEmpty)
        }
    }

    @Test("Processes are found in every hierarchy and at every depth; none for the root")
    func processes() throws {
        try withMount { mount in
            for (directory, lines) in [
                ("memory/aegis", ""), ("memory/aegis/node-1/pod", "7\n8\n"), ("cpu/aegis/node-1", "8\n9\n"),
                ("cpu/aegis-2", "10\n"),
            ] {
                let place = mount.appendingPathComponent(directory)
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                try Data(lines.utf8).write(to: place.appendingPathComponent("cgroup.procs"))
            }
            let tree = CgroupTree(mount: mount.path)
            #expect(tree.processes("/aegis") == [7, 8, 9])
            #expect(tree.processes("/other") == [])
            #expect(tree.processes("/") == [])
        }
    }
}
