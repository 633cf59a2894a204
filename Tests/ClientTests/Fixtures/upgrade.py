"""Upgrades through the API server's proxy to a server that answers, says one line and leaves at once.

Arguments: the port of the API server, a client certificate and its key, a node's name and address.
Prints how many of them came through whole."""

import socket
import ssl
import sys
import threading

port, certificate, key, node, address = sys.argv[1:]
rounds = 300
head = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: line\r\n\r\n"


def read_head(peer):
    data = b""
    while b"\r\n\r\n" not in data:
        more = peer.recv(4096)
        if not more:
            raise EOFError(data)
        data += more
    return data


def serve(listener):
    for number in range(rounds):
        peer, _ = listener.accept()
        read_head(peer)
        line = b"line %d\n" % number
        if number % 3 == 2:
            # In two segments.
            peer.sendall(head)
            peer.sendall(line)
        elif number % 3 == 1:
            # More than one read takes.
            peer.sendall(head + b"x" * 300_000 + line)
        else:
            peer.sendall(head + line)
        peer.close()


listener = socket.create_server((address, 0))
threading.Thread(target=serve, args=(listener,), daemon=True).start()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.load_cert_chain(certificate, key)
request = (
    f"GET /api/v1/nodes/{node}:{listener.getsockname()[1]}/proxy/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    "Connection: Upgrade\r\nUpgrade: line\r\n\r\n"
).encode()
whole = 0
for number in range(rounds):
    with socket.create_connection(("127.0.0.1", int(port)), 20) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as peer:
            peer.sendall(request)
            data = b""
            try:
                while more := peer.recv(65536):
                    data += more
            except ssl.SSLEOFError:
                pass
            said = data.partition(b"\r\n\r\n")[2]
            fill = b"x" * 300_000 if number % 3 == 1 else b""
            if data.startswith(b"HTTP/1.1 101 ") and said == fill + b"line %d\n" % number:
                whole += 1
            else:
                print(number, data[:300], len(said), file=sys.stderr)
print(whole)
