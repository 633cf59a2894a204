import Foundation
import Testing

extension RealPodsTests {
    /// Real pods ask the cluster's DNS through the Service `kube-dns`, as far as policies let them.
    @Test func podsAskForNamesAsFarAsPoliciesLetThem() throws {
        let cluster = try Containers()
        defer { cluster.removeAll() }
        try cluster.start()
        try cluster.importImages()
        let address = try cluster.kubectl([
            "-n", "kube-system", "get", "svc", "kube-dns", "-o", "jsonpath={.spec.clusterIP}",
        ])
        #expect(address.hasSuffix(".0.10"))
        #expect(
            try cluster.kubectl([
                "-n", "kube-system", "get", "endpointslices", "-l", "kubernetes.io/service-name=kube-dns",
                "-o",
                "jsonpath={.items[*].endpoints[*].conditions.ready}",
            ]) == "true")
        try cluster.apply(Self.names(address))
        func phase(_ pod: String) throws -> String {
            try poll("the end of \(pod)", within: 60) {
                let phase = try cluster.kubectl(
                    ["-n", "names", "get", "pod", pod, "-o", "jsonpath={.status.phase}"])
                return ["Succeeded", "Failed"].contains(phase) ? phase : nil
            }
        }
        for pod in ["asks", "asks-tcp", "mute", "let-by-label", "let-by-port"] {
            #expect(try phase(pod) == "Succeeded", "\(pod)")
        }
        // The machine asks too, and Prometheus finds the metrics.
        #expect(try cluster.fetch("http://\(address):9153/metrics").contains("coredns_dns_requests_total{"))
        try cluster.down()
        #expect(try cluster.leftovers() == [])
    }

    /// Pods that end well when they see what they should.
    private static func names(_ address: String) -> String {
        let name = "kubernetes.default.svc.cluster.local"
        let asks = "timeout 5 nslookup \(name)"
        let tests = [
            (
                "asks", "",
                "grep -q '^nameserver \(address)$' /etc/resolv.conf && grep -q 'search names.svc.cluster.local' /etc/resolv.conf && \(asks) && ! timeout 5 nslookup nothing.\(name)"
            ),
            ("asks-tcp", "", "timeout 5 nc -z \(address) 53 || timeout 5 nc \(address) 53 </dev/null"),
            ("mute", "dns: never", "sleep 1; ! \(asks) && ! timeout 2 nc \(address) 9153 </dev/null"),
            ("let-by-label", "dns: pods", "sleep 1; \(asks)"),
            ("let-by-port", "dns: port", "sleep 1; \(asks)"),
        ]
        let pods = tests.map { pod in
            """
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: \(pod.0), namespace: names, labels: {\(pod.1)}}
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: 0
              containers:
              - {name: c, image: "aegis.local/busybox:test", command: [sh, -c, "\(pod.2)"]}

            """
        }
        return """
            {apiVersion: v1, kind: Namespace, metadata: {name: names}}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: deny, namespace: names}
            spec: {podSelector: {matchExpressions: [{key: dns, operator: Exists}]}, policyTypes: [Egress]}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: pods, namespace: names}
            spec:
              podSelector: {matchLabels: {dns: pods}}
              policyTypes: [Egress]
              egress:
              - to:
                - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
                  podSelector: {matchLabels: {k8s-app: kube-dns}}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: port, namespace: names}
            spec:
              podSelector: {matchLabels: {dns: port}}
              policyTypes: [Egress]
              egress: [{ports: [{protocol: UDP, port: 53}]}]

            """ + pods.joined()
    }
}
