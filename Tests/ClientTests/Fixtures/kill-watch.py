"""A list-and-watch client and writers beside it, run once for each life of a server that is killed.

What the client saw and what the writers were told is kept in two files from one life to the next. The last
run ("check") waits for an object it writes itself and then goes through both: every change is seen once, in
order, and what the events add up to is what the server has.

Usage: kill-watch.py ADDRESS CERTIFICATE KEY FOLDER write|behind|check [ROUND]
  write   watch and write until the server goes away
  behind  write without watching until the server has forgotten what the client saw last
"""
import http.client, json, os, ssl, sys, threading, urllib.parse

address, certificate, key, folder, mode = sys.argv[1:6]
round_ = sys.argv[6] if len(sys.argv) > 6 else ""
host = urllib.parse.urlparse(address)
context = ssl._create_unverified_context()
context.load_cert_chain(certificate, key)
base = "/api/v1/namespaces/default/configmaps"
lock = threading.Lock()
seen = open(os.path.join(folder, "seen"), "a")
told = open(os.path.join(folder, "told"), "a")
GONE = (OSError, http.client.HTTPException)


def connect():
    return http.client.HTTPSConnection(host.hostname, host.port, context=context, timeout=60)


def ask(connection, method, path, body=None, type="application/json"):
    connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": type})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def config_map(name, value):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"v": value}}


def note(file, *words):
    with lock:
        print(*words, file=file, flush=True)


def version(item):
    return int(item["metadata"]["resourceVersion"])


def last_seen():
    last = None
    for line in open(os.path.join(folder, "seen")):
        last = line.split()[-1]
    return last


def relist(connection):
    status, answer = ask(connection, "GET", base)
    assert status == 200, answer
    # The list's own version comes last: an interrupted list is none.
    lines = [f"ITEM {item['metadata']['name']} {version(item)}" for item in answer["items"]]
    lines += [f"LIST . {answer['metadata']['resourceVersion']}"]
    note(seen, "\n".join(lines))
    return answer["metadata"]["resourceVersion"]


def watch(until=None):
    """Sees what happens, from where the last run stopped, until the server goes away."""
    since = last_seen()
    while True:
        connection = connect()
        if since is None:
            since = relist(connection)
        connection.request("GET", f"{base}?watch=1&resourceVersion={since}")
        answer = connection.getresponse()
        if answer.status == 410:
            since = None
            continue
        assert answer.status == 200, answer.read()
        while True:
            line = answer.readline()
            if not line.endswith(b"\n"):
                raise http.client.IncompleteRead(line)
            event = json.loads(line)
            if event["type"] == "ERROR":
                assert event["object"]["code"] == 410, event
                since = None
                break
            name = event["object"]["metadata"]["name"]
            since = version(event["object"])
            note(seen, event["type"], name, since)
            if name == until:
                return


def write(thread):
    """Creates, changes and deletes; notes what was acknowledged."""
    connection = connect()
    for count in range(1000000):
        name = f"r{round_}-{thread}-{count}"
        status, answer = ask(connection, "POST", base, config_map(name, "0"))
        if status != 201:
            return
        note(told, name, version(answer))
        for value in range(count % 3):
            patch = {"data": {"v": str(value + 1)}}
            status, answer = ask(
                connection, "PATCH", f"{base}/{name}", patch, "application/merge-patch+json")
            if status != 200:
                return
            note(told, name, version(answer))
        if count % 2:
            status, answer = ask(connection, "DELETE", f"{base}/{name}")
            if status != 200:
                return
            note(told, name, "deleted")


def until_gone(work, *arguments):
    try:
        work(*arguments)
    except GONE:
        pass


def fall_behind():
    """Writes until a watch from what was seen last is refused."""
    connection = connect()
    since = last_seen()
    large = config_map("large", "")
    ask(connection, "POST", base, large)
    for count in range(1000):
        large["data"]["v"] = chr(ord("a") + count % 26) * 1000000
        status, answer = ask(connection, "PUT", f"{base}/large", large)
        assert status == 200, answer
        if count % 10:
            continue
        connection.request("GET", f"{base}?watch=1&timeoutSeconds=1&limit=1&resourceVersion={since}")
        answer = connection.getresponse()
        first = answer.readline(200)
        connection.close()
        if answer.status == 410 or b'"ERROR"' in first:
            return
    raise AssertionError("the server forgets nothing")


def check():
    connection = connect()
    until_end = f"end{round_}"
    watcher = threading.Thread(target=watch, args=(until_end,))
    watcher.start()
    status, answer = ask(connection, "POST", base, config_map(until_end, "0"))
    assert status == 201, answer
    watcher.join(60)
    assert not watcher.is_alive(), "the last write was not seen"
    status, answer = ask(connection, "GET", base)
    there = {item["metadata"]["name"]: version(item) for item in answer["items"]}

    def unwatched(revision):
        return any(after < revision <= until for after, until in gaps)

    flaws = []
    state, listed, last = {}, {}, 0
    # What happened between the last event and the list after it was not watched.
    changes, gaps, deleted, newest = {}, [], set(), {}
    for line in open(os.path.join(folder, "seen")):
        kind, name, at = line.split()
        at = int(at)
        if kind == "ITEM":
            listed[name] = at
            continue
        if kind == "LIST":
            if at < last:
                flaws.append(f"a list at {at} after an event at {last}")
            gaps.append((last, at))
            deleted |= set(state) - set(listed)
            state, listed, last = listed, {}, at
            continue
        if at <= last:
            flaws.append(f"{kind} {name} at {at} after {last}")
        last = at
        if (kind == "ADDED") == (name in state):
            flaws.append(f"{kind} of {name} at {at}, which was {state.get(name, 'not there')}")
        if kind == "DELETED":
            state.pop(name, None)
            deleted.add(name)
        else:
            state[name] = at
        changes[(name, at)] = kind
    if state != there:
        wrong = [name for name in set(state) | set(there) if state.get(name) != there.get(name)]
        flaws.append(f"the events do not add up to what is there: {sorted(wrong)[:5]}")
    acknowledged = 0
    for line in open(os.path.join(folder, "told")):
        name, at = line.split()
        acknowledged += 1
        if at == "deleted":
            if name not in deleted and not unwatched(newest[name]):
                flaws.append(f"the deletion of {name} was not seen")
            continue
        newest[name] = int(at)
        if (name, int(at)) not in changes and not unwatched(int(at)):
            flaws.append(f"{name} at {at} was not seen")
    print(f"{acknowledged} acknowledged, {len(changes)} events, {len(gaps)} lists, {len(flaws)} flaws")
    print("\n".join(flaws[:20]))
    sys.exit(1 if flaws or not acknowledged else 0)


if mode == "write":
    threads = [threading.Thread(target=until_gone, args=(watch,))]
    threads += [threading.Thread(target=until_gone, args=(write, number)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
elif mode == "behind":
    fall_behind()
else:
    check()
