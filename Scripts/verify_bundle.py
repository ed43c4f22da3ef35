#!/usr/bin/env python3
"""Checks a proof of custody without trusting whoever made it, or whoever runs the log.

  verify_bundle.py FILE.custody.json  (--key VKEYFILE | --policy POLICYFILE)   one proof bundle
  verify_bundle.py FILE.evidence.json (--key VKEYFILE | --policy POLICYFILE)   evidence of a forked log
  verify_bundle.py DIR [--item NUMBER] (--key VKEYFILE | --policy POLICYFILE)  a published log (C2SP tlog-tiles)

VKEYFILE holds the log's verifier key in one line, POLICYFILE a C2SP tlog-policy. Both come from somebody whom the reader
trusts, never with the file that is checked. --lang vi|en chooses the language of the output, Vietnamese by default.

Exit: 0 proven, 1 refuted, 2 undecided (something could not be checked), 64 wrong usage.

Needs Python 3.11 and, for signatures, `cryptography` (Debian: python3-cryptography). Part 1 is the whole of the log's
cryptography; part 2 says what a bundle proves; part 3 rebuilds a published log; part 4 only prints.
"""
import argparse
import base64
import collections
import contextlib
import datetime
import hashlib
import json
import os
import re
import sys
import unicodedata

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None


class Refuted(Exception):
    """Something is false: a stable word, and where."""

    def __init__(self, reason, where=""):
        super().__init__(reason)
        self.reason, self.where = reason, where


class Incomplete(Exception):
    """A file that is needed is not there."""


class WrongUsage(Exception):
    """The key, the policy or the command line cannot be used."""


def require(holds, reason, where=""):
    if not holds:
        raise Refuted(reason, where)


# ---------------------------------------------------------------- 1. The log: tree, notes, map

def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(leaf):
    return sha256(b"\x00" + leaf)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def verify_inclusion(leaf, index, size, proof, root):
    """RFC 9162 section 2.1.3.2; `leaf` is the leaf's hash."""
    if not 0 <= index < size:
        return False
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(old_size, old_root, new_size, new_root, proof):
    """RFC 9162 section 2.1.4.2; from an empty log no proof exists."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size & (old_size - 1) == 0:
        proof = [old_root, *proof]
    if not proof:
        return False
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def base64_bytes(text, url=False):
    """Strict base64: one spelling for each byte string."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4 if url else 0), b"-_" if url else b"+/", validate=True)
    except ValueError:
        raise Refuted("format", "base64") from None
    spelled = base64.urlsafe_b64encode(data).rstrip(b"=") if url else base64.b64encode(data)
    require(spelled == text.encode(), "format", "base64")
    return data


def hash_bytes(text, url=False):
    data = base64_bytes(text, url) if isinstance(text, str) else b""
    require(len(data) == 32, "format", "hash")
    return data


