#!/usr/bin/env python3
"""Kills dossier at random moments and checks that nothing acknowledged was lost.

    kill.py DOSSIER WORKDIR [SEED] [KILLS]

Three kinds of work, each in a store of its own and in parallel: `import` of many small manifests, `receive` of one
manifest line by line from a pipe, `record` in a loop. After every kill -9: the store opens, the audit finds no
contradiction, and everything that was acknowledged is there. In the end the work is completed by plain repetition.
"""
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

dossier, work = sys.argv[1], sys.argv[2]
seed = int(sys.argv[3]) if len(sys.argv) > 3 else int.from_bytes(os.urandom(4), "big")
kills = int(sys.argv[4]) if len(sys.argv) > 4 else 100
print(f"seed {seed}, {kills} kills", flush=True)
failures = []
counts = {}


def run(*arguments, codes=(0, 1), text=None):
    done = subprocess.run([dossier, *arguments], input=text, capture_output=True, text=True)
    if done.returncode not in codes:
        raise AssertionError(f"{arguments}: exit {done.returncode}: {done.stderr[-600:]}")
    return done.stdout


def lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def audit(data):
    """The verdict must not be a contradiction: the log, its tables and its last checkpoint agree."""
    report = json.loads(run("audit", "--data", data, "--format", "json"))
    bad = [f for f in report["findings"] if f["code"].startswith(("D-30", "D-31"))]
    assert not bad, f"audit: {bad[:3]}"
    # What was recorded after the last signature is told, never passed over.
    assert report["verdict"] in ("intact", "gap"), report["verdict"]
    return report


def covered(data):
    """Nothing was left unchecked but times that a document declared long afterwards, which no audit can prove."""
    return [entry for entry in audit(data)["unchecked"] if entry["what"] != "times"] == []


def events(data):
    return lines(run("list", "events", "--data", data, "--format", "ndjson"))


def killed(arguments, delay, feed=None, stop=False):
    """Runs a command, kills it after `delay` seconds, and returns the complete lines it had printed."""
    process = subprocess.Popen(
        [dossier, *arguments], stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    pieces = []

    def read():
        while piece := os.read(process.stdout.fileno(), 65536):
            pieces.append(piece)

    def write():
        try:
            for line in feed:
                process.stdin.write((line + "\n").encode())
                process.stdin.flush()
                time.sleep(0.0005)
            process.stdin.close()
        except (BrokenPipeError, ValueError):
            pass

    threads = [threading.Thread(target=read)] + ([threading.Thread(target=write)] if feed else [])
    for thread in threads:
        thread.start()
    try:
        process.wait(timeout=delay)
        finished = True
    except subprocess.TimeoutExpired:
        finished = False
        if stop:  # a machine that hangs before it dies
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.002)
        process.kill()
        process.wait()
    for thread in threads:
        thread.join()
    text = b"".join(pieces).decode()
    return text[: text.rfind("\n") + 1], finished


def span(measure):
    begun = time.monotonic()
    measure()
    return time.monotonic() - begun


def imports(random, rounds):
    data = f"{work}/import"
    run("init", "--data", data, "--office", "H48.25", "--name", "A")
    folder = f"{work}/sample"
    run("sample", "--seed", "7", "--items", "1600", "--items-per-manifest", "8", "--only", "manifests", "--out", folder)
    files = sorted(f"{folder}/manifests/{name}" for name in os.listdir(f"{folder}/manifests"))
    run("init", "--data", f"{data}-time", "--office", "H48.25", "--name", "A")
    whole = span(lambda: run("import", *files[:20], "--data", f"{data}-time", "--format", "ndjson"))
    recorded = set()
    for round in range(rounds):
        batch = files[round * 4 % len(files):][:20]
        text, _ = killed(
            ["import", *batch, "--data", data, "--format", "ndjson"], random.uniform(0, whole), stop=round % 5 == 0)
        recorded |= {row["manifest"] for row in lines(text) if row["status"] in ("recorded", "already-recorded")}
        audit(data)
        rows = lines(run("list", "manifests", "--data", data, "--format", "ndjson"))
        known = {row["manifest"] for row in rows}
        assert recorded <= known, f"round {round}: lost manifests {recorded - known}"
        for row in rows:
            recorded.add(row["manifest"])  # seen once, never gone
    run("import", folder, "--data", data, "--format", "ndjson", codes=(0,))
    again = lines(run("import", folder, "--data", data, "--format", "ndjson", codes=(0,)))
    assert {row["status"] for row in again} == {"already-recorded"}, "a retry is not complete"
    assert covered(data)
    reference = lines(run("list", "manifests", "--data", data, "--format", "ndjson"))
    assert len(reference) == len(files), (len(reference), len(files))
    assert len({event["id"] for event in events(data)}) == len(events(data)) > 3200


