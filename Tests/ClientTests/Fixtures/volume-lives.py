"""What upstream's conformance tests ask of volumes, on one cluster with real containers, all at once.

usage: volume-lives.py KUBECONFIG DIRECTORY; says what failed, one line each. The directory is the machine's.
"""

import os
import sys
import threading
import time
import traceback

for name in list(os.environ):
    if name.lower().endswith("_proxy"):
        del os.environ[name]

from kubernetes import client, config
from kubernetes.stream import stream

SPACE = "volumes"
IMAGE = "aegis.local/busybox:test"
config.load_kube_config(sys.argv[1])
core = client.CoreV1Api()
checks = []


def check(function):
    checks.append(function)
    return function


def await_(what, question, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.2)
    raise AssertionError("not within %d s: %s" % (seconds, what))


def equal(found, wanted):
    assert found == wanted, "%r instead of %r" % (found, wanted)


def create(name, command, volumes, mounts, labels=None, **spec):
    container = {"name": "c", "image": IMAGE, "command": ["sh", "-c", command], "volumeMounts": mounts}
    container.update(spec.pop("container", {}))
    body = {"containers": [container], "volumes": volumes, "restartPolicy": "Never"}
    body["terminationGracePeriodSeconds"] = 0
    body.update(spec)
    core.create_namespaced_pod(SPACE, {"metadata": {"name": name, "labels": labels or {}}, "spec": body})


def phase(name, *wanted):
    def found():
        pod = core.read_namespaced_pod(name, SPACE)
        return pod if pod.status.phase in wanted else None

    return await_("%s is %s" % (name, wanted), found)


def said(name, *rest, **spec):
    """What a pod says before it ends."""
    create(name, *rest, **spec)
    pod = phase(name, "Succeeded", "Failed")
    log = core.read_namespaced_pod_log(name, SPACE, _preload_content=False).data.decode()
    equal((pod.status.phase, log if pod.status.phase == "Failed" else ""), ("Succeeded", ""))
    return log


def inside(name, command):
    return stream(
        client.CoreV1Api(client.ApiClient()).connect_get_namespaced_pod_exec, name, SPACE,
        command=["sh", "-c", command], stderr=False, stdin=False, stdout=True, tty=False)


def warning(name, words):
    def found():
        selector = "involvedObject.name=%s,type=Warning" % name
        messages = [e.message for e in core.list_namespaced_event(SPACE, field_selector=selector).items]
        return [m for m in messages if words in m]

    return await_("%s is told %r" % (name, words), found)[0]


def is_gone(read, name, *space):
    try:
        read(name, *space)
        return False
    except client.ApiException as error:
        return error.status == 404


def at(path, **more):
    return dict({"name": "v", "mountPath": path}, **more)


@check
def modes_and_owners():
    core.create_namespaced_config_map(SPACE, {"metadata": {"name": "m"}, "data": {"k": "v\n"}})
    core.create_namespaced_secret(SPACE, {"metadata": {"name": "m"}, "stringData": {"k": "v\n"}})
    item = [{"key": "k", "path": "deep/k", "mode": 0o400}]
    group = {"runAsUser": 1000, "fsGroup": 1001}
    cases = [
        ({"configMap": {"name": "m"}}, {}, "k", "-rw-r--r-- 0 0"),
        ({"configMap": {"name": "m", "defaultMode": 0o400}}, {}, "k", "-r-------- 0 0"),
        ({"configMap": {"name": "m", "defaultMode": 0o440}}, group, "k", "-r--r----- 0 1001"),
        ({"secret": {"secretName": "m", "items": item}}, {}, "deep/k", "-r-------- 0 0"),
        ({"secret": {"secretName": "m", "defaultMode": 0o440}}, group, "k", "-r--r----- 0 1001"),
        ({"projected": {"sources": [{"secret": {"name": "m", "items": item}}]}}, {}, "deep/k", "-r-------- 0 0"),
        ({"projected": {"sources": [{"configMap": {"name": "m"}}], "defaultMode": 0o440}}, group, "k",
         "-r--r----- 0 1001"),
    ]
    for number, (source, security, path, wanted) in enumerate(cases):
        command = "stat -L -c '%%A %%u %%g' /v/%s; cat /v/%s" % (path, path)
        volume = [dict({"name": "v"}, **source)]
        log = said("mode-%d" % number, command, volume, [at("/v")], securityContext=security)
        equal(log, wanted + "\nv\n")


@check
def empty_directories():
    command = "stat -c '%A %g' /v; echo x > /v/f; stat -c %g /v/f; grep ' /v ' /proc/mounts | cut -d' ' -f3"
    for medium, kind in (("Memory", "tmpfs"), ("", "")):
        log = said(
            "empty" + kind, command, [{"name": "v", "emptyDir": {"medium": medium}}], [at("/v")],
            securityContext={"runAsUser": 1001, "fsGroup": 123}).split("\n")
        equal(log[:2], ["drwxrwsrwx 123", "123"])
        if kind:
            equal(log[2], kind)


