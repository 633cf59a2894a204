"""A conversion webhook for Seats: v1 has spec.hostPort, v2 spec.host and spec.port. Paths behave in their own way."""
import copy, http.server, json, ssl, sys

folder = sys.argv[2]
group = "house.aegis.dev"


def converted(seat, version):
    seat = copy.deepcopy(seat)
    seat["apiVersion"] = version
    spec = seat.get("spec", {})
    if version == group + "/v2" and "hostPort" in spec:
        spec["host"], spec["port"] = spec.pop("hostPort").split(":")
    elif version == group + "/v1" and "host" in spec:
        spec["hostPort"] = spec.pop("host") + ":" + spec.pop("port", "0")
    metadata = seat["metadata"]
    metadata.setdefault("labels", {})["shown"] = version.split("/")[1]
    # Nothing of this may be seen.
    metadata["finalizers"] = ["house.aegis.dev/never"]
    metadata["resourceVersion"] = "1"
    spec["unknown"] = "dropped"
    return seat


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *words): pass

    def do_GET(self): self.send(200, b"ok")

    def send(self, code, body):
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        path, _, query = self.path.partition("?")
        review = json.loads(body)
        request = review["request"]
        with open(folder + path + ".log", "a") as log:
            versions = ",".join(seat["apiVersion"].split("/")[1] for seat in request["objects"])
            log.write(request["desiredAPIVersion"].split("/")[1] + " from " + versions + "\n")
        with open(folder + path + ".json", "wb") as file: file.write(body)
        with open(folder + path + ".query", "w") as file: file.write(query)
        objects = [converted(seat, request["desiredAPIVersion"]) for seat in request["objects"]]
        answer = {"uid": request["uid"], "result": {"status": "Success"}, "convertedObjects": objects}
        kind = "ConversionReview"
        if path == "/broken": return self.send(500, b"it broke")
        elif path == "/refusing": answer["result"] = {"status": "Failed", "message": "no such seat"}
        elif path == "/silent": answer["result"] = {"status": "Failed"}
        elif path == "/fewer": answer["convertedObjects"] = []
        elif path == "/uid": answer["uid"] = "another"
        elif path == "/kind": kind = "AdmissionReview"
        elif path == "/name": objects[0]["metadata"]["name"] = "another"
        elif path == "/version": objects[0]["apiVersion"] = group + "/v3"
        elif path == "/type": objects[0]["kind"] = "Table"
        elif path == "/label": objects[0]["metadata"]["labels"] = {"a": 1}
        elif path == "/value": objects[0]["metadata"]["labels"] = {"a": "no such value"}
        self.send(200, json.dumps({"apiVersion": review["apiVersion"], "kind": kind,
                                   "response": answer}).encode())


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
