import Testing

@testable import KubeRuntimeCRI

@Suite struct ContainerdConfigurationTests {
    @Test func keepsAllUnderTheDataDirectory() {
        let configuration = ContainerdConfiguration(dataDirectory: "/data/a \"b\"", sandboxImage: "p:1")
        let text = configuration.text
        #expect(text.contains(#"root = "/data/a \"b\"/containerd/root""#))
        #expect(text.contains(#"state = "/data/a \"b\"/containerd/state""#))
        #expect(text.contains(#"sandbox_image = "p:1""#))
        #expect(text.contains("SystemdCgroup = false"))
    }

    @Test func readsProcessNumbersThatItWrote() {
        let process = DetachedProcess(pid: 17, birth: 90_210)
        #expect(DetachedProcess(text: process.text) == process)
        #expect(DetachedProcess(text: "17") == nil)
        #expect(DetachedProcess(text: "") == nil)
    }

    @Test(arguments: [("1.6.20~ds1", true), ("v2.0.1", true), ("1.5.9", false), ("", false), ("1.7", true)])
    func needsARecentContainerd(_ version: String, _ isEnough: Bool) {
        let found = RuntimeVersion(name: "containerd", version: version, interface: "v1")
        let isTaken = (try? ContainerdSupervisor.check(found, socket: "/s")) != nil
        #expect(isTaken == isEnough)
        let other = RuntimeVersion(name: "cri-o", version: "1.30.0", interface: "v1")
        #expect(throws: ContainerdSupervisor.Failure.self) {
            try ContainerdSupervisor.check(other, socket: "/s")
        }
    }
}