@check
def running_pods_see_changes():
    for name in ("changed", "goes"):
        core.create_namespaced_config_map(SPACE, {"metadata": {"name": name}, "data": {"k": "1"}})
    core.create_namespaced_secret(SPACE, {"metadata": {"name": "goes"}, "stringData": {"k": "1"}})
    sources = {
        "changed": {"configMap": {"name": "changed"}},
        "goes": {"configMap": {"name": "goes", "optional": True}},
        "comes": {"configMap": {"name": "comes", "optional": True}},
        "secret": {"secret": {"secretName": "goes", "optional": True}},
        "parts": {"projected": {"sources": [{"configMap": {"name": "goes", "optional": True}}]}},
        "self": {"downwardAPI": {"items": [{"path": "k", "fieldRef": {"fieldPath": "metadata.labels"}}]}},
    }
    create(
        "watcher", "sleep 600", [dict({"name": n}, **s) for n, s in sources.items()],
        [{"name": n, "mountPath": "/" + n} for n in sources], labels={"a": "1"})
    phase("watcher", "Running")
    read = lambda: inside("watcher", "cd /; for i in %s; do cat $i/k; echo ,; done" % " ".join(sources))
    before = read().replace("\n", "").split(",")[:-1]
    equal(before, ["1", "1", "", "1", "1", 'a="1"'])
    core.patch_namespaced_config_map("changed", SPACE, {"data": {"k": "2"}})
    core.delete_namespaced_config_map("goes", SPACE)
    core.delete_namespaced_secret("goes", SPACE)
    core.create_namespaced_config_map(SPACE, {"metadata": {"name": "comes"}, "data": {"k": "3"}})
    core.patch_namespaced_pod("watcher", SPACE, {"metadata": {"labels": {"a": "2"}}})
    wanted = ["2", "", "3", "", "", 'a="2"']
    await_("all changes", lambda: read().replace("\n", "").split(",")[:-1] == wanted)
    core.delete_namespaced_pod("watcher", SPACE)


@check
def parts_of_volumes():
    core.create_namespaced_config_map(SPACE, {"metadata": {"name": "part"}, "data": {"k": "v\n"}})
    volume = [{"name": "v", "configMap": {"name": "part"}}]
    equal(said("part", "cat /etc/resolv.conf", volume, [at("/etc/resolv.conf", subPath="k")]), "v\n")
    empty = [{"name": "v", "emptyDir": {}}]

    def prepared(name, command, sub):
        first = {"name": "i", "image": IMAGE, "command": ["sh", "-c", command], "volumeMounts": [at("/v")]}
        create(name, "cat /t/f", empty, [at("/t", subPath=sub)], initContainers=[first])

    prepared("inner", "mkdir /v/real; echo y > /v/real/f; ln -s real /v/sub", "sub")
    phase("inner", "Succeeded")
    for number, target in enumerate(["/bin", "/bin/sh", "/bin/nothing", "../"]):
        name = "outer-%d" % number
        prepared(name, "ln -s %s /v/sub" % target, "sub")
        warning(name, 'failed to prepare subPath for volumeMount "v" of container "c"')
        state = core.read_namespaced_pod(name, SPACE).status.container_statuses[0].state
        equal(state.waiting.reason, "CreateContainerConfigError")
        core.delete_namespaced_pod(name, SPACE)


@check
def claims():
    """Of the class that is there where nobody has defined any."""
    wish = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}
    core.create_namespaced_persistent_volume_claim(SPACE, {"metadata": {"name": "data"}, "spec": wish})
    volume = [{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}]
    said("writer", "echo kept > /v/f", volume, [at("/v")], securityContext={"runAsUser": 1000})
    create("reader", "cat /v/f; sleep 600", volume, [at("/v", readOnly=True)])
    phase("reader", "Running")
    read = core.read_namespaced_persistent_volume_claim
    core.delete_namespaced_persistent_volume_claim("data", SPACE)
    assert read("data", SPACE).metadata.deletion_timestamp, "a claim in use stays"
    for name in ("writer", "reader"):
        core.delete_namespaced_pod(name, SPACE)
    await_("the claim goes", lambda: is_gone(read, "data", SPACE))
    own = [{"name": "v", "ephemeral": {"volumeClaimTemplate": {"spec": wish}}}]
    create("short", "echo x > /v/f; sleep 600", own, [at("/v")])
    phase("short", "Running")
    equal(read("short-v", SPACE).metadata.owner_references[0].name, "short")
    core.delete_namespaced_pod("short", SPACE)
    await_("a pod's own claim goes with it", lambda: is_gone(read, "short-v", SPACE))


@check
def volumes_of_nodes():
    nodes = sorted(n.metadata.name for n in core.list_node().items)
    term = {"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": nodes[1:2]}]}
    core.create_persistent_volume({
        "metadata": {"name": "local"},
        "spec": {
            "capacity": {"storage": "1Mi"}, "accessModes": ["ReadWriteOnce"], "storageClassName": "local",
            "persistentVolumeReclaimPolicy": "Retain", "local": {"path": sys.argv[2]},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [term]}}}})
    core.create_namespaced_persistent_volume_claim(SPACE, {
        "metadata": {"name": "local"},
        "spec": {
            "accessModes": ["ReadWriteOnce"], "storageClassName": "local",
            "resources": {"requests": {"storage": "1Mi"}}}})
    volume = [{"name": "v", "persistentVolumeClaim": {"claimName": "local"}}]
    log = said("here", "stat -c %g /v", volume, [at("/v")], securityContext={"fsGroup": 1234})
    equal(log, "1234\n")
    equal(core.read_namespaced_pod("here", SPACE).spec.node_name, nodes[1])
    create("there", "true", volume, [at("/v")], nodeName=nodes[0])
    warning("there", 'MountVolume.NodeAffinity check failed for volume "local" : no matching NodeSelectorTerms')


def main():
    core.create_namespace({"metadata": {"name": SPACE}})
    accounts = lambda: core.list_namespaced_service_account(SPACE).items
    await_("the namespace's account", accounts)
    failures = []

    def run(function):
        try:
            function()
        except AssertionError as error:
            failures.append("%s: %s" % (function.__name__, error))
        except Exception:
            failures.append("%s: %s" % (function.__name__, traceback.format_exc()))

    threads = [threading.Thread(target=run, args=(function,)) for function in checks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for failure in failures:
        print(failure)
    sys.exit(1 if failures else 0)


main()
