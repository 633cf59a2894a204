import KubeJSON
import Testing

@testable import PrometheusDiscovery

@Suite struct RolesTests {
    private func view() -> DiscoveryView {
        var view = DiscoveryView()
        view.nodes["n1"] = [
            "metadata": ["name": "n1", "labels": ["zone/a": "x"], "annotations": ["note": "y"]],
            "spec": ["providerID": "p://n1"],
            "status": [
                "addresses": [
                    ["type": "Hostname", "address": "n1.local"],
                    ["type": "InternalIP", "address": "10.0.0.1"],
                ], "daemonEndpoints": ["kubeletEndpoint": ["Port": 10250]],
            ],
        ]
        view.pods["shop/web-1"] = [
            "metadata": [
                "name": "web-1", "namespace": "shop", "uid": "u", "labels": ["app": "web"],
                "annotations": ["prometheus.io/scrape": "true"],
                "ownerReferences": [["kind": "ReplicaSet", "name": "web", "controller": true]],
            ],
            "spec": [
                "nodeName": "n1",
                "containers": [
                    [
                        "name": "web", "image": "web:1",
                        "ports": [
                            ["name": "http", "containerPort": 8000],
                            ["containerPort": 9000, "protocol": "UDP"],
                        ],
                    ], ["name": "side", "image": "side:1"],
                ],
                "initContainers": [["name": "init", "image": "init:1"]],
            ],
            "status": [
                "podIP": "10.1.0.5", "hostIP": "10.0.0.1", "phase": "Running",
                "conditions": [["type": "Ready", "status": "True"]],
                "containerStatuses": [["name": "web", "containerID": "containerd://1"]],
            ],
        ]
        view.pods["shop/new"] = [
            "metadata": ["name": "new", "namespace": "shop"], "spec": ["containers": [["name": "c"]]],
        ]
        view.services["shop/web"] = [
            "metadata": ["name": "web", "namespace": "shop", "labels": ["team": "a"]],
            "spec": ["clusterIP": "10.2.0.1", "ports": [["name": "http", "port": 80, "protocol": "TCP"]]],
        ]
        let target: JSON = ["kind": "Pod", "namespace": "shop", "name": "web-1"]
        view.endpoints["shop/web"] = [
            "metadata": ["name": "web", "namespace": "shop"],
            "subsets": [
                [
                    "addresses": [["ip": "10.1.0.5", "nodeName": "n1", "targetRef": target]],
                    "notReadyAddresses": [["ip": "fd00::1"]],
                    "ports": [["name": "http", "port": 8000, "protocol": "TCP"]],
                ]
            ],
        ]
        view.slices["shop/web-abc"] = [
            "metadata": [
                "name": "web-abc", "namespace": "shop", "labels": ["kubernetes.io/service-name": "web"],
            ],
            "addressType": "IPv4", "ports": [["name": "http", "port": 8000, "protocol": "TCP"]],
            "endpoints": [
                [
                    "addresses": ["10.1.0.5"], "conditions": ["ready": true, "terminating": false],
                    "nodeName": "n1",
                    "targetRef": target,
                ]
            ],
        ]
        return view
    }

    private func flat(_ role: Role, attachesNode: Bool = false) -> [Labels] {
        view().groups(role, attachesNode: attachesNode).flatMap { group in
            group.targets.map { group.labels.merging($0) { $1 } }
        }
    }

    private func meta(_ labels: Labels, _ name: String) -> String? { labels[Meta.prefix + name] }

    @Test func nodes() {
        let found = flat(.node)
        #expect(found.count == 1)
        #expect(found[0]["__address__"] == "10.0.0.1:10250")
        #expect(found[0]["instance"] == "n1")
        for (name, value) in [
            ("node_name", "n1"), ("node_provider_id", "p://n1"), ("node_label_zone_a", "x"),
            ("node_labelpresent_zone_a", "true"), ("node_annotation_note", "y"),
            ("node_address_Hostname", "n1.local"), ("node_address_InternalIP", "10.0.0.1"),
        ] {
            #expect(meta(found[0], name) == value, "\(name)")
        }
    }

