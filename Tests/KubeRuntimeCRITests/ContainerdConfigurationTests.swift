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
}
