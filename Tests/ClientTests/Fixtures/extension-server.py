"""An API server behind the API server: example.dev/v1 with the resource `flunders`, in memory.

  extension-server.py PORT FOLDER [legacy]

FOLDER holds cert.pem, key.pem, and api.json: the API server's `server` and `ca`, and the `token` of the account that
this one has there. Whom it believes it reads there too, from the ConfigMap extension-apiserver-authentication: who
shows the front proxy's certificate says who asks, who shows a client's certificate or a token that the API server
knows asks for themselves. Whether they may, the API server says.

Each request is written to FOLDER/requests, a line each, and watches that their clients left to FOLDER/left. With
`legacy` it knows nothing of aggregated discovery. FOLDER/plan, where there is one, says how to misbehave.
"""
import copy, http.server, json, os, select, ssl, sys, threading, time, urllib.parse, urllib.request, uuid

port, folder = int(sys.argv[1]), sys.argv[2]
legacy = "legacy" in sys.argv[3:]
GROUP, VERSION = "example.dev", "v1"
GV = GROUP + "/" + VERSION


def ask(path, body=None):
    """The API server, on this server's own account."""
    api = json.load(open(folder + "/api.json"))
    request = urllib.request.Request(
        api["server"] + path, data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + api["token"], "Content-Type": "application/json"})
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cadata=api["ca"])))
    with opener.open(request) as answer: return json.load(answer)


def context(*bundles):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for bundle in bundles: made.load_verify_locations(cadata=bundle)
    return made


trust = ask("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication")["data"]
allowed = json.loads(trust["requestheader-allowed-names"])
proxies = [ca["subject"] for ca in context(trust["requestheader-client-ca-file"]).get_ca_certs()]
headers = {kind: json.loads(trust["requestheader-%s" % kind])
           for kind in ["username-headers", "uid-headers", "group-headers", "extra-headers-prefix"]}

VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
kind = {"group": GROUP, "version": VERSION, "kind": "Flunder"}
GROUPS = {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": [
    {"metadata": {"name": GROUP}, "versions": [{"version": VERSION, "freshness": "Current", "resources": [
        {"resource": "flunders", "responseKind": kind, "scope": "Namespaced", "singularResource": "flunder",
         "verbs": VERBS, "shortNames": ["fl"], "categories": ["toys"],
         "subresources": [{"subresource": "echo", "responseKind": kind, "verbs": ["get"]}]}]}]}]}
RESOURCES = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": GV, "resources": [
    {"name": "flunders", "singularName": "flunder", "namespaced": True, "kind": "Flunder", "verbs": VERBS,
     "shortNames": ["fl"], "categories": ["toys"]},
    {"name": "flunders/echo", "singularName": "", "namespaced": True, "kind": "Flunder", "verbs": ["get"]}]}
schema = {"type": "object", "x-kubernetes-group-version-kind": [kind], "description": "A flunder of the test.",
          "properties": {"apiVersion": {"type": "string"}, "kind": {"type": "string"},
                         "metadata": {"type": "object"},
                         "spec": {"type": "object", "properties": {
                             "colour": {"type": "string", "description": "How it shines."}}}}}
query = [{"name": "fieldValidation", "in": "query", "schema": {"type": "string"}},
         {"name": "dryRun", "in": "query", "schema": {"type": "string"}}]
path = {"post": {"x-kubernetes-group-version-kind": kind, "x-kubernetes-action": "post", "parameters": query,
                 "responses": {"200": {"description": "OK"}}},
        "patch": {"x-kubernetes-group-version-kind": kind, "x-kubernetes-action": "patch", "parameters": query,
                  "responses": {"200": {"description": "OK"}}}}
OPENAPI = {"openapi": "3.0.0", "info": {"title": "flunders", "version": "v1"},
           "paths": {"/apis/%s/namespaces/{namespace}/flunders/{name}" % GV: path},
           "components": {"schemas": {"dev.example.v1.Flunder": schema}}}

lock = threading.Condition()
objects, history, revision = {}, [], 1


