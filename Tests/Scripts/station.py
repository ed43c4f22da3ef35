#!/usr/bin/env python3
"""Attacks and accidents against `dossier serve`.

    station.py WORKDIR [--seconds N] [--connections N] [PART …]

Parts: order, raw, slow, killed, full, uploads, interface. All of them without arguments, in less than a minute;
`--seconds 60 --connections 10000 slow` holds as many slow connections as the system allows for a minute.
"""
import argparse
import atexit
import concurrent.futures
import gzip
import json
import multiprocessing
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Browser"))
import support  # noqa: E402

SAMPLES = ROOT / "SampleData"
failures = []


def check(condition, what):
    if not condition:
        failures.append(what)
        print(f"station: FAILED: {what}", flush=True)


class Serving:
    """`dossier serve` on a store at a given place."""

    def __init__(self, data, *arguments, samples=True, options=None):
        self.data, self.arguments, self.port = pathlib.Path(data), arguments, 0
        self.options = options or {}
        # Accounts are made as the browser checks make them.
        self.folder, self.people, self.cookies = self.data.parent, {}, {}
        self.door = threading.Lock()
        self.log = self.data.parent / (self.data.name + ".log")
        support.dossier("init", "--office", "H48.25", "--name", "A", data=self.data)
        support.dossier("offices", "import", SAMPLES / "offices.csv", data=self.data)
        if samples:
            support.dossier("import", SAMPLES / "manifests", data=self.data)

    def start(self):
        self.stream = open(self.log, "ab")
        begun = self.stream.tell()
        self.process = subprocess.Popen(
            [support.DOSSIER, "serve", "--data", str(self.data), "--port", str(self.port), *self.arguments],
            stdout=self.stream, stderr=self.stream, **self.options)
        # Also when a part ends in the middle.
        atexit.register(self.stop, signal.SIGKILL)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            found = re.search(rb"https?://[0-9.]+:(\d+)", self.log.read_bytes()[begun:])
            if found:
                self.port = int(found.group(1))
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError("does not start: " + self.log.read_text()[-600:])

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(timeout=30)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop(signal.SIGKILL)

    # A person of the station; the one who receives what belongs to the center.
    def headers(self, role="shiftLead"):
        """The cookie of somebody with that role, whose account is made the first time."""
        with self.door:
            if role not in self.cookies:
                code = f"T-{role.upper()}"
                self.address = f"http://127.0.0.1:{self.port}"
                support.Station.person(self, code, role)
                self.cookies[role] = "=".join(support.Station.sign_in(self, code))
            return {"Cookie": self.cookies[role]}

    def ask(self, path, body=None, role="shiftLead", headers=None, method=None, timeout=20):
        """Status, headers and body, whatever the status is."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, method=method)
        own = {"Origin": f"http://127.0.0.1:{self.port}", "Sec-Fetch-Site": "same-origin"}
        for name, value in {**own, **(self.headers(role) if role else {}), **(headers or {})}.items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read()

    def raw(self, bytes_, wait=2.0):
        """What comes back for these very bytes until the other side closes or is silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(bytes_)
            connection.settimeout(wait)
            got = b""
            try:
                while part := connection.recv(65536):
                    got += part
            except (TimeoutError, ConnectionResetError):
                pass
            return got

    def memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) // 1024


def audit_is_sound(data, where):
    report = json.loads(support.dossier("audit", "--format", "json", data=data))
    bad = [f for f in report["findings"] if f["code"].startswith(("D-30", "D-31"))]
    check(not bad and report["verdict"] in ("intact", "gap"), f"{where}: audit {report['verdict']} {bad[:2]}")


def identifiers(data):
    lines = support.dossier("list", "events", "--format", "ndjson", data=data).splitlines()
    return {json.loads(line)["id"] for line in lines}


MANIFEST = "BK-590230-260112-001"


def items_of(data):
    shown = json.loads(support.dossier("show", MANIFEST, "--format", "json", data=data))
    return [item["item"] for item in shown["contents"]]


def scan(identifier, code, kind="received", **more):
    return {"id": identifier, "type": kind, "manifest": MANIFEST, "code": code, "raw": code,
            "at": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()), "mono": 1, **more}