LOG_KEY, WITNESS_KEY = 1, 4
KEY_NAME = re.compile("[^+\x00-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
MAX_SIGNATURES = 64
Key = collections.namedtuple("Key", "name id type public")
Note = collections.namedtuple("Note", "text signatures")
Checkpoint = collections.namedtuple("Checkpoint", "note origin size root")


def parse_key(text):
    """A verifier key, `name+id+base64(type || public key)`."""
    try:
        name, key_id, body = text.split("+", 2)
        body = base64_bytes(body)
    except (ValueError, Refuted):
        raise WrongUsage("no verifier key: " + text[:80]) from None
    if not KEY_NAME.fullmatch(name) or len(body) != 33 or body[0] not in (LOG_KEY, WITNESS_KEY):
        raise WrongUsage("no Ed25519 verifier key: " + text[:80])
    if sha256(name.encode() + b"\n" + body)[:4].hex() != key_id:
        raise WrongUsage("the key's id does not belong to it: " + text[:80])
    return Key(name, bytes.fromhex(key_id), body[0], body[1:])


def parse_note(note):
    """C2SP signed-note: text, blank line, signature lines. The last blank line counts."""
    require(not re.search("[\x00-\x09\x0b-\x1f]", note), "format", "note")
    text, _, block = note.rpartition("\n\n")
    lines = block.split("\n")
    require(len(lines) >= 2 and lines.pop() == "" and len(lines) <= MAX_SIGNATURES, "format", "note")
    signatures = []
    for line in lines:
        parts = line.split(" ")
        require(len(parts) == 3 and parts[0] == "—" and KEY_NAME.fullmatch(parts[1]), "format", "signature line")
        body = base64_bytes(parts[2])
        require(len(body) > 4, "format", "signature line")
        signatures.append((parts[1], body[:4], body[4:]))
    return Note(text + "\n", signatures)


def parse_checkpoint(note):
    """C2SP tlog-checkpoint without extension lines: origin, size, root."""
    note = parse_note(note)
    lines = note.text.split("\n")
    require(len(lines) == 4 and lines[0] and not lines[3], "format", "checkpoint")
    require(re.fullmatch("0|[1-9][0-9]{0,19}", lines[1]) and int(lines[1]) < 2**64, "format", "checkpoint")
    size, root = int(lines[1]), hash_bytes(lines[2])
    require(size > 0 or root == sha256(b""), "format", "checkpoint")
    return Checkpoint(note, lines[0], size, root)


def is_signed(key, signature, text):
    """Ed25519; a witness signs the time it states together with the text (C2SP cosignature/v1)."""
    message = text.encode()
    if key.type == WITNESS_KEY:
        time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        message = f"cosignature/v1\ntime {time}\n".encode() + message
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def good_signatures(note, keys):
    """The signatures of known keys; one bad one refutes, unknown ones are passed over."""
    good = []
    for name, key_id, signature in note.signatures:
        for key in keys:
            if (key.name, key.id) == (name, key_id):
                require(is_signed(key, signature, note.text), "signature", name)
                good.append((key, signature))
    return good


def map_bit(key, bit):
    """Keys go on with one byte 0x00 and then 0xFF for ever."""
    byte = key[bit // 8] if bit // 8 < len(key) else 0 if bit // 8 == len(key) else 0xFF
    return byte >> (7 - bit % 8) & 1


def varint(number):
    data = bytearray()
    while number >= 0x80:
        data.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(data) + bytes([number])


def map_leaf(key, value):
    return sha256(b"\x00" + varint(len(key)) + key + varint(len(value)) + value)


def map_inner(bit, left, right):
    return sha256(b"\x01" + varint(bit) + left + right)


def map_root(key, value, path):
    """The root that a path from an entry leads to; None when its bits do not strictly decrease."""
    result, below = map_leaf(key, value), None
    for bit, sibling in path:
        if below is not None and bit >= below:
            return None
        result = map_inner(bit, sibling, result) if map_bit(key, bit) else map_inner(bit, result, sibling)
        below = bit
    return result


BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def canonical_json(data, leaf=False):
    """Reads JSON in its one accepted spelling (RFC 8785, integers only): encoded again it must give the same bytes.

    Leaves obey more: an object, plain keys, text in form C without control characters, at most 16 KiB."""
    def refuse(_):
        raise ValueError("no fractions")

    def checked(value, depth):
        require(depth <= 6 or not isinstance(value, (dict, list)), "format", "depth")
        if isinstance(value, dict):
            for key in value:
                require(not leaf or re.fullmatch("[a-z][a-z0-9_]{0,31}", key), "format", "key")
            ordered = sorted(value, key=lambda key: key.encode("utf-16-be"))
            return {key: checked(value[key], depth + 1) for key in ordered}
        if isinstance(value, list):
            return [checked(part, depth + 1) for part in value]
        if isinstance(value, str):
            require(not leaf or not re.search("[\x00-\x1f]", value), "format", "control character")
            require(not leaf or not BIDIRECTIONAL.search(value), "format", "bidirectional control")
            require(not leaf or unicodedata.is_normalized("NFC", value), "format", "normalization")
        else:
            require(type(value) is bool or type(value) is int and abs(value) < 2**53, "format", "number")
        return value

    require(not leaf or len(data) <= 16 * 1024, "format", "length of a leaf")
    try:
        value = checked(json.loads(data.decode(), parse_float=refuse, parse_constant=refuse), 1)
        again = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refuted("format", "JSON") from None
    require(again == data and (not leaf or isinstance(value, dict)), "format", "canonical JSON")
    return value


# ---------------------------------------------------------------- 2. What a bundle proves

MAX_FILE = 64 * 2**20
BUNDLE_FORMAT = "postal-dossier-custody-proof/v1"
EVIDENCE_FORMAT = "postal-dossier-fork-evidence/v1"
ITEM_KINDS = {
    "accepted": "chấp nhận", "dispatched": "giao chuyến", "received": "nhận", "outForDelivery": "giao bưu tá đi phát",
    "attemptFailed": "phát không thành công", "held": "lưu giữ", "delivered": "phát thành công",
    "returned": "phát hoàn", "missing": "thiếu", "surplus": "thừa", "damaged": "hư hỏng", "lost": "thất lạc",
    "found": "tìm thấy", "destroyed": "tiêu hủy", "relabelled": "đổi mã", "corrected": "đính chính",
    "feeCollected": "thu phí", "feeRemitted": "nộp phí",
}
OTHER_KINDS = {
    "manifestRecorded": "lập bảng kê", "manifestClosed": "chốt bảng kê", "officesRecorded": "ghi danh mục đơn vị",
    "mapRecorded": "ghi gốc bản đồ", "erasureOrdered": "quyết định xóa dữ liệu", "erasureCarriedOut": "đã xóa dữ liệu",
    "logSucceeded": "mở nhật ký kế tiếp", "keyRotated": "đổi khóa nhật ký", "reportPublished": "công bố báo cáo",
    "accessRecorded": "ghi việc sử dụng trạm",
}
KINDS = ITEM_KINDS | OTHER_KINDS
INTEGERS = ("at", "rt", "seq", "v", "z")
TEXTS = ("by", "grade", "id", "item", "kind", "manifest", "office", "reason", "to")
Leaf = collections.namedtuple("Leaf", "hash fields")
Entry = collections.namedtuple("Entry", "index leaf proof commitments disclosures")
Item = collections.namedtuple("Item", "number count path other")


class Trust:
    """What the reader brings along: the log's key, or a policy with witnesses and a quorum of them."""

    def __init__(self, logs, witnesses=None, groups=None, quorum=None):
        self.logs, self.witnesses = logs, witnesses or {}
        self.groups, self.quorum = groups or {}, quorum

    def keys_of(self, checkpoint):
        return [key for key in self.logs if key.name == checkpoint.origin]

    def require_known(self, checkpoint):
        signers = {(name, key_id) for name, key_id, _ in checkpoint.note.signatures}
        known = {(key.name, key.id) for key in self.keys_of(checkpoint)}
        require(signers & known, "unknown-log", checkpoint.origin)

    def cosignatures(self, checkpoint):
        """Checks the signatures of the log and of known witnesses: times by the witness's name in the policy."""
        good_signatures(checkpoint.note, self.keys_of(checkpoint))
        times, names = {}, {key: name for name, key in self.witnesses.items()}
        for key, signature in good_signatures(checkpoint.note, list(names)):
            time = int.from_bytes(signature[:8], "big")
            times[names[key]] = min(time, times.get(names[key], time))
        return times

    def is_met_by(self, witnesses):
        """Whether good cosignatures of these witnesses satisfy the quorum."""
        met = set(witnesses)
        for name, (threshold, group) in self.groups.items():
            if sum(member in met for member in group) >= threshold:
                met.add(name)
        return self.quorum is None or self.quorum in met

    def time(self, times):
        """The earliest time at which the quorum had cosigned; None without such a time."""
        for time in sorted(times.values()):
            if self.is_met_by([name for name in times if times[name] <= time]):
                return time
        return None


def parse_policy(text):
    """C2SP tlog-policy."""
    logs, witnesses, groups, quorums, members_used = [], {}, {}, [], set()
    if re.search("[\x00-\x08\x0b-\x1f\x7f]", text):
        raise WrongUsage("control character in the policy")
    for number, line in enumerate(text.split("\n"), 1):
        words = [word for word in re.split("[ \t]+", line) if word]
        match words:
            case []:
                pass
            case [first, *_] if first.startswith("#"):
                pass
            case ["log", key] | ["log", key, _]:
                logs.append(parse_key(key))
            case ["witness", name, key] | ["witness", name, key, _] if name not in (*witnesses, *groups, "none"):
                witnesses[name] = parse_key(key)
            case ["group", name, threshold, *members] if name not in (*witnesses, *groups, "none"):
                least = {"any": "1", "all": str(len(members))}.get(threshold, threshold)
                if (
                    not re.fullmatch("[1-9][0-9]{0,3}", least) or int(least) > len(members)
                    or len(set(members)) < len(members) or members_used & set(members)
                    or not set(members) <= {*witnesses, *groups}
                ):
                    raise WrongUsage(f"policy line {number}")
                members_used |= set(members)
                groups[name] = (int(least), members)
            case ["quorum", name] if name in (*witnesses, *groups, "none"):
                quorums.append(name)
            case _:
                raise WrongUsage(f"policy line {number}")
    keys = logs + list(witnesses.values())
    types = [LOG_KEY] * len(logs) + [WITNESS_KEY] * len(witnesses)
    if len(quorums) != 1 or [key.type for key in keys] != types or len({key[2:] for key in keys}) < len(keys):
        raise WrongUsage("the policy needs one quorum line and different keys of the right types")
    return Trust(logs, witnesses, groups, None if quorums[0] == "none" else quorums[0])


def parse_trust_key(text):
    """The file of one verifier key: one line."""
    key = parse_key(text.strip())
    if key.type != LOG_KEY:
        raise WrongUsage("not a log's key")
    return Trust([key])


def members(value, required, optional=()):
    """An object with exactly these keys; any other is refused."""
    require(isinstance(value, dict), "format", "object expected")
    require(set(required) <= set(value) <= {*required, *optional}, "format", "members: " + " ".join(value)[:200])
    return value


def whole(value, least=0):
    require(type(value) is int and value >= least, "format", "number expected")
    return value


def text_of(value):
    require(isinstance(value, str), "format", "text expected")
    return value


def list_of(value, read, least=0):
    require(isinstance(value, list) and len(value) >= least, "format", "list expected")
    return [read(part) for part in value]


def read_leaf(data):
    """A leaf: canonical JSON, and of version 1 the members that version 1 has."""
    fields = canonical_json(data, leaf=True)
    require(type(fields.get("v")) is int, "format", "version of a leaf")
    if fields["v"] == 1:
        members(fields, (*INTEGERS, "grade", "id", "kind", "office"), (*TEXTS, "c", "more", "prev"))
        for key, value in fields.items():
            if key in INTEGERS:
                require(type(value) is int, "format", key)
            elif key in TEXTS:
                text_of(value)
            elif key == "more":
                require(isinstance(value, dict), "format", key)
            else:
                hash_bytes(value, url=True)
    return Leaf(leaf_hash(data), fields)


def parse_entry(value, content=True):
    """An event of a bundle; its leaf is still text."""
    members(value, ("index", "leaf", "proof"), ("commitments", "disclosures") if content else ())
    require("disclosures" not in value or "commitments" in value, "format", "disclosures without commitments")
    commitments = None
    if "commitments" in value:
        commitments = list_of(value["commitments"], lambda text: hash_bytes(text, url=True), 1)
    disclosures = list_of(value["disclosures"], text_of, 1) if "disclosures" in value else []
    leaf = text_of(value["leaf"]).encode()
    return Entry(whole(value["index"]), leaf, list_of(value["proof"], hash_bytes), commitments, disclosures)


def parse_item(value):
    def step(pair):
        require(isinstance(pair, list) and len(pair) == 2 and whole(pair[0]) < 256, "format", "path")
        return pair[0], hash_bytes(pair[1])

    members(value, ("count", "item", "path"), ("other",))
    count, other = whole(value["count"]), None
    if "other" in value:
        require(count == 0, "format", "other")
        members(value["other"], ("key", "value"))
        other = hash_bytes(value["other"]["key"]), base64_bytes(text_of(value["other"]["value"]))
        require(len(other[1]) == 40, "format", "other")
    return Item(text_of(value["item"]), count, list_of(value["path"], step), other)


def parse_lines(data):
    """The layout of every file: one line of canonical JSON and its SHA-256 in hexadecimal."""
    require(len(data) <= MAX_FILE, "format", "length of the file")
    lines = data.split(b"\n")
    require(len(lines) == 3 and not lines[2] and re.fullmatch(b"[0-9a-f]{64}", lines[1]), "format", "two lines")
    require(sha256(lines[0]).hex().encode() == lines[1], "digest")
    return canonical_json(lines[0])


def decode_disclosure(text):
    """Name and value of a revealed field: `[salt, field, value]`."""
    try:
        value = canonical_json(base64_bytes(text, url=True))
        require(isinstance(value, list) and len(value) == 3 and isinstance(value[1], str), "format")
        hash_bytes(value[0], url=True)
    except Refuted:
        raise Refuted("disclosure", "form") from None
    return value[1], value[2]


class Report:
    """What was found. `unsure` holds the words of what could not be checked."""

    def __init__(self, trust):
        self.trust = trust
        self.verdict, self.reason, self.where = "proven", "-", ""
        self.unsure = []
        self.is_evidence = self.is_folder = False
        self.main, self.log, self.maps = None, None, 0
        self.cosigners, self.times = {}, []
        self.items, self.events, self.statements, self.revealed = [], [], [], {}

    def refute(self, refusal):
        self.verdict, self.reason, self.where = "refuted", refusal.reason, refusal.where

    def conclude(self, where=""):
        """Nothing was found false."""
        if self.unsure:
            order = ["no-key", "no-ed25519", "unknown-leaf", "incomplete"]
            self.verdict, self.reason, self.where = "undecided", min(self.unsure, key=order.index), where
        elif self.is_evidence:
            self.reason = "fork"


class Undecided(Exception):
    """What follows cannot be checked."""


def check_signatures(checkpoint, trust, report):
    """The log's signature and the cosignatures. Without key or Ed25519 undecided, which is neither yes nor no."""
    if trust is None:
        report.unsure.append("no-key")
        return {}
    trust.require_known(checkpoint)
    if Ed25519PublicKey is None:
        report.unsure.append("no-ed25519")
        return {}
    return trust.cosignatures(checkpoint)


def check_quorum(trust, times, report):
    if not {"no-key", "no-ed25519"} & set(report.unsure):
        require(trust.is_met_by(times), "quorum")


def verify_bundle(bundle, trust, report):
    members(bundle, ("checkpoint", "events", "format", "items", "log"), ("statements", "times"))
    log = parse_entry(bundle["log"], content=False)
    items = list_of(bundle["items"], parse_item, 1)
    numbers = [item.number.encode() for item in items]
    require(all(one < next_one for one, next_one in zip(numbers, numbers[1:])), "format", "order of items")
    events = list_of(bundle["events"], parse_entry)
    statements = list_of(bundle["statements"], parse_entry, 1) if "statements" in bundle else []
    for entries in (events, statements):
        for before, after in zip(entries, entries[1:]):
            require(before.index < after.index, "format", f"index {after.index}")
    earlier = []
    if "times" in bundle:
        earlier = list_of(bundle["times"], lambda value: members(value, ("checkpoint", "consistency")), 1)
        earlier = [(text_of(one["checkpoint"]), list_of(one["consistency"], hash_bytes)) for one in earlier]

    main = parse_checkpoint(text_of(bundle["checkpoint"]))
    times = check_signatures(main, trust, report)
    report.main, report.cosigners = main, times
    report.times = [*check_earlier(earlier, main, trust, report), (main, times)]
    for entry in (log, *events, *statements):
        holds = verify_inclusion(leaf_hash(entry.leaf), entry.index, main.size, entry.proof, main.root)
        require(holds, "inclusion", f"index {entry.index}")

    log, *events = (read_needed_entry(entry) for entry in (log, *events))
    statements = [entry._replace(leaf=read_leaf(entry.leaf)) for entry in statements]
    root = recorded_map(log.leaf)
    for entry in (*events, *statements):
        report.revealed[entry.index] = check_content(entry)
    check_membership(log, items, events, statements)
    histories = {item.number: [] for item in items}
    for entry in events:
        histories[entry.leaf.fields["item"]].append(entry)
    for item in items:
        check_history(item, histories[item.number], root)
    roots = {checkpoint.size: checkpoint.root for checkpoint, _ in report.times}
    for entry in events:
        check_seen(entry.leaf, entry.index, roots.get)
    check_quorum(trust, times, report)
    report.log, report.items, report.events, report.statements = log, items, events, statements


def check_earlier(earlier, main, trust, report):
    """Earlier checkpoints are signed like the main one, and of one history with it."""
    checkpoints, smaller = [], 0
    for note, proof in earlier:
        checkpoint = parse_checkpoint(note)
        require(smaller < checkpoint.size < main.size, "format", f"size {checkpoint.size}")
        require(checkpoint.origin == main.origin, "unknown-log", checkpoint.origin)
        checkpoints.append((checkpoint, check_signatures(checkpoint, trust, report)))
        holds = verify_consistency(checkpoint.size, checkpoint.root, main.size, main.root, proof)
        require(holds, "consistency", f"size {checkpoint.size}")
        smaller = checkpoint.size
    return checkpoints


def is_understood(leaf):
    return leaf.fields["v"] == 1


def read_needed_entry(entry):
    """An entry whose meaning decides: of a version and kind that is known here."""
    leaf = read_leaf(entry.leaf)
    if not is_understood(leaf) or leaf.fields["kind"] not in KINDS:
        raise Undecided(f"index {entry.index}")
    return entry._replace(leaf=leaf)


def recorded_map(leaf):
    """The root of the map that an event of kind mapRecorded states."""
    more = leaf.fields.get("more", {})
    require(leaf.fields["kind"] == "mapRecorded" and type(more.get("entries")) is int, "map", "log")
    try:
        return hash_bytes(more.get("map"), url=True)
    except Refuted:
        raise Refuted("map", "log") from None


def check_content(entry):
    """The revealed fields of an event; each is one that the event committed to."""
    where, fields, revealed = f"index {entry.index}", entry.leaf.fields, []
    if entry.commitments is None or not is_understood(entry.leaf):
        return revealed
    require("c" in fields, "commitment", where)
    require(sha256(b"".join(entry.commitments)) == hash_bytes(fields["c"], url=True), "commitment", where)
    untaken = collections.Counter(entry.commitments)
    for text in entry.disclosures:
        commitment = sha256(text.encode())
        require(untaken[commitment] > 0, "disclosure", where)
        untaken[commitment] -= 1
        revealed.append(decode_disclosure(text))
    return revealed


def check_membership(log, items, events, statements):
    """Events are of the items listed, statements of none, and the map had seen every event."""
    numbers = {item.number for item in items}
    for entry in events:
        require(entry.leaf.fields.get("item") in numbers, "count", f"index {entry.index}")
    for entry in statements:
        require(not is_understood(entry.leaf) or "item" not in entry.leaf.fields, "count", f"index {entry.index}")
    for entry in events:
        require(entry.index < log.index, "sequence", f"index {entry.index}")


def check_history(item, events, root):
    """seq and prev chain the events of an item; the map fixes how many they are and which is the last."""
    previous = None
    require(len(events) == item.count, "count", item.number)
    for number, entry in enumerate(events):
        require(entry.leaf.fields["seq"] == number, "sequence", f"index {entry.index}")
    for entry in events:
        require(previous_of(entry.leaf) == previous, "previous", f"index {entry.index}")
        previous = entry.leaf.hash
    key = sha256(item.number.encode())
    if item.count > 0:
        reached = map_root(key, item.count.to_bytes(8, "big") + previous, item.path)
    elif item.other is None:
        reached = sha256(b"") if not item.path else None
    else:
        # Absence: the search for the number ends at another entry, which agrees with it on every bit looked at.
        is_reached = all(map_bit(key, bit) == map_bit(item.other[0], bit) for bit, _ in item.path)
        reached = map_root(*item.other, item.path) if is_reached and item.other[0] != key else None
    require(reached == root, "map", item.number)


def previous_of(leaf):
    return hash_bytes(leaf.fields["prev"], url=True) if "prev" in leaf.fields else None


def check_seen(leaf, index, root_at):
    """The checkpoint that the event names as seen: of this log, and not later than the event."""
    if "seen" not in leaf.fields.get("more", {}):
        return
    seen, where = members(leaf.fields["more"]["seen"], ("root", "size")), f"index {index}"
    root = hash_bytes(seen["root"], url=True)
    require(whole(seen["size"]) <= index and root_at(seen["size"]) in (None, root), "consistency", where)


def verify_evidence(evidence, trust, report):
    """Two checkpoints that one log's key signed and that cannot both be true."""
    report.is_evidence = True
    members(evidence, ("first", "format", "second"), ("proof", "root"))
    first, second = (parse_checkpoint(text_of(evidence[key])) for key in ("first", "second"))
    require(0 < first.size <= second.size, "format", "sizes")
    differ = {"proof", "root"} if first.size < second.size else set()
    require({"proof", "root"} & set(evidence) == differ, "format", "proof")
    proof = list_of(evidence["proof"], hash_bytes) if differ else []
    root = hash_bytes(evidence["root"]) if differ else second.root
    report.times = [(checkpoint, check_signatures(checkpoint, trust, report)) for checkpoint in (first, second)]
    require(first.origin == second.origin, "unknown-log", second.origin)
    # What the second checkpoint says of the first one's size is not what the first one says.
    require(root != first.root, "consistency")
    require(verify_consistency(first.size, root, second.size, second.root, proof), "consistency")


def verify_file(data, trust):
    """The verdict on one file; never raises, whatever the bytes are."""
    report = Report(trust)
    try:
        value = parse_lines(data)
        require(isinstance(value, dict), "format", "object expected")
        if value.get("format") == EVIDENCE_FORMAT:
            verify_evidence(value, trust, report)
        else:
            require(value.get("format") == BUNDLE_FORMAT, "format", "name of the format")
            verify_bundle(value, trust, report)
        report.conclude()
    except Undecided as stop:
        report.unsure.append("unknown-leaf")
        report.conclude(str(stop))
    except Refuted as refusal:
        report.refute(refusal)
    return report


# ---------------------------------------------------------------- 3. A published log, rebuilt from its entries

TILE = 256


class PatriciaMap:
    """The map of items as a trie: inner nodes [bit, zero, one, hash or None], leaves [key, hash]."""

    def __init__(self):
        self.top, self.count = None, 0

    def set(self, key, value):
        new, parent, node = [key, map_leaf(key, value)], None, self.top
        while node and len(node) == 4:
            node = node[1 + map_bit(key, node[0])]
        bit = self._first_difference(key, node[0]) if node else None
        node = self.top
        while node and len(node) == 4 and (bit is None or node[0] < bit):
            node[3], parent, node = None, node, node[1 + map_bit(key, node[0])]
        if node is None or bit is not None:
            self.count += 1
        if bit is not None:
            new = [bit, node, new, None] if map_bit(key, bit) else [bit, new, node, None]
        if parent is None:
            self.top = new
        else:
            parent[1 + map_bit(key, parent[0])] = new

    @staticmethod
    def _first_difference(one, other):
        """The first bit in which two keys differ; None for equal keys."""
        length = max(len(one), len(other)) + 1
        padded = [int.from_bytes((key + b"\x00").ljust(length, b"\xff"), "big") for key in (one, other)]
        return None if one == other else length * 8 - (padded[0] ^ padded[1]).bit_length()

    def root(self):
        def of(node):
            if len(node) == 4 and node[3] is None:
                node[3] = map_inner(node[0], of(node[1]), of(node[2]))
            return node[-1]

        return of(self.top) if self.top else sha256(b"")


class Tree:
    """Hashes of all complete subtrees, by level."""

    def __init__(self):
        self.levels = [[]]

    def append(self, hash_of_leaf):
        level = 0
        self.levels[0].append(hash_of_leaf)
        while len(self.levels[level]) % 2 == 0:
            if level + 1 == len(self.levels):
                self.levels.append([])
            self.levels[level + 1].append(node_hash(*self.levels[level][-2:]))
            level += 1

    def root(self, size):
        """Root of the first `size` leaves."""
        result, end = None, size
        while end:
            level = (end & -end).bit_length() - 1
            end -= 1 << level
            subtree = self.levels[level][end >> level]
            result = subtree if result is None else node_hash(subtree, result)
        return result or sha256(b"")


def tile_path(folder, kind, number, width):
    """Path of a tile (C2SP tlog-tiles): groups of three digits, a partial one with its width."""
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    path = os.path.join(folder, "tile", kind, *groups)
    return path if width == TILE else os.path.join(path + ".p", str(width))


def read_tile(folder, kind, number, width):
    """A tile, and whether it may hold more than `width` entries: a full one stands for its partial ones."""
    with contextlib.suppress(Incomplete):
        return read_file(tile_path(folder, kind, number, TILE)), width < TILE
    return read_file(tile_path(folder, kind, number, width)), False


def read_file(path):
    try:
        with open(path, "rb") as file:
            return file.read(MAX_FILE + 1)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise Incomplete(path) from None


def read_entries(folder, size):
    """The leaves of the log in order, from its entry bundles."""
    for number in range((size + TILE - 1) // TILE):
        width = min(TILE, size - number * TILE)
        data, has_more = read_tile(folder, "entries", number, width)
        position = 0
        for offset in range(width):
            where = f"index {number * TILE + offset}"
            end = position + 2 + int.from_bytes(data[position:position + 2], "big")
            require(position + 2 <= len(data) and end <= len(data), "format", where)
            yield data[position + 2:end]
            position = end
        require(has_more or position == len(data), "format", f"entries {number}")


def check_tiles(folder, tree, size):
    """Every tile that the size needs, against the hashes of the entries."""
    for tile_level in range(len(tree.levels) // 8 + 1):
        hashes = tree.levels[tile_level * 8] if tile_level * 8 < len(tree.levels) else []
        hashes = hashes[:size >> tile_level * 8]
        for number in range((len(hashes) + TILE - 1) // TILE):
            expected = hashes[number * TILE:(number + 1) * TILE]
            data, has_more = read_tile(folder, str(tile_level), number, len(expected))
            wanted = b"".join(expected)
            same = data[:len(wanted)] == wanted and (has_more or len(data) == len(wanted))
            require(same, "tile", f"level {tile_level}, tile {number}")


def differing_entry(folder, tree, size):
    """Where entries and tiles first differ: the place to look at when the root is wrong."""
    with contextlib.suppress(Incomplete):
        for index in range(size):
            data, _ = read_tile(folder, "0", index // TILE, min(TILE, size - index // TILE * TILE))
            if data[index % TILE * 32:][:32] != tree.levels[0][index]:
                return f"index {index}"
    return "no entry differs from its tile"


def verify_folder(folder, trust, item):
    """Rebuilds a published log from its entries alone: tree, histories of items, every recorded map root."""
    report = Report(trust)
    report.is_folder, report.items = True, [item] if item is not None else []
    try:
        try:
            main = parse_checkpoint(read_file(os.path.join(folder, "checkpoint")).decode())
        except ValueError:
            raise Refuted("format", "checkpoint") from None
        times = check_signatures(main, trust, report)
        report.main, report.cosigners, report.times = main, times, [(main, times)]
        tree, texts = Tree(), []
        for text in read_entries(folder, main.size):
            tree.append(leaf_hash(text))
            texts.append(text)
        if tree.root(main.size) != main.root:
            raise Refuted("root", differing_entry(folder, tree, main.size))
        check_tiles(folder, tree, main.size)
        check_histories(texts, tree, report, item)
        check_quorum(trust, times, report)
        report.conclude()
    except Incomplete as absent:
        report.unsure.append("incomplete")
        report.conclude(str(absent))
    except Undecided as stop:
        report.unsure.append("unknown-leaf")
        report.conclude(str(stop))
    except Refuted as refusal:
        report.refute(refusal)
    return report


def check_histories(texts, tree, report, item):
    """Every event in order: the chain of its item, the map at each of its recorded roots."""
    heads, entries = {}, PatriciaMap()
    for index, text in enumerate(texts):
        where = f"index {index}"
        leaf = read_needed_entry(Entry(index, text, [], None, [])).leaf
        # The head in logSucceeded is that of the log before this one, which may have been longer.
        if leaf.fields["kind"] != "logSucceeded":
            check_seen(leaf, index, tree.root)
        if "item" in leaf.fields:
            number = leaf.fields["item"]
            count, head = heads.get(number, (0, None))
            require(leaf.fields["seq"] == count, "sequence", where)
            require(previous_of(leaf) == head, "previous", where)
            heads[number] = count + 1, leaf.hash
            entries.set(sha256(number.encode()), (count + 1).to_bytes(8, "big") + leaf.hash)
            if number == item:
                report.events.append(Entry(index, leaf, [], None, []))
        elif leaf.fields["kind"] == "mapRecorded":
            report.maps += 1
            require(recorded_map(leaf) == entries.root(), "map", where)
            require(leaf.fields["more"]["entries"] == entries.count, "map", where)


# ---------------------------------------------------------------- 4. What is printed

VERDICTS = {
    "proven": ("ĐẠT", "PROVEN", 0),
    "refuted": ("PHÁT HIỆN SAI LỆCH", "REFUTED", 1),
    "undecided": ("CHƯA ĐỦ CHỨNG CỨ", "UNDECIDED", 2),
}
REASONS = {
    "format": ("Tệp không đúng khuôn dạng.", "The file does not have the form of a proof."),
    "digest": (
        "Tệp đã bị sửa hoặc hỏng sau khi lập: mã băm ở dòng 2 không khớp.",
        "The file was altered or damaged after it was made: the digest in line 2 does not match."),
    "signature": (
        "Chữ ký mang tên một khóa đã biết nhưng không đúng.",
        "A signature in the name of a known key is not that key's."),
    "unknown-log": (
        "Không phải nhật ký của khóa được cung cấp.", "This is not the log whose key was given."),
    "inclusion": (
        "Có sự kiện không nằm trong nhật ký đã ký.", "An event shown is not in the signed log."),
    "map": (
        "Bản đồ đã ký không xác nhận số sự kiện và sự kiện cuối của bưu gửi.",
        "The signed map does not confirm the item's number of events and its last event."),
    "sequence": ("Thứ tự sự kiện bị đứt hoặc bị đảo.", "The order of events is broken."),
    "previous": (
        "Có sự kiện không nối với sự kiện liền trước của bưu gửi.",
        "An event does not follow from the item's event before it."),
    "count": (
        "Các sự kiện được nêu không phải đúng và đủ mọi sự kiện của các bưu gửi.",
        "The events shown are not exactly all events of the items."),
    "commitment": (
        "Các cam kết không phải của sự kiện đó.", "The commitments are not those of the event."),
    "disclosure": (
        "Trường được tiết lộ không phải trường mà sự kiện đã cam kết.",
        "A field revealed is not one that the event committed to."),
    "consistency": (
        "Có điểm chốt không thuộc cùng một lịch sử.", "Some checkpoint is not of one history with the others."),
    "quorum": (
        "Mọi điều khác đều đúng, nhưng chưa đủ chữ ký nhân chứng mà chính sách đòi hỏi.",
        "All else holds, but fewer witnesses have cosigned than the policy asks for."),
    "tile": ("Có tệp băm (tile) không khớp với các sự kiện.", "A tile is not what its entries hash to."),
    "root": (
        "Các sự kiện không cho ra gốc băm đã ký.", "The entries do not hash to the signed root."),
    "no-key": (
        "Không có khóa hay chính sách: chưa kiểm được chữ ký. Mọi điều khác đều khớp.",
        "No key or policy was given: signatures were not checked. All else holds."),
    "no-ed25519": (
        "Máy này chưa kiểm được chữ ký Ed25519: hãy cài gói python3-cryptography (apt-get install "
        "python3-cryptography). Mọi điều khác đều khớp.",
        "This computer cannot check Ed25519 signatures: install the package python3-cryptography (apt-get install "
        "python3-cryptography). All else holds."),
    "unknown-leaf": (
        "Có sự kiện thuộc phiên bản hoặc loại mà chương trình kiểm này chưa biết.",
        "An event has a version or kind that this verifier does not know."),
    "incomplete": ("Thiếu tệp cần cho việc kiểm.", "A file that is needed is not there."),
    "fork": (
        "Chứng cứ đúng: khóa của nhật ký đã ký hai lịch sử trái ngược nhau. Nhật ký này không đáng tin.",
        "The evidence holds: the log's key has signed two histories that contradict each other. "
        "The log is not to be trusted."),
}
NO_CONTRADICTION = (
    "Chứng cứ không đúng: hai điểm chốt không trái ngược nhau như nó nói.",
    "The evidence does not hold: it shows no contradiction between the two checkpoints.")


def plain(text):
    """Text of the file on one line, without characters that act on a terminal or hide."""
    return "".join(c if unicodedata.category(c)[0] != "C" and c not in "\u2028\u2029" else "\ufffd" for c in str(text))


def moment(seconds, zone=0):
    """Seconds since 1970 UTC as date and time at an offset in minutes; out of range, the number."""
    try:
        time = datetime.datetime.fromtimestamp(seconds, datetime.timezone(datetime.timedelta(minutes=zone)))
        return time.isoformat(" ", "minutes") if zone else time.strftime("%Y-%m-%d %H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return str(seconds)


def bounds(report, entry, say):
    """Between which checkpoints an event was recorded."""
    timed = [(checkpoint.size, report.trust and report.trust.time(times)) for checkpoint, times in report.times]
    later = [pair for pair in timed if pair[0] > entry.index]
    size, time = min([pair for pair in later if pair[1] is not None] or later)
    after = f"{say('điểm chốt', 'checkpoint')} {size}" + (f" ({moment(time)})" if time is not None else "")
    seen = entry.leaf.fields.get("more", {}).get("seen") if is_understood(entry.leaf) else None
    if not seen:
        return "-", after
    time = dict(timed).get(seen["size"])
    return f"{say('điểm chốt', 'checkpoint')} {seen['size']}" + (f" ({moment(time)})" if time is not None else ""), after


def event_rows(report, entries, say):
    rows = []
    for entry in entries:
        fields = entry.leaf.fields
        if not is_understood(entry.leaf):
            rows.append([entry.index, "?", "", say("không hiểu được", "not understood"), "", "", *bounds(report, entry, say)])
            continue
        kind = fields["kind"]
        label = say(KINDS.get(kind, kind), kind) + ("" if kind in KINDS else say(" (không hiểu)", " (not understood)"))
        if kind == "erasureCarriedOut":
            more = fields.get("more", {})
            what = [str(field) for field in more.get("fields", [])] if isinstance(more.get("fields", []), list) else []
            label += ": " + ", ".join(what + [say("căn cứ ", "basis ") + str(more.get("basis", "?"))])
        place = fields.get("office", "") + (" > " + fields["to"] if "to" in fields else "")
        subject = fields.get("item", fields.get("manifest", ""))
        rows.append([
            entry.index, subject, fields["seq"], label, moment(fields["at"] / 1000, fields["z"]), place,
            *bounds(report, entry, say)])
    return rows


def table(rows):
    def width(text):
        return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)

    rows = [[plain(cell) for cell in row] for row in rows]
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row)).rstrip() for row in rows]


def proven_sentences(report, say):
    main = report.main
    head = say("Điểm chốt", "Checkpoint") + f" {main.size}, {plain(main.origin)}, {base64.b64encode(main.root).decode()}"
    lines = [head + say(": đúng chữ ký của nhật ký.", ": signed with the log's key.")]
    if report.is_folder:
        lines += [
            say(f"Đã băm lại cả {main.size} sự kiện; gốc, mọi tệp băm và {report.maps} gốc bản đồ đều khớp.",
                f"All {main.size} entries were hashed again; root, all tiles and {report.maps} map roots agree."),
            say("Chuỗi sự kiện của mọi bưu gửi liền mạch.", "The events of every item form an unbroken chain.")]
        if report.items:
            number = plain(report.items[0])
            lines.append(say(f"{number}: đủ {len(report.events)} sự kiện dưới đây, không có sự kiện nào khác.",
                             f"{number}: the {len(report.events)} events below are all of them."))
    else:
        for item in report.items:
            number = plain(item.number)
            if item.count:
                lines.append(say(f"{number}: đủ {item.count} sự kiện dưới đây, không thiếu, không thêm, không sửa.",
                                 f"{number}: the {item.count} events below are all of them, unaltered."))
            else:
                lines.append(say(f"{number}: không có sự kiện nào.", f"{number}: there is no event."))
        index, recorded = report.log.index, moment(report.log.leaf.fields["rt"] / 1000)
        lines.append(say(f"Đủ tính đến vị trí {index} (ghi lúc {recorded}) của nhật ký dài {main.size}.",
                         f"Complete as of index {index} (recorded at {recorded}) in a log of {main.size} entries."))
    for name, time in report.cosigners.items():
        lines.append(say(f"Nhân chứng {plain(name)} đã ký lúc {moment(time)}.", f"Witness {plain(name)} cosigned at {moment(time)}."))
    return lines


def unproven_sentences(report, say):
    lines = []
    if report.trust and report.trust.quorum is None:
        lines.append(say("Không hỏi nhân chứng nào: chỉ chắc rằng khớp với điều người giữ nhật ký đã ký.",
                         "No witness was asked: consistent with what the log's keeper signed."))
    lines.append(say("Việc quét có đúng sự thật không, và điều gì xảy ra mà không ai quét.",
                     "That a scan was true, and that everything that happened was scanned."))
    end = report.main.size if report.is_folder else report.log.index
    lines.append(say(f"Mọi sự kiện từ vị trí {end} trở đi.", f"Any event from index {end} on."))
    return lines


def render(report, language):
    def say(vi, en):
        return vi if language == "vi" else en

    column = 0 if language == "vi" else 1
    reason = "" if report.reason == "-" else ": " + report.reason
    verdict = VERDICTS[report.verdict] if report.reason != "fork" else ("CHỨNG CỨ ĐÚNG", "PROVEN")
    lines = [verdict[column] + reason]
    if report.reason != "-":
        sentence = REASONS[report.reason]
        if report.is_evidence and report.reason == "consistency":
            sentence = NO_CONTRADICTION
        lines.append(sentence[column])
        if report.where:
            where = re.sub("^index ", "vị trí ", re.sub("^size ", "điểm chốt ", report.where))
            lines.append(say("Chỗ phát hiện: ", "Where: ") + plain(say(where, report.where)))
    if report.is_evidence and report.verdict == "proven":
        for checkpoint, _ in report.times:
            lines.append(f"  {checkpoint.size}  {base64.b64encode(checkpoint.root).decode()}")
    elif report.verdict == "proven":
        lines += ["", say("Đã chứng minh:", "Proven:")] + ["  " + line for line in proven_sentences(report, say)]
        lines += ["", say("Không chứng minh:", "Not proven:")] + ["  " + line for line in unproven_sentences(report, say)]
    if report.verdict != "refuted" and (report.events or report.statements):
        header = say(["vị trí", "bưu gửi", "thứ tự", "sự kiện", "khai lúc", "đơn vị", "không trước", "không sau"],
                     ["index", "item", "seq", "event", "stated time", "office", "not before", "not after"])
        lines += [""] + table([header] + event_rows(report, report.events + report.statements, say))
        revealed = [
            f"  {index}  {plain(field)}: {plain(json.dumps(value, ensure_ascii=False, sort_keys=True))}"
            for index, fields in report.revealed.items() for field, value in fields]
        if revealed:
            lines += ["", say("Các trường được tiết lộ:", "Revealed fields:")] + revealed
    return "\n".join(lines) + "\n"


def read_given(path, parse):
    try:
        with open(path, "rb") as file:
            return parse(file.read(2**20).decode())
    except (OSError, ValueError) as error:
        raise WrongUsage(f"{path}: {error}") from None


def main(arguments):
    parser = argparse.ArgumentParser(
        usage="verify_bundle.py FILE|DIR (--key VKEYFILE | --policy POLICYFILE) [--item NUMBER] [--lang vi|en]",
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.error = lambda message: (_ for _ in ()).throw(WrongUsage(message))
    parser.add_argument("path")
    given = parser.add_mutually_exclusive_group()
    given.add_argument("--key")
    given.add_argument("--policy")
    parser.add_argument("--item")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        options = parser.parse_args(arguments)
        trust = None
        if options.key is not None:
            trust = read_given(options.key, parse_trust_key)
        elif options.policy is not None:
            trust = read_given(options.policy, parse_policy)
        if os.path.isdir(options.path):
            report = verify_folder(options.path, trust, options.item)
        elif options.item is not None:
            raise WrongUsage("--item goes with a folder")
        else:
            report = verify_file(read_given_file(options.path), trust)
    except (WrongUsage, OSError) as error:
        print(f"verify_bundle.py: {error}", file=sys.stderr)
        print(parser.format_usage().strip(), file=sys.stderr)
        return 64
    sys.stdout.write(render(report, options.lang))
    return VERDICTS[report.verdict][2]


def read_given_file(path):
    with open(path, "rb") as file:
        return file.read(MAX_FILE + 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
