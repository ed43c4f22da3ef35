#!/usr/bin/env python3
"""What a good Python script makes of the same work, to compare `dossier import` with.

    Scripts/bench-baseline.py SCHEMA DATABASE MANIFEST...

One pass over each manifest (.xml or .xml.gz) with lxml: parsing and XML Schema validation together, rules about
identifiers, totals and times, two chained events an item, salted commitments to personal fields, rows in SQLite (WAL,
synchronous=FULL), one transaction a manifest. Memory does not grow with the file. Needs python3-lxml.
"""
import gc
import gzip
import hashlib
import json
import os
import sqlite3
import sys
import time
from binascii import b2a_base64
from datetime import datetime

from lxml import etree

NAMESPACE = "{urn:postal-dossier:manifest:1}"
BATCH = 2_000
URL_SAFE = bytes.maketrans(b"+/", b"-_")

TABLES = """
CREATE TABLE manifest(id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, leg TEXT NOT NULL, giver TEXT NOT NULL,
  receiver TEXT NOT NULL, dispatched_at INTEGER NOT NULL, items INTEGER, dossiers INTEGER, weight INTEGER, sha256 BLOB);
CREATE TABLE item(id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, manifest INTEGER NOT NULL, container TEXT,
  weight INTEGER, condition TEXT, fee INTEGER, custodian TEXT NOT NULL, state TEXT NOT NULL, events INTEGER NOT NULL,
  last_hash BLOB NOT NULL);
CREATE TABLE dossier(id INTEGER PRIMARY KEY, code TEXT NOT NULL, manifest INTEGER NOT NULL, item INTEGER NOT NULL,
  procedure TEXT, field TEXT, agency TEXT, received TEXT, due TEXT, result TEXT, documents TEXT);
CREATE UNIQUE INDEX dossier_code ON dossier(code, manifest);
CREATE TABLE event(id INTEGER PRIMARY KEY, item INTEGER NOT NULL, sequence INTEGER NOT NULL, kind TEXT NOT NULL,
  at INTEGER NOT NULL, office TEXT NOT NULL, receiver TEXT, manifest INTEGER, commitments TEXT, hash BLOB NOT NULL);
CREATE UNIQUE INDEX event_item ON event(item, sequence);
CREATE TABLE vault(id INTEGER PRIMARY KEY, item INTEGER NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
  salt BLOB NOT NULL);
CREATE INDEX vault_item ON vault(item);
"""
INSERTS = {
    "item": "INSERT INTO item VALUES(?,?,?,?,?,?,?,?,?,?,?)",
    "dossier": "INSERT INTO dossier VALUES(?,?,?,?,?,?,?,?,?,?,?)",
    "event": "INSERT INTO event VALUES(?,?,?,?,?,?,?,?,?,?)",
    "vault": "INSERT INTO vault VALUES(?,?,?,?,?)",
}


class Refused(Exception):
    """A manifest that breaks a rule."""


class HashingFile:
    """Hands a file's bytes to the parser and keeps their SHA-256."""

    def __init__(self, file):
        self.file, self.sha256 = file, hashlib.sha256()

    def read(self, size=-1):
        chunk = self.file.read(size)
        self.sha256.update(chunk)
        return chunk


def salts():
    """32 random bytes at a time, asked of the kernel in pieces of a thousand."""
    while True:
        block = os.urandom(32 * 1024)
        for start in range(0, len(block), 32):
            yield block[start:start + 32]


def milliseconds(text):
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        raise Refused(f"no zone in {text}")
    return int(moment.timestamp() * 1000)


def check_item_number(number):
    """UPU S10; a local number passes."""
    if len(number) == 13 and number[2:11].isdigit() and number[:2].isalpha() and number[11:].isalpha():
        d = number.encode()
        total = (8 * d[2] + 6 * d[3] + 4 * d[4] + 2 * d[5] + 3 * d[6] + 5 * d[7] + 9 * d[8] + 7 * d[9] - 44 * 48) % 11
        if d[10] - 48 != (5 if total == 0 else 0 if total == 1 else 11 - total):
            raise Refused(f"check digit of {number}")


