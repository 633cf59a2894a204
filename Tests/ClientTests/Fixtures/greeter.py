"""An operator: a Greeter has a ConfigMap with its words, and a record is kept of those that are gone."""
import kopf
import kubernetes


def words(spec):
    return {"words": " ".join([spec.get("greeting", "hello")] * spec.get("times", 1))}


@kopf.on.create("example.com", "v1", "greeters")
def create(spec, namespace, name, patch, **_):
    child = {
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name + "-words"}, "data": words(spec),
    }
    kopf.adopt(child)
    kubernetes.client.CoreV1Api().create_namespaced_config_map(namespace, child)
    patch.status["phase"] = "Ready"
    return {"said": child["data"]["words"]}


@kopf.on.update("example.com", "v1", "greeters", field="spec")
def update(spec, body, namespace, name, patch, diff, **_):
    kubernetes.client.CoreV1Api().patch_namespaced_config_map(name + "-words", namespace, {"data": words(spec)})
    kopf.info(body, reason="Changed", message="It has other words now.")
    patch.status["changes"] = [".".join(field) for _, field, *_ in diff]


@kopf.on.delete("example.com", "v1", "greeters")
def delete(namespace, name, logger, **_):
    record = {"metadata": {"name": name + "-gone"}}
    kubernetes.client.CoreV1Api().create_namespaced_config_map(namespace, record)
    logger.info("farewell, %s", name)
