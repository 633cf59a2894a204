import KubeJSON
import Testing

@testable import KubeNode

/// Pods that a node does not take, whoever bound them there.
@Suite struct NodeAbilitiesTests {
    static let table: [(spec: JSON, labels: JSON, reason: String, words: String)] = [
        (
            ["securityContext": ["sysctls": [["name": "kernel.msgmax", "value": "1"]]]], [:],
            "SysctlForbidden", "forbidden sysctl: \"kernel.msgmax\" not allowlisted"
        ),
        (
            ["securityContext": ["sysctls": [["name": "net/core/somaxconn", "value": "1"]]]], [:],
            "SysctlForbidden", "forbidden sysctl: \"net.core.somaxconn\" not allowlisted"
        ),
        (
            [
                "hostNetwork": true,
                "securityContext": ["sysctls": [["name": "net.ipv4.tcp_syncookies", "value": "1"]]],
            ], [:], "SysctlForbidden",
            "forbidden sysctl: \"net.ipv4.tcp_syncookies\" not allowed with host Net enabled"
        ),
        (
            [
                "hostIPC": true,
                "securityContext": ["sysctls": [["name": "kernel.shm_rmid_forced", "value": "1"]]],
            ], [:], "SysctlForbidden",
            "forbidden sysctl: \"kernel.shm_rmid_forced\" not allowed with host IPC enabled"
        ),
        (
            ["os": ["name": "windows"]], [:], "PodOSNotSupported",
            "Failed to admit pod as the OS field doesn't match node OS"
        ),
        (
            [:], ["kubernetes.io/os": "windows"], "PodOSSelectorNodeLabelDoesNotMatch",
            "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label"
        ),
        (
            ["securityContext": ["supplementalGroupsPolicy": "Strict"]], [:],
            "SupplementalGroupsPolicyNotSupported",
            "SupplementalGroupsPolicy=Strict is not supported in this node"
        ),
    ]

    @Test(arguments: NodeAbilitiesTests.table.indices) func refuses(_ index: Int) {
        let (spec, labels, reason, words) = Self.table[index]
        let refusal = NodeAbilities.refusal(
            of: ["metadata": ["labels": labels], "spec": spec], features: .null)
        #expect(refusal?.reason == reason)
        #expect(refusal?.message == words)
    }

    @Test func takesWhatIsSafeAndWhatItCan() {
        let sysctls: JSON = [
            ["name": "kernel/shm_rmid_forced", "value": "1"],
            ["name": "net.ipv4.tcp_rmem", "value": "1 2 3"],
        ]
        let pod: JSON = [
            "metadata": ["labels": ["kubernetes.io/os": "linux"]],
            "spec": [
                "os": ["name": "linux"], "hostPID": true,
                "securityContext": ["sysctls": sysctls, "supplementalGroupsPolicy": "Strict"],
            ],
        ]
        #expect(NodeAbilities.refusal(of: pod, features: ["supplementalGroupsPolicy": true]) == nil)
        #expect(SysctlName.dotted("net/ipv4/conf/eno1.100/forwarding") == "net.ipv4.conf.eno1/100.forwarding")
        #expect(SysctlName.dotted("net.ipv4.conf.eno1/100.forwarding") == "net.ipv4.conf.eno1/100.forwarding")
    }

    @Test func whatIsRefusedFails() throws {
        let world = try NodeWorld()
        try world.pod(
            "p", spec: ["securityContext": ["sysctls": [["name": "kernel.msgmax", "value": "1"]]]])
        world.run(1)
        #expect(try world.phase("p") == "Failed")
        #expect(try world.get("p")["status"]?["reason"] == "SysctlForbidden")
        let words = "forbidden sysctl: \"kernel.msgmax\" not allowlisted"
        #expect(try world.get("p")["status"]?["message"]?.string == "Pod was rejected: " + words)
        #expect(try world.events("p") == ["Warning SysctlForbidden " + words])
    }
}
