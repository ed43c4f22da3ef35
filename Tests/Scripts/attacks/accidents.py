"""A station that is killed while it writes, and one whose disk is full."""

import json
import os
import random
import resource
import signal
import threading
import time

from serving import audit_is_sound, check, identifiers, items_of, MANIFEST, post, scan, Serving, support


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
        stop, enough = threading.Event(), threading.Event()

        def written(scans):
            """What the station answers; nothing when it is gone."""
            with lock:
                sent.append(scans)
            try:
                status, _, body = post(serving, scans)
            except Exception:
                return None
            if status != 200:
                return []
            results = json.loads(body)["results"]
            with lock:
                acknowledged.update(r["event"] for r in results if r["status"] == "accepted")
                if len(acknowledged) > 8:
                    enough.set()
            return results

        def clerk(number):
            mine, n = items[number::6], 0
            while not stop.is_set():
                n += 1
                # All in, then all taken back: every scan makes an event.
                name = f"k{round_}-{number}-{n}"
                results = written([scan(f"{name}-{i}", code) for i, code in enumerate(mine)])
                if results is None:
                    return
                # What an earlier kill has left received is a duplicate: the first one is taken back.
                targets = {r["id"]: r["first"]["event"] for r in results if r["status"] == "duplicate"}
                if written([
                        scan(f"{name}-{i}-back", code, "void", target=targets.get(f"{name}-{i}", f"{name}-{i}"))
                        for i, code in enumerate(mine)]) is None:
                    return

        clerks = [threading.Thread(target=clerk, args=(i,)) for i in range(6)]
        for thread in clerks:
            thread.start()
        check(enough.wait(120), f"killed: only {len(acknowledged)} scans are acknowledged in round {round_}")
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
