"""What upstream's node conformance tests ask of pods, on one cluster with real containers, all at once.

usage: node-lives.py KUBECONFIG; says what failed, one line each.
"""

import base64
import json
import os
import ssl
import sys
import threading
import time
import traceback

import websocket
from kubernetes import client, config, watch

SPACE = "lives"
IMAGE = "aegis.local/busybox:test"

for name in list(os.environ):
    if name.lower().endswith("_proxy"):
        del os.environ[name]
config.load_kube_config(sys.argv[1])
core = client.CoreV1Api()
checks = []


def check(function):
    checks.append(function)
    return function


def container(command=None, name="c", **more):
    body = {"name": name, "image": IMAGE}
    if command is not None:
        body["command"] = ["sh", "-c", command]
    return dict(body, **more)


def create(name, containers, **spec):
    spec = dict({"terminationGracePeriodSeconds": 2, "containers": containers}, **spec)
    labels = spec.pop("labels", {})
    return core.create_namespaced_pod(SPACE, {"metadata": {"name": name, "labels": labels}, "spec": spec})


def read(name):
    return json.loads(core.read_namespaced_pod(name, SPACE, _preload_content=False).data)


def status(name, place=0):
    statuses = read(name)["status"].get("containerStatuses") or [{}]
    return statuses[place]


def log(name, of="c"):
    return core.read_namespaced_pod_log(name, SPACE, container=of, _preload_content=False).data.decode()


def await_(what, question, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.2)
    raise AssertionError("not within %d s: %s" % (seconds, what))


def ended(name):
    def is_over():
        found = read(name)
        return found if found["status"]["phase"] in ("Succeeded", "Failed") else None

    return await_(name + " ends", is_over)


def ready(name):
    def is_ready():
        found = read(name)["status"].get("conditions", [])
        return any(c["type"] == "Ready" and c["status"] == "True" for c in found)

    await_(name + " is ready", is_ready)


def waits(name, reason):
    return await_(
        "%s: %s" % (name, reason),
        lambda: status(name).get("state", {}).get("waiting", {}).get("reason") == reason
        and status(name)["state"]["waiting"]["message"])


def event(name, reason):
    selector = "involvedObject.name=%s,reason=%s" % (name, reason)
    found = lambda: core.list_namespaced_event(SPACE, field_selector=selector).items
    return await_("%s of %s" % (reason, name), found)[0].message


def is_gone(name):
    try:
        read(name)
        return False
    except client.ApiException as error:
        return error.status == 404


def equal(found, wanted):
    assert found == wanted, "%r instead of %r" % (found, wanted)


@check
def sysctls():
    for place, name in enumerate(["kernel.shm_rmid_forced", "kernel/shm_rmid_forced"]):
        create(
            "sysctl-%d" % place, [container("cat /proc/sys/kernel/shm_rmid_forced")], restartPolicy="Never",
            securityContext={"sysctls": [{"name": name, "value": "1"}]})
        ended("sysctl-%d" % place)
        equal(log("sysctl-%d" % place), "1\n")


