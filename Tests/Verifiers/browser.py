"""A headless Chromium over the DevTools protocol on two pipes: the standard library is enough."""
import base64
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Scripts", "verify.html")
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find():
    """The browser's program, or None."""
    return os.environ.get("CHROMIUM") or next((path for path in map(shutil.which, NAMES) if path), None)


class BrowserFault(Exception):
    pass


class Browser:
    """One page, opened from its file, without network. Every request it makes is noted."""

    def __init__(self, before=None, width=1366, height=768):
        self.folder = tempfile.mkdtemp(prefix="verify-html-")
        self.requests, self.complaints, self._events, self._buffer, self._number = [], [], [], b"", 0
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        options = [
            "--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pings",
            "--disable-extensions", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={self.folder}", f"--window-size={width},{height}", "--lang=vi", "about:blank"]
        if os.geteuid() == 0:
            options.insert(0, "--no-sandbox")
        # The protocol's pipes are descriptors 3 and 4; numbers above 9 are not the shell's to give.
        high_read, high_write = (_duplicate(descriptor) for descriptor in (to_read, to_write))
        os.close(to_read)
        os.close(to_write)
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{high_read} 4>&{high_write}', "chromium", find(), *options],
            pass_fds=(high_read, high_write), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(high_read)
        os.close(high_write)
        target = self.call("Target.getTargets", session=None)["targetInfos"]
        page = next(one["targetId"] for one in target if one["type"] == "page")
        self._session = None
        self._session = self.call("Target.attachToTarget", {"targetId": page, "flatten": True}, session=None)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "DOM", "Log"):
            self.call(domain + ".enable")
        self.call("Network.emulateNetworkConditions", {
            "offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})
        self.call("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        if before:
            self.call("Page.addScriptToEvaluateOnNewDocument", {"source": before})
        self.open()

    def open(self):
        """Opens the page anew."""
        self.call("Page.navigate", {"url": "about:blank"})
        self.call("Page.navigate", {"url": "file://" + os.path.abspath(PAGE)})
        self.wait("document.readyState === 'complete' && document.title !== ''")

    def call(self, method, parameters=None, session=""):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters or {}}
        if session is not None:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data):]
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise BrowserFault(f"{method}: {answer['error']}")
                return answer["result"]
            self._note(answer)

    def _receive(self, timeout=60):
        while b"\0" not in self._buffer:
            if not select.select([self._read], [], [], timeout)[0]:
                raise BrowserFault("the browser does not answer")
            part = os.read(self._read, 1 << 20)
            if not part:
                raise BrowserFault("the browser has ended")
            self._buffer += part
        line, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(line)

    def _note(self, event):
        if event.get("method") == "Network.requestWillBeSent":
            self.requests.append(event["params"]["request"]["url"])
        elif event.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown"):
            self.complaints.append(json.dumps(event["params"])[:500])

    def evaluate(self, expression):
        """The value of an expression of the page, awaited; through JSON."""
        result = self.call("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True})
        if "exceptionDetails" in result:
            raise BrowserFault(json.dumps(result["exceptionDetails"])[:2000])
        return result["result"].get("value")

    def wait(self, condition, seconds=30):
        end = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({condition})"):
            if time.monotonic() > end:
                raise BrowserFault("waited in vain for " + condition)
            time.sleep(0.02)

    def choose(self, selector, path):
        """Gives a file through a file chooser."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        self.call("DOM.setFileInputFiles", {"nodeId": node, "files": [os.path.abspath(path)]})

    def screenshot(self, path):
        data = self.call("Page.captureScreenshot", {"format": "png"})["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def verdicts(self, files):
        """`(verdict, reason)` of many `(bytes, text of a key or policy or None)`, checked by the page's own function."""
        self.evaluate("""globalThis.check = async list => {
          const trusts = new Map([[null, null]]), results = [];
          for (const [data, trust] of list) {
            if (!trusts.has(trust)) trusts.set(trust, await parseTrust(trust));
            const bytes = Uint8Array.from(atob(data), character => character.charCodeAt(0));
            const report = await verifyFile(bytes, trusts.get(trust));
            showReport(report);
            results.push([report.verdict, report.reason]);
          }
          return results;
        }; 0""")
        results = []
        for start in range(0, len(files), 500):
            part = [[base64.b64encode(data).decode(), trust] for data, trust in files[start:start + 500]]
            results += self.evaluate(f"check({json.dumps(part)})")
        return [tuple(result) for result in results]

    def close(self):
        # The profile is thrown away, so nothing needs to be put in order first. The group is this browser's own.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._read)
        os.close(self._write)
        for _ in range(50):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not os.path.exists(self.folder):
                break
            time.sleep(0.02)


def _duplicate(descriptor):
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD, 20)
