"""A bad network between the browser and the station: of the requests to one path it refuses a third, lets the station
apply a third and then cuts the answer off, and passes a third. What it does depends on a seed, which it prints."""

import http.client
import json
import random
import socketserver
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "te", "upgrade"}


class Proxy:
    """Listens on a port of its own; `address` is where the browser goes.

    `moods` is what may happen to a request to `path`: "pass", "refuse" (503 without asking the station), "cut" (the station
    applies it, the browser never hears). `hold()` keeps requests to `path` until `release()`. `skew` is added to the time
    that the station tells, in seconds.
    """

    def __init__(self, station, path="/v1/scans", moods=("pass", "refuse", "cut"), seed=20260105):
        self.station = station
        self.path = path
        self.moods = moods
        self.random = random.Random(seed)
        self.seen = {"pass": 0, "refuse": 0, "cut": 0}
        self.bodies = []
        self.skew = 0
        self.open = threading.Event()
        self.open.set()
        self.lock = threading.Lock()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                proxy.serve(self)

            do_POST = do_HEAD = do_GET

            def log_message(self, *_):
                pass

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        print(f"hostile proxy with seed {seed} before {path}")

    def hold(self):
        self.open.clear()

    def release(self):
        self.open.set()

    def mood(self):
        with self.lock:
            mood = self.random.choice(self.moods)
            self.seen[mood] += 1
            return mood

    def serve(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        is_watched = request.path.split("?")[0] == self.path
        mood = "pass"
        if is_watched:
            self.open.wait()
            mood = self.mood()
            self.bodies.append(body)
        if mood == "refuse":
            return self.answer(request, 503, [("Content-Type", "application/problem+json")], b"{}")
        try:
            status, headers, answer = self.ask(request, body)
        except OSError:
            return self.answer(request, 502, [], b"")
        if mood == "cut":
            request.close_connection = True
            request.connection.shutdown(2)
            return None
        if self.skew and answer.startswith(b"{"):
            answer = self.skewed(answer)
        return self.answer(request, status, headers, answer)

    def ask(self, request, body):
        """The station's answer, as if the browser had asked it itself."""
        station = urllib.parse.urlsplit(self.station.address)
        connection = http.client.HTTPConnection(station.hostname, station.port, timeout=30)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP}
        for name in ("Host", "Origin", "Referer"):
            if name in headers:
                headers[name] = headers[name].replace(self.address, self.station.address).replace(
                    urllib.parse.urlsplit(self.address).netloc, station.netloc)
        connection.request(request.command, request.path, body or None, headers)
        response = connection.getresponse()
        answer = response.read()
        kept = []
        for name, value in response.getheaders():
            if name.lower() not in HOP:
                kept.append((name, value.replace(self.station.address, self.address)))
        connection.close()
        return response.status, kept, answer

    def skewed(self, answer):
        told = json.loads(answer)
        if "time" not in told:
            return answer
        moved = time.gmtime(time.time() + self.skew)
        return json.dumps(told | {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", moved)}).encode()

    @staticmethod
    def answer(request, status, headers, body):
        request.send_response_only(status)
        for name, value in headers:
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(body)
