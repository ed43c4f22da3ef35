#!/usr/bin/env python3
"""Power cuts, simulated: replays what recorder.c recorded and leaves crash images of the store.

    check.py DOSSIER BASE LOG WORKDIR SEED IMAGES [normal]

At each cut, what a file held when it was last synchronised is on the disk. Of what was written since, nothing is
there, or everything, or the first part of it in order, or any 512-byte sectors of it. A folder's changes (create,
rename, unlink) hold, with all changes before them, once the folder is synchronised or the created file is; until
then a first part of them may hold (a journaling file system).

With `normal`, synchronisations are left out that `PRAGMA synchronous=NORMAL` does not make in WAL mode: those of the
-wal file at a commit (sqlite3 wal.c, walFrames). Kept are those of a new -wal header and those before a checkpoint
writes to the database. Nothing else changes: this is the control, and it must lose acknowledged events.
"""
import json
import os
import random
import shutil
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

dossier, base, log, work, seed, images = sys.argv[1:7]
normal = sys.argv[7:] == ["normal"]
random = random.Random(f"{seed} {normal}")
images = int(images)
SECTOR = 512
FRESH = ("accepted", "surplus", "misrouted")


def records():
    data = open(log, "rb").read()
    position, found = 0, []
    while position < len(data):
        kind = chr(data[position])
        number, offset, length = struct.unpack_from("<IQQ", data, position + 4)
        position += 24
        found.append((kind, number, offset, data[position:position + length]))
        position += length
    return found


class File:
    def __init__(self, content=b""):
        self.durable = bytearray(content)
        self.pending = []  # ("w", offset, bytes) and ("t", size)
        self.created = None  # the pending entry of its name


def apply(content, operation):
    if operation[0] == "t":
        size = operation[1]
        if size < len(content):
            del content[size:]
        else:
            content.extend(bytes(size - len(content)))
        return
    _, offset, data = operation
    if offset > len(content):
        content.extend(bytes(offset - len(content)))
    content[offset:offset + len(data)] = data


