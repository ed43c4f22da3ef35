"""Small logs and proof bundles, made independently of the verifiers: an own tree, map and note signing.

Trees and maps are built by the recursive definitions of RFC 9162 and of the Merkle Patricia map, not by the iterative
checks that the verifiers make. Keys come from fixed seeds: everything here is a test's.
"""
import base64
import hashlib
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "postal-dossier/H48.25/test"
BASE = 1_768_000_000_000


def digest(data):
    return hashlib.sha256(data).digest()


def b64(data):
    return base64.b64encode(data).decode()


def b64u(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


# ---------------------------------------------------------------- keys and notes

class Signer:
    def __init__(self, name, seed, kind=1):
        self.name, self.kind = name, kind
        self.key = Ed25519PrivateKey.from_private_bytes(digest(b"test key " + seed.encode()))
        self.public = self.key.public_key().public_bytes_raw() if hasattr(
            self.key.public_key(), "public_bytes_raw") else _raw(self.key.public_key())
        self.body = bytes([kind]) + self.public
        self.id = digest(name.encode() + b"\n" + self.body)[:4]

    @property
    def vkey(self):
        return f"{self.name}+{self.id.hex()}+{b64(self.body)}"

    def signature(self, text, time=None):
        if self.kind == 4:
            message = f"cosignature/v1\ntime {time}\n{text}".encode()
            return time.to_bytes(8, "big") + self.key.sign(message)
        return self.key.sign(text.encode())

    def line(self, text, time=None):
        return signature_line(self.name, self.id, self.signature(text, time))


def _raw(public):
    from cryptography.hazmat.primitives import serialization
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def signature_line(name, key_id, signature):
    return f"— {name} {b64(key_id + signature)}\n"


LOG = Signer(ORIGIN, "log")
LOG_AGAIN = Signer(ORIGIN, "another key of the same name")
FOREIGN = Signer("postal-dossier/H48.99/test", "foreign")
WITNESSES = [Signer(f"witness{number}.example", f"witness {number}", kind=4) for number in range(3)]
STRANGER = Signer("stranger.example", "stranger", kind=4)


def policy(quorum="two", groups=("group two 2 w0 w1 w2",), logs=(LOG,), witnesses=WITNESSES):
    lines = ["# test policy", ""] + [f"log {log.vkey}" for log in logs]
    lines += [f"witness w{number} {witness.vkey}" for number, witness in enumerate(witnesses)]
    return "\n".join([*lines, *groups, f"quorum {quorum}"]) + "\n"


# ---------------------------------------------------------------- tree (RFC 9162 section 2.1, recursive)

def tree_leaf(data):
    return digest(b"\x00" + data)


def tree_node(left, right):
    return digest(b"\x01" + left + right)


def split(count):
    return 1 << (count - 1).bit_length() - 1


def tree_root(hashes):
    if not hashes:
        return digest(b"")
    if len(hashes) == 1:
        return hashes[0]
    middle = split(len(hashes))
    return tree_node(tree_root(hashes[:middle]), tree_root(hashes[middle:]))


def inclusion(index, hashes):
    if len(hashes) == 1:
        return []
    middle = split(len(hashes))
    if index < middle:
        return inclusion(index, hashes[:middle]) + [tree_root(hashes[middle:])]
    return inclusion(index - middle, hashes[middle:]) + [tree_root(hashes[:middle])]


def consistency(old, hashes, is_whole=True):
    if old == len(hashes):
        return [] if is_whole else [tree_root(hashes)]
    middle = split(len(hashes))
    if old <= middle:
        return consistency(old, hashes[:middle], is_whole) + [tree_root(hashes[middle:])]
    return consistency(old - middle, hashes[middle:], False) + [tree_root(hashes[:middle])]


# ---------------------------------------------------------------- map (recursive, over sorted entries of equal length)

def leb128(number):
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + leb128(number >> 7)


def bit_of(key, bit):
    return key[bit // 8] >> (7 - bit % 8) & 1


def map_leaf(key, value):
    return digest(b"\x00" + leb128(len(key)) + key + leb128(len(value)) + value)


def map_node(bit, left, right):
    return digest(b"\x01" + leb128(bit) + left + right)


class Map:
    """Entries by key; the trie is computed anew for each question."""

    def __init__(self, entries):
        self.entries = dict(entries)

    def _divide(self, keys):
        bit = next(bit for bit in range(256) if len({bit_of(key, bit) for key in keys}) == 2)
        return bit, [key for key in keys if not bit_of(key, bit)], [key for key in keys if bit_of(key, bit)]

    def root(self, keys=None):
        keys = sorted(self.entries) if keys is None else keys
        if not keys:
            return digest(b"")
        if len(keys) == 1:
            return map_leaf(keys[0], self.entries[keys[0]])
        bit, zero, one = self._divide(keys)
        return map_node(bit, self.root(zero), self.root(one))

    def search(self, key):
        """The entry that a search reaches, and its path from leaf to root."""
        keys, path = sorted(self.entries), []
        while len(keys) > 1:
            bit, zero, one = self._divide(keys)
            own, other = (one, zero) if bit_of(key, bit) else (zero, one)
            path.insert(0, [bit, b64(self.root(other))])
            keys = own
        return keys[0], path


# ---------------------------------------------------------------- logs

class Log:
    """A log of leaves (bytes). Whatever an operator could put into one can be put into this one."""

    def __init__(self, signer=LOG):
        self.signer, self.leaves, self.heads, self.revealed = signer, [], {}, {}

    @property
    def size(self):
        return len(self.leaves)

    def append(self, fields):
        """Any leaf: a dict, encoded canonically, or text or bytes as they are."""
        text = canonical(fields) if isinstance(fields, dict) else fields
        self.leaves.append(text.encode() if isinstance(text, str) else text)
        return self.size - 1

    def fields(self, kind, **others):
        number = self.size
        return {
            "at": BASE + number * 60_000, "grade": "observed", "id": f"e{number}", "kind": kind, "office": "H48.25",
            "rt": BASE + number * 60_000 + 5_000, "seq": 0, "v": 1, "z": 420, **others}

    def event(self, item, kind="received", reveal=(), edit=None, head=None, **others):
        """The next event of an item. `reveal` names fields and values to commit to, `edit` alters the leaf."""
        count, previous = self.heads.get(item, (0, None))
        fields = self.fields(kind, item=item, seq=count, **others)
        if previous is not None:
            fields["prev"] = b64u(previous)
        disclosures = [disclosure(f"{item} {count} {name}", name, value) for name, value in reveal]
        if disclosures:
            fields["c"] = b64u(digest(b"".join(digest(text.encode()) for text in disclosures)))
            self.revealed[self.size] = disclosures
        fields = {**fields, **(edit or {})}
        index = self.append({key: value for key, value in fields.items() if value is not None})
        self.heads[item] = count + 1, head or tree_leaf(self.leaves[index])
        return index

    def other(self, kind, reveal=(), **others):
        """An event without item."""
        fields = self.fields(kind, **others)
        disclosures = [disclosure(f"{self.size} {name}", name, value) for name, value in reveal]
        if disclosures:
            fields["c"] = b64u(digest(b"".join(digest(text.encode()) for text in disclosures)))
            self.revealed[self.size] = disclosures
        return self.append(fields)

    def map(self):
        return Map({digest(item.encode()): count.to_bytes(8, "big") + head for item, (count, head) in self.heads.items()})

    def record_map(self, trie=None, **edit):
        trie = trie or self.map()
        fields = self.fields("mapRecorded", more={"entries": len(trie.entries), "map": b64u(trie.root())})
        self.last_map = trie
        return self.append({**fields, **edit})

    def hashes(self, size=None):
        return [tree_leaf(leaf) for leaf in self.leaves[:size]]

    def text(self, size=None):
        size = self.size if size is None else size
        return f"{self.signer.name}\n{size}\n{b64(tree_root(self.hashes(size)))}\n"

    def checkpoint(self, size=None, witnesses=(), text=None):
        """A signed checkpoint; `witnesses` are (signer, time)."""
        text = text or self.text(size)
        return text + "\n" + self.signer.line(text) + "".join(one.line(text, time) for one, time in witnesses)

    def entry(self, index, commitments=False, disclose=()):
        """One event of a bundle; `disclose` are positions of its fields."""
        entry = {
            "index": index, "leaf": self.leaves[index].decode(),
            "proof": [b64(hash_) for hash_ in inclusion(index, self.hashes())]}
        if commitments or disclose:
            entry["commitments"] = [b64u(digest(text.encode())) for text in self.revealed[index]]
        if disclose:
            entry["disclosures"] = [self.revealed[index][position] for position in disclose]
        return entry

    def item(self, number, trie=None):
        trie = trie or self.last_map
        key = digest(number.encode())
        if key in trie.entries:
            count = int.from_bytes(trie.entries[key][:8], "big")
            return {"count": count, "item": number, "path": trie.search(key)[1]}
        if not trie.entries:
            return {"count": 0, "item": number, "path": []}
        other, path = trie.search(key)
        return {
            "count": 0, "item": number, "path": path,
            "other": {"key": b64(other), "value": b64(trie.entries[other])}}

    def indices(self, *numbers):
        result = []
        for index, leaf in enumerate(self.leaves):
            try:
                fields = json.loads(leaf)
            except ValueError:
                continue
            if isinstance(fields, dict) and fields.get("item") in numbers:
                result.append(index)
        return result

    def bundle(self, map_index, *numbers, witnesses=(), disclose=None, statements=(), times=()):
        """A proof of all events of some items. `times` are (size, witnesses)."""
        bundle = {
            "format": "postal-dossier-custody-proof/v1", "checkpoint": self.checkpoint(witnesses=witnesses),
            "log": self.entry(map_index), "items": [self.item(number) for number in sorted(numbers)],
            "events": [
                self.entry(index, index in self.revealed, (disclose or {}).get(index, ()))
                for index in self.indices(*numbers) if index < map_index]}
        if statements:
            bundle["statements"] = [self.entry(index, index in self.revealed) for index in statements]
        if times:
            bundle["times"] = [{
                "checkpoint": self.checkpoint(size, cosigners),
                "consistency": [b64(hash_) for hash_ in consistency(size, self.hashes())]} for size, cosigners in times]
        return bundle


def disclosure(seed, name, value):
    return b64u(canonical([b64u(digest(b"salt " + seed.encode())), name, value]).encode())


def seal(value):
    """The two lines of a file. A text is taken as line 1 as it is."""
    line = value if isinstance(value, (str, bytes)) else canonical(value)
    line = line.encode() if isinstance(line, str) else line
    return line + b"\n" + hashlib.sha256(line).hexdigest().encode() + b"\n"


# ---------------------------------------------------------------- published folders (C2SP tlog-tiles)

def tile_name(number):
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups)


def folder(log, witnesses=()):
    """Files of a published log by their path."""
    files = {"checkpoint": log.checkpoint(witnesses=witnesses).encode()}
    level, hashes = 0, log.hashes()
    while hashes:
        for number in range(0, len(hashes), 256):
            part = hashes[number:number + 256]
            width = "" if len(part) == 256 else f".p/{len(part)}"
            files[f"tile/{level}/{tile_name(number // 256)}{width}"] = b"".join(part)
            if level == 0:
                leaves = log.leaves[number:number + 256]
                entries = b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)
                files[f"tile/entries/{tile_name(number // 256)}{width}"] = entries
        full = len(hashes) // 256
        hashes = [tree_root(hashes[number * 256:number * 256 + 256]) for number in range(full)]
        level += 1
    return files
