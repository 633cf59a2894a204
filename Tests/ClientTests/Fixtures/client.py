"""The Python client: lists, watches from a version, patches, applies. Fails by an assertion."""
import sys

from kubernetes import client, config, dynamic, watch

config.load_kube_config(sys.argv[1])
core = client.CoreV1Api()
assert {"default", "kube-system"} <= {item.metadata.name for item in core.list_namespace().items}
version = core.list_namespaced_config_map("default").metadata.resource_version
core.create_namespaced_config_map("default", {"metadata": {"name": "a"}, "data": {"x": "1"}})
core.patch_namespaced_config_map("a", "default", {"data": {"y": "2"}})
core.patch_namespaced_config_map("a", "default", [{"op": "remove", "path": "/data/x"}])
core.delete_namespaced_config_map("a", "default")
events = [
    (event["type"], event["object"].data)
    for event in watch.Watch().stream(
        core.list_namespaced_config_map, "default", resource_version=version, timeout_seconds=1
    )
]
assert events == [
    ("ADDED", {"x": "1"}), ("MODIFIED", {"x": "1", "y": "2"}), ("MODIFIED", {"y": "2"}), ("DELETED", {"y": "2"}),
], events
maps = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version="v1", kind="ConfigMap")
body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b", "namespace": "default"}, "data": {"k": "v"}}
applied = maps.server_side_apply(body=body, name="b", namespace="default", field_manager="python")
assert applied.metadata.managedFields[0].operation == "Apply"
core.delete_collection_namespaced_config_map("default", field_selector="metadata.name=b")
try:
    core.read_namespaced_config_map("b", "default")
    raise AssertionError("b should be gone")
except client.ApiException as error:
    assert error.status == 404
