"""Good bundles and evidence, and for each check of the verifiers at least one that only this check refuses.

`cases()` gives (name, bytes, trust, verdict, reason). Trust names a key or policy of `TRUSTS`. Most bad bundles come from
an operator who holds the log's key: signatures, tree and map then agree, and the one fault is what the name says.
`cases.py DIR` writes them all to a folder.
"""
import copy
import json
import os
import sys

from builder import (
    FOREIGN, LOG, LOG_AGAIN, STRANGER, WITNESSES, Log, b64, b64u, canonical, consistency, digest, disclosure, map_leaf,
    map_node, policy, seal, signature_line, tree_leaf, tree_root)

W0, W1, W2 = WITNESSES
EARLY, LATE = 1_768_100_000, 1_768_200_000
TRUSTS = {
    "none": None,
    "key": LOG.vkey + "\n",
    "two": policy(),
    "all": policy("every", ("group every all w0 w1 w2",)),
    "any": policy("some", ("group some any w0 w1 w2",)),
    "w1": policy("w1", ()),
    "nested": policy("both", ("group pair any w0 w1", "group both 2 pair w2")),
    "witnesses": policy("none", ()),
    "logs": policy(logs=(FOREIGN, LOG)),
    "foreign": FOREIGN.vkey + "\n",
}


def small_log():
    """Three items, four events each, some with contents; the map at index 13, then one more event."""
    log = Log()
    log.other("manifestRecorded", manifest="BK-1", reveal=[("giver.person", "Lê Văn Giao")], more={"items": 3})
    for turn in range(4):
        for item in ("CE000000015VN", "RM473195374VN", "BG-1/2026"):
            reveal = [("contents", {"fee": 15000, "weight": 120}), ("sender", {"name": "Nguyễn Thị Ánh"})]
            log.event(item, ("accepted", "dispatched", "received", "delivered")[turn], reveal if turn == 0 else (), to="H48.26")
    log.record_map()
    log.event("CE000000015VN", "returned")
    return log


class Cases:
    def __init__(self):
        self.all = []

    def add(self, name, data, verdict="proven", reason="-", trust="key"):
        self.all.append((name, data if isinstance(data, bytes) else seal(data), trust, verdict, reason))

    def bad(self, name, reason, data, trust="key"):
        self.add(name, data, "refuted", reason, trust)


def edited(bundle, edit):
    """A copy of a bundle after `edit(copy)`."""
    result = copy.deepcopy(bundle)
    edit(result)
    return result


def cases():
    made = Cases()
    good(made)
    form(made)
    notes(made)
    leaves(made)
    proofs(made)
    histories(made)
    contents(made)
    undecided(made)
    evidence(made)
    return made.all


ITEM = "RM473195374VN"
BOTH = [(W0, EARLY), (W2, LATE)]


def good(made):
    log = small_log()
    made.add("good-one-item", log.bundle(13, ITEM))
    made.add("good-two-items", log.bundle(13, ITEM, "BG-1/2026"))
    made.add("good-with-foreign-log-in-policy", log.bundle(13, ITEM, witnesses=BOTH), trust="logs")
    made.add("good-revealed", log.bundle(13, ITEM, disclose={2: [0, 1]}))
    made.add("good-one-field-revealed", log.bundle(13, ITEM, disclose={2: [1]}))
    made.add("good-statement", log.bundle(13, ITEM, statements=[0]))
    made.add("good-times", log.bundle(13, ITEM, times=[(8, BOTH), (12, ())], witnesses=BOTH), trust="two")
    made.add("good-times-powers", log.bundle(13, ITEM, times=[(size, ()) for size in range(1, log.size)]))
    made.add("good-absent", log.bundle(13, ITEM, "ZZ-9"))
    made.add("good-only-absent", log.bundle(13, "ZZ-9"))
    made.add("good-two-witnesses", log.bundle(13, ITEM, witnesses=BOTH), trust="two")
    made.add("good-witness-alone", log.bundle(13, ITEM, witnesses=[(W1, EARLY)]), trust="w1")
    made.add("good-any-witness", log.bundle(13, ITEM, witnesses=[(W2, EARLY)]), trust="any")
    made.add("good-nested-quorum", log.bundle(13, ITEM, witnesses=BOTH), trust="nested")
    made.add("good-quorum-none", log.bundle(13, ITEM, witnesses=[(W2, EARLY)]), trust="witnesses")
    made.add("good-strangers", log.bundle(13, ITEM, witnesses=[(STRANGER, EARLY), *BOTH]), trust="two")
    many = [(STRANGER, EARLY + number) for number in range(63)]
    made.add("good-64-signatures", log.bundle(13, ITEM, witnesses=many))

    made.add("good-known-id-of-other-name", edited(log.bundle(13, ITEM), lambda b: b.update(
        checkpoint=b["checkpoint"] + signature_line("other.example", LOG.id, bytes(64)) + signature_line(LOG.name, b"none", bytes(64)))))
    single = Log()
    single.event("A-1", reveal=[("note", "một dòng\nhai dòng\u200f, phân rã: a\u0301")])
    single.record_map()
    made.add("good-smallest", single.bundle(1, "A-1", disclose={0: [0]}))
    lone = Log()
    lone.record_map()
    made.add("good-empty-map", lone.bundle(0, "A-1"))

    wide = Log()
    for number in range(300):
        wide.event(f"P{number}", more={"seen": {"root": b64u(tree_root(wide.hashes())), "size": wide.size}} if number > 3 else None)
    wide.event("P7")
    wide.record_map()
    made.add("good-wide", wide.bundle(301, "P7", "P250", times=[(4, ()), (7, BOTH), (256, ())]))
    made.add("good-wide-policy", wide.bundle(301, "P7", times=[(7, BOTH)], witnesses=BOTH), trust="two")

    unknown = small_log()
    later = unknown.other("somethingNew", reveal=[("note", "x")])
    newer = unknown.append({"v": 2, "what": "ever", "item": ITEM})
    revealed = unknown.bundle(13, ITEM, statements=[later, newer])
    revealed["statements"][1]["commitments"] = [b64u(digest(b"nothing"))]
    made.add("good-statements-not-understood", revealed)