def torn(operation, choice):
    """The sectors of a write that `choice` lets through; a truncation whole or not at all."""
    if operation[0] == "t":
        return [operation] if choice(0) else []
    _, offset, data = operation
    pieces, position = [], 0
    while position < len(data):
        end = min(len(data), position + SECTOR - (offset + position) % SECTOR)
        if choice(position // SECTOR):
            pieces.append(("w", offset + position, data[position:end]))
        position = end
    return pieces


class Disk:
    def __init__(self):
        self.names = {}  # path -> File, as the program sees it
        self.durable = {}  # as it is on the disk for certain
        self.changes = []  # pending changes of folders: (path, File or None, old path of a rename)
        self.open = {}
        for folder, _, files in os.walk(base):
            for name in files:
                path = os.path.join(folder, name)
                file = File(open(path, "rb").read())
                self.names[path] = self.durable[path] = file

    def change(self, *change):
        self.changes.append(change)
        self.enter(self.names, *change)

    def settle(self, keep):
        """Makes pending changes of folders durable for which `keep` holds."""
        last = max((n for n, change in enumerate(self.changes) if keep(*change)), default=-1)
        # A journal keeps a folder's changes in order: what came before the last one is there with it.
        for change in self.changes[:last + 1]:
            self.enter(self.durable, *change)
        self.changes = self.changes[last + 1:]

    @staticmethod
    def enter(names, path, file, old=None):
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file
        if old:
            names.pop(old, None)

    def step(self, record, is_dropped_sync):
        kind, number, offset, data = record
        if kind in "oc":
            path = data.decode()
            file = self.names.get(path)
            if file is None:
                file = File()
                self.change(path, file)
            self.open[number] = (file, path)
        elif kind == "w":
            self.open[number][0].pending.append(("w", offset, data))
        elif kind == "t":
            self.open[number][0].pending.append(("t", offset))
        elif kind == "s":
            if is_dropped_sync:
                return
            file, _ = self.open[number]
            for operation in file.pending:
                apply(file.durable, operation)
            file.pending = []
            self.settle(lambda path, other, old=None: other is file)
        elif kind == "d":
            folder = data.decode()
            self.settle(lambda path, file, old=None: os.path.dirname(path) == folder)
        elif kind == "r":
            old, new = data.decode().split("\0")
            self.change(new, self.names[old], old)
        elif kind == "u":
            self.change(data.decode(), None)

    def image(self, target, way):
        names = dict(self.durable)
        if way == "kept":
            names = dict(self.names)
        elif way != "dropped":
            for change in self.changes[:random.randrange(len(self.changes) + 1)]:
                self.enter(names, *change)
        os.makedirs(target + "/keys", exist_ok=True)
        for path, file in names.items():
            if path.endswith("-shm"):
                continue  # never on the disk for certain; SQLite builds it anew
            content = bytearray(file.durable)
            pending = list(file.pending)
            if way == "dropped":
                pending = []
            elif way == "prefix" and pending:
                count = random.randrange(len(pending) + 1)
                last = torn(pending[count], lambda sector, limit=random.randrange(9): sector < limit) \
                    if count < len(pending) else []
                pending = pending[:count] + last
            elif way == "torn":
                pending = [piece for one in pending for piece in torn(one, lambda _: random.random() < 0.5)]
            for operation in pending:
                apply(content, operation)
            name = target + path[len(base):]
            with open(name, "wb") as out:
                out.write(content)
            if "/keys/" in name:
                os.chmod(name, 0o600)


def dropped_syncs(found):
    """Positions of synchronisations that synchronous=NORMAL does not make."""
    paths, dropped = {}, set()
    for position, (kind, number, offset, data) in enumerate(found):
        if kind in "oc":
            paths[number] = data.decode()
        if kind != "s" or not paths.get(number, "").endswith("-wal"):
            continue
        before = next((r for r in reversed(found[:position]) if r[0] in "ws"), None)
        is_header = before and before[0] == "w" and before[1] == number and before[2] == 0
        after = next((r for r in found[position + 1:] if r[0] in "wa"), None)
        is_checkpoint = after and after[0] == "w" and paths.get(after[1], "").endswith("store.sqlite")
        if not is_header and not is_checkpoint:
            dropped.add(position)
    return dropped


def run(*arguments):
    return subprocess.run([dossier, *arguments], capture_output=True, text=True)


def check(target, acknowledged, position, way, writes):
    where = f"cut at record {position}, {way}"
    try:
        audit = run("audit", "--data", target, "--format", "json")
        if audit.returncode not in (0, 1):
            return f"{where}: audit exit {audit.returncode}: {audit.stderr[-300:]}"
        report = json.loads(audit.stdout)
        bad = [f for f in report["findings"] if f["code"].startswith(("D-30", "D-31"))]
        if bad or report["verdict"] == "contradiction":
            return f"{where}: {report['verdict']} {bad[:2]}"
        listed = run("list", "events", "--data", target, "--format", "ndjson")
        stored = {}
        for line in listed.stdout.splitlines():
            event = json.loads(line)
            stored[event["index"]] = event
        least = 1  # the offices that a new store states
        for answer in acknowledged:
            least += answer["events"] if "status" in answer else answer.get("verdict") in FRESH
            if answer.get("status") == "recorded" and answer["manifest"]:
                if not any(e["manifest"] == answer["manifest"] and e["kind"] == "manifestRecorded"
                           for e in stored.values()):
                    return f"{where}: LOST manifest {answer['manifest']}"
            elif answer.get("index") is not None:
                event = stored.get(answer["index"])
                if not event or event["id"] != answer["event"]:
                    return f"{where}: LOST event {answer['index']} of {len(acknowledged)} acknowledged"
        if len(stored) < least:
            return f"{where}: LOST {least - len(stored)} of {least} acknowledged events"
        if writes:
            record = run("record", "held", "BG-9", "--reason", "unclaimed", "--data", target)
            if record.returncode != 0:
                return f"{where}: cannot be written: {record.stderr[-300:]}"
        return None
    finally:
        shutil.rmtree(target, ignore_errors=True)


found = records()
dropped = dropped_syncs(found) if normal else set()
answers = [p for p, r in enumerate(found) if r[0] == "a"]
assert len(answers) > 40, f"only {len(answers)} answers were recorded"
# Half of the cuts right after an answer, when nothing but a synchronisation protects it; half anywhere.
cuts = [p + 1 for p in random.choices(answers, k=images // 2)]
cuts += [random.randrange(1, len(found) + 1) for _ in range(images - len(cuts))]
ways = ["dropped", "kept", "prefix", "torn"]
jobs = {}
for number, cut in enumerate(cuts):
    jobs.setdefault(cut, []).append(ways[number % 4])

disk, text, acknowledged, results = Disk(), "", [], []
with ThreadPoolExecutor(2) as pool:
    for position in range(len(found) + 1):
        for way in jobs.get(position, []):
            target = f"{work}/image-{position}-{way}-{len(results)}"
            disk.image(target, way)
            results.append(pool.submit(
                check, target, list(acknowledged), position, way, len(results) % 4 == 0))
        if position == len(found):
            break
        disk.step(found[position], position in dropped)
        if found[position][0] == "a":
            text += found[position][3].decode()
            *complete, text = text.split("\n")
            acknowledged += [json.loads(line) for line in complete if line.startswith("{")]
problems = [problem for problem in (result.result() for result in results) if problem]
syncs = sum(1 for r in found if r[0] == "s")
print(f"{'NORMAL' if normal else 'FULL'}: {len(found)} records, {syncs} synchronisations of files, {len(dropped)} left "
      f"out, {len(acknowledged)} answers, {len(results)} images, {len(problems)} with problems (seed {seed})")
if normal:
    lost = [problem for problem in problems if "LOST" in problem]
    if len(lost) < images // 8:
        print("FAILED: the control loses nothing, so this test shows nothing")
        sys.exit(1)
    print(f"the control loses acknowledged events in {len(lost)} of {len(results)} images, as it must")
else:
    for problem in problems[:20]:
        print(f"FAILED: {problem}")
    sys.exit(1 if problems else 0)