def change(event, key, value):
    """With the lock held."""
    global revision
    revision += 1
    value["metadata"]["resourceVersion"] = str(revision)
    if event == "DELETED": objects.pop(key, None)
    else: objects[key] = value
    history.append((revision, key[0], {"type": event, "object": copy.deepcopy(value)}))
    lock.notify_all()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words): pass

    def send(self, code, body, kind="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Audit-Id", self.headers.get("Audit-Id", "none"))
        self.end_headers()
        if self.command != "HEAD": self.wfile.write(data)

    def fail(self, code, reason, message):
        self.send(code, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                         "code": code, "reason": reason, "message": message})

    def who(self):
        """The user; None where nobody that is known asks."""
        certificate = self.connection.getpeercert() or {}
        subject = [pair for part in certificate.get("subject", ()) for pair in part]
        names = [value for key, value in subject if key == "commonName"]
        if certificate and certificate["issuer"] in proxies:
            if not names or names[0] not in allowed: return None
            first = lambda kind: next((self.headers[name] for name in headers[kind] if self.headers[name]), "")
            extra = {}
            for name, value in self.headers.items():
                for prefix in headers["extra-headers-prefix"]:
                    if name.lower().startswith(prefix.lower()):
                        key = urllib.parse.unquote(name[len(prefix):]).lower()
                        extra.setdefault(key, []).append(value)
            groups = [value for name in headers["group-headers"] for value in self.headers.get_all(name) or []]
            return {"user": first("username-headers"), "uid": first("uid-headers"), "groups": groups,
                    "extra": extra, "by": "proxy"}
        if certificate:
            groups = [value for key, value in subject if key == "organizationName"]
            return {"user": names[0], "groups": groups + ["system:authenticated"], "by": "certificate"}
        kind, _, token = (self.headers["Authorization"] or "").partition(" ")
        if kind != "Bearer": return {"user": "system:anonymous", "groups": ["system:unauthenticated"], "by": ""}
        review = ask("/apis/authentication.k8s.io/v1/tokenreviews",
                     {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": token}})
        if not review["status"].get("authenticated"): return None
        user = review["status"]["user"]
        return {"user": user["username"], "uid": user.get("uid", ""), "groups": user.get("groups", []),
                "extra": user.get("extra", {}), "by": "token"}

    def may(self, user, where):
        if "system:masters" in user["groups"]: return True
        parts = where.path.strip("/").split("/")
        spec = {key: user[key] for key in ["user", "uid", "groups", "extra"] if user.get(key)}
        if parts[:1] == ["apis"] and len(parts) > 3:
            rest = parts[3:]
            resource = {"group": parts[1], "version": parts[2]}
            if rest[0] == "namespaces" and len(rest) > 2: resource["namespace"], rest = rest[1], rest[2:]
            resource["resource"] = rest[0]
            if len(rest) > 1: resource["name"] = rest[1]
            if len(rest) > 2: resource["subresource"] = rest[2]
            one = len(rest) > 1
            watches = urllib.parse.parse_qs(where.query).get("watch", ["0"])[0] in ("1", "true")
            resource["verb"] = {"POST": "create", "PUT": "update", "PATCH": "patch",
                                "DELETE": "delete" if one else "deletecollection"}.get(
                self.command, "get" if one else "watch" if watches else "list")
            spec["resourceAttributes"] = resource
        else: spec["nonResourceAttributes"] = {"path": where.path, "verb": self.command.lower()}
        review = ask("/apis/authorization.k8s.io/v1/subjectaccessreviews",
                     {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec})
        return review["status"]["allowed"]

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        user = self.who()
        with open(folder + "/requests", "a") as log:
            log.write(json.dumps({"method": self.command, "path": self.path, "user": user,
                                  "headers": [[k, v] for k, v in self.headers.items()],
                                  "body": body.decode("utf8", "replace")}) + "\n")
        if self.path == "/": return self.send(200, b"ok", "text/plain")
        if user is None: return self.fail(401, "Unauthorized", "Unauthorized")
        where = urllib.parse.urlparse(self.path)
        if not self.may(user, where):
            return self.fail(403, "Forbidden", 'forbidden: User "%s" cannot do that' % user["user"])
        plan = json.load(open(folder + "/plan")) if os.path.exists(folder + "/plan") else {}
        if where.path in plan.get("fail", []): return self.send(500, b"broken")
        if where.path in plan.get("redirect", []):
            self.send_response(302)
            self.send_header("Location", "https://127.0.0.1:1/")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        self.answer(where.path, urllib.parse.parse_qs(where.query), body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_one

    def answer(self, path, query, body):
        if path == "/apis" and not legacy and "APIGroupDiscoveryList" in self.headers.get("Accept", ""):
            return self.send(200, GROUPS, AGGREGATED)
        if path == "/apis":
            entry = {"groupVersion": GV, "version": VERSION}
            return self.send(200, {"kind": "APIGroupList", "apiVersion": "v1", "groups": [
                {"name": GROUP, "versions": [entry], "preferredVersion": entry}]})
        if path.rstrip("/") == "/apis/" + GV: return self.send(200, RESOURCES)
        if path == "/openapi/v3":
            return self.send(200, {"paths": {
                "apis/" + GV: {"serverRelativeURL": "/openapi/v3/apis/%s?hash=ABC" % GV},
                "api/v1": {"serverRelativeURL": "/openapi/v3/stolen"}}})
        if path == "/openapi/v3/apis/" + GV: return self.send(200, OPENAPI)
        parts = path.strip("/").split("/")[3:]
        namespace = None
        if parts[:1] == ["namespaces"]: namespace, parts = parts[1], parts[2:]
        if parts[:1] != ["flunders"]:
            return self.fail(404, "NotFound", "the server could not find the requested resource")
        if len(parts) == 3 and parts[2] == "echo": return self.echo()
        if len(parts) == 1: return self.collection(namespace, query, body)
        return self.one((namespace, parts[1]), body)

    def collection(self, namespace, query, body):
        mine = lambda key: namespace is None or key[0] == namespace
        if self.command == "POST":
            value = json.loads(body)
            with lock:
                metadata = value["metadata"]
                key = (namespace, metadata["name"])
                if key in objects:
                    return self.fail(409, "AlreadyExists", 'flunders.example.dev "%s" already exists' % key[1])
                metadata.update(namespace=namespace, uid=str(uuid.uuid4()),
                                creationTimestamp=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
                change("ADDED", key, value)
            return self.send(201, value)
        if self.command == "DELETE":
            with lock:
                gone = [key for key in objects if mine(key)]
                for key in gone: self.delete(key)
            return self.send(200, {"kind": "FlunderList", "apiVersion": GV, "metadata": {}, "items": []})
        if query.get("watch", ["0"])[0] in ("1", "true"): return self.watch(mine, query)
        with lock:
            items = [copy.deepcopy(value) for key, value in sorted(objects.items()) if mine(key)]
            now = str(revision)
        return self.send(200, {"kind": "FlunderList", "apiVersion": GV,
                               "metadata": {"resourceVersion": now}, "items": items})

    def watch(self, mine, query):
        seen = int(query.get("resourceVersion", ["0"])[0] or 0)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

        def write(value):
            line = json.dumps(value).encode() + b"\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            self.wfile.flush()
        with lock:
            if seen == 0:
                first = [{"type": "ADDED", "object": copy.deepcopy(value)}
                         for key, value in sorted(objects.items()) if mine(key)]
                seen = revision
            else: first = []
        for event in first: write(event)
        while True:
            with lock:
                while revision <= seen:
                    # Nothing more is ever sent by the one who watches: what comes is the end.
                    if select.select([self.connection], [], [], 0)[0]:
                        self.close_connection = True
                        with open(folder + "/left", "a") as log: log.write(self.path + "\n")
                        return
                    lock.wait(0.1)
                events = [event for number, namespace, event in history
                          if number > seen and mine((namespace, ""))]
                seen = revision
            for event in events: write(event)

    def delete(self, key):
        value = objects[key]
        if value["metadata"].get("finalizers"):
            value["metadata"]["deletionTimestamp"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            change("MODIFIED", key, value)
        else: change("DELETED", key, value)

    def one(self, key, body):
        with lock:
            value = objects.get(key)
            if value is None:
                return self.fail(404, "NotFound", 'flunders.example.dev "%s" not found' % key[1])
            if self.command == "DELETE":
                wanted = (json.loads(body or b"{}").get("preconditions") or {}).get("uid")
                if wanted and wanted != value["metadata"]["uid"]:
                    return self.fail(409, "Conflict", "the UID in the precondition does not match")
                self.delete(key)
                return self.send(200, {"kind": "Status", "apiVersion": "v1", "metadata": {},
                                       "status": "Success"})
            if self.command in ("PUT", "PATCH"):
                new = json.loads(body)
                if self.command == "PATCH":
                    def merge(old, patch):
                        if not isinstance(patch, dict): return patch
                        old = dict(old) if isinstance(old, dict) else {}
                        for name, part in patch.items():
                            if part is None: old.pop(name, None)
                            else: old[name] = merge(old.get(name), part)
                        return old
                    new = merge(value, new)
                if new["metadata"].get("deletionTimestamp") and not new["metadata"].get("finalizers"):
                    change("DELETED", key, new)
                else: change("MODIFIED", key, new)
                return self.send(200, new)
            return self.send(200, value)

    def echo(self):
        """After an upgrade, everything back in capital letters."""
        if self.headers.get("Upgrade") != "echo": return self.fail(400, "BadRequest", "no upgrade")
        self.send_response(101)
        self.send_header("Connection", "Upgrade")
        self.send_header("Upgrade", "echo")
        self.end_headers()
        self.wfile.flush()
        self.close_connection = True
        while data := self.connection.recv(4096): self.connection.sendall(data.upper())


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


server = Server(("0.0.0.0", port), Handler)
tls = context(trust["requestheader-client-ca-file"], trust["client-ca-file"])
tls.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
tls.verify_mode = ssl.CERT_OPTIONAL
server.socket = tls.wrap_socket(server.socket, server_side=True)
server.serve_forever()
