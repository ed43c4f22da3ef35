"""What must hold of the Python verifier: `failures(v)` names everything that does not, for a module `v`.

The module is a parameter so that mutants.py can ask the same of weakened verifiers.
"""
import base64
import contextlib
import json
import os
import shutil
import tempfile

import builder
import cases
from builder import LOG, WITNESSES, Log, b64u, digest, policy

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Vectors", "tlog")
CASES = cases.cases()


def vectors(name):
    with open(os.path.join(VECTORS, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


def trust_of(v, text):
    if text is None:
        return None
    return v.parse_trust_key(text) if len(text.split()) == 1 else v.parse_policy(text)


def failures(v, languages=("vi", "en")):
    """Names of what does not hold, lazily: the first is enough to notice a weakened verifier."""
    yield from bundles(v, languages)
    for part in (policies, published, folders):
        yield from part(v)


def guarded(name, check):
    """The name when a check is false or does not come to an end."""
    try:
        if not check():
            yield name
    except Exception as error:
        yield f"{name}: {type(error).__name__} {error}"


def accepts(v, action):
    """Whether an action ends without a refusal."""
    try:
        action()
    except (v.Refuted, v.WrongUsage):
        return False
    return True


# ---------------------------------------------------------------- published vectors

# (size, root, other size, other root, proof): a log's key may sign any size with any root, so lengths matter.
X, Y = digest(b"x"), digest(b"y")
NO_INCLUSIONS = [(X, 0, 1, [Y], builder.tree_node(Y, X)), (X, 0, 1, [Y], builder.tree_node(X, Y)), (X, 1, 2, [Y, Y], builder.tree_node(
    Y, builder.tree_node(Y, X)))]
NO_CONSISTENCIES = [
    (2, X, 1, X, []), (4, X, 3, X, []), (4, X, 2, X, []), (3, X, 2, X, [X]),
    (1, X, 2, builder.tree_node(Y, builder.tree_node(X, Y)), [Y, Y]), (3, builder.tree_node(Y, builder.tree_node(Y, X)), 4, builder.tree_node(
        Y, builder.tree_node(Y, builder.tree_node(X, Y))), [X, Y, Y, Y])]


def published(v):
    raw = base64.b64decode
    for number, one in enumerate(NO_INCLUSIONS):
        yield from guarded(f"inclusion too long {number}", lambda: not v.verify_inclusion(*one))
    for number, one in enumerate(NO_CONSISTENCIES):
        yield from guarded(f"no consistency {number}", lambda: not v.verify_consistency(*one))
    data = vectors("merkle_inclusion_probes")
    for one in data["vectors"]:
        proof = [raw(part or "") for part in one["proof"] or []]
        leaf, root = raw(one["leafHash"] or ""), raw(one["root"] or "")
        # What is no hash never gets this far: it is refused when it is read.
        if {len(hash_) for hash_ in (leaf, root, *proof)} == {32}:
            yield from guarded(one["id"], lambda: one["wantErr"] != v.verify_inclusion(
                leaf, one["leafIdx"], one["treeSize"], proof, root))
    for one in vectors("merkle_consistency_probes")["vectors"]:
        proof = [raw(part or "") for part in one["proof"] or []]
        # A proof from an empty log is refused here (RFC 9162 has none), whatever a probe says.
        wanted = not one["wantErr"] and one["size1"] > 0
        yield from guarded(one["id"], lambda: wanted == v.verify_consistency(
            one["size1"], raw(one["root1"] or ""), one["size2"], raw(one["root2"] or ""), proof))
    unhex = bytes.fromhex
    tree = vectors("rfc6962_reference_tree")
    for one in tree["consistency"]:
        yield from guarded("reference tree", lambda: v.verify_consistency(
            one["size1"], unhex(one["root1"]), one["size2"], unhex(one["root2"]), [unhex(part) for part in one["proof"]]))
    rebuilt = v.Tree()
    for size, leaf in enumerate(tree["leaves"]):
        yield from guarded("reference root", lambda: rebuilt.root(size).hex() == tree["roots_by_size"][size])
        rebuilt.append(v.leaf_hash(unhex(leaf)))
    entry = vectors("ct_production_inclusion")
    yield from guarded("production inclusion", lambda: v.verify_inclusion(
        v.leaf_hash(unhex(entry["leaf"])), entry["leaf_index"], entry["tree_size"],
        [unhex(part) for part in entry["audit_path"]], unhex(entry["root"])))
    yield from published_map(v)
    yield from published_notes(v)


def published_map(v):
    unhex, data = bytes.fromhex, vectors("mpt_map")
    for number, one in enumerate(data["treehash"]):
        trie = v.PatriciaMap()
        for key, value in one["kv"]:
            trie.set(unhex(key), unhex(value))
        yield from guarded(f"map root {number}", lambda: trie.root().hex() == one["hash"])
    for number, one in enumerate(data["lookup"]):
        if one["val"] is None:
            continue
        path, rest = [], unhex(one["proof"])
        while len(rest) >= 33:
            path.append((rest[0], rest[1:33]))
            rest = rest[33:]
        reached = v.map_root(unhex(one["key"]), unhex(one["val"]), path)
        yield from guarded(f"map lookup {number}", lambda: one["ok"] == (
            not rest and reached is not None and reached.hex() == one["snap"]))


def published_notes(v):
    data = vectors("signed_note")
    for number, one in enumerate(data["vkeys"]):
        yield from guarded(f"vkey {number}", lambda: one["ok"] == accepts(v, lambda: v.parse_key(one["vkey"])))
    for one in data["notes"]:
        def check(one=one):
            note = v.parse_note(one["note"])
            good = v.good_signatures(note, [v.parse_key(key) for key in one["vkeys"]])
            v.require(good, "unknown-log")
            return note.text == one["text"] and {key.name for key, _ in good} == set(one["verified_names"])

        yield from guarded(one["id"], lambda: one["ok"] == accepts(v, check) and (not one["ok"] or check()))
    for one in vectors("cosignature_v1")["vectors"]:
        def check(one=one):
            note = v.parse_checkpoint(one["checkpoint"]).note
            [(_, signature)] = v.good_signatures(note, [v.parse_key(one["cosigner_vkey"])])
            return int.from_bytes(signature[:8], "big") == one["timestamp"]

        yield from guarded("cosignature " + one["id"], lambda: one["ok"] == accepts(v, check) and (not one["ok"] or check()))
    data = vectors("checkpoints")
    for one in data["signed"]:
        def check(one=one):
            checkpoint = v.parse_checkpoint(one["checkpoint"])
            if one["kind"] == "ed25519":
                v.require(v.good_signatures(checkpoint.note, [v.parse_key(one["vkey"])]), "unknown-log")
            return (checkpoint.origin, checkpoint.size) == (one["origin"], one["size"]) and (
                base64.b64encode(checkpoint.root).decode() == one["root"])

        # The keys of other kinds of signature are not for a checkpoint of a dossier log.
        yield from guarded("checkpoint " + one["id"], check)
    for number, one in enumerate(data["parse"]):
        if not one["ok"]:
            note = one["text"] + "\n" + LOG.line(one["text"])
            yield from guarded(f"checkpoint text {number}", lambda: not accepts(v, lambda: v.parse_checkpoint(note)))
    fork = vectors("fork_evidence")
    key = v.parse_key(fork["vkey"])
    first, second = v.parse_checkpoint(fork["old"]), v.parse_checkpoint(fork["new"])
    root, *proof = [base64.b64decode(hash_) for hash_ in fork["proof_of_misbehavior"]]
    yield from guarded("fork", lambda: all(v.good_signatures(one.note, [key]) for one in (first, second)))
    yield from guarded("fork proof", lambda: root != first.root and v.verify_consistency(
        first.size, root, second.size, second.root, proof))
    yield from guarded("fork is no growth", lambda: not v.verify_consistency(
        first.size, first.root, second.size, second.root, proof))
    for one in vectors("ed25519_wycheproof")["vectors"]:
        key = v.Key("name", b"1234", v.LOG_KEY, bytes.fromhex(one["pk"]))
        with contextlib.suppress(UnicodeDecodeError):
            text = bytes.fromhex(one["msg"]).decode()
            yield from guarded(f"wycheproof {one['tcId']}", lambda: (one["result"] == "valid") == v.is_signed(
                key, bytes.fromhex(one["sig"]), text))
    for one in vectors("jcs_rfc8785")["vectors"]:
        spelled = base64.b64decode(one["output_base64"])
        # Ours have no fractions and no null; whatever remains must be accepted in this spelling and no other.
        if b"null" not in spelled and b"." not in spelled:
            yield from guarded("jcs " + one["id"], lambda: accepts(v, lambda: v.canonical_json(spelled)))
        given = base64.b64decode(one["input_base64"])
        yield from guarded("jcs input " + one["id"], lambda: given == spelled or not accepts(v, lambda: v.canonical_json(given)))


# ---------------------------------------------------------------- policies and keys

def policies(v):
    w0, w1, w2 = (witness.vkey for witness in WITNESSES)
    log = LOG.vkey
    for number, text in enumerate([
        f"log {log}\nquorum none\n", f"\t log\t{log} https://example.com \n# x\n  # y\nquorum none", policy(),
        f"witness a {w0} https://w.example\nlog {log}\nquorum a\n", f"quorum none\n",
        f"witness hồ-sơ {w0}\nwitness b {w1}\ngroup g 1 hồ-sơ b\ngroup h all g\nquorum h\nlog {log}\n",
    ]):
        yield from guarded(f"good policy {number}", lambda: isinstance(v.parse_policy(text), v.Trust))
    for number, text in enumerate([
        "", f"log {log}\n", f"log {log}\nquorum none\nquorum none\n", f"log {log}\nquorum a\n", f"quorum none\nlog {w0}\n",
        f"witness a {log}\nquorum a\n", f"log {log}\nlog {log}\nquorum none\n", f"witness a {w0}\nwitness b {w0}\nquorum a\n",
        f"witness a {w0}\nwitness a {w1}\nquorum a\n", f"witness none {w0}\nquorum none\n", f"log {log}\nquorum none extra\n",
        f"witness a {w0}\ngroup g 2 a\nquorum g\n", f"witness a {w0}\ngroup g 0 a\nquorum g\n", f"group g all\nquorum g\n",
        f"witness a {w0}\ngroup g any a a\nquorum g\n", f"witness a {w0}\ngroup g any b\nquorum g\n", "nothing\nquorum none\n",
        f"witness a {w0}\ngroup g any g\nquorum g\n", f"witness a {w0}\ngroup g any a\ngroup h any a\nquorum h\n",
        f"quorum a\nwitness a {w0}\n", f"witness a {w0}\ngroup g any none\nquorum g\n", f"witness a {w0}\ngroup a any a\nquorum a\n",
        f"witness a {w0}\ngroup none any a\nquorum none\n", f"witness a {w0}\ngroup g 01 a\nquorum g\n",
        f"log {log}\r\nquorum none\r\n", f"log {log} a b\nquorum none\n", f"log\nquorum none\n", f"log {log}\x01\nquorum none\n", f"# \x01\nquorum none\n", f"# \x7f\nquorum none\n",
        f"witness a {w0}\nwitness b {w1}\ngroup g x a b\nquorum g\n", f"witness a {w0} u v\nquorum a\n",
    ]):
        yield from guarded(f"bad policy {number}", lambda: not accepts(v, lambda: v.parse_policy(text)))
    yield from guarded("witness key as log key", lambda: not accepts(v, lambda: v.parse_trust_key(w2)))
    long = bytes([1]) + LOG.public + b"x"
    long_id = digest(LOG.name.encode() + b"\n" + long)[:4].hex()
    long_key = f"{LOG.name}+{long_id}+{builder.b64(long)}"
    blank = builder.Signer("a\u00a0b", "blank")
    for text in (long_key, blank.vkey, "", "x", "a+b", log[:-1], log.replace("+", " ", 1), log + "\n" + log, "é" * 100, "+" * 100):
        yield from guarded(f"bad key {text[:20]}", lambda: not accepts(v, lambda: v.parse_trust_key(text)))
    # The time that a quorum proves: when enough had signed, not when the first had.
    trust = v.parse_policy(policy())
    yield from guarded("time of a quorum", lambda: [
        trust.time(times) for times in ({"w0": 5}, {"w0": 5, "w1": 9}, {"w0": 9, "w1": 3, "w2": 5}, {})] == [None, 9, 5, None])
    alone = v.parse_policy(cases.TRUSTS["witnesses"])
    yield from guarded("time without quorum", lambda: [alone.time({"w0": 9, "w1": 3}), alone.time({})] == [3, None])


# ---------------------------------------------------------------- bundles

def bundles(v, languages=("vi", "en")):
    trusts = {name: trust_of(v, text) for name, text in cases.TRUSTS.items()}
    length, largest = len(CASES[0][1]), v.MAX_FILE
    for limit, reason in ((length, "-"), (length - 1, "format")):
        v.MAX_FILE = limit
        yield from guarded(f"limit {limit}", lambda: v.verify_file(CASES[0][1], trusts["key"]).reason == reason)
    v.MAX_FILE = largest
    for name, data, trust, verdict, reason in CASES:
        def check():
            report = v.verify_file(data, trusts[trust])
            shown = [v.render(report, language) for language in languages]
            return (report.verdict, report.reason) == (verdict, reason) and all(shown)

        yield from guarded(name, check)


# ---------------------------------------------------------------- published folders

def big_log():
    """600 events of 40 items, maps recorded on the way."""
    log = Log()
    log.record_map()
    for number in range(600):
        seen = {"root": b64u(builder.tree_root(log.hashes(number // 2))), "size": number // 2} if number % 97 == 5 else None
        log.event(f"BG-{number * 7 % 40}", **({"more": {"seen": seen}} if seen else {}))
        if number in (3, 250, 598):
            log.record_map()
    log.other("manifestClosed", manifest="BK-1")
    return log


def altered(log, index, **edit):
    """A log whose operator put another leaf at an index; everything after it is as it was."""
    other = Log()
    other.leaves = list(log.leaves)
    fields = {**json.loads(log.leaves[index]), **edit}
    other.leaves[index] = builder.canonical({key: value for key, value in fields.items() if value is not None}).encode()
    return other


BIG = big_log()
SMALL = builder.Log()
for _number in range(5):
    SMALL.event(f"A-{_number % 2}")
SMALL.record_map()


def replaced(files, path, data):
    result = {**files, path: data}
    return {name: content for name, content in result.items() if content is not None}


def folder_cases():
    """(name, files, item, verdict, reason, number of events shown)."""
    files = builder.folder(BIG)
    small = builder.folder(SMALL)
    entries, first = files["tile/entries/001"], files["tile/0/000"]
    last = f"tile/0/002.p/{BIG.size - 512}"
    yield "good", files, None, "proven", "-", 0
    yield "item", files, "BG-7", "proven", "-", 15
    yield "item of few", small, "A-1", "proven", "-", 2
    yield "item that never was", small, "ZZ", "proven", "-", 0
    yield "empty", builder.folder(Log()), None, "proven", "-", 0
    yield "full bundle for a partial one", replaced(replaced(
        small, "tile/entries/000.p/6", None), "tile/entries/000", small["tile/entries/000.p/6"] + b"\0\1x"), None, "proven", "-", 0
    yield "full bundle too short", replaced(replaced(
        small, "tile/entries/000.p/6", None), "tile/entries/000", small["tile/entries/000.p/6"][:-1]), None, "refuted", "format", 0
    yield "entry altered", replaced(files, "tile/entries/001", entries.replace(b"H48.25", b"H48.26", 1)), None, "refuted", "root", 0
    yield "entry removed", replaced(small, "tile/entries/000.p/6", small["tile/entries/000.p/6"][:-400]), None, "refuted", "format", 0
    yield "bytes after the entries", replaced(small, "tile/entries/000.p/6", small["tile/entries/000.p/6"] + b"\0"), None, "refuted", "format", 0
    yield "tile altered", replaced(files, "tile/0/000", b"x" + first[1:]), None, "refuted", "tile", 0
    yield "tile too long", replaced(files, last, files[last] + bytes(32)), None, "refuted", "tile", 0
    yield "tile too short", replaced(files, last, files[last][:-32]), None, "refuted", "tile", 0
    yield "upper tile altered", replaced(files, "tile/1/000.p/2", bytes(64)), None, "refuted", "tile", 0
    for path in ("tile/0/001", "tile/entries/002.p/" + last.split("/")[-1], "tile/1/000.p/2", "checkpoint", last):
        yield f"no {path}", replaced(files, path, None), None, "undecided", "incomplete", 0
    text = BIG.text()
    yield "checkpoint altered", replaced(files, "checkpoint", files["checkpoint"].replace(b"\n605\n", b"\n604\n")), None, "refuted", "signature", 0
    yield "checkpoint of an older size", replaced(files, "checkpoint", BIG.checkpoint(512).encode()), None, "proven", "-", 0
    yield "checkpoint of a later size", replaced(files, "checkpoint", BIG.checkpoint(text=text.replace("\n605\n", "\n900\n")).encode()), None, "undecided", "incomplete", 0
    yield "checkpoint of an enormous size", replaced(files, "checkpoint", BIG.checkpoint(
        text=text.replace("\n605\n", f"\n{2**64 - 1}\n")).encode()), None, "undecided", "incomplete", 0
    yield "no note", replaced(files, "checkpoint", b"\xff"), None, "refuted", "format", 0
    yield "foreign", builder.folder(_foreign()), None, "refuted", "unknown-log", 0
    for name, log, reason in (
        ("sequence", altered(SMALL, 2, seq=2), "sequence"), ("first sequence", altered(SMALL, 0, seq=1), "sequence"),
        ("previous", altered(SMALL, 4, prev=b64u(digest(b"x"))), "previous"), ("no previous", altered(SMALL, 4, prev=None), "previous"),
        ("map", altered(SMALL, 5, more={"entries": 2, "map": b64u(digest(b"x"))}), "map"),
        ("map entries", altered(SMALL, 5, more={"entries": 3, "map": b64u(SMALL.map().root())}), "map"),
        ("map without root", altered(SMALL, 5, more={"entries": 2}), "map"),
        ("last event altered below the map", altered(SMALL, 4, office="H48.99"), "map"),
        ("format", altered(SMALL, 1, office=5), "format"),
        ("seen", altered(SMALL, 4, more={"seen": {"root": b64u(digest(b"x")), "size": 2}}), "consistency"),
        ("seen of the future", altered(SMALL, 4, more={"seen": {"root": b64u(builder.tree_root(SMALL.hashes(5))), "size": 5}}), "consistency"),
    ):
        yield name, builder.folder(log), None, "refuted", reason, 0
    yield "unknown kind", builder.folder(altered(SMALL, 5, kind="new")), None, "undecided", "unknown-leaf", 0
    yield "unknown version", builder.folder(altered(SMALL, 5, v=2)), None, "undecided", "unknown-leaf", 0


def _foreign():
    log = Log(builder.FOREIGN)
    log.event("A-1")
    return log


FOLDERS = list(folder_cases())


def write_files(root, files):
    for path, data in files.items():
        place = os.path.join(root, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(data)


def folders(v):
    key = v.parse_trust_key(LOG.vkey)
    root = tempfile.mkdtemp(prefix="verifiers-")
    try:
        for number, (name, files, item, verdict, reason, shown) in enumerate(FOLDERS):
            place = os.path.join(root, str(number))
            os.mkdir(place)
            write_files(place, files)

            def check(trust=key, verdict=verdict, reason=reason):
                report = v.verify_folder(place, trust, item)
                rendered = [v.render(report, language) for language in ("vi", "en")]
                return (report.verdict, report.reason, len(report.events)) == (verdict, reason, shown) and all(rendered)

            yield from guarded("folder: " + name, check)
            if name == "good":
                yield from guarded("folder: no key", lambda: check(None, "undecided", "no-key"))
                yield from guarded("folder: quorum", lambda: check(v.parse_policy(policy()), "refuted", "quorum"))
        yield from guarded("folder: none", lambda: v.verify_folder(os.path.join(root, "none"), key, None).reason == "incomplete")
        yield from published_tiles(v, root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def published_tiles(v, root):
    data = vectors("tlog_tiles")
    for log in data["logs"]:
        place = os.path.join(root, "published " + log["id"])
        write_files(place, {path: base64.b64decode(text) for path, text in log["files"].items()})
        if "entries" not in log:
            continue
        tree = v.Tree()
        for text in v.read_entries(place, log["size"]):
            tree.append(v.leaf_hash(text))
        for size in range(1, log["size"] + 1):
            yield from guarded(f"tiles of size {size}", lambda: v.check_tiles(place, tree, size) is None)
        yield from guarded("root of tiles", lambda: base64.b64encode(tree.root(log["size"])).decode() == log["root"])
    for one in data["index_paths"]:
        yield from guarded("tile path", lambda: v.tile_path("", "0", one["index"], 256) == "tile/0/" + one["path"])
    # 300 leaves by their hashes alone: two levels of tiles.
    place = os.path.join(root, "published C")
    with open(os.path.join(place, "tile/0/000"), "rb") as full, open(os.path.join(place, "tile/0/001.p/44"), "rb") as part:
        data = full.read() + part.read()
    tree = v.Tree()
    for position in range(0, len(data), 32):
        tree.append(data[position:position + 32])
    yield from guarded("tiles of 300", lambda: v.check_tiles(place, tree, 300) is None)
