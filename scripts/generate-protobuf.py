"""Writes Sources/KubeAPI/Protobuf/Generated/ProtobufText.swift: the field numbers of Kubernetes' protobuf
messages, so that request bodies in application/vnd.kubernetes.protobuf can be read.

usage: generate-protobuf.py OPENAPI.json[.gz] DIRECTORY-WITH-generated.proto-FILES

A line `M name` begins a message; `F number name type flags` is a field. Types: s string, i integer, b bool,
y bytes, d double, or a message's number; flags: r repeated, m map from string, n inlined into its parent.
"""
import gzip, json, os, re, sys

openapi, folder = sys.argv[1:3]
raw = open(openapi, "rb").read()
definitions = json.loads(gzip.decompress(raw) if openapi.endswith(".gz") else raw)["definitions"]
scalars = {"string": "s", "bool": "b", "bytes": "y", "double": "d", "float": "d"}
scalars.update({name: "i" for name in "int32 int64 uint32 uint64 sint32 sint64".split()})


def published(name):
    name = name.replace("k8s.io.", "io.k8s.", 1)
    return name.replace("apiextensions_apiserver", "apiextensions-apiserver").replace("kube_aggregator", "kube-aggregator")


messages = {}
field = re.compile(r"^\s*(optional|repeated|required|map<string,\s*([\w.]+)>)\s*([\w.]+)?\s+(\w+)\s*=\s*(\d+);")
mapped = re.compile(r"^\s*map<string,\s*([\w.]+)>\s+(\w+)\s*=\s*(\d+);")
for root, _, files in os.walk(folder):
    for file in files:
        if file != "generated.proto":
            continue
        package, current = "", None
        for line in open(os.path.join(root, file)):
            line = line.split("//")[0].rstrip()
            if line.startswith("package "):
                package = line.split()[1].rstrip(";")
            elif line.startswith("message "):
                current = package + "." + line.split()[1]
                messages[current] = []
            elif line == "}":
                current = None
            elif current:
                found = mapped.match(line)
                if found:
                    messages[current].append((found[3], found[2], found[1], "m", package))
                    continue
                found = re.match(r"^\s*(optional|repeated)\s+([\w.]+)\s+(\w+)\s*=\s*(\d+);", line)
                if found:
                    flag = "r" if found[1] == "repeated" else ""
                    messages[current].append((found[4], found[3], found[2], flag, package))


def resolve(kind, package):
    kind = kind.lstrip(".")
    return package + "." + kind if "." not in kind else kind


def spoken(name):
    """A name without what protobuf and JSON write differently: `xKubernetesListType`, `aPIGroup`, `Webhooks`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


wanted, queue = [], [name for name in messages if published(name) in definitions]
while queue:
    name = queue.pop(0)
    if name in wanted or name not in messages:
        continue
    wanted.append(name)
    for number, key, kind, flag, package in messages[name]:
        if kind not in scalars:
            queue.append(resolve(kind, package))
wanted.sort()
index = {name: position for position, name in enumerate(wanted)}
lines = []
for name in wanted:
    lines.append("M " + published(name))
    properties = definitions.get(published(name), {}).get("properties")
    for number, key, kind, flag, package in messages[name]:
        target = resolve(kind, package)
        code = scalars.get(kind) or (str(index[target]) if target in index else None)
        if code is None:
            continue
        if properties is not None and key not in properties:
            key = next((name for name in properties if spoken(name) == spoken(key)), key)
        if kind not in scalars and not flag and properties is not None and key not in properties:
            flag = "n"
        lines.append(f"F {number} {key} {code} {flag or '-'}")
# Messages that OpenAPI does not publish (they are inlined) inline in their turn what Go embeds.
out = "Sources/KubeAPI/Protobuf/Generated/ProtobufText.swift"
with open(out, "w") as file:
    file.write("// Written by scripts/generate-protobuf.py; do not edit.\n// swift-format-ignore-file\n\n")
    file.write("enum ProtobufText {\n    static let messages: StaticString = #\"\"\"\n")
    for line in lines:
        file.write(line + "\n")
    file.write("\"\"\"#\n}\n")
print(len(wanted), "messages,", len(lines), "lines")
