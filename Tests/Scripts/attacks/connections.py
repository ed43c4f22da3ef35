"""Requests that break the rules of HTTP, and connections that take their time."""

import json
import multiprocessing
import re
import resource
import socket
import time

from serving import audit_is_sound, check, scan, Serving


def raw(work, options):
    """Requests that are none, or that two readers would read differently."""
    with Serving(work / "raw") as serving:
        host = b"Host: 127.0.0.1\r\n"

        def answered(got):
            return b"\r\n\r\n" in got

        def refused(name, bytes_, codes=(400,)):
            # A second answer would follow at once.
            got, closed = serving.raw(bytes_, answered, calm=0.5)
            first = got.split(b"\r\n", 1)[0]
            check(any(b" %d " % code in first for code in codes) or (got == b"" and closed),
                  f"raw: {name}: {first[:80]}{'' if closed else ', not closed'}")
            check(got.count(b"HTTP/1.1 ") <= 1, f"raw: {name}: more than one answer")

        refused("both lengths", b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\n" + host + b"\r\n")
        refused("two lengths", b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef")
        refused("negative length", b"POST / HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\n")
        refused("bare LF", b"GET / HTTP/1.1\n" + b"Host: 127.0.0.1\nX: a\n\n")
        refused("space before colon", b"GET / HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n")
        refused("obs-fold", b"GET / HTTP/1.1\r\n" + host + b"X: a\r\n\tTransfer-Encoding: chunked\r\n\r\n")
        refused("unknown coding", b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", (400, 405, 501))
        refused("chunk size", b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n", (400, 405))
        refused("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20)
        refused("long header", b"GET / HTTP/1.1\r\n" + host + b"X: " + b"a" * 40000 + b"\r\n\r\n", (400, 431))
        refused("many headers", b"GET / HTTP/1.1\r\n" + host + b"".join(b"X-%d: a\r\n" % i for i in range(200)) + b"\r\n", (400, 431))
        refused("long address", b"GET /" + b"a" * 60000 + b" HTTP/1.1\r\n" + host + b"\r\n", (400, 404, 414, 431))
        refused("NUL in a header", b"GET / HTTP/1.1\r\n" + host + b"X: a\x00b\r\n\r\n")
        old, _ = serving.raw(b"GET /health HTTP/1.0\r\n" + host + b"\r\n", answered)
        check(old.startswith(b"HTTP/1.1 200"), "raw: HTTP/1.0")
        pipelined, _ = serving.raw(
            (b"GET /health HTTP/1.1\r\n" + host + b"\r\n") * 20, lambda got: got.count(b"HTTP/1.1 ") >= 20, calm=0.3)
        check(pipelined.count(b"HTTP/1.1 200") == 20, "raw: pipelining")
        head, _ = serving.raw(b"HEAD /health HTTP/1.1\r\n" + host + b"\r\n", answered, calm=0.3)
        check(head.startswith(b"HTTP/1.1 200") and head.endswith(b"\r\n\r\n"), "raw: HEAD has a body")
        big = b"POST /v1/scans HTTP/1.1\r\n" + host + b"Sec-Fetch-Site: same-origin\r\nCookie: " + serving.headers("clerk")["Cookie"].encode() + b"\r\n"
        got, _ = serving.raw(big + b"Content-Length: 400000000\r\n\r\n" + b"x" * 1000, answered)
        check(b" 413 " in got.split(b"\r\n")[0], f"raw: stated size {got[:40]}")
        got, closed = serving.raw(
            big + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 8,
            answered)
        check(b" 413 " in got.split(b"\r\n")[0] or (got == b"" and closed), f"raw: unstated size {got[:60]}")
        for path in ["/%00", "/%", "/%g0", "/..%2f..%2fetc/passwd", "/assets/..%2f..%2fstation.css", "/v1/items/%00",
                     "/v1/items/..%2f..%2fstore.sqlite", "/v1/items/" + "A" * 9000, "/v1/items/%ff%fe", "//etc/passwd",
                     "/v1/dossiers/%3Cscript%3E"]:
            got, _ = serving.raw(
                b"GET " + path.encode() + b" HTTP/1.1\r\n" + host + b"Connection: close\r\nCookie: " + serving.headers()["Cookie"].encode()
                + b"\r\n\r\n", answered)
            first = got.split(b"\r\n")[0]
            check(b" 400 " in first or b" 404 " in first, f"raw: {path[:40]}: {first}")
        for body in [b"", b"[]", b"{", b"\x00", b'{"scans":{}}', b'{"scans":[1]}', b'{"scans":' + b"[" * 50000, b'{"scans":[' + b"{}," * 60 + b"{}]}",
                     b'\xff\xfe{}', json.dumps({"scans": [scan("x" * 5000, "A" * 9000)]}).encode()]:
            status, _, _ = serving.ask("/v1/scans", body, "clerk", {"Content-Type": "application/json"})
            check(status in (200, 400, 413, 422), f"raw: scans body {body[:20]}: {status}")
        check(serving.ask("/health", role=None)[0] == 200, "raw: does not answer any more")
        log = serving.log.read_text()
        check("etc/passwd" not in log and "<script" not in log and "%3C" not in log, "raw: the log names what was asked for")
    audit_is_sound(serving.data, "raw")


def hold(port, count, held, over):
    """Keeps `count` connections: some never send anything, some a header or a body byte by byte."""
    kinds = [b"", b"GET / HT", b"POST /v1/scans HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\n"]
    open_ = []
    while not over.is_set():
        alive = []
        for connection in open_:
            try:
                connection.send(b"a")
                alive.append(connection)
            except OSError:
                connection.close()
        open_ = alive
        while len(open_) < count and not over.is_set():
            try:
                connection = socket.create_connection(("127.0.0.1", port), timeout=2)
                connection.setblocking(False)
                if first := kinds[len(open_) % len(kinds)]:
                    connection.send(first)
                open_.append(connection)
                held.value = max(held.value, len(open_))
            except OSError:
                break
        over.wait(0.2)


def crowding():
    """How many times longer work takes than if nobody else wanted the processor."""
    begun, used = time.monotonic(), time.process_time()
    while time.process_time() - used < 0.5:
        pass
    return (time.monotonic() - begun) / 0.5


def slow(work, options):
    """Connections that send nothing, a byte now and then, or never read; normal requests are answered in time."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(options.connections, hard - 500)
    with Serving(work / "slow") as serving:
        held, over = multiprocessing.Value("i", 0), multiprocessing.Event()

        def request():
            """A normal request: how long it took, and how often it had to be sent again."""
            begun = time.monotonic()
            # A full station may close a connection before its request is read; who asks again is answered.
            for attempt in range(3):
                try:
                    status, _, _ = serving.ask("/", role=None)
                    check(status == 200, f"slow: a normal request got {status}")
                    break
                except OSError as error:
                    check(attempt < 2, f"slow: a normal request failed: {error}")
            return time.monotonic() - begun, attempt

        # What the machine does without the attack.
        calm = [request() for _ in range(20)]
        crowd = crowding()
        again = sum(attempts for _, attempts in calm) / len(calm)

        # One that asks for everything and reads nothing.
        deaf = socket.socket()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", serving.port))
        deaf.sendall((f"GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/x-ndjson\r\nCookie: {serving.headers()['Cookie']}\r\n\r\n" * 20).encode())
        # In a process of its own, so that it does not hold up the normal requests by itself.
        attack = multiprocessing.Process(target=hold, args=(serving.port, count, held, over))
        attack.start()
        begun = time.monotonic()
        while held.value < count and time.monotonic() - begun < 300:
            time.sleep(0.05)
        print(f"slow: {held.value} connections after {time.monotonic() - begun:.1f} s", flush=True)
        end = time.monotonic() + options.seconds
        slowest, answered, closed, most = 0.0, 0, 0, held.value
        while time.monotonic() < end:
            seconds, attempts = request()
            slowest, answered, closed = max(slowest, seconds), answered + 1, closed + attempts
            most = max(most, held.value)
            time.sleep(0.1)
        metrics = serving.ask("/metrics", role=None)[2].decode()
        open_now = int(re.search(r"^dossier_connections (\d+)", metrics, re.M).group(1))
        over.set()
        attack.join()
        deaf.close()
        print(f"slow: {most} connections held, {open_now} open at the station, {answered} requests, {closed} "
              f"sent again, slowest {slowest * 1000:.0f} ms, {serving.memory()} MiB", flush=True)
        check(closed <= max(2, answered * (0.2 + again)), f"slow: {closed} of {answered} normal requests had to be sent again")
        limit = max(3 * max(crowd, crowding()), 20 * max(seconds for seconds, _ in calm))
        check(slowest < limit, f"slow: slowest answer {slowest:.2f} s, limit {limit:.2f} s")
        check(most >= count, f"slow: only {most} connections were made")
        # The station's time for a request to come is 10 s.
        silent = socket.create_connection(("127.0.0.1", serving.port), timeout=120)
        begun = time.monotonic()
        check(silent.recv(1) == b"", "slow: a silent connection gets an answer")
        waited = time.monotonic() - begun
        check(8 < waited < 120, f"slow: a silent connection is closed after {waited:.1f} s")
        check(serving.stop() == 0, "slow: does not end")