    @Test func pods() {
        let found = flat(.pod)
        #expect(
            found.map { $0["__address__"] } == ["10.1.0.5:8000", "10.1.0.5:9000", "10.1.0.5", "10.1.0.5"],
            "a pod without an address is not there")
        for (name, value) in [
            ("namespace", "shop"), ("pod_name", "web-1"), ("pod_ip", "10.1.0.5"), ("pod_host_ip", "10.0.0.1"),
            ("pod_ready", "true"), ("pod_phase", "Running"), ("pod_node_name", "n1"), ("pod_uid", "u"),
            ("pod_controller_kind", "ReplicaSet"), ("pod_controller_name", "web"), ("pod_label_app", "web"),
            ("pod_labelpresent_app", "true"), ("pod_annotation_prometheus_io_scrape", "true"),
            ("pod_annotationpresent_prometheus_io_scrape", "true"), ("pod_container_name", "web"),
            ("pod_container_image", "web:1"), ("pod_container_id", "containerd://1"),
            ("pod_container_init", "false"), ("pod_container_port_name", "http"),
            ("pod_container_port_number", "8000"), ("pod_container_port_protocol", "TCP"),
        ] {
            #expect(meta(found[0], name) == value, "\(name)")
        }
        #expect(meta(found[1], "pod_container_port_protocol") == "UDP")
        #expect(meta(found[2], "pod_container_port_number") == nil)
        #expect(meta(found[3], "pod_container_init") == "true")
        #expect(meta(found[0], "node_name") == nil)
        let attached = flat(.pod, attachesNode: true)
        #expect(meta(attached[0], "node_name") == "n1")
        #expect(meta(attached[0], "node_label_zone_a") == "x")
        #expect(meta(attached[0], "node_annotation_note") == nil)
    }

    @Test func services() {
        let found = flat(.service)
        #expect(found.count == 1)
        #expect(found[0]["__address__"] == "web.shop.svc:80")
        for (name, value) in [
            ("service_name", "web"), ("service_label_team", "a"), ("service_port_name", "http"),
            ("service_port_number", "80"), ("service_type", "ClusterIP"), ("service_cluster_ip", "10.2.0.1"),
        ] {
            #expect(meta(found[0], name) == value, "\(name)")
        }
    }

    @Test func endpointsWithTheirPods() {
        let found = flat(.endpoints)
        #expect(
            found.map { $0["__address__"] } == ["10.1.0.5:8000", "[fd00::1]:8000", "10.1.0.5:9000"],
            "a port of a pod that no endpoint leads to is there too")
        for (name, value) in [
            ("endpoints_name", "web"), ("service_name", "web"), ("endpoint_ready", "true"),
            ("endpoint_port_name", "http"), ("endpoint_node_name", "n1"),
            ("endpoint_address_target_kind", "Pod"),
            ("endpoint_address_target_name", "web-1"), ("pod_name", "web-1"), ("pod_container_name", "web"),
            ("pod_container_port_name", "http"),
        ] {
            #expect(meta(found[0], name) == value, "\(name)")
        }
        #expect(meta(found[1], "endpoint_ready") == "false")
        #expect(meta(found[1], "pod_name") == nil)
        #expect(meta(found[2], "endpoint_ready") == nil)
    }

    @Test func slicesWithTheirPods() {
        let found = flat(.endpointslice)
        #expect(found.map { $0["__address__"] } == ["10.1.0.5:8000", "10.1.0.5:9000"])
        for (name, value) in [
            ("endpointslice_name", "web-abc"), ("endpointslice_address_type", "IPv4"),
            ("service_name", "web"),
            ("endpointslice_port", "8000"), ("endpointslice_port_name", "http"),
            ("endpointslice_endpoint_conditions_ready", "true"),
            ("endpointslice_endpoint_conditions_terminating", "false"),
            ("endpointslice_address_target_name", "web-1"), ("pod_container_name", "web"),
        ] {
            #expect(meta(found[0], name) == value, "\(name)")
        }
        #expect(meta(found[0], "endpointslice_endpoint_conditions_serving") == nil)
    }
}
