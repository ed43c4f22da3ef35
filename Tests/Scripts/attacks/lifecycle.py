"""How a station begins and ends."""

import json
import re
import socket
import subprocess
import time

from serving import check, Serving, support


def order(work, options):
    """SIGTERM: ends streams, finishes, signs, exit code 0; a port that is taken is said; a second signal ends at once."""
    with Serving(work / "order") as serving:
        follower = socket.create_connection(("127.0.0.1", serving.port), timeout=60)
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
                capture_output=True, text=True, timeout=120)

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
        end = time.monotonic() + 60
        while b"from-outside" not in got and time.monotonic() < end:
            got += follower.recv(65536)
        check(b"from-outside" in got, "order: what another process recorded was not told")
        check(serving.stop() == 0, "order: exit code of SIGTERM")
        while part := follower.recv(65536):
            got += part
        check(got.endswith(b"0\r\n\r\n"), "order: the stream was cut, not ended")
    doctor = json.loads(support.dossier("audit", "--format", "json", data=serving.data))
    left = [entry for entry in doctor["unchecked"] if entry["what"] != "times"]
    check(not left, f"order: not signed at the end: {left}")
