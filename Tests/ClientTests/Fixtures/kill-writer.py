"""Writes ConfigMaps from 8 threads until the server goes away; each acknowledged one becomes a line."""
import http.client, json, ssl, sys, threading, urllib.parse

address, certificate, key, round_, log = sys.argv[1:6]
host = urllib.parse.urlparse(address)
context = ssl._create_unverified_context()
context.load_cert_chain(certificate, key)
lock = threading.Lock()
out = open(log, "w")


def write(thread):
    connection = http.client.HTTPSConnection(host.hostname, host.port, context=context, timeout=10)
    path = "/api/v1/namespaces/default/configmaps"
    try:
        for count in range(100000):
            name, value = f"r{round_}-{thread}-{count}", "a"
            body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"v": value}}
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 201:
                return
            with lock:
                out.write(f"{name}={value}\n")
                out.flush()
    except (OSError, http.client.HTTPException):
        return


threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