class Importer:
    def __init__(self, schema, database):
        self.schema = etree.XMLSchema(etree.parse(schema))
        new = not os.path.exists(database)
        self.db = sqlite3.connect(database, isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=FULL")
        self.db.execute("PRAGMA cache_size=-65536")
        if new:
            self.db.executescript(TABLES)
        self.next = {
            table: self.db.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0]
            for table in ("manifest", "item", "dossier", "event", "vault")}
        self.salts = salts()
        self.counts = {"manifests": 0, "rejected": 0, "items": 0, "dossiers": 0, "events": 0, "vault": 0}

    def run(self, path):
        following, counts = dict(self.next), dict(self.counts)
        self.db.execute("BEGIN IMMEDIATE")
        try:
            with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
                self.manifest(HashingFile(file))
            self.db.execute("COMMIT")
        except (etree.XMLSyntaxError, sqlite3.IntegrityError, Refused, ValueError) as error:
            self.db.execute("ROLLBACK")
            self.next, self.counts = following, counts
            self.counts["rejected"] += 1
            print(f"{path}: {error}", file=sys.stderr)

    def manifest(self, file):
        encode = json.JSONEncoder(
            sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False).encode
        quote, sha256, next_salt = json.encoder.encode_basestring, hashlib.sha256, self.salts.__next__
        known = {NAMESPACE + name: name for name in (
            "acceptedAt", "weight", "condition", "sender", "recipient", "fee", "dossier", "field", "agency",
            "applicant", "received", "due", "result", "document")}
        get_name = known.get
        items, dossiers, events, vault = [], [], [], []
        item_id, dossier_id = self.next["item"], self.next["dossier"]
        event_id, vault_id = self.next["event"], self.next["vault"]
        first_item, first_dossier, first_event, first_vault = item_id, dossier_id, event_id, vault_id
        manifest_id = self.next["manifest"]
        header = None
        total_weight = 0

        def flush():
            for table, rows in (("item", items), ("dossier", dossiers), ("event", events), ("vault", vault)):
                self.db.executemany(INSERTS[table], rows)
                rows.clear()

        def commit_to(field, value):
            nonlocal vault_id
            salt = next_salt()
            # The same bytes as json.dumps, without an encoder object a call.
            text = f'["{b2a_base64(salt, newline=False).translate(URL_SAFE, b"=").decode()}","{field}",{quote(value)}]'
            disclosure = b2a_base64(text.encode(), newline=False).translate(URL_SAFE, b"=")
            vault.append((vault_id, item_id, field, value, salt))
            vault_id += 1
            return b2a_base64(sha256(disclosure).digest(), newline=False).translate(URL_SAFE, b"=").decode()

        for _, element in etree.iterparse(file, events=("end",), tag=NAMESPACE + "item", schema=self.schema,
                                          resolve_entities=False):
            if header is None:
                if element.getroottree().docinfo.doctype:
                    raise Refused("document type")
                header = element.getparent().getparent()
                number, leg = header.get("number"), header.get("leg")
                giver = header.find(NAMESPACE + "giver").get("office")
                receiver = header.find(NAMESPACE + "receiver").get("office")
                dispatched = milliseconds(header.get("dispatchedAt"))
                containers = {c.get("number") for c in header.iterfind(f"{NAMESPACE}containers/{NAMESPACE}container")}
                if giver == receiver:
                    raise Refused("giver and receiver are the same")
            item_number, container = element.get("number"), element.get("container")
            check_item_number(item_number)
            if container is not None and container not in containers:
                raise Refused(f"container {container} not declared")
            accepted, weight, condition, fee = dispatched, None, None, None
            commitments = []
            for child in element:
                name = get_name(child.tag)
                if name == "dossier":
                    fields = {}
                    documents = []
                    for part in child:
                        part_name = get_name(part.tag)
                        if part_name == "document":
                            get = part.get
                            documents.append((part.text, int(get("originals", 0)), int(get("certifiedCopies", 0)),
                                              int(get("photocopies", 0))))
                        else:
                            fields[part_name] = part.text
                    get = fields.get
                    received, due = get("received"), get("due")
                    if received is not None and due is not None and due < received:
                        raise Refused(f"due before received in item {item_number}")
                    code = child.get("code")
                    commitments.append(commit_to("dossier", code))
                    applicant = get("applicant")
                    if applicant is not None:
                        commitments.append(commit_to("applicant", applicant))
                    dossiers.append((dossier_id, code, manifest_id, item_id, child.get("procedure"), get("field"),
                                     get("agency"), received, due, get("result"), encode(documents)))
                    dossier_id += 1
                elif name == "acceptedAt":
                    accepted = milliseconds(child.text)
                    if accepted > dispatched:
                        raise Refused(f"item {item_number} accepted after dispatch")
                elif name == "weight":
                    weight = int(child.text)
                    total_weight += weight
                elif name == "condition":
                    condition = child.text
                elif name == "fee":
                    fee = int(child.text)
                else:
                    commitments.append(commit_to(name, f'[{",".join([quote(part.text) for part in child])}]'))
            digest = sha256(encode({
                "at": accepted, "commitments": commitments, "item": item_number, "kind": "accepted",
                "manifest": number, "office": giver, "sequence": 1}).encode())
            events.append((event_id, item_id, 1, "accepted", accepted, giver, None, manifest_id, "".join(commitments),
                           digest.digest()))
            last = sha256(encode({
                "at": dispatched, "item": item_number, "kind": "dispatched", "manifest": number, "office": giver,
                "previous": digest.hexdigest(), "sequence": 2, "to": receiver}).encode()).digest()
            events.append((event_id + 1, item_id, 2, "dispatched", dispatched, giver, receiver, manifest_id, None,
                           last))
            event_id += 2
            items.append((item_id, item_number, manifest_id, container, weight, condition, fee, giver, "offered", 2,
                          last))
            item_id += 1
            # Free what was read: this item's content now, the emptied item itself with the next one. The parser is a
            # piece ahead, so what follows must stay.
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            if len(items) >= BATCH:
                flush()

        flush()
        declared = header.find(NAMESPACE + "declared")
        found = (item_id - first_item, dossier_id - first_dossier, total_weight)
        for name, count in zip(("items", "dossiers", "weight"), found):
            if declared.get(name) not in (None, str(count)):
                raise Refused(f"{declared.get(name)} {name} declared, {count} found")
        self.db.execute("INSERT INTO manifest VALUES(?,?,?,?,?,?,?,?,?,?)",
                        (manifest_id, number, leg, giver, receiver, dispatched, *found, file.sha256.digest()))
        self.next = {"manifest": manifest_id + 1, "item": item_id, "dossier": dossier_id, "event": event_id,
                     "vault": vault_id}
        counts = self.counts
        counts["manifests"] += 1
        counts["items"] += found[0]
        counts["dossiers"] += found[1]
        counts["events"] += event_id - first_event
        counts["vault"] += vault_id - first_vault


def main():
    if len(sys.argv) < 4:
        print(__doc__, file=sys.stderr)
        return 64
    # No cycles are made: the collector would only walk the rows that wait for their batch.
    gc.disable()
    start = time.perf_counter()
    importer = Importer(sys.argv[1], sys.argv[2])
    for path in sys.argv[3:]:
        importer.run(path)
    seconds = time.perf_counter() - start
    importer.db.close()
    counts = importer.counts
    print(json.dumps({**counts, "seconds": round(seconds, 3)}))
    return 1 if counts["rejected"] else 0


sys.exit(main())
