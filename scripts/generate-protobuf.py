"""Writes Sources/KubeAPI/Protobuf/Generated/ProtobufText.swift: the field numbers of Kubernetes' protobuf
messages, so that application/vnd.kubernetes.protobuf can be read and written.

usage: generate-protobuf.py OPENAPI.json[.gz] DIRECTORY

The directory holds k8s.io/api, apimachinery, apiextensions-apiserver and kube-aggregator: the generated.proto
files say what the fields are, and the generated.pb.go files beside them which are written even when they are
zero (Go's pointers are not).

A line `M name` begins a message; `F number name type flags` is a field. Types: s string, i integer, b bool,
y bytes, d double, or a message's number; flags: r repeated, m map from string, n inlined into its parent,
o left out when nil, - always written.
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


# What OpenAPI does not publish and answers consist of all the same.
answers = [
    "k8s.io.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata",
    "k8s.io.apimachinery.pkg.apis.meta.v1.PartialObjectMetadataList",
    "k8s.io.apimachinery.pkg.apis.meta.v1beta1.PartialObjectMetadataList",
    "k8s.io.api.apidiscovery.v2.APIGroupDiscoveryList",
    "k8s.io.api.apidiscovery.v2beta1.APIGroupDiscoveryList",
]


def guarded(source):
    """By message: of its fields in the order of their numbers, which are written under a test for nil."""
    found = {}
    for name, body in re.findall(
        r"^func \(m \*(\w+)\) MarshalToSizedBuffer\(.*?\{\n(.*?)^\}", source, re.M | re.S
    ):
        fields, test = {}, None
        for line in body.split("\n"):
            opened = re.match(r"^\tif m\.(\w+) != nil \{", line)
            if opened:
                test = opened[1]
            elif line.startswith("\t}"):
                test = None
            for field in re.findall(r"\bm\.(\w+)", line):
                fields.setdefault(field, field == test)
        # Messages are written from their end.
        found[name] = list(reversed(fields.values()))
    return found


messages, presence = {}, {}
field = re.compile(r"^\s*(optional|repeated|required|map<string,\s*([\w.]+)>)\s*([\w.]+)?\s+(\w+)\s*=\s*(\d+);")
mapped = re.compile(r"^\s*map<string,\s*([\w.]+)>\s+(\w+)\s*=\s*(\d+);")
for root, _, files in os.walk(folder):
    for file in files:
        if file != "generated.proto":
            continue
        package, current = "", None
        compiled = guarded(open(os.path.join(root, "generated.pb.go")).read())
        for line in open(os.path.join(root, file)):
            line = line.split("//")[0].rstrip()
            if line.startswith("package "):
                package = line.split()[1].rstrip(";")
            elif line.startswith("message "):
                current = package + "." + line.split()[1]
                messages[current] = []
                presence[current] = compiled.get(line.split()[1], [])
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


missing = [name for name in answers if name not in messages]
if missing:
    sys.exit("no such messages: " + ", ".join(missing))
wanted, queue = [], [name for name in messages if published(name) in definitions] + answers
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
    numbers = sorted(int(field[0]) for field in messages[name])
    # Types that Go marshals by hand (Time, Quantity) have no such function.
    tests = dict(zip(numbers, presence[name])) if presence[name] else {}
    if tests and len(presence[name]) != len(numbers):
        sys.exit(f"{name}: {len(numbers)} fields are declared, {len(presence[name])} are written")
    for number, key, kind, flag, package in messages[name]:
        target = resolve(kind, package)
        code = scalars.get(kind) or (str(index[target]) if target in index else None)
        if code is None:
            continue
        if properties is not None and key not in properties:
            key = next((name for name in properties if spoken(name) == spoken(key)), key)
        if properties is not None and key not in properties:
            # What Go embeds is no pointer; anything else is of another release than the document.
            if kind in scalars or flag or tests.get(int(number)):
                print(f"left out: {name}.{key}")
                continue
            flag = "n"
        if not flag and tests.get(int(number)):
            flag = "o"
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
