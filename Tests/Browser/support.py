"""A station on a store of its own, and a real browser before it."""

import contextlib
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOSSIER = os.environ.get("DOSSIER") or str(ROOT / ".build/debug/dossier")
SAMPLES = ROOT / "SampleData"
# The rules of axe-core that make up WCAG 2.2, levels A and AA.
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What everybody signs in and signs with.
PASSWORD = "bốn con mèo đi chợ"
PIN = "135790"


def dossier(*arguments, data=None, check=True, **options):
    """Runs the command; its result as text."""
    command = [DOSSIER, *map(str, arguments)] + (["--data", str(data)] if data else [])
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if check and done.returncode not in (0, 1):
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def steady_port():
    """A free port below those that the system gives to whoever asks for any: nobody takes it while a station restarts."""
    given = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    # Those that browsers refuse are lower.
    lowest = 11_000
    if given <= lowest:
        return 0
    for _ in range(50):
        port = random.randrange(lowest, given)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


class Station:
    """`dossier serve` on a new store with the sample province's January in it."""

    def __init__(self, *arguments, port=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="station-"))
        self.data = self.folder / "store"
        self.arguments = arguments
        # The same after a restart, for the pages that are open.
        self.port = steady_port() if port is None else port
        self.process = None
        self.address = None
        # Role and office of everybody who has an account, by code.
        self.people = {}
        dossier("init", "--office", "H48.25", "--name", "Trung tâm phường Lộc Thượng", data=self.data)
        dossier("offices", "import", SAMPLES / "offices.csv", data=self.data)
        dossier("import", SAMPLES / "manifests", SAMPLES / "events", data=self.data)

    def start(self):
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [DOSSIER, "serve", "--data", str(self.data), "--port", str(self.port), *self.arguments],
            stderr=subprocess.PIPE, stdout=self.log)
        for line in self.process.stderr:
            self.log.write(line)
            self.log.flush()
            found = re.search(rb"https?://[^ \s]+", line)
            if found:
                self.address = found.group().decode().rstrip("/")
                self.port = int(self.address.rsplit(":", 1)[1])
                break
        else:
            raise AssertionError("the station did not start: " + (self.folder / "log").read_text())
        # What follows would otherwise fill the pipe.
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=self.log)
        return self

    def stop(self, how=signal.SIGTERM):
        if self.process:
            self.process.send_signal(how)
            self.process.wait(timeout=30)
            self.process = None

    def restart(self, how=signal.SIGKILL):
        """Ends the station in some way and starts it at the same port."""
        self.stop(how)
        return self.start()

    def person(self, code, role, office="H48.25"):
        """Makes an account, once."""
        if self.people.get(code) == (role, office):
            return
        if code in self.people:
            raise AssertionError(f"{code} is {self.people[code]} already")
        secrets = self.folder / "secrets"
        secrets.mkdir(exist_ok=True)
        (secrets / "password").write_text(PASSWORD + "\n")
        (secrets / "pin").write_text(PIN + "\n")
        dossier(
            "people", "add", code, "--name", f"Người {code}", "--office", office, "--role", role,
            "--password-file", secrets / "password", "--pin-file", secrets / "pin", data=self.data)
        self.people[code] = (role, office)

    def sign_in(self, code, password=PASSWORD):
        """Signs in as a browser would; name and value of the session's cookie."""
        body = urllib.parse.urlencode({"code": code, "password": password, "next": "/"}).encode()
        request = urllib.request.Request(
            self.address + "/sign-in", data=body,
            headers={"Origin": self.address, "Sec-Fetch-Site": "same-origin"})

        class Staying(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None

        try:
            urllib.request.build_opener(Staying).open(request, timeout=30)
        except urllib.error.HTTPError as answer:
            if answer.code == 303:
                return tuple(answer.headers["Set-Cookie"].split(";")[0].split("=", 1))
        raise AssertionError(f"{code} could not sign in")

    def close(self):
        with contextlib.suppress(Exception):
            self.stop(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()


@contextlib.contextmanager
def browser(**options):
    """Headless Chromium of the system, at the size of a counter PC."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"], **options)
        try:
            yield chromium
        finally:
            chromium.close()


def context(chromium, station, role=None, code="GDV01", office="H48.25", **options):
    """A browser's session, signed in as `role` or not at all. A code that another role has already gets a suffix."""
    options.setdefault("viewport", {"width": 1366, "height": 768})
    options.setdefault("locale", "vi-VN")
    options.setdefault("timezone_id", "Asia/Ho_Chi_Minh")
    made = chromium.new_context(base_url=station.address, **options)
    if role:
        if station.people.get(code, (role, office)) != (role, office):
            code = f"{code}-{role}-{office}"
        station.person(code, role, office)
        name, value = station.sign_in(code)
        made.add_cookies([{"name": name, "value": value, "url": station.address}])
    return made


def wait(page, expression, arg=None, timeout=30_000):
    """Waits until an expression holds. Playwright's own way needs eval(), which the station's policy forbids its pages."""
    end = time.monotonic() + timeout / 1000
    while not page.evaluate(expression, arg):
        assert time.monotonic() < end, f"still not so: {expression}"
        page.wait_for_timeout(20)


def violations(page):
    """What axe-core finds on a page that WCAG 2.2 AA does not allow."""
    from axe_playwright_python.sync_playwright import Axe

    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    return [
        f"{found['id']}: {node['html'][:160]}"
        for found in result.response["violations"] for node in found["nodes"]]
