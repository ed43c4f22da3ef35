"""A station that is attacked: started, asked, and audited afterwards."""

import atexit
import contextlib
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
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
        # Always at any port: one that was given back may be somebody else's by now.
        self.process = subprocess.Popen(
            [support.DOSSIER, "serve", "--data", str(self.data), "--port", "0", *self.arguments],
            stdout=self.stream, stderr=self.stream, **self.options)
        # Also when a part ends in the middle.
        atexit.register(self.stop, signal.SIGKILL)
        end = time.monotonic() + 120
        while time.monotonic() < end:
            found = re.search(rb"https?://[0-9.]+:(\d+)\D", self.log.read_bytes()[begun:])
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

    def ask(self, path, body=None, role="shiftLead", headers=None, method=None, timeout=60):
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

    def raw(self, bytes_, expected, calm=0.0):
        """What comes back for these very bytes, and whether the other side has closed: until it closes, or until what came
        is `expected` and nothing follows for the seconds `calm`; after 20 s as it is."""
        got, end = b"", time.monotonic() + 20
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            try:
                # Whoever is refused may be refused before everything is sent.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    connection.sendall(bytes_)
                while (left := end - time.monotonic()) > 0:
                    if expected(got):
                        if not calm:
                            break
                        left = min(left, calm)
                    connection.settimeout(left)
                    part = connection.recv(65536)
                    if not part:
                        return got, True
                    got += part
            except TimeoutError:
                pass
            except ConnectionResetError:
                return got, True
            return got, False

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


def post(serving, scans, timeout=60):
    body = json.dumps({"station": "test", "scans": scans}).encode()
    return serving.ask("/v1/scans", body, "clerk", {"Content-Type": "application/json"}, timeout=timeout)