@check
def refusals():
    node = core.list_node().items[0].metadata.name
    table = {
        "SysctlForbidden": {"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}},
        "PodOSNotSupported": {"os": {"name": "windows"}, "nodeName": node},
        "SupplementalGroupsPolicyNotSupported": {"securityContext": {"supplementalGroupsPolicy": "Strict"}},
    }
    for reason, spec in table.items():
        create(reason.lower(), [container("true")], **spec)
        found = ended(reason.lower())["status"]
        equal((found["phase"], found["reason"]), ("Failed", reason))


@check
def sandboxes_that_cannot_be():
    client.NodeV1Api().create_runtime_class({"metadata": {"name": "lives"}, "handler": "no-such-handler"})
    create("handler", [container("true")], runtimeClassName="lives")
    assert "no-such-handler" in event("handler", "FailedCreatePodSandBox")
    create("users", [container("true")], hostUsers=False)
    words = event("users", "FailedCreatePodSandBox")
    assert "can't set `spec.hostUsers: false`, runtime does not support user namespaces" in words, words
    create("long-" + "n" * 50, [container("true")], subdomain="sub", setHostnameAsFQDN=True)
    words = event("long-" + "n" * 50, "FailedCreatePodSandBox")
    assert "is too long (64 characters is the max, " in words, words
    for name in ["handler", "users"]:
        equal(read(name)["status"]["phase"], "Pending")


@check
def variables_from_files():
    mounts = [{"name": "v", "mountPath": "/v"}]
    volumes = [{"name": "v", "emptyDir": {}}]

    def variable(name, key, **more):
        reference = dict({"volumeName": "v", "path": "f.env", "key": key}, **more)
        return {"name": name, "valueFrom": {"fileKeyRef": reference}}

    first = container("echo \"A='1 2'\" > /v/f.env", name="first", volumeMounts=mounts)
    create(
        "file-key", [container("env", env=[variable("X", "A"), variable("Y", "B", optional=True)])],
        initContainers=[first], volumes=volumes, restartPolicy="Never")
    equal(ended("file-key")["status"]["phase"], "Succeeded")
    assert "X=1 2\n" in log("file-key") and "\nY=" not in log("file-key")
    create(
        "no-file-key", [container("env", env=[variable("X", "B")])], initContainers=[first], volumes=volumes)
    equal(
        waits("no-file-key", "CreateContainerConfigError"),
        'environment variable key "B" not found in file "f.env"')


@check
def names_of_images():
    create("no-image", [{"name": "c", "image": "inv@lid:1"}])
    assert "couldn't parse image name" in waits("no-image", "InvalidImageName")


@check
def too_much_on_disk():
    limit = {"limits": {"ephemeral-storage": "2Mi"}}
    create("big", [container("dd if=/dev/zero of=/file bs=1M count=4; sleep 600", resources=limit)])
    found = ended("big")["status"]
    equal((found["phase"], found["reason"]), ("Failed", "Evicted"))
    equal(found["message"], "Pod ephemeral local storage usage exceeds the total limit of containers 2Mi. ")


@check
def restarts_as_they_are_seen():
    probe = {
        "exec": {"command": ["false"]}, "failureThreshold": 1, "periodSeconds": 1,
        "terminationGracePeriodSeconds": 1,
    }
    pod = create("replaced", [container("sleep 1800", startupProbe=probe)])
    seen = []

    def follow():
        stream = watch.Watch().stream(
            core.list_namespaced_pod, SPACE, field_selector="metadata.name=replaced",
            resource_version=pod.metadata.resource_version, timeout_seconds=60)
        for item in stream:
            seen.append(item["raw_object"])
            if item["type"] == "DELETED":
                return

    thread = threading.Thread(target=follow)
    thread.start()
    await_("a restart", lambda: status("replaced").get("restartCount", 0) >= 1)
    core.delete_namespaced_pod("replaced", SPACE)
    thread.join()
    for found in seen:
        for one in found["status"].get("containerStatuses", []):
            end = one["state"].get("terminated")
            if end:
                assert "deletionTimestamp" in found["metadata"], "shown as ended between two instances"
                equal((end["exitCode"], end["reason"]), (137, "Error"))
    equal(seen[-1]["status"]["phase"], "Failed")


@check
def ready_to_the_end():
    script = (
        "end() { rm -f /tmp/ready /tmp/live; sleep 5; exit 0; }; trap end TERM; touch /tmp/ready /tmp/live; "
        "while :; do sleep 0.2; done")

    def probe(file):
        return {"exec": {"command": ["cat", file]}, "failureThreshold": 1, "periodSeconds": 1,
                "initialDelaySeconds": 1}

    create(
        "parting", [container(script, readinessProbe=probe("/tmp/ready"), livenessProbe=probe("/tmp/live"))],
        terminationGracePeriodSeconds=30)
    ready("parting")
    core.delete_namespaced_pod("parting", SPACE)

    def is_unready():
        found = status("parting")
        return not found["ready"] and "running" in found["state"]

    await_("not ready while it runs", is_unready, 6)
    await_("its end", lambda: is_gone("parting"))
    events = core.list_namespaced_event(SPACE, field_selector="involvedObject.name=parting").items
    assert not any("failed liveness probe" in e.message for e in events)

    create(
        "half", [
            container("trap 'exit 0' TERM; while :; do sleep 0.2; done", name="quick"),
            container("sleep 600", name="slow", lifecycle={"preStop": {"sleep": {"seconds": 9999}}}),
        ], terminationGracePeriodSeconds=99999)
    ready("half")
    core.delete_namespaced_pod("half", SPACE)
    await_("one of two ready", lambda: [status("half", n)["ready"] for n in (0, 1)] == [False, True], 20)
    time.sleep(2)
    equal([status("half", n)["ready"] for n in (0, 1)], [False, True])
    core.delete_namespaced_pod("half", SPACE, grace_period_seconds=0)


def connect(path, protocols):
    settings = core.api_client.configuration
    options = {"cert_reqs": ssl.CERT_NONE, "check_hostname": False}
    if settings.cert_file:
        options.update(certfile=settings.cert_file, keyfile=settings.key_file)
    token = settings.get_api_key_with_prefix("authorization")
    return websocket.create_connection(
        settings.host.replace("https", "wss", 1) + "/api/v1/namespaces/%s/pods/streams/%s" % (SPACE, path),
        sslopt=options, subprotocols=protocols, header=["Authorization: " + token] if token else [],
        timeout=20)


def messages(socket):
    """Whole messages until the other side says farewell."""
    found = []
    while True:
        kind, data = socket.recv_data()
        if kind == websocket.ABNF.OPCODE_CLOSE:
            return found
        found.append(data)


@check
def the_first_websockets():
    create("streams", [container("echo container is alive; sleep 600")])
    ready("streams")
    command = "exec?stdout=1&stderr=1&container=c&command=sh&command=-c&command="
    for protocols in (["channel.k8s.io"], None):
        found = messages(connect(command + "echo%20remote", protocols))
        equal([m for m in found if len(m) > 1], [b"\x01remote\n"])
    found = messages(connect(command + "exit%207", ["channel.k8s.io"]))
    assert any(m[:1] == b"\x03" and b"exit code 7" in m for m in found), found
    found = messages(connect(command + "echo%20x", ["base64.channel.k8s.io"]))
    assert b"1" + base64.b64encode(b"x\n") in found, found
    for protocols in (["binary.k8s.io"], None):
        equal(b"".join(messages(connect("log?container=c", protocols))), b"container is alive\n")
    found = messages(connect("log?container=c", ["base64.binary.k8s.io"]))
    equal(base64.b64decode(found[0]), b"container is alive\n")
    follower = connect("log?container=c&follow=true", ["binary.k8s.io"])
    equal(follower.recv(), b"container is alive\n")
    follower.close()


def run(function, failures):
    try:
        function()
    except Exception:  # All of it is told.
        failures.append("%s: %s" % (function.__name__, traceback.format_exc()))


core.create_namespace({"metadata": {"name": SPACE}})
failures = []
threads = [threading.Thread(target=run, args=(function, failures)) for function in checks]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("\n".join(failures), end="")
sys.exit(1 if failures else 0)