def form(made):
    log = small_log()
    bundle = log.bundle(13, ITEM, "BG-1/2026", disclose={2: [0]}, statements=[0], times=[(8, ())])
    line = canonical(bundle)
    data = seal(bundle)

    def bad(name, edit, reason="format"):
        made.bad("form-" + name, reason, edited(bundle, edit))

    # Layout of the file.
    made.bad("form-empty", "format", b"")
    made.bad("form-trailing-bytes", "format", data + b" ")
    made.bad("form-trailing-line", "format", data + b"\n")
    made.bad("form-no-last-newline", "format", data[:-1])
    made.bad("form-no-digest", "format", line.encode() + b"\n")
    made.bad("form-crlf", "format", data.replace(b"\n", b"\r\n"))
    made.bad("form-crlf-first", "digest", data.replace(b"\n", b"\r\n", 1))
    made.bad("form-upper-case-digest", "format", data[:-65] + data[-65:].upper())
    made.bad("form-short-digest", "format", data[:-2] + b"\n")
    made.bad("form-digest-of-newline-too", "digest", line.encode() + b"\n" + digest(line.encode() + b"\n").hex().encode() + b"\n")
    made.bad("form-altered", "digest", data.replace(b"received", b"receivec", 1))
    made.bad("form-not-utf8", "format", seal(line.encode().replace(b"BK-1", b"BK-\xff")))
    made.bad("form-surrogate-bytes", "format", seal(line.encode().replace(b"BK-1", b"BK\xed\xa0\x80")))
    made.bad("form-bom", "format", seal(b"\xef\xbb\xbf" + line.encode()))

    # Spelling of the JSON.
    made.bad("json-space", "format", seal(line.replace('"events":', '"events": ', 1)))
    made.bad("json-crlf-inside", "format", seal(line.replace('"events":', '"events":\r', 1)))
    made.bad("json-key-order", "format", seal(json.dumps(dict(reversed(bundle.items())), separators=(",", ":"), ensure_ascii=False)))
    made.bad("json-duplicate-key", "format", seal(line.replace('{"checkpoint"', '{"checkpoint":"","checkpoint"', 1)))
    made.bad("json-escape", "format", seal(line.replace("postal", "\\u0070ostal", 1)))
    made.bad("json-slash-escape", "format", seal(line.replace("proof/v1", "proof\\/v1", 1)))
    made.bad("json-ascii-escapes", "format", seal(json.dumps(bundle, sort_keys=True, separators=(",", ":"))))
    made.bad("json-lone-surrogate", "format", seal(line.replace('"item":"BG-1/2026"', '"item":"BG-1\\ud800"', 1)))
    made.bad("json-swapped-surrogates", "format", seal(line.replace('"item":"BG-1/2026"', '"item":"\\udc00\\ud800"', 1)))
    for name, number in {
        "fraction": "8.0", "exponent": "8e0", "minus-zero": "-0", "null": "null", "nan": "NaN", "infinity": "Infinity",
        "leading-zero": "08", "two-to-53": str(2**53), "huge": "1" + "0" * 400, "very-huge": "9" * 5000, "true": "true",
        "text": '"8"', "overflow": "1e999", "negative": "-8",
    }.items():
        made.bad("number-" + name, "format", seal(line.replace('"index":8,', f'"index":{number},', 1)))
    made.bad("json-deep-lists", "format", seal("[" * 100_000 + "]" * 100_000))
    made.bad("json-deep-objects", "format", seal('{"a":' * 100_000 + "1" + "}" * 100_000))
    made.bad("json-open-lists", "format", seal("[" * 200_000))
    made.bad("json-list", "format", [bundle])
    made.bad("json-number", "format", seal("1"))
    made.bad("json-text", "format", seal('"x"'))
    made.bad("json-null", "format", seal("null"))
    made.bad("json-empty-object", "format", {})
    made.bad("json-two-values", "format", seal(line + line))
    made.bad("json-proto", "format", seal(line.replace('"checkpoint"', '"__proto__":{},"checkpoint"', 1)))

    # Members, types, bounds.
    bad("other-format", lambda b: b.update(format="postal-dossier-custody-proof/v2"))
    bad("extra-key", lambda b: b.update(note="x"))
    bad("extra-key-event", lambda b: b["events"][0].update(note="x"))
    bad("extra-key-item", lambda b: b["items"][0].update(head="x"))
    bad("extra-key-log", lambda b: b["log"].update(commitments=[b64u(digest(b""))]))
    bad("extra-key-times", lambda b: b["times"][0].update(size=8))
    bad("extra-key-statement", lambda b: b["statements"][0].update(note="x"))
    for key in ("checkpoint", "events", "format", "items", "log"):
        bad("missing-" + key, lambda b, key=key: b.pop(key))
    for key in ("index", "leaf", "proof"):
        bad("missing-event-" + key, lambda b, key=key: b["events"][0].pop(key))
    for key in ("count", "item", "path"):
        bad("missing-item-" + key, lambda b, key=key: b["items"][0].pop(key))
    for key in ("checkpoint", "items", "log", "events", "statements", "times"):
        bad("number-for-" + key, lambda b, key=key: b.update({key: 1}))
        bad("object-for-" + key, lambda b, key=key: b.update({key: {}}))
    bad("text-for-list", lambda b: b["events"][0].update(proof="x"))
    bad("true-for-index", lambda b: b["events"][0].update(index=True))
    bad("true-for-count", lambda b: b["items"][0].update(count=True))
    bad("negative-count", lambda b: b["items"][0].update(count=-1))
    bad("list-for-leaf", lambda b: b["events"][0].update(leaf=[]))
    bad("number-for-item", lambda b: b["items"][0].update(item=1))
    bad("number-for-proof", lambda b: b["events"][0]["proof"].__setitem__(0, 1))
    bad("short-hash", lambda b: b["events"][0]["proof"].__setitem__(0, b64(b"x" * 31)))
    bad("long-hash", lambda b: b["events"][0]["proof"].__setitem__(0, b64(b"x" * 33)))
    bad("unpadded-hash", lambda b: b["events"][0]["proof"].__setitem__(0, b["events"][0]["proof"][0].rstrip("=")))
    bad("url-hash", lambda b: b["events"][0]["proof"].__setitem__(0, "_" * 43 + "="))
    bad("base64-space", lambda b: b["events"][0]["proof"].__setitem__(0, " " + b["events"][0]["proof"][0]))
    bad("base64-unused-bits", lambda b: b["log"]["proof"].__setitem__(0, other_spelling(b["log"]["proof"][0])))
    bad("no-items", lambda b: b.update(items=[], events=[]))
    bad("items-not-in-order", lambda b: b["items"].reverse())
    bad("item-twice", lambda b: b["items"].insert(0, b["items"][0]))
    bad("bit-256", lambda b: b["items"][0]["path"][0].__setitem__(0, 256))
    bad("bit-negative", lambda b: b["items"][0]["path"][-1].__setitem__(0, -1))
    bad("path-of-three", lambda b: b["items"][0]["path"][0].append(1))
    bad("path-of-one", lambda b: b["items"][0]["path"][0].pop())
    bad("path-object", lambda b: b["items"][0]["path"].__setitem__(0, {}))
    bad("event-twice", lambda b: b["events"].insert(0, b["events"][0]))
    bad("events-not-in-order", lambda b: b["events"].reverse())
    bad("events-swapped", lambda b: b["events"].insert(1, b["events"].pop(2)))
    bad("statement-twice", lambda b: b["statements"].append(b["statements"][0]))
    bad("no-statements", lambda b: b.update(statements=[]))
    bad("no-times", lambda b: b.update(times=[]))
    bad("no-commitments", lambda b: b["events"][0].update(commitments=[], disclosures=[]))
    bad("no-commitments-nor-disclosures", lambda b: (b["events"][0].pop("disclosures"), b["events"][0].update(commitments=[])))
    bad("no-disclosures", lambda b: b["events"][0].update(disclosures=[]))
    bad("disclosures-alone", lambda b: b["events"][0].pop("commitments"))
    bad("short-commitment", lambda b: b["events"][0]["commitments"].__setitem__(0, b64u(b"x" * 31)))
    bad("padded-commitment", lambda b: b["events"][0]["commitments"].__setitem__(0, b["events"][0]["commitments"][0] + "="))
    bad("number-for-disclosure", lambda b: b["events"][0]["disclosures"].__setitem__(0, 5))
    absent = log.bundle(13, "ZZ-9")
    for name, edit in {
        "other-with-count": lambda b: b["items"][0].update(count=1),
        "other-short-key": lambda b: b["items"][0]["other"].update(key=b64(b"x" * 31)),
        "other-short-value": lambda b: b["items"][0]["other"].update(value=b64(b"x" * 39)),
        "other-extra-key": lambda b: b["items"][0]["other"].update(path=[]),
        "other-list": lambda b: b["items"][0].update(other=[]),
    }.items():
        made.bad("form-" + name, "format", edited(absent, edit))