def receives(random, rounds):
    data = f"{work}/receive"
    run("init", "--data", data, "--office", "H48.25", "--name", "A")
    folder = f"{work}/large"
    run("sample", "--seed", "8", "--items", "400", "--single-file", "--only", "manifests", "--out", folder)
    imported = lines(run("import", folder, "--data", data, "--format", "ndjson", codes=(0,)))
    number = imported[0]["manifest"]
    items = [e["item"] for e in events(data) if e["kind"] == "dispatched"]
    acknowledged = {}
    whole = 0.6
    for round in range(rounds):
        rest = [item for item in items if item not in acknowledged]
        if len(rest) < 40:
            rest = items
        text, finished = killed(
            ["receive", number, "--scans", "-", "--data", data, "--format", "ndjson"],
            random.uniform(0, whole), feed=rest[:60] + rest[:3], stop=round % 5 == 0)
        whole = min(2.0, whole * 0.9) if finished else whole * 1.05
        for row in lines(text):
            if row.get("event") and row.get("index") is not None:
                acknowledged[row["item"]] = (row["index"], row["event"])
        audit(data)
        stored = {event["index"]: event["id"] for event in events(data)}
        for item, (index, event) in acknowledged.items():
            assert stored.get(index) == event, f"round {round}: {item} was acknowledged at {index}"
    run("receive", number, "--scans", "-", "--data", data, "--format", "ndjson", text="\n".join(items) + "\n")
    run("receive", number, "--close", "--by", "A1", "--witness", "A2", "--data", data, codes=(0,))
    received = [e["item"] for e in events(data) if e["kind"] == "received"]
    assert sorted(received) == sorted(items), "received once each"
    assert covered(data)


def records(random, rounds):
    data = f"{work}/record"
    run("init", "--data", data, "--office", "H48.25", "--name", "A")
    acknowledged = {}
    whole = max(0.05, span(lambda: run("record", "held", "BG-0", "--reason", "unclaimed", "--event", "first", "--data", data)))
    number = 0
    for round in range(rounds):
        for _ in range(3):
            name = f"E-{number}"
            number += 1
            text, finished = killed(
                ["record", "held", f"BG-{number % 7}", "--reason", "unclaimed", "--event", name, "--data", data,
                 "--format", "ndjson"], random.uniform(0, whole * 1.2))
            for row in lines(text):
                if row.get("index") is not None:
                    acknowledged[name] = row["index"]
        audit(data)
        stored = {event["id"]: event["index"] for event in events(data)}
        for name, index in acknowledged.items():
            assert stored.get(name) == index, f"round {round}: {name} was acknowledged at {index}"
    for name in range(number):
        run("record", "held", f"BG-{(name + 1) % 7}", "--reason", "unclaimed", "--event", f"E-{name}", "--data", data)
    stored = [event["id"] for event in events(data)]
    assert sorted(stored[2:]) == sorted(f"E-{n}" for n in range(number)), "each event once"
    assert covered(data)


def guarded(name, body, share):
    begun = time.monotonic()
    try:
        body(random.Random(f"{seed} {name}"), max(1, share))
        counts[name] = f"{name}: {share} kills in {time.monotonic() - begun:.0f} s"
    except Exception as error:
        failures.append(f"{name}: {error}")


share = kills // 3
threads = [
    threading.Thread(target=guarded, args=job)
    for job in [("import", imports, kills - 2 * share), ("receive", receives, share), ("record", records, share)]
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for line in counts.values():
    print(line)
for failure in failures:
    print(f"FAILED (seed {seed}): {failure}")
sys.exit(1 if failures else 0)
