"""Takes objects of many kinds through the life that upstream's conformance tests give them.

usage: conformance.py KUBECONFIG
"""
import base64, copy, http.client, json, os, ssl, sys, tempfile, threading, time
import yaml

config = yaml.safe_load(open(sys.argv[1]))
cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
host, port = cluster["server"].split("//")[1].split(":")
folder = tempfile.mkdtemp()


def file(name, text):
    path = os.path.join(folder, name)
    with open(path, "wb") as out:
        out.write(base64.b64decode(text))
    return path


context = ssl.create_default_context(cafile=file("ca", cluster["certificate-authority-data"]))
context.load_cert_chain(file("cert", user["client-certificate-data"]), file("key", user["client-key-data"]))
MERGE, STRATEGIC, JSON_PATCH, APPLY = (
    "application/merge-patch+json", "application/strategic-merge-patch+json", "application/json-patch+json",
    "application/apply-patch+yaml")
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
failures = []


def ask(method, path, body=None, content="application/json", accept="application/json"):
    connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=30)
    headers = {"Accept": accept}
    if body is not None:
        headers["Content-Type"] = content
        body = json.dumps(body)
    connection.request(method, path, body=body, headers=headers)
    response = connection.getresponse()
    text = response.read()
    connection.close()
    return response.status, json.loads(text)


class Watch:
    """What a watch says, as it comes."""

    def __init__(self, path):
        self.events, self.changed = [], threading.Condition()
        connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=60)
        connection.request("GET", path + "&watch=true&timeoutSeconds=50")
        self.response = connection.getresponse()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.response:
            if line.strip():
                with self.changed:
                    self.events.append(json.loads(line))
                    self.changed.notify_all()

    def saw(self, kind, name, after=0):
        """The place after the event; none came when it is 0."""
        limit = time.time() + 10
        with self.changed:
            while True:
                for place, event in enumerate(self.events[after:], after + 1):
                    if event["type"] == kind and event["object"]["metadata"]["name"] == name:
                        return place
                if not self.changed.wait(max(0, limit - time.time())):
                    return 0


def check(what, holds, detail=None):
    if not holds:
        failures.append(f"{what}: {json.dumps(detail)[:600]}")


def until(holds):
    limit = time.time() + 10
    while time.time() < limit:
        if holds():
            return True
        time.sleep(0.05)
    return False


template = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
selector = {"matchLabels": {"app": "x"}}
job = {"spec": {**template["spec"], "restartPolicy": "Never"}}
rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
KINDS = [
    ("v1", "configmaps", "ConfigMap", {"data": {"a": "b"}}),
    ("v1", "secrets", "Secret", {"data": {"a": "Yg=="}}),
    ("v1", "services", "Service", {"spec": {"ports": [{"port": 80}], "selector": {"app": "y"}}}),
    ("v1", "serviceaccounts", "ServiceAccount", {}),
    ("v1", "replicationcontrollers", "ReplicationController", {"spec": {"replicas": 0, "template": template}}),
    ("v1", "podtemplates", "PodTemplate", {"template": template}),
    ("v1", "limitranges", "LimitRange", {"spec": {"limits": [{"type": "Pod", "max": {"cpu": "9"}}]}}),
    ("v1", "resourcequotas", "ResourceQuota", {"spec": {"hard": {"pods": "100"}}}),
    ("v1", "endpoints", "Endpoints", {"subsets": [{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80}]}]}),
    ("v1", "persistentvolumeclaims", "PersistentVolumeClaim", {"spec": {
        "accessModes": ["ReadWriteOnce"], "storageClassName": "none", "resources": {"requests": {"storage": "1Gi"}}}}),
    ("v1", "persistentvolumes", "PersistentVolume", {"spec": {
        "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "hostPath": {"path": "/x"}}}),
    ("v1", "events", "Event", {"involvedObject": {"kind": "Pod", "namespace": "life"}, "reason": "R"}),
    ("v1", "nodes", "Node", {}),
    ("apps/v1", "deployments", "Deployment", {"spec": {"replicas": 0, "selector": selector, "template": template}}),
    ("apps/v1", "replicasets", "ReplicaSet", {"spec": {"replicas": 0, "selector": selector, "template": template}}),
    ("apps/v1", "statefulsets", "StatefulSet", {"spec": {
        "replicas": 0, "serviceName": "s", "selector": selector, "template": template}}),
    ("apps/v1", "daemonsets", "DaemonSet", {"spec": {"selector": selector, "template": template}}),
    ("apps/v1", "controllerrevisions", "ControllerRevision", {"data": {"a": 1}, "revision": 1}),
    ("batch/v1", "jobs", "Job", {"spec": {"suspend": True, "template": job}}),
    ("batch/v1", "cronjobs", "CronJob", {"spec": {
        "suspend": True, "schedule": "* * * * *", "jobTemplate": {"spec": {"template": job}}}}),
    ("policy/v1", "poddisruptionbudgets", "PodDisruptionBudget", {"spec": {"minAvailable": "50%", "selector": selector}}),
    ("networking.k8s.io/v1", "ingresses", "Ingress", {"spec": {
        "defaultBackend": {"service": {"name": "x", "port": {"number": 80}}}}}),
    ("networking.k8s.io/v1", "ingressclasses", "IngressClass", {"spec": {"controller": "example.com/x"}}),
    ("networking.k8s.io/v1", "networkpolicies", "NetworkPolicy", {"spec": {"podSelector": {}}}),
    ("discovery.k8s.io/v1", "endpointslices", "EndpointSlice", {
        "addressType": "IPv4", "endpoints": [{"addresses": ["10.0.0.1"]}]}),
    ("rbac.authorization.k8s.io/v1", "roles", "Role", {"rules": rules}),
    ("rbac.authorization.k8s.io/v1", "clusterroles", "ClusterRole", {"rules": rules}),
    ("storage.k8s.io/v1", "storageclasses", "StorageClass", {"provisioner": "p"}),
    ("storage.k8s.io/v1", "csidrivers", "CSIDriver", {"spec": {"attachRequired": False}}),
    ("storage.k8s.io/v1", "volumeattributesclasses", "VolumeAttributesClass", {
        "driverName": "d.com", "parameters": {"a": "b"}}),
    ("scheduling.k8s.io/v1", "priorityclasses", "PriorityClass", {"value": 10}),
    ("node.k8s.io/v1", "runtimeclasses", "RuntimeClass", {"handler": "h"}),
    ("coordination.k8s.io/v1", "leases", "Lease", {"spec": {"holderIdentity": "h"}}),
]


def live(version, plural, kind, content):
    root = "/api/v1" if version == "v1" else "/apis/" + version
    resources = {entry["name"]: entry for entry in ask("GET", root)[1]["resources"]}
    namespace = "/namespaces/life" if resources[plural]["namespaced"] else ""
    base, mark = f"{root}{namespace}/{plural}", f"?labelSelector=life%3D{plural}"
    say = lambda what, holds, detail=None: check(f"{version} {plural}: {what}", holds, detail)
    status, listed = ask("GET", base + mark)
    say("list", status == 200 and listed["items"] == [] and listed["kind"] == kind + "List", listed)
    watch = Watch(f"{base}{mark}&resourceVersion={listed['metadata']['resourceVersion']}")
    for name in ["one", "two", "three"]:
        body = {"apiVersion": version, "kind": kind, "metadata": {"name": name, "labels": {"life": plural}},
                **copy.deepcopy(content)}
        status, created = ask("POST", base, body)
        say("create", status == 201 and created["kind"] == kind, created)
    one = base + "/one"
    for kind_of_patch, patch in [
        (MERGE, {"metadata": {"annotations": {"merged": "1"}}}),
        (STRATEGIC, {"metadata": {"labels": {"strategic": "1"}}}),
        (JSON_PATCH, [{"op": "add", "path": "/metadata/annotations/json", "value": "1"}]),
    ]:
        status, patched = ask("PATCH", one, patch, kind_of_patch)
        say(kind_of_patch, status == 200, patched)
    applied = {"apiVersion": version, "kind": kind, "metadata": {"name": "one", "labels": {"applied": "1"}}}
    status, patched = ask("PATCH", one + "?fieldManager=life", applied, APPLY)
    say("apply", status == 200 and patched["metadata"]["labels"].get("applied") == "1", patched)
    for _ in range(5):
        current = ask("GET", one)[1]
        current["metadata"]["annotations"]["updated"] = "1"
        status, updated = ask("PUT", one, current)
        if status != 409:
            break
    annotations = (updated.get("metadata") or {}).get("annotations") or {}
    say("update", status == 200 and {"merged", "json", "updated"} <= set(annotations), updated)
    if plural + "/status" in resources:
        status, shown = ask("GET", one + "/status")
        say("status", status == 200 and shown["kind"] == kind, shown)
        status, shown = ask("PATCH", one + "/status", {"metadata": {"annotations": {"status": "1"}}}, MERGE)
        say("patch of status", status == 200 and shown["metadata"]["annotations"].get("status") == "1", shown)
    status, table = ask("GET", base + mark, accept=TABLE)
    say("table", status == 200 and len(table["rows"]) == 3, table)
    # Out of the selector is a deletion for the watcher, and into it an addition.
    ask("PATCH", base + "/three", {"metadata": {"labels": {"life": "other"}}}, MERGE)
    place = watch.saw("DELETED", "three")
    say("watch of what left the selector", place > 0)
    ask("PATCH", base + "/three", {"metadata": {"labels": {"life": plural}}}, MERGE)
    say("watch of what came back", watch.saw("ADDED", "three", place) > 0)
    status, refused = ask("DELETE", one, {"preconditions": {"uid": "another"}})
    say("delete of another", status == 409, refused)
    status, gone = ask("DELETE", one, {"preconditions": {"uid": created_uid(one)}})
    say("delete", status in (200, 202), gone)
    say("watch of the deletion", watch.saw("DELETED", "one") > 0)
    say("gone", until(lambda: ask("GET", one)[0] == 404))
    status, gone = ask("DELETE", base + mark)
    say("delete of all", status == 200 and until(lambda: ask("GET", base + mark)[1]["items"] == []), gone)


def created_uid(path):
    return ask("GET", path)[1]["metadata"]["uid"]


ask("POST", "/api/v1/namespaces", {"metadata": {"name": "life"}})
for entry in KINDS:
    live(*entry)
print("\n".join(failures) or f"{len(KINDS)} kinds lived")
sys.exit(1 if failures else 0)