def other_spelling(text):
    """The same bytes in base64 with an unused bit set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return text[:-2] + alphabet[alphabet.index(text[-2]) | 1] + "="


def notes(made):
    log = small_log()
    text = log.text()

    def bundle(checkpoint, reason, name, trust="key"):
        made.bad("note-" + name, reason, edited(log.bundle(13, ITEM), lambda b: b.update(checkpoint=checkpoint)), trust)

    def signed(body, *witnesses):
        return body + "\n" + LOG.line(body) + "".join(one.line(body, time) for one, time in witnesses)

    origin, size, root = text.split("\n")[:3]
    good_note = signed(text)
    for name, checkpoint in {
        "empty": "", "no-signature": text + "\n", "text-only": text, "no-final-newline": good_note[:-1],
        "extension-line": signed(text + "more\n"), "two-lines": signed(f"{origin}\n{size}\n"),
        "size-leading-zero": signed(f"{origin}\n0{size}\n{root}\n"), "size-sign": signed(f"{origin}\n+{size}\n{root}\n"),
        "size-2-to-64": signed(f"{origin}\n{2**64}\n{root}\n"), "size-huge": signed(f"{origin}\n{'9' * 30}\n{root}\n"),
        "size-hex": signed(f"{origin}\n0xf\n{root}\n"), "size-other-digits": signed(f"{origin}\n١٥\n{root}\n"),
        "size-empty": signed(f"{origin}\n\n{root}\n"),
        "root-short": signed(f"{origin}\n{size}\n{b64(b'x' * 31)}\n"), "root-unused-bits": signed(f"{origin}\n{size}\n{other_spelling(root)}\n"),
        "root-url": signed(f"{origin}\n{size}\n{'_' * 43}=\n"),
        "no-origin": "\n" + text[len(origin) + 1:] + "\n" + LOG.line(text), "empty-tree-with-root": signed(f"{origin}\n0\n{root}\n"),
        "carriage-return": signed(f"{origin}\n{size}\r\n{root}\n"), "control": signed(f"{origin}\x07\n{size}\n{root}\n"),
        "65-signatures": signed(text) + STRANGER.line(text, EARLY) * 64, "line-without-dash": good_note + "x y z\n",
        "hyphen": good_note.replace("— ", "- "), "name-with-plus": good_note + signature_line("a+b", b"1234", b"x" * 64),
        "name-with-space": good_note + signature_line("a\u00a0b", b"1234", b"x" * 64), "four-parts": good_note + "— a b c\n",
        "no-final-newline-after-two": good_note + STRANGER.line(text, EARLY)[:-1],
        "four-parts-of-a-signature": good_note + STRANGER.line(text, EARLY)[:-1] + " x\n",
        "signature-of-4-bytes": good_note + f"— a {b64(b'1234')}\n", "signature-not-base64": good_note + "— a b!\n",
        "signature-unused-bits": good_note + "— a " + other_spelling(b64(b"12345")) + "\n", "blank-line-at-end": good_note + "\n",
    }.items():
        bundle(checkpoint, "format", name)

    foreign = f"{FOREIGN.name}\n{size}\n{root}\n"
    bundle(foreign + "\n" + FOREIGN.line(foreign), "unknown-log", "foreign-origin")
    bundle(foreign + "\n" + LOG.line(foreign), "unknown-log", "foreign-origin-signed-by-this-log")
    bundle(text + "\n" + LOG_AGAIN.line(text), "unknown-log", "unknown-key-of-this-name")
    bundle(text + "\n" + FOREIGN.line(text), "unknown-log", "signed-by-foreign-log-of-the-policy", "logs")
    bundle(text + "\n" + W0.line(text, EARLY) + W1.line(text, EARLY), "unknown-log", "witnesses-only", "two")
    bundle(good_note, "unknown-log", "key-of-another-log", "foreign")
    bundle(text + "\n" + signature_line("other name", LOG.id, LOG.signature(text)).replace("other name", "other"), "unknown-log", "key-id-with-other-name")
    bundle(text.replace(root, b64(digest(b"?"))) + "\n" + LOG.line(text), "signature", "root-altered")
    bundle(text + "\n" + signature_line(LOG.name, LOG.id, LOG.signature("x")), "signature", "signature-of-something-else")
    bundle(text + "\n" + signature_line(LOG.name, LOG.id, LOG_AGAIN.signature(text)), "signature", "signature-of-another-key")
    bundle(text + "\n" + signature_line(LOG.name, LOG.id, b"short"), "signature", "signature-short")
    bundle(text + "\n" + signature_line(LOG.name, LOG.id, LOG.signature(text) + b"x"), "signature", "signature-long")
    bundle(good_note + signature_line(LOG.name, LOG.id, bytes(64)), "signature", "second-signature-bad")
    two = good_note + W0.line(text, EARLY)
    bundle(two, "quorum", "one-witness-of-two", "two")
    bundle(good_note, "quorum", "no-witness-of-two", "two")
    bundle(two + W0.line(text, LATE), "quorum", "one-witness-twice", "two")
    bundle(two + STRANGER.line(text, EARLY), "quorum", "one-witness-and-a-stranger", "two")
    bundle(two + W1.line(text, EARLY), "quorum", "two-witnesses-of-three", "all")
    bundle(two + W1.line(text, EARLY), "quorum", "nested-without-w2", "nested")
    bundle(good_note + W2.line(text, EARLY), "quorum", "nested-only-w2", "nested")
    bundle(two, "quorum", "not-the-witness-asked-for", "w1")
    cosignature = W1.signature(text, EARLY)
    for name, signature in {
        "altered": cosignature[:-1] + bytes([cosignature[-1] ^ 1]), "time-altered": (EARLY + 1).to_bytes(8, "big") + cosignature[8:],
        "short": cosignature[:-1], "time-only": cosignature[:8], "very-short": b"12", "long": cosignature + b"x",
        "without-time-in-message": EARLY.to_bytes(8, "big") + W1.key.sign(text.encode()), "of-other-text": W1.signature("x", EARLY),
    }.items():
        bundle(two + W2.line(text, EARLY) + signature_line(W1.name, W1.id, signature), "signature", "cosignature-" + name, "two")
    wrong_type = signature_line(W1.name, LOG.id, LOG.signature(text))
    bundle(two + wrong_type, "quorum", "cosignature-with-the-logs-id", "two")

    # Earlier checkpoints.
    times = log.bundle(13, ITEM, times=[(8, ()), (12, ())])

    def bad(name, reason, edit, trust="key"):
        made.bad("times-" + name, reason, edited(times, edit), trust)

    eight, twelve = log.text(8), log.text(12)
    other = Log()
    for number in range(8):
        other.event(f"X{number}")
    bad("not-in-order", "format", lambda b: b["times"].reverse())
    bad("twice", "format", lambda b: b["times"].insert(0, b["times"][0]))
    bad("main-size", "format", lambda b: b["times"].append({"checkpoint": b["checkpoint"], "consistency": []}))
    larger = signed(f"{origin}\n{log.size + 1}\n{root}\n")
    bad("larger", "format", lambda b: b["times"].append({"checkpoint": larger, "consistency": []}))
    empty = f"{origin}\n0\n{b64(digest(b''))}\n"
    bad("size-0", "format", lambda b: b["times"].insert(0, {"checkpoint": signed(empty), "consistency": []}))
    bad("no-note", "format", lambda b: b["times"][0].update(checkpoint=eight))
    bad("other-history", "consistency", lambda b: b["times"][0].update(checkpoint=other.checkpoint()))
    bad("own-proof-of-other-history", "consistency", lambda b: b["times"][0].update(
        checkpoint=other.checkpoint(), consistency=[b64(hash_) for hash_ in consistency(8, other.hashes() + log.hashes()[8:])]))
    bad("no-proof", "consistency", lambda b: b["times"][1].update(consistency=[]))
    bad("proof-of-other-size", "consistency", lambda b: b["times"][0].update(consistency=b["times"][1]["consistency"]))
    bad("proof-too-long", "consistency", lambda b: b["times"][0]["consistency"].append(b64(digest(b"x"))))
    bad("proof-too-short", "consistency", lambda b: b["times"][0]["consistency"].pop())
    foreign_eight = eight.replace(origin, FOREIGN.name)
    bad("foreign-origin", "unknown-log", lambda b: b["times"][0].update(checkpoint=foreign_eight + "\n" + FOREIGN.line(foreign_eight)))
    cosigned = edited(times, lambda b: b.update(checkpoint=log.checkpoint(witnesses=BOTH)))
    made.bad("times-of-another-log-of-the-policy", "unknown-log", edited(cosigned, lambda b: b["times"][0].update(
        checkpoint=foreign_eight + "\n" + FOREIGN.line(foreign_eight))), "logs")
    made.bad("times-foreign-origin-without-key", "unknown-log", edited(times, lambda b: b["times"][0].update(
        checkpoint=foreign_eight + "\n" + FOREIGN.line(foreign_eight))), "none")
    bad("unknown-key", "unknown-log", lambda b: b["times"][0].update(checkpoint=eight + "\n" + LOG_AGAIN.line(eight)))
    bad("bad-signature", "signature", lambda b: b["times"][1].update(checkpoint=twelve + "\n" + LOG.line("x").replace("x", "x")))
    made.bad("times-bad-cosignature", "signature", edited(cosigned, lambda b: b["times"][0].update(
        checkpoint=signed(eight) + signature_line(W1.name, W1.id, W1.signature(twelve, EARLY)))), "two")
    made.bad("times-cosigned-but-not-main", "quorum", log.bundle(13, ITEM, times=[(8, BOTH)]), "two")


def leaves(made):
    """Leaves that are in the log as they are, and are no leaves of version 1."""
    def bad(name, text=None, reason="format", **edit):
        log = Log()
        log.event("A-1")
        if text is None:
            log.event("A-1", edit=edit)
        else:
            fields = json.loads(canonical({**log.fields("received", item="A-1"), "seq": 1, "prev": b64u(log.heads["A-1"][1])}))
            index = log.append(text(canonical(fields)))
            log.heads["A-1"] = 2, tree_leaf(log.leaves[index])
        log.event("A-1")
        map_index = log.record_map()
        bundle = log.bundle(map_index, "A-1")
        if 1 not in [entry["index"] for entry in bundle["events"]]:
            bundle["events"].insert(1, log.entry(1))
        made.bad("leaf-" + name, reason, bundle)

    bad("nfd", manifest="Bảng kê a\u0301")
    bad("control", manifest="a\x07b")
    bad("newline", manifest="a\nb")
    bad("bidirectional", manifest="a\u202eb")
    bad("unknown-member", head="x")
    bad("list-for-text", by=["x"])
    bad("number-for-text", office=5)
    bad("text-for-number", at="5")
    bad("true-for-number", z=True)
    bad("true-for-version", v=True)
    bad("text-for-version", v="1")
    bad("no-version", v=None)
    bad("text-for-more", more="{}")
    bad("list-for-more", more=[])
    bad("short-c", c=b64u(b"x" * 31))
    bad("padded-c", c=b64u(digest(b"")) + "=")
    bad("number-for-c", c=5)
    bad("short-prev", prev=b64u(b"x" * 31))
    bad("upper-case-key", more={"Key": 1})
    bad("long-key", more={"k" * 33: 1})
    bad("too-long", manifest="x" * 17_000)
    bad("too-deep", more={"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}})
    for key in ("at", "grade", "id", "kind", "office", "rt", "seq", "z"):
        bad("no-" + key, **{key: None})
    bad("space", lambda text: text.replace(":", ": ", 1))
    bad("fraction", lambda text: text.replace('"z":420', '"z":420.0'))
    bad("null", lambda text: text.replace('"z":420', '"z":null'))
    bad("large-number", lambda text: text.replace('"z":420', f'"z":{2**53}'))
    bad("duplicate-key", lambda text: text.replace('"z":420', '"z":420,"z":420'))
    bad("list", lambda text: "[" + text + "]")
    bad("text", lambda text: '"x"')
    bad("empty", lambda text: "")
    bad("not-json", lambda text: text + "x")
    bad("escaped", lambda text: text.replace("received", "\\u0072eceived"))
    bad("lone-surrogate", lambda text: text.replace("received", "\\ud800"))
    log = small_log()
    index = log.append(canonical({**log.fields("manifestClosed"), "manifest": "a\u0301"}))
    made.bad("leaf-nfd-statement", "format", log.bundle(13, ITEM, statements=[index]))
    log = Log()
    log.event("A-1")
    log.record_map(office=5)
    made.bad("leaf-of-map-malformed", "format", log.bundle(1, "A-1"))


def proofs(made):
    log = small_log()
    bundle = log.bundle(13, ITEM, "BG-1/2026", statements=[0])

    def bad(name, edit, reason="inclusion"):
        made.bad("inclusion-" + name, reason, edited(bundle, edit))

    bad("log", lambda b: b["log"]["proof"].__setitem__(0, b64(digest(b"x"))))
    bad("last-event", lambda b: b["events"][-1]["proof"].__setitem__(0, b64(digest(b"x"))))
    bad("statement", lambda b: b["statements"][0]["proof"].__setitem__(-1, b64(digest(b"x"))))
    bad("other-index", lambda b: b["events"][0].update(index=1))
    bad("index-of-neighbour", lambda b: b["log"].update(index=12))
    bad("index-beyond", lambda b: b["log"].update(index=log.size))
    bad("index-far-beyond", lambda b: b["log"].update(index=2**53 - 1))
    bad("proof-swapped", lambda b: b["events"][0]["proof"].reverse())
    bad("proof-long", lambda b: b["events"][0]["proof"].append(b64(digest(b"x"))))
    bad("proof-short", lambda b: b["events"][0]["proof"].pop())
    bad("proof-empty", lambda b: b["events"][0].update(proof=[]))
    bad("leaf-edited", lambda b: b["events"][1].update(leaf=b["events"][1]["leaf"].replace("H48.25", "H48.99")))
    bad("leaf-of-map-edited", lambda b: b["log"].update(leaf=b["log"]["leaf"].replace('"entries":3', '"entries":4')))
    bad("checkpoint-of-other-size", lambda b: b.update(checkpoint=log.checkpoint(14)))
    bad("size-of-root-stated-wrong", lambda b: b.update(checkpoint=log.checkpoint(text=log.text().replace("\n15\n", "\n17\n"))))
    # A tree's inner node cannot pass for a leaf: here the proof of a node that holds it.
    inner = edited(bundle, lambda b: None)
    entry = inner["events"][0]
    entry["proof"] = entry["proof"][1:]
    entry["index"] //= 2
    made.bad("inclusion-inner-node", "inclusion", inner)
    # Right-edge trick: a last leaf's proof read with a smaller index of the same shape.
    single = Log()
    single.event("A-1")
    single.record_map()
    made.bad("inclusion-first-for-second", "inclusion", edited(single.bundle(1, "A-1"), lambda b: b["events"][0].update(
        leaf=b["log"]["leaf"], proof=b["log"]["proof"])))


def histories(made):
    log = small_log()
    bundle = log.bundle(13, ITEM, "BG-1/2026", statements=[0])
    alone = log.bundle(13, ITEM)

    def bad(name, reason, edit, of=bundle):
        made.bad(name, reason, edited(of, edit))

    bad("count-omitted-event", "count", lambda b: b["events"].pop(2))
    bad("count-omitted-last", "count", lambda b: b["events"].pop())
    bad("count-no-events", "count", lambda b: b.update(events=[]))
    bad("count-raised", "count", lambda b: b["items"][1].update(count=5))
    bad("count-lowered", "count", lambda b: b["items"][1].update(count=3))
    bad("count-foreign-event", "count", lambda b: b["events"].insert(0, log.entry(1)), alone)
    bad("count-statement-among-events", "count", lambda b: b["events"].insert(0, log.entry(0)), alone)
    bad("count-event-among-statements", "count", lambda b: b["statements"].append(log.entry(1)))
    bad("map-count-and-event-omitted", "map", lambda b: (b["events"].pop(), b["items"][0].update(count=3)), alone)
    bad("map-first-event-omitted", "sequence", lambda b: (b["events"].pop(0), b["items"][0].update(count=3)), alone)
    bad("map-path-of-other-item", "map", lambda b: b["items"][0].update(path=b["items"][1]["path"]))
    bad("map-paths-swapped", "map", lambda b: b["items"][1].update(path=log.item("CE000000015VN")["path"]))
    bad("map-path-short", "map", lambda b: b["items"][0]["path"].pop())
    bad("map-path-empty", "map", lambda b: b["items"][0].update(path=[]))
    bad("map-path-long", "map", lambda b: b["items"][0]["path"].insert(0, [255, b64(digest(b"x"))]))
    bad("map-sibling", "map", lambda b: b["items"][0]["path"][0].__setitem__(1, b64(digest(b"x"))))
    bad("map-bit", "map", lambda b: b["items"][0]["path"][0].__setitem__(0, b["items"][0]["path"][0][0] + 1))
    bad("map-claimed-absent", "map", lambda b: b.update(items=[{"count": 0, "item": ITEM, "path": []}], events=[]))
    bad("sequence-after-the-map", "sequence", lambda b: (
        b["items"].__setitem__(0, {**log.item("CE000000015VN"), "count": 5}),
        b.update(events=[log.entry(index) for index in (1, 4, 7, 10, 14)])), log.bundle(13, "CE000000015VN"))
    bad("sequence-statement-after-the-map-is-fine-but-event-not", "sequence", lambda b: b["events"].append(log.entry(14)),
        log.bundle(13, "CE000000015VN"))

    # Logs that break the chain themselves, with maps that agree.
    def broken(name, reason, seq=None, prev=None, kind="received", count=None, at=1):
        made_log = Log()
        for number in range(3):
            edit = {}
            if number == at:
                edit = {key: value for key, value in (("seq", seq), ("prev", prev)) if value is not None}
                edit = {key: None if value == "absent" else value for key, value in edit.items()}
            made_log.event("A-1", kind, edit=edit)
        made_log.event("B-2")
        if count is not None:
            made_log.heads["A-1"] = count, made_log.heads["A-1"][1]
        index = made_log.record_map()
        made.bad(name, reason, edited(made_log.bundle(index, "A-1"), lambda b: b["items"][0].update(count=3)))

    broken("sequence-gap", "sequence", seq=2)
    broken("sequence-repeated", "sequence", seq=0)
    broken("sequence-negative", "sequence", seq=-1)
    broken("sequence-from-1", "sequence", seq=1, at=0)
    broken("sequence-last", "sequence", seq=3, at=2)
    broken("previous-wrong", "previous", prev=b64u(digest(b"x")))
    broken("previous-wrong-last", "previous", prev=b64u(digest(b"x")), at=2)
    broken("previous-absent", "previous", prev="absent")
    broken("previous-at-first", "previous", prev=b64u(digest(b"x")), at=0)
    broken("map-count-of-log-wrong", "map", count=4)

    swapped = Log()
    swapped.event("A-1")
    swapped.event("B-2")
    swapped.event("A-1", edit={"prev": b64u(swapped.heads["B-2"][1])})
    index = swapped.record_map()
    made.bad("previous-of-other-item", "previous", swapped.bundle(index, "A-1"))

    # The event that states the map.
    def stated(name, reason="map", trie=None, **edit):
        made_log = Log()
        for number in range(3):
            made_log.event("A-1")
            made_log.event("B-2")
        index = made_log.record_map(trie, **edit)
        made_log.last_map = made_log.map()
        made.bad(name, reason, made_log.bundle(index, "A-1"))

    agreeing = Log()
    for _ in range(3):
        agreeing.event("A-1")
        agreeing.event("B-2")
    right = b64u(agreeing.map().root())
    root = b64u(digest(b"some root"))
    stated("map-of-other-kind", kind="officesRecorded")
    stated("map-root-replaced", more={"entries": 2, "map": root})
    stated("map-root-of-empty-map", more={"entries": 2, "map": b64u(digest(b""))})
    stated("map-root-missing", more={"entries": 2})
    stated("map-root-short", more={"entries": 2, "map": b64u(b"x" * 31)})
    stated("map-root-padded", more={"entries": 2, "map": root + "="})
    stated("map-root-number", more={"entries": 2, "map": 5})
    stated("map-entries-missing", more={"map": right})
    stated("map-entries-text", more={"entries": "2", "map": right})
    stated("map-entries-true", more={"entries": True, "map": right})
    no_more = Log()
    no_more.event("A-1")
    trie = no_more.map()
    fields = no_more.fields("mapRecorded")
    no_more.append(fields)
    no_more.last_map = trie
    made.bad("map-without-more", "map", no_more.bundle(1, "A-1"))

    # Maps whose inner nodes are out of order: the hashes agree, only the order of bits is wrong.
    for name, bits in {"increasing": (3, 9), "equal": (5, 5)}.items():
        made_log = Log()
        made_log.event("A-1")
        key = digest(b"A-1")
        hash_ = map_leaf(key, (1).to_bytes(8, "big") + made_log.heads["A-1"][1])
        path = []
        for bit in bits:
            sibling = digest(b"sibling %d" % bit)
            path.append([bit, b64(sibling)])
            hash_ = map_node(bit, sibling, hash_) if key[bit // 8] >> (7 - bit % 8) & 1 else map_node(bit, hash_, sibling)
        made_log.last_map = made_log.map()
        made_log.append({**made_log.fields("mapRecorded"), "more": {"entries": 3, "map": b64u(hash_)}})
        made.bad(f"map-bits-{name}", "map", edited(made_log.bundle(1, "A-1"), lambda b, path=path: b["items"][0].update(path=path)))

    unstated = Log()
    unstated.event("A-1")
    unstated.record_map(more={"entries": 1})
    unstated.last_map = unstated.map()
    made.bad("map-root-missing-and-bits-increasing", "map", edited(unstated.bundle(1, "A-1"), lambda b: b["items"][0].update(
        path=[[3, b64(digest(b"x"))], [9, b64(digest(b"x"))]])))
    itself = Log()
    itself.event("A-1")
    itself.event("A-1", "mapRecorded", more={"entries": 1, "map": b64u(itself.map().root())})
    itself.last_map = itself.map()
    made.bad("sequence-the-map-itself", "sequence", edited(itself.bundle(1, "A-1"), lambda b: b["events"].append(itself.entry(1))))

    # Claims of absence.
    absent = log.bundle(13, "ZZ-9")
    trie = log.last_map
    entries = sorted(trie.entries)

    def other(key):
        found, path = trie.search(key)
        return {"key": b64(found), "value": b64(trie.entries[found])}, path

    own, own_path = other(digest(ITEM.encode()))
    bad("absent-own-entry", "map", lambda b: b.update(
        items=[{"count": 0, "item": ITEM, "path": own_path, "other": own}]), absent)
    wrong = next(key for key in entries if trie.search(digest(ITEM.encode()))[0] != key)
    elsewhere, elsewhere_path = other(wrong)
    bad("absent-but-elsewhere", "map", lambda b: b.update(
        items=[{"count": 0, "item": ITEM, "path": elsewhere_path, "other": elsewhere}]), absent)
    bad("absent-value-altered", "map", lambda b: b["items"][0]["other"].update(value=b64(b"x" * 40)), absent)
    bad("absent-key-altered", "map", lambda b: b["items"][0]["other"].update(key=b64(digest(b"x"))), absent)
    bad("absent-without-other", "map", lambda b: b["items"][0].pop("other"), absent)
    bad("absent-without-other-or-path", "map", lambda b: (b["items"][0].pop("other"), b["items"][0].update(path=[])), absent)
    bad("absent-with-events", "count", lambda b: b.update(
        items=[{"count": 0, "item": ITEM, "path": []}]), alone)
    lone = Log()
    lone.record_map()
    bad("absent-empty-map-with-path", "map", lambda b: b["items"][0].update(path=[[3, b64(digest(b""))]]), lone.bundle(0, "A-1"))
    bad("absent-empty-map-with-other", "map", lambda b: b["items"][0].update(
        other={"key": b64(digest(b"B")), "value": b64(b"x" * 40)}), lone.bundle(0, "A-1"))


def contents(made):
    log = small_log()
    log.event("RM473195374VN", "corrected", [("note", "x"), ("note", "y"), ("note", "x"), ("note", "x")])
    index = log.size - 1
    map_index = log.record_map()
    bundle = log.bundle(map_index, ITEM, disclose={2: [0, 1], index: [0]}, statements=[0])

    def bad(name, reason, edit):
        made.bad(name, reason, edited(bundle, edit))

    texts = bundle["events"][0]["disclosures"]
    bad("commitment-swapped", "commitment", lambda b: b["events"][0]["commitments"].reverse())
    bad("commitment-omitted", "commitment", lambda b: b["events"][0]["commitments"].pop())
    bad("commitment-added", "commitment", lambda b: b["events"][0]["commitments"].append(b64u(digest(b"x"))))
    bad("commitment-replaced", "commitment", lambda b: b["events"][0]["commitments"].__setitem__(0, b64u(digest(b"x"))))
    bad("commitment-without-c", "commitment", lambda b: b["events"][1].update(commitments=[b64u(digest(b"x"))]))
    bad("commitment-of-statement", "commitment", lambda b: b["statements"][0]["commitments"].__setitem__(0, b64u(digest(b"x"))))
    bad("disclosure-edited", "disclosure", lambda b: b["events"][0]["disclosures"].__setitem__(
        1, disclosure("RM473195374VN 0 sender", "sender", {"name": "Trần Văn Bình"})))
    bad("disclosure-other-salt", "disclosure", lambda b: b["events"][0]["disclosures"].__setitem__(
        1, disclosure("other", "sender", {"name": "Nguyễn Thị Ánh"})))
    bad("disclosure-twice", "disclosure", lambda b: b["events"][0]["disclosures"].append(texts[0]))
    bad("disclosure-of-other-event", "disclosure", lambda b: b["events"][-1]["disclosures"].__setitem__(0, texts[0]))
    bad("disclosure-of-statement", "disclosure", lambda b: b["statements"][0].update(disclosures=[texts[0]]))
    bad("disclosure-padded", "disclosure", lambda b: b["events"][0]["disclosures"].__setitem__(0, texts[0] + "="))
    bad("disclosure-empty", "disclosure", lambda b: b["events"][0]["disclosures"].__setitem__(0, ""))
    bad("disclosure-is-commitment", "disclosure", lambda b: b["events"][0]["disclosures"].__setitem__(
        0, b["events"][0]["commitments"][0]))

    salt = b64u(digest(b"salt"))
    for name, text in {
        "not-base64url": "not base64!", "padded": b64u(b'["x"]') + "=", "standard-alphabet": b64(canonical([salt, "f", "~~~???"]).encode()).rstrip("="),
        "not-json": b64u(b"nothing"), "not-utf8": b64u(b'["\xff"]'), "object": b64u(b"{}"), "two-parts": b64u(canonical([salt, "f"]).encode()),
        "four-parts": b64u(canonical([salt, "f", 1, 2]).encode()), "space": b64u(json.dumps([salt, "f", 1]).encode()),
        "short-salt": b64u(canonical([b64u(b"x" * 31), "f", 1]).encode()), "number-for-salt": b64u(canonical([5, "f", 1]).encode()),
        "number-for-field": b64u(canonical([salt, 5, 1]).encode()), "fraction": b64u(f'["{salt}","f",1.5]'.encode()),
        "null": b64u(f'["{salt}","f",null]'.encode()), "too-deep": b64u(canonical([salt, "f", [[[[[[1]]]]]]]).encode()),
        "key-order": b64u(f'["{salt}","f",{{"b":1,"a":1}}]'.encode()), "lone-surrogate": b64u(f'["{salt}","f","\\ud800"]'.encode()),
        "unused-bits": other_unpadded(b64u(canonical([salt, "f", "xy"]).encode())),
        "utf16-key-order": b64u(f'["{salt}","f",{{"\uffee":1,"\U00010000":1}}]'.encode()),
    }.items():
        one = Log()
        one.append({**one.fields("received", item="A-1"), "c": b64u(digest(digest(text.encode())))})
        one.heads["A-1"] = 1, tree_leaf(one.leaves[0])
        one.revealed[0] = [text]
        made.bad("disclosure-form-" + name, "disclosure", one.bundle(one.record_map(), "A-1", disclose={0: [0]}))
    odd = b64u(f'["{salt}","","x"]'.encode()), b64u(f'["{salt}","f",{{"\U00010000":1,"\uffee":[[[[1]]]],"10":true,"2":{{}}}}]'.replace(
        f'{{"\U00010000":1,"\uffee":[[[[1]]]],"10":true,"2":{{}}}}', f'{{"10":true,"2":{{}},"\U00010000":1,"\uffee":[[[[1]]]]}}').encode())
    one = Log()
    one.append({**one.fields("received", item="A-1"), "c": b64u(digest(b"".join(digest(text.encode()) for text in odd)))})
    one.heads["A-1"] = 1, tree_leaf(one.leaves[0])
    one.revealed[0] = list(odd)
    markup = Log()
    markup.event("A-1", office="<b onclick=x>", manifest="</td><script>document.title=1</script>", reveal=[
        ("note", "<img src=x onerror=document.title=1>"), ("<i>f</i>", {"a": "\u202eabc\u0007\u2028\ue000"})])
    made.add("good-markup", markup.bundle(markup.record_map(), "A-1", disclose={0: [0, 1]}))
    far = Log()
    far.event("A-1", at=2**53 - 1, z=-2**53 + 1, rt=-2**53 + 1)
    far.record_map(rt=2**53 - 1)
    made.add("good-absurd-times", far.bundle(1, "A-1", witnesses=[(W0, 2**64 - 1), (W1, 2**33)]), trust="two")
    made.add("good-odd-disclosures", one.bundle(one.record_map(), "A-1", disclose={0: [0, 1]}))
    twins = Log()
    twins.append({**twins.fields("received", item="A-1"), "c": b64u(digest(digest(odd[0].encode()) * 2))})
    twins.heads["A-1"] = 1, tree_leaf(twins.leaves[0])
    twins.revealed[0] = [odd[0], odd[0]]
    twins.record_map()
    made.add("good-twin-commitments", twins.bundle(1, "A-1", disclose={0: [0, 1]}))

    # Checkpoints seen.
    def seen(name, reason, value, times=((4, ()),)):
        one = Log()
        for number in range(6):
            one.event("A-1", more={"seen": value(one)} if number == 5 else None)
        index = one.record_map()
        data = one.bundle(index, "A-1", times=times)
        if reason:
            made.bad("seen-" + name, reason, data)
        else:
            made.add("good-seen-" + name, data)

    def at(log, size):
        return {"root": b64u(tree_root(log.hashes(size))), "size": size}

    seen("right", None, lambda log: at(log, 4))
    seen("newest", None, lambda log: at(log, 5))
    seen("not-in-the-bundle", None, lambda log: {"root": b64u(digest(b"x")), "size": 3})
    seen("wrong-root", "consistency", lambda log: {"root": b64u(digest(b"x")), "size": 4})
    seen("future", "consistency", lambda log: {"root": b64u(digest(b"x")), "size": 6})
    seen("far-future", "consistency", lambda log: {"root": b64u(digest(b"x")), "size": 2**53 - 1})
    seen("list", "format", lambda log: [1])
    seen("number", "format", lambda log: 1)
    seen("extra-member", "format", lambda log: {**at(log, 4), "time": 1})
    seen("no-root", "format", lambda log: {"size": 4})
    seen("short-root", "format", lambda log: {"root": b64u(b"x"), "size": 4})
    seen("number-for-root", "format", lambda log: {"root": 4, "size": 4})
    seen("negative-size", "format", lambda log: {**at(log, 4), "size": -4})
    seen("text-for-size", "format", lambda log: {**at(log, 4), "size": "4"})
    seen("true-for-size", "format", lambda log: {**at(log, 4), "size": True})


def other_unpadded(text):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert len(text) % 4 in (2, 3)
    return text[:-1] + alphabet[alphabet.index(text[-1]) | 1]


def undecided(made):
    log = small_log()
    bundle = log.bundle(13, ITEM)
    made.add("undecided-no-key", bundle, "undecided", "no-key", "none")
    made.bad("no-key-but-omitted-event", "count", edited(bundle, lambda b: b["events"].pop()), "none")
    made.bad("no-key-but-digest", "digest", seal(bundle).replace(b"received", b"receivec", 1), "none")
    made.bad("no-key-but-inclusion", "inclusion", edited(bundle, lambda b: b["events"][0].update(proof=[])), "none")

    def unknown(name, verdict, reason, trust="key", also=None, **edit):
        one = Log()
        one.event("A-1")
        one.event("A-1", edit=edit)
        one.event("A-1")
        data = one.bundle(one.record_map(), "A-1")
        if also:
            also(data)
        made.add(name, data, verdict, reason, trust)

    unknown("undecided-kind", "undecided", "unknown-leaf", kind="teleported")
    unknown("undecided-kind-of-javascript", "undecided", "unknown-leaf", kind="constructor")
    unknown("undecided-version", "undecided", "unknown-leaf", v=2, extra=[1])
    unknown("undecided-version-0", "undecided", "unknown-leaf", v=0)
    unknown("undecided-version-and-no-key", "undecided", "no-key", "none", v=2)
    unknown("version-2-but-inclusion", "refuted", "inclusion", also=lambda b: b["events"][0].update(proof=[]), v=2)
    one = Log()
    one.event("A-1")
    one.append({"v": 2})
    one.last_map = one.map()
    made.add("undecided-version-of-map", one.bundle(1, "A-1"), "undecided", "unknown-leaf")


def evidence(made):
    one, other = small_log(), small_log()
    one.event("A-1")
    other.event("B-2")
    for log in (one, other):
        log.event("C-3")
    older, newer = one.text(16), other.text(17)

    def signed(text, *witnesses, signer=LOG):
        return text + "\n" + signer.line(text) + "".join(witness.line(text, time) for witness, time in witnesses)

    def file(first, second, **others):
        return {"format": "postal-dossier-fork-evidence/v1", "first": first, "second": second, **others}

    def b64s(hashes):
        return [b64(hash_) for hash_ in hashes]

    equal = file(one.checkpoint(17), other.checkpoint(17))
    grown = file(signed(older), signed(newer), proof=b64s(consistency(16, other.hashes())), root=b64(tree_root(other.hashes(16))))
    uneven = file(
        one.checkpoint(16), other.checkpoint(17), proof=grown["proof"], root=grown["root"])
    made.add("evidence-equal-sizes", equal, reason="fork")
    made.add("evidence-equal-sizes-policy", equal, reason="fork", trust="two")
    made.add("evidence-different-sizes", grown, reason="fork")
    made.add("evidence-different-sizes-again", uneven, reason="fork")
    first = Log()
    first.event("A-1")
    made.add("evidence-size-1", file(first.checkpoint(1), other.checkpoint(17), proof=b64s(consistency(1, other.hashes())),
             root=b64(tree_root(other.hashes(1)))), reason="fork")
    made.add("evidence-no-key", equal, "undecided", "no-key", "none")
    made.bad("evidence-no-key-no-contradiction", "consistency", file(one.checkpoint(17), one.checkpoint(17)), "none")
    made.bad("evidence-same-checkpoint", "consistency", file(one.checkpoint(17), one.checkpoint(17)))
    honest = dict(proof=b64s(consistency(16, one.hashes())), root=b64(tree_root(one.hashes(16))))
    made.bad("evidence-honest-growth", "consistency", file(one.checkpoint(16), one.checkpoint(17), **honest))
    made.bad("evidence-invented-root", "consistency", file(one.checkpoint(16), one.checkpoint(17), proof=honest["proof"], root=b64(digest(b"x"))))
    made.bad("evidence-root-stated", "consistency", {**grown, "root": older.split("\n")[2]})
    made.bad("evidence-proof-altered", "consistency", {**grown, "proof": grown["proof"][:-1] + [b64(digest(b"x"))]})
    made.bad("evidence-proof-empty", "consistency", {**grown, "proof": []})
    made.bad("evidence-no-proof", "format", {key: value for key, value in grown.items() if key != "proof"})
    made.bad("evidence-no-root", "format", {key: value for key, value in grown.items() if key != "root"})
    made.bad("evidence-equal-with-proof", "format", {**equal, "proof": [], "root": grown["root"]})
    made.bad("evidence-equal-with-root", "format", {**equal, "root": grown["root"]})
    made.bad("evidence-extra-key", "format", {**equal, "note": "x"})
    made.bad("evidence-reversed", "format", {**grown, "first": grown["second"], "second": grown["first"]})
    empty = f"{LOG.name}\n0\n{b64(digest(b''))}\n"
    made.bad("evidence-from-empty", "format", file(signed(empty), signed(newer), proof=[], root=b64(digest(b"x"))))
    made.bad("evidence-two-empty", "format", file(signed(empty), signed(empty)))
    made.bad("evidence-not-a-note", "format", {**equal, "first": older})
    made.bad("evidence-list", "format", {**equal, "first": []})
    made.bad("evidence-digest", "digest", seal(equal).replace(b"first", b"firsu", 1))
    made.bad("evidence-first-unsigned", "signature", file(older + "\n" + signature_line(LOG.name, LOG.id, LOG.signature("x")), signed(newer),
             proof=grown["proof"], root=grown["root"]))
    made.bad("evidence-second-unsigned", "signature", file(signed(older), newer + "\n" + signature_line(LOG.name, LOG.id, LOG.signature("x")),
             proof=grown["proof"], root=grown["root"]))
    made.bad("evidence-second-of-other-key", "unknown-log", file(one.checkpoint(17), signed(other.text(17), signer=LOG_AGAIN)))
    made.bad("evidence-key-of-another-log", "unknown-log", equal, "foreign")
    foreign = other.text(17).replace(LOG.name, FOREIGN.name)
    made.bad("evidence-two-logs", "unknown-log", file(one.checkpoint(17), signed(foreign, signer=FOREIGN)), "logs")
    made.bad("evidence-bad-cosignature", "signature", file(one.checkpoint(17), other.checkpoint(17) + signature_line(W0.name, W0.id, bytes(72))), "two")


def write(folder):
    """Writes all cases and an expected.tsv, for comparing other verifiers (compare.py reads such a folder)."""
    os.makedirs(folder, exist_ok=True)
    for name, text in TRUSTS.items():
        if text is not None:
            with open(os.path.join(folder, name + ".txt"), "w", encoding="utf-8") as file:
                file.write(text)
    with open(os.path.join(folder, "expected.tsv"), "w", encoding="utf-8") as expected:
        for name, data, trust, verdict, reason in cases():
            file_name = name + (".evidence.json" if name.startswith("evidence") else ".custody.json")
            with open(os.path.join(folder, file_name), "wb") as file:
                file.write(data)
            print(file_name, trust + ".txt", verdict, reason, sep="\t", file=expected)


if __name__ == "__main__":
    write(sys.argv[1])
