"""Documents from outside that are meant to do harm."""

import concurrent.futures
import gzip
import random
import signal
import time

from serving import audit_is_sound, check, SAMPLES, Serving


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
                "/v1/manifests?name=..%2F..%2Fetc%2Fpasswd", data, headers={"Content-Type": kind}, timeout=300)
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
        end = time.monotonic() + 30
        while list(place.iterdir()) and time.monotonic() < end:
            time.sleep(0.1)
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