def post(serving, scans, timeout=20):
    body = json.dumps({"station": "test", "scans": scans}).encode()
    return serving.ask("/v1/scans", body, "clerk", {"Content-Type": "application/json"}, timeout=timeout)


# MARK: parts


def order(work, options):
    """SIGTERM: ends streams, finishes, signs, exit code 0; a port that is taken is said; a second signal ends at once."""
    with Serving(work / "order") as serving:
        follower = socket.create_connection(("127.0.0.1", serving.port), timeout=5)
        cookie = serving.headers()["Cookie"]
        follower.sendall(f"GET /v1/events/live?after=-1 HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
        got = b""
        while got.count(b"event: custody") < 100:
            got += follower.recv(65536)
        check(b"text/event-stream" in got and b"retry: 3000" in got, "order: no stream")
        numbers = [int(n) for n in re.findall(rb"^id: (\d+)\nevent", got, re.M)]
        check(numbers == list(range(len(numbers))), "order: replay is not the log")
        def second(data, port):
            return subprocess.run(
                [support.DOSSIER, "serve", "--data", str(data), "--port", str(port), "--lang", "en"],
                capture_output=True, text=True, timeout=20)

        taken = second(Serving(work / "order-other", samples=False).data, serving.port)
        check(taken.returncode == 2 and "D-7071" in taken.stderr, f"order: taken port: {taken.stderr[:200]}")
        # Two stations on one store would write their sessions over each other.
        before = (serving.data / "station/sessions.json").read_bytes()
        taken = second(serving.data, 0)
        check(taken.returncode == 2 and "D-7094" in taken.stderr and f"pid {serving.process.pid}" in taken.stderr,
              f"order: second station: {taken.returncode} {taken.stderr[:200]}")
        check((serving.data / "station/sessions.json").read_bytes() == before, "order: sessions of a refused station")
        check(serving.ask("/v1/session")[0] == 200, "order: signed out by a refused station")
        # Another process records; the follower hears of it.
        support.dossier("record", "held", "EM473653477VN", "--reason", "x", "--event", "from-outside", data=serving.data)
        end = time.monotonic() + 5
        while b"from-outside" not in got and time.monotonic() < end:
            got += follower.recv(65536)
        check(b"from-outside" in got, "order: what another process recorded was not told")
        begun = time.monotonic()
        check(serving.stop() == 0, "order: exit code of SIGTERM")
        check(time.monotonic() - begun < 8, "order: takes long to end")
        follower.settimeout(2)
        while part := follower.recv(65536):
            got += part
        check(got.endswith(b"0\r\n\r\n"), "order: the stream was cut, not ended")
    doctor = json.loads(support.dossier("audit", "--format", "json", data=serving.data))
    left = [entry for entry in doctor["unchecked"] if entry["what"] != "times"]
    check(not left, f"order: not signed at the end: {left}")


def raw(work, options):
    """Requests that are none, or that two readers would read differently."""
    with Serving(work / "raw") as serving:
        host = b"Host: 127.0.0.1\r\n"

        def refused(name, bytes_, codes=(400,)):
            got = serving.raw(bytes_, 1)
            first = got.split(b"\r\n", 1)[0]
            check(any(b" %d " % code in first for code in codes) or got == b"", f"raw: {name}: {first[:80]}")
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
        check(serving.raw(b"GET /health HTTP/1.0\r\n" + host + b"\r\n", 0.3).startswith(b"HTTP/1.1 200"), "raw: HTTP/1.0")
        pipelined = serving.raw((b"GET /health HTTP/1.1\r\n" + host + b"\r\n") * 20, 0.5)
        check(pipelined.count(b"HTTP/1.1 200") == 20, "raw: pipelining")
        head = serving.raw(b"HEAD /health HTTP/1.1\r\n" + host + b"\r\n", 0.3)
        check(head.startswith(b"HTTP/1.1 200") and head.endswith(b"\r\n\r\n"), "raw: HEAD has a body")
        big = b"POST /v1/scans HTTP/1.1\r\n" + host + b"Sec-Fetch-Site: same-origin\r\nCookie: " + serving.headers("clerk")["Cookie"].encode() + b"\r\n"
        got = serving.raw(big + b"Content-Length: 400000000\r\n\r\n" + b"x" * 1000, 1)
        check(b" 413 " in got.split(b"\r\n")[0], f"raw: stated size {got[:40]}")
        got = serving.raw(
            big + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 8, 2)
        check(b" 413 " in got.split(b"\r\n")[0] or got == b"", f"raw: unstated size {got[:60]}")
        for path in ["/%00", "/%", "/%g0", "/..%2f..%2fetc/passwd", "/assets/..%2f..%2fstation.css", "/v1/items/%00",
                     "/v1/items/..%2f..%2fstore.sqlite", "/v1/items/" + "A" * 9000, "/v1/items/%ff%fe", "//etc/passwd",
                     "/v1/dossiers/%3Cscript%3E"]:
            got = serving.raw(b"GET " + path.encode() + b" HTTP/1.1\r\n" + host + b"Connection: close\r\nCookie: " + serving.headers()["Cookie"].encode() + b"\r\n\r\n", 1)
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


def slow(work, options):
    """Connections that send nothing, a byte now and then, or never read; normal requests are answered in time."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(options.connections, hard - 500)
    with Serving(work / "slow") as serving:
        slowest, answered, closed = 0.0, 0, 0
        held, over = multiprocessing.Value("i", 0), multiprocessing.Event()

        # One that asks for everything and reads nothing.
        deaf = socket.socket()
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", serving.port))
        deaf.sendall((f"GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/x-ndjson\r\nCookie: {serving.headers()['Cookie']}\r\n\r\n" * 20).encode())
        # In a process of its own, so that it does not hold up the normal requests by itself.
        attack = multiprocessing.Process(target=hold, args=(serving.port, count, held, over))
        attack.start()
        begun = time.monotonic()
        while held.value < count and time.monotonic() - begun < 60:
            time.sleep(0.05)
        print(f"slow: {held.value} connections after {time.monotonic() - begun:.1f} s", flush=True)
        end = time.monotonic() + options.seconds
        most = 0
        while time.monotonic() < end:
            begun = time.monotonic()
            # A full station may close a connection before its request is read; who asks again is answered.
            for attempt in range(3):
                try:
                    status, _, _ = serving.ask("/", role=None, timeout=5)
                    check(status == 200, f"slow: a normal request got {status}")
                    break
                except OSError as error:
                    closed += 1
                    check(attempt < 2, f"slow: a normal request failed: {error}")
            slowest = max(slowest, time.monotonic() - begun)
            answered += 1
            most = max(most, held.value)
            time.sleep(0.1)
        metrics = serving.ask("/metrics", role=None)[2].decode()
        open_now = int(re.search(r"^dossier_connections (\d+)", metrics, re.M).group(1))
        over.set()
        attack.join()
        deaf.close()
        print(f"slow: {most} connections held, {open_now} open at the station, {answered} requests, {closed} "
              f"sent again, slowest {slowest * 1000:.0f} ms, {serving.memory()} MiB", flush=True)
        check(closed <= max(2, answered // 5), f"slow: {closed} of {answered} normal requests had to be sent again")
        check(slowest < 3, f"slow: slowest answer {slowest:.2f} s")
        check(most >= count, f"slow: only {most} connections were made")
        # The station's time for a request to come is 10 s.
        silent = socket.create_connection(("127.0.0.1", serving.port), timeout=25)
        begun = time.monotonic()
        check(silent.recv(1) == b"", "slow: a silent connection gets an answer")
        waited = time.monotonic() - begun
        check(8 < waited < 20, f"slow: a silent connection is closed after {waited:.1f} s")
        check(serving.stop() == 0, "slow: does not end")


def killed(work, options):
    """kill -9 in the middle of writing: what was acknowledged is in the log, a restart works, repetition changes nothing."""
    randomness = random.Random(options.seed)
    serving = Serving(work / "killed", samples=True)
    acknowledged, sent, lock = set(), [], threading.Lock()
    items = items_of(serving.data)
    for round_ in range(4):
        # The kernel has let go of the store for the one that was killed.
        serving.start()
        serving.headers("clerk")
        stop, first = threading.Event(), threading.Event()

        def clerk(number):
            mine, n = items[number::6], 0
            while not stop.is_set():
                n += 1
                # All in, then all taken back: every scan makes an event.
                name = f"k{round_}-{number}-{n}"
                batch = [scan(f"{name}-{i}", code) for i, code in enumerate(mine)]
                back = [scan(f"{name}-{i}-back", code, "void", target=f"{name}-{i}") for i, code in enumerate(mine)]
                for scans in (batch, back):
                    with lock:
                        sent.append(scans)
                    try:
                        status, _, body = post(serving, scans, timeout=5)
                    except Exception:  # the station is gone
                        return
                    if status == 200:
                        results = json.loads(body)["results"]
                        with lock:
                            acknowledged.update(r["event"] for r in results if r["status"] == "accepted")
                        first.set()

        clerks = [threading.Thread(target=clerk, args=(i,)) for i in range(6)]
        for thread in clerks:
            thread.start()
        check(first.wait(20), f"killed: nothing is acknowledged in round {round_}")
        time.sleep(randomness.uniform(0.1, 0.6))
        serving.stop(signal.SIGKILL)
        stop.set()
        for thread in clerks:
            thread.join()
    recorded = identifiers(serving.data)
    check(len(acknowledged) > 8, f"killed: only {len(acknowledged)} scans were acknowledged")
    check(acknowledged <= recorded, f"killed: {len(acknowledged - recorded)} acknowledged scans are not in the log")
    audit_is_sound(serving.data, "killed")
    # Everything again, in another order: the log grows by what was never recorded, and by nothing else.
    serving.start()
    randomness.shuffle(sent)
    wanted = {one["id"] for batch in sent for one in batch}
    for batch in sent + sent[:50]:
        status, _, _ = post(serving, randomness.sample(batch, len(batch)))
        check(status == 200, f"killed: repetition got {status}")
    check(serving.stop() == 0, "killed: does not end")
    after = identifiers(serving.data)
    check(recorded <= after and after - recorded <= wanted, "killed: repetition recorded something else")
    lines = support.dossier("list", "events", "--format", "ndjson", data=serving.data).splitlines()
    check(len(lines) == len(after), "killed: an identifier is there twice")
    audit_is_sound(serving.data, "killed, repeated")
    print(f"killed: {len(acknowledged)} acknowledged over 4 kills, {len(after) - len(recorded)} more by repetition", flush=True)


def full(work, options):
    """A disk that is full: 503 with the reason, reading goes on, what was acknowledged is there, and it recovers."""
    place = work / "small"
    limits = {}
    if not place.is_dir():
        place = work / "limited"
        place.mkdir()
        limits = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (800_000, 800_000))}
    serving = Serving(place / "store", options=limits)
    serving.log = work / "full.log"
    serving.start()
    items, acknowledged, refused = items_of(serving.data), set(), 0
    # Somebody who signs in is recorded, too: not possible later.
    serving.headers("clerk"), serving.headers()
    if not limits:
        with open(place / "ballast", "wb") as ballast:
            free = os.statvfs(place)
            ballast.write(b"\0" * max(0, free.f_bavail * free.f_frsize - 600_000))
    for n in range(4000):
        if refused > 5:
            break
        batch = [scan(f"f{n}-{i}", code, note="x" * 400) for i, code in enumerate(items)]
        if n % 2:
            batch = [scan(f"f{n}-{i}", code, "void", target=f"f{n - 1}-{i}") for i, code in enumerate(items)]
        # Again and again, as a counter does: what comes next depends on it.
        while refused <= 5:
            status, _, body = post(serving, batch)
            if status == 200:
                acknowledged |= {result["event"] for result in json.loads(body)["results"] if result["status"] == "accepted"}
                break
            check(status in (503, 507) and b"D-4" in body, f"full: {status} {body[:200]}")
            refused += 1
    check(refused > 5, "full: the disk never was full")
    check(serving.ask(f"/v1/manifests/{MANIFEST}")[0] == 200, "full: does not read any more")
    serving.stop(signal.SIGKILL)
    if limits:
        serving.options = {}
    else:
        (place / "ballast").unlink()
    serving.start()
    status, _, _ = post(serving, [scan("after", items[0])])
    check(status == 200, f"full: does not recover: {status}")
    serving.stop()
    check(acknowledged <= identifiers(serving.data), "full: acknowledged scans are not in the log")
    audit_is_sound(serving.data, "full")
    print(f"full: {len(acknowledged)} acknowledged, then refused", flush=True)


def uploads(work, options):
    """Hostile documents through the upload: each is refused with findings, none hurts the station, nothing is left over."""
    good = next(SAMPLES.glob("manifests/*.xml")).read_bytes()
    head, body = good.split(b"?>", 1)
    head += b"?>\n"
    entities = b'<!DOCTYPE m [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %s "%s">' % (bytes([98 + i]), (b"&%c;" % (97 + i)) * 10) for i in range(10)) + b"]>"
    randomness = random.Random(options.seed)
    corpus = {
        "bomb": head + entities + body, "xxe": head + b'<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + body,
        "deep": b"<a>" * 200_000, "attributes": b"<manifest " + b" ".join(b'a%d="x"' % i for i in range(100_000)) + b"/>",
        "long attribute": b'<manifest x="' + b"y" * 6_000_000 + b'"/>', "cut": good[: len(good) // 2], "nul": good.replace(b"items", b"it\0ms"),
        "bad utf-8": good[:900] + b"\xff\xfe\xc0" + good[900:], "utf-16": good.decode().encode("utf-16"), "text": b"hello",
        "comment": head + b"<!--" + b"-" * 10 + b"-->" + b"<!--" + b" " * 5_000_000 + b"-->" + body,
        "many roots": good + good, "spaces": b" " * 7_000_000, "script": good.replace(b"BK-", b"<script>"),
    }
    for i in range(12):
        broken = bytearray(good)
        for _ in range(randomness.randint(1, 40)):
            broken[randomness.randrange(len(broken))] = randomness.randrange(256)
        corpus[f"mutant {i}"] = bytes(broken)
    packed = {"gz bomb": gzip.compress(b" " * 300_000_000, 1), "gz in gz": gzip.compress(gzip.compress(good)),
              "cut gz": gzip.compress(good)[:-40], "trailing": gzip.compress(good) + b"junk"}
    packed["gz bomb"] = packed["gz bomb"][: 8 << 20]
    with Serving(work / "uploads", samples=False) as serving:
        place = serving.data / "station/uploads"

        def send(case):
            name, data, kind = case
            begun = time.monotonic()
            status, _, answer = serving.ask(
                "/v1/manifests?name=..%2F..%2Fetc%2Fpasswd", data, headers={"Content-Type": kind}, timeout=90)
            return name, status, answer, time.monotonic() - begun

        cases = [(n, d, "application/xml") for n, d in corpus.items()] + [(n, d, "application/gzip") for n, d in packed.items()]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            slowest = 0
            for name, status, answer, seconds in pool.map(send, cases):
                slowest = max(slowest, seconds)
                # A mutant may happen to be a good document.
                fine = (200, 201, 422) if name.startswith("mutant") else (422, 413)
                check(status in fine, f"uploads: {name}: {status} {answer[:200]}")
        check(serving.ask("/v1/manifests", b"x" * (9 << 20), headers={"Content-Type": "application/xml"})[0] == 413, "uploads: too large")
        check(serving.ask("/v1/manifests", good, headers={"Content-Type": "image/png"})[0] == 415, "uploads: wrong type")
        check(serving.ask("/v1/manifests", good, "clerk", headers={"Content-Type": "application/xml"})[0] == 403, "uploads: a clerk may import")
        status, _, answer = serving.ask("/v1/manifests", good, headers={"Content-Type": "application/xml"})
        check(status == 201 and b'"recorded"' in answer, f"uploads: a good one: {status}")
        check(serving.ask("/v1/manifests", good, headers={"Content-Type": "application/xml"})[0] == 200, "uploads: again")
        time.sleep(0.2)
        check(place.is_dir() and not list(place.iterdir()), "uploads: something is left over")
        memory = serving.memory()
        check(memory < 300, f"uploads: the station holds {memory} MiB")
        print(f"uploads: {len(cases)} documents, slowest {slowest:.1f} s, the station {memory} MiB", flush=True)
        # What one that was killed has left is gone with the next start.
        serving.stop(signal.SIGKILL)
        (place / "upload-left").mkdir()
        (place / "upload-left/document.xml").write_bytes(good)
        serving.start()
        check(not list(place.iterdir()), "uploads: what was left is not cleared away")
        check(serving.stop() == 0, "uploads: does not end")
    audit_is_sound(serving.data, "uploads")


def interface(work, options):
    """Answers against /openapi.json: the document is valid, and every answer is what it says."""
    import jsonschema
    import openapi_spec_validator

    with Serving(work / "interface") as serving:
        support.dossier("import", SAMPLES / "events", data=serving.data)
        document = json.loads(serving.ask("/openapi.json", role=None)[2])
        openapi_spec_validator.validate(document)

        def resolve(node):
            while "$ref" in node:
                target = document
                for part in node["$ref"].split("/")[1:]:
                    target = target[part]
                node = target
            return node

        def conforms(path, method, status, headers, body):
            operation = document["paths"][path][method]
            described = resolve(operation["responses"].get(str(status), operation["responses"]["default"]))
            kind = headers.get_content_type()
            content = described.get("content", {})
            if not content and not body:
                return
            check(kind in content, f"interface: {method} {path} {status}: {kind} is not described")
            if kind not in content or "json" not in kind:
                return
            schema = {**content[kind]["schema"], "components": document["components"]}
            values = [json.loads(line) for line in body.splitlines()] if "ndjson" in kind else [json.loads(body)]
            for value in values[:50]:
                for error in list(jsonschema.Draft202012Validator(schema).iter_errors(value))[:2]:
                    check(False, f"interface: {method} {path} {status}: {error.json_path}: {error.message[:160]}")

        # A settlement is of a period that is named.
        reports = {"losses": 200, "delays": 200, "custody": 200, "fees": 200, "settlement": 422,
                   "settlement?period=2026-01": 200, "nothing": 404}
        values = {"{number}": [MANIFEST, "EM473653477VN", "XX", "%2e%2e"], "{code}": ["H48.20-260108-0001", "nothing"],
                  "{kind}": list(reports)}
        count = 0
        for path, methods in document["paths"].items():
            if "get" not in methods or path.endswith("/live"):
                continue
            names = re.findall(r"\{\w+\}", path)
            for value in values.get(names[0], ["x"]) if names else [""]:
                address = path.replace(names[0], value) if names else path
                for role in ("auditor", "clerk", None, "administrator", *(["reporter"] if "{kind}" in names else [])):
                    for accept in ("application/json", "application/x-ndjson", "text/csv", "image/png", "*/*"):
                        for query in ("", "?limit=3", "?limit=0"):
                            if role != "auditor" and (accept, query) != ("*/*", ""):
                                continue
                            # Reports take other words than lists, and are made anew each time.
                            if "{kind}" in names and query:
                                continue
                            answer = serving.ask(address + query, role=role, headers={"Accept": accept})
                            conforms(path, "get", *answer)
                            if role == "reporter":
                                check(answer[0] == reports[value], f"interface: {address}: {answer[0]}")
                            check(answer[0] < 500, f"interface: {address}{query}: {answer[0]}")
                            count += 1
        json_type = {"Content-Type": "application/json"}
        for body in (b'{"kind":"held","item":"EM473653477VN","reason":"x","event":"i-1"}',
                     b'{"kind":"held","item":"EM473653477VN","reason":"x","event":"i-1"}', b'{"kind":"nothing"}', b"{"):
            conforms("/v1/events", "post", *serving.ask("/v1/events", body, headers=json_type))
        conforms("/v1/scans", "post", *post(serving, [scan("i-2", items_of(serving.data)[0]), scan("i-2", "nonsense"), {"id": "x"}]))
        for name in ("manifests", "rejected"):
            for file in sorted((SAMPLES / name).glob("*.xml"))[:3]:
                conforms("/v1/manifests", "post", *serving.ask("/v1/manifests", file.read_bytes(), headers={"Content-Type": "application/xml"}))
        conforms("/v1/audit", "post", *serving.ask("/v1/audit", b"", "auditor"))
        while (answer := serving.ask("/v1/audit", role="auditor")) and b'"running"' in answer[2]:
            time.sleep(0.1)
        conforms("/v1/audit", "get", *answer)
        session(serving, conforms)
        signatures(serving, conforms)
        print(f"interface: {len(document['paths'])} addresses, {count} answers conform", flush=True)


def session(serving, conforms):
    """Locked, nothing is done in a session but unlocking it."""
    json_type = {"Content-Type": "application/json"}

    def step(path, method, body, expected, role="clerk"):
        answer = serving.ask(path, body, role, json_type if body else None, method=method.upper())
        check(answer[0] == expected, f"interface: {method} {path}: {answer[0]} instead of {expected}")
        conforms(path, method, *answer)
        return answer[2]

    step("/v1/session/lock", "post", b"{}", 401, role=None)
    check(json.loads(step("/v1/session/lock", "post", b"{}", 200))["locked"], "interface: not locked")
    check(b"D-7031" in step("/v1/items", "get", None, 401), "interface: a locked session reads")
    step("/v1/session/unlock", "post", b"{", 400)
    step("/v1/session/unlock", "post", b'{"pin":"000000"}', 403)
    pin = json.dumps({"pin": support.PIN}).encode()
    check(not json.loads(step("/v1/session/unlock", "post", pin, 200))["locked"], "interface: not unlocked")
    step("/v1/session", "delete", None, 204, role="administrator")
    step("/v1/session", "get", None, 401, role="administrator")


def signatures(serving, conforms):
    """Two people sign the list that they read, and no other."""
    path, address = "/v1/manifests/{number}/signatures", f"/v1/manifests/{MANIFEST}/signatures"
    serving.headers("clerk")
    support.Station.person(serving, "T-GIVER", "clerk", office="590230")
    read = serving.ask(f"/v1/manifests/{MANIFEST}/reconciliation", role="clerk")
    tag, read_list, other = read[1]["ETag"], json.loads(read[2])["list"], "0" * 64
    known = serving.ask(f"/v1/manifests/{MANIFEST}/reconciliation", role="clerk", headers={"If-None-Match": tag})
    conforms("/v1/manifests/{number}/reconciliation", "get", *known)
    check(known[0] == 304, f"interface: a known list is {known[0]}")
    for expected, match, changes in [
            (428, None, {}), (428, tag, {"list": ""}), (412, f'"{other}"', {}), (412, f"W/{tag}", {}), (412, "*", {}),
            (412, tag, {"list": other}), (400, tag, {"as": "both"}), (403, tag, {"pin": "000000"}),
            (403, tag, {"by": "T-GIVER"}), (200, tag, {}), (200, tag, {"as": "giver", "by": "T-GIVER"}), (409, tag, {})]:
        body = {"as": "receiver", "by": "T-CLERK", "pin": support.PIN, "list": read_list, **changes}
        headers = {"Content-Type": "application/json", **({"If-Match": match} if match else {})}
        answer = serving.ask(address, json.dumps(body).encode(), "clerk", headers)
        check(answer[0] == expected, f"interface: signature {match} {changes}: {answer[0]} instead of {expected}: {answer[2][:200]}")
        conforms(path, "post", *answer)


PARTS = {part.__name__: part for part in (order, raw, slow, killed, full, uploads, interface)}

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("parts", nargs="*", default=list(PARTS))
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--connections", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    for name in options.parts:
        begun = time.monotonic()
        try:
            PARTS[name](options.work, options)
        except Exception as error:  # told with the others
            check(False, f"{name}: {type(error).__name__}: {error}")
        print(f"{name}: {time.monotonic() - begun:.1f} s", flush=True)
    sys.exit(1 if failures else 0)
