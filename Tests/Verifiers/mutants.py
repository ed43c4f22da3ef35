#!/usr/bin/env python3
"""Weakens each check of Scripts/verify_bundle.py in turn and asks whether checks.py notices.

    Tests/Verifiers/mutants.py [WORD]      only mutants whose old text contains WORD

A mutant is (old text, new text); the old text stands once in the program. One that changes no verdict stands in
EQUIVALENT with the reason why. Exit: 0 all noticed but those, 1 otherwise.
"""
import concurrent.futures
import os
import signal
import sys
import types

here = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, here)
import checks

PROGRAM = os.path.join(here, "..", "..", "Scripts", "verify_bundle.py")

MUTANTS = [
    # The tree.
    ('return sha256(b"\\x00" + leaf)', 'return sha256(leaf)'),
    ('return sha256(b"\\x01" + left + right)', 'return sha256(left + right)'),
    ("    if not 0 <= index < size:\n        return False\n", ""),
    ("0 <= index < size", "0 <= index <= size"),
    ("    return last == 0 and result == root", "    return result == root"),
    ("    return last == 0 and result == root", "    return last == 0"),
    ("node, last, result = index, size - 1, leaf", "node, last, result = index, size, leaf"),
    ("    for sibling in proof:\n        if last == 0:\n            return False\n", "    for sibling in proof:\n"),
    ("    for sibling in proof:\n        if last == 0:\n            return False\n        if node & 1 or node == last:",
     "    for sibling in proof:\n        if last == 0:\n            return False\n        if node & 1:"),
    ("    if not 0 < old_size <= new_size:", "    if not 0 <= old_size <= new_size:"),
    ("    if not 0 < old_size <= new_size:", "    if not 0 < old_size:"),
    ("return not proof and old_root == new_root", "return old_root == new_root"),
    ("return not proof and old_root == new_root", "return not proof"),
    ("    if not proof:\n        return False\n", "    if not proof:\n        return True\n"),
    ("return last == 0 and old == old_root and new == new_root", "return last == 0 and new == new_root"),
    ("return last == 0 and old == old_root and new == new_root", "return last == 0 and old == old_root"),
    ("return last == 0 and old == old_root and new == new_root", "return old == old_root and new == new_root"),
    ("    for sibling in proof[1:]:\n        if last == 0:\n            return False\n", "    for sibling in proof[1:]:\n"),
    # Base64, keys, notes, checkpoints.
    ('    require(spelled == text.encode(), "format", "base64")\n', ""),
    (", validate=True)", ")"),
    ('    require(len(data) == 32, "format", "hash")\n', ""),
    ('    require(len(data) == 32, "format", "hash")\n', '    require(len(data) >= 32, "format", "hash")\n'),
    ("not KEY_NAME.fullmatch(name) or len(body) != 33 or", "len(body) != 33 or"),
    ("len(body) != 33 or body[0]", "body[0]"),
    ("or body[0] not in (LOG_KEY, WITNESS_KEY)", ""),
    ('if sha256(name.encode() + b"\\n" + body)[:4].hex() != key_id:', "if False:"),
    ('    require(not re.search("[\\x00-\\x09\\x0b-\\x1f]", note), "format", "note")\n', ""),
    ('note.rpartition("\\n\\n")', 'note.partition("\\n\\n")'),
    (" and len(lines) <= MAX_SIGNATURES", ""),
    ("MAX_SIGNATURES = 64", "MAX_SIGNATURES = 63"),
    ('lines.pop() == ""', "lines.pop() is not None"),
    ('len(parts) == 3 and parts[0] == "—" and', "len(parts) == 3 and"),
    ('len(parts) == 3 and parts[0] == "—" and', 'parts[0] == "—" and'),
    (' and KEY_NAME.fullmatch(parts[1])', ""),
    ('        require(len(body) > 4, "format", "signature line")\n', ""),
    ("len(lines) == 4 and lines[0] and not lines[3]", "len(lines) >= 4 and lines[0]"),
    ("len(lines) == 4 and lines[0] and not lines[3]", "len(lines) == 4 and not lines[3]"),
    ('require(re.fullmatch("0|[1-9][0-9]{0,19}", lines[1]) and', "require("),
    ('"0|[1-9][0-9]{0,19}"', '"[0-9]{1,20}"'),
    (" and int(lines[1]) < 2**64", ""),
    ('    require(size > 0 or root == sha256(b""), "format", "checkpoint")\n', ""),
    # Signatures.
    ("    except (InvalidSignature, ValueError):\n        return False\n", "    except (InvalidSignature, ValueError):\n        pass\n"),
    ('message = f"cosignature/v1\\ntime {time}\\n".encode() + message', "pass"),
    ("time, signature = int.from_bytes(signature[:8], \"big\"), signature[8:]", "time, signature = 0, signature[8:]"),
    ('                require(is_signed(key, signature, note.text), "signature", name)\n', ""),
    ('require(is_signed(key, signature, note.text), "signature", name)', "if not is_signed(key, signature, note.text): continue"),
    ("if (key.name, key.id) == (name, key_id):", "if key.id == key_id:"),
    ("if (key.name, key.id) == (name, key_id):", "if key.name == name:"),
    ("return [key for key in self.logs if key.name == checkpoint.origin]", "return self.logs"),
    ('        require(signers & known, "unknown-log", checkpoint.origin)\n', ""),
    ("signers = {(name, key_id) for name, key_id, _ in checkpoint.note.signatures}",
     "signers = {(name, key.id) for name, _, _ in checkpoint.note.signatures for key in self.logs}"),
    ("        good_signatures(checkpoint.note, self.keys_of(checkpoint))\n", ""),
    ("    trust.require_known(checkpoint)\n", ""),
    ("    return trust.cosignatures(checkpoint)\n", "    return dict.fromkeys(trust.witnesses, 0)\n"),
    ('        report.unsure.append("no-key")\n', ""),
    # The policy.
    ('        require(trust.is_met_by(times), "quorum")\n', "        pass\n"),
    ("for member in group) >= threshold", "for member in group) > threshold"),
    ("for member in group) >= threshold", "for member in group) >= 1"),
    ("return self.quorum is None or self.quorum in met", "return True"),
    ("return self.quorum is None or self.quorum in met", "return self.quorum is None or bool(met)"),
    ("for name in times if times[name] <= time]", "for name in times]"),
    ("for name in times if times[name] <= time]", "for name in times if times[name] < time]"),
    ('    if re.search("[\\x00-\\x08\\x0b-\\x1f\\x7f]", text):', "    if False:"),
    ("or int(least) > len(members)\n", "\n"),
    ("len(set(members)) < len(members) or", ""),
    ("or members_used & set(members)", ""),
    ("or not set(members) <= {*witnesses, *groups}", ""),
    ('if name in (*witnesses, *groups, "none"):', "if True:"),
    ('["witness", name, key, _] if name not in (*witnesses, *groups, "none"):', '["witness", name, key, _]:'),
    ('*members] if name not in (*witnesses, *groups, "none"):', "*members]:"),
    ("len(quorums) != 1 or", "not quorums or"),
    ("[key.type for key in keys] != types or", ""),
    ("or len({key[2:] for key in keys}) < len(keys)", ""),
    ('"[1-9][0-9]{0,3}"', '"[0-9]{1,4}"'),
    ("    if key.type != LOG_KEY:\n        raise WrongUsage(\"not a log's key\")\n", ""),
    # The map.
    ("        if below is not None and bit >= below:\n            return None\n", ""),
    ("bit >= below", "bit > below"),
    ("        below = bit\n    return result", "    return result"),
    ("map_inner(bit, sibling, result) if map_bit(key, bit) else map_inner(bit, result, sibling)", "map_inner(bit, sibling, result)"),
    ('varint(bit) + left + right', 'left + right'),
    ("number & 0x7F | 0x80", "number & 0x7F"),
    # Canonical JSON.
    ('        require(depth <= 6 or not isinstance(value, (dict, list)), "format", "depth")\n', ""),
    ("depth <= 6 or", "depth <= 7 or"),
    ("depth <= 6 or", "depth <= 5 or"),
    ('require(not leaf or re.fullmatch("[a-z][a-z0-9_]{0,31}", key), "format", "key")', "pass"),
    ('key=lambda key: key.encode("utf-16-be")', "key=None"),
    ('            require(not leaf or not re.search("[\\x00-\\x1f]", value), "format", "control character")\n', ""),
    ('            require(not leaf or not BIDIRECTIONAL.search(value), "format", "bidirectional control")\n', ""),
    ('            require(not leaf or unicodedata.is_normalized("NFC", value), "format", "normalization")\n', ""),
    ('require(not leaf or unicodedata.is_normalized("NFC", value)', 'require(unicodedata.is_normalized("NFC", value)'),
    ('require(type(value) is bool or type(value) is int and abs(value) < 2**53, "format", "number")', "pass"),
    ("abs(value) < 2**53", "abs(value) <= 2**53"),
    ("type(value) is bool or type(value) is int and", "value is None or type(value) is bool or type(value) is int and"),
    ("parse_float=refuse, parse_constant=refuse", "parse_float=int"),
    ('    require(not leaf or len(data) <= 16 * 1024, "format", "length of a leaf")\n', ""),
    ("require(again == data and (not leaf or isinstance(value, dict))", "require((not leaf or isinstance(value, dict))"),
    ("require(again == data and (not leaf or isinstance(value, dict))", "require(again == data"),
    ("    except (ValueError, RecursionError):\n        raise Refuted", "    except ValueError:\n        raise Refuted"),
    # Form of files, bundles, leaves.
    ('    require(isinstance(value, dict), "format", "object expected")\n    require(set(required)', "    require(set(required)"),
    ("set(required) <= set(value) <= {*required, *optional}", "set(required) <= set(value)"),
    ("set(required) <= set(value) <= {*required, *optional}", "set(value) <= {*required, *optional}"),
    ("type(value) is int and value >= least", "isinstance(value, int) and value >= least"),
    ("type(value) is int and value >= least", "type(value) is int"),
    ('    require(isinstance(value, str), "format", "text expected")\n', ""),
    ("isinstance(value, list) and len(value) >= least", "isinstance(value, list)"),
    ('    require(type(fields.get("v")) is int, "format", "version of a leaf")\n', ""),
    ('    if fields["v"] == 1:\n        members(', '    if fields["v"] == 9:\n        members('),
    ('                require(type(value) is int, "format", key)\n', "                pass\n"),
    ('                require(isinstance(value, dict), "format", key)\n', "                pass\n"),
    ("                text_of(value)\n            elif", "                pass\n            elif"),
    ("            else:\n                hash_bytes(value, url=True)\n    return Leaf", "    return Leaf"),
    ('("commitments", "disclosures") if content else ()', '("commitments", "disclosures")'),
    ('    require("disclosures" not in value or "commitments" in value, "format", "disclosures without commitments")\n', ""),
    ("list_of(value[\"commitments\"], lambda text: hash_bytes(text, url=True), 1)", "list_of(value[\"commitments\"], lambda text: hash_bytes(text, url=True))"),
    ('list_of(value["disclosures"], text_of, 1)', 'list_of(value["disclosures"], text_of)'),
    ("len(pair) == 2 and whole(pair[0]) < 256", "len(pair) == 2 and whole(pair[0]) <= 256"),
    ("isinstance(pair, list) and len(pair) == 2 and", "isinstance(pair, list) and"),
    ('        require(count == 0, "format", "other")\n', ""),
    ('        require(len(other[1]) == 40, "format", "other")\n', ""),
    ('    require(len(data) <= MAX_FILE, "format", "length of the file")\n', ""),
    ("len(lines) == 3 and not lines[2] and", "len(lines) >= 2 and"),
    ("len(lines) == 3 and not lines[2] and", "len(lines) == 3 and"),
    ('b"[0-9a-f]{64}"', 'b"[0-9a-fA-F]{64}"'),
    ('    require(sha256(lines[0]).hex().encode() == lines[1], "digest")\n', ""),
    ('            require(value.get("format") == BUNDLE_FORMAT, "format", "name of the format")\n', ""),
    ('        require(isinstance(value, dict), "format", "object expected")\n        if value', "        if value"),
    ("items = list_of(bundle[\"items\"], parse_item, 1)", "items = list_of(bundle[\"items\"], parse_item)"),
    ('    require(all(one < next_one for one, next_one in zip(numbers, numbers[1:])), "format", "order of items")\n', ""),
    ("all(one < next_one for", "all(one <= next_one for"),
    ('require(before.index < after.index, "format", f"index {after.index}")', "pass"),
    ("before.index < after.index", "before.index <= after.index"),
    ("for entries in (events, statements):", "for entries in (events,):"),
    ('list_of(bundle["statements"], parse_entry, 1)', 'list_of(bundle["statements"], parse_entry)'),
    ('lambda value: members(value, ("checkpoint", "consistency")), 1)', 'lambda value: members(value, ("checkpoint", "consistency")))'),
    # What is proven.
    ('        require(holds, "inclusion", f"index {entry.index}")\n', ""),
    ("    for entry in (log, *events, *statements):\n        holds", "    for entry in (*events, *statements):\n        holds"),
    ("    for entry in (log, *events, *statements):\n        holds", "    for entry in (log, *events):\n        holds"),
    ("    for entry in (log, *events, *statements):\n        holds", "    for entry in (log, *statements):\n        holds"),
    ("smaller < checkpoint.size < main.size", "smaller <= checkpoint.size < main.size"),
    ("smaller < checkpoint.size < main.size", "smaller < checkpoint.size <= main.size"),
    ("smaller < checkpoint.size < main.size", "smaller < checkpoint.size"),
    ("        smaller = checkpoint.size\n", ""),
    ("checkpoints, smaller = [], 0", "checkpoints, smaller = [], -1"),
    ('        require(checkpoint.origin == main.origin, "unknown-log", checkpoint.origin)\n', ""),
    ("checkpoints.append((checkpoint, check_signatures(checkpoint, trust, report)))", "checkpoints.append((checkpoint, {}))"),
    ('        require(holds, "consistency", f"size {checkpoint.size}")\n', ""),
    ('if not is_understood(leaf) or leaf.fields["kind"] not in KINDS:', "if not is_understood(leaf):"),
    ('if not is_understood(leaf) or leaf.fields["kind"] not in KINDS:', 'if leaf.fields.get("kind") not in KINDS:'),
    ('leaf.fields["kind"] == "mapRecorded" and type(', "type("),
    (' and type(more.get("entries")) is int, "map", "log")', ', "map", "log")'),
    ('        raise Refuted("map", "log") from None', "        return None"),
    ("if entry.commitments is None or not is_understood(entry.leaf):", "if entry.commitments is None:"),
    ('    require("c" in fields, "commitment", where)\n', '    if "c" not in fields:\n        return revealed\n'),
    ('    require(sha256(b"".join(entry.commitments)) == hash_bytes(fields["c"], url=True), "commitment", where)\n', ""),
    ("for entry in (*events, *statements):\n        report.revealed", "for entry in events:\n        report.revealed"),
    ("for entry in (*events, *statements):\n        report.revealed", "for entry in statements:\n        report.revealed"),
    ('        require(untaken[commitment] > 0, "disclosure", where)\n', ""),
    ("        untaken[commitment] -= 1\n", ""),
    ("untaken = collections.Counter(entry.commitments)", "untaken = collections.Counter(set(entry.commitments))"),
    ("        revealed.append(decode_disclosure(text))\n", ""),
    ("isinstance(value, list) and len(value) == 3 and isinstance(value[1], str)", "isinstance(value, list) and len(value) >= 3 and isinstance(value[1], str)"),
    ("isinstance(value, list) and len(value) == 3 and isinstance(value[1], str)", "isinstance(value, list) and len(value) == 3"),
    ("        hash_bytes(value[0], url=True)\n    except", "    except"),
    ('require(not is_understood(entry.leaf) or "item" not in entry.leaf.fields, "count", f"index {entry.index}")', "pass"),
    ('require(not is_understood(entry.leaf) or "item" not in', 'require("item" not in'),
    ('        require(entry.index < log.index, "sequence", f"index {entry.index}")\n', "        pass\n"),
    ("entry.index < log.index", "entry.index <= log.index"),
    ('    require(len(events) == item.count, "count", item.number)\n', ""),
    ("len(events) == item.count", "len(events) <= item.count"),
    ("len(events) == item.count", "len(events) >= item.count"),
    ('        require(entry.leaf.fields["seq"] == number, "sequence", f"index {entry.index}")\n    for', "        pass\n    for"),
    ('entry.leaf.fields["seq"] == number', 'entry.leaf.fields["seq"] >= number'),
    ('entry.leaf.fields["seq"] == number', 'entry.leaf.fields["seq"] <= number'),
    ('        require(previous_of(entry.leaf) == previous, "previous", f"index {entry.index}")\n        previous = entry', "        previous = entry"),
    ("require(previous_of(entry.leaf) == previous,", "require(previous is None or previous_of(entry.leaf) == previous,"),
    ("require(previous_of(entry.leaf) == previous,", "require(previous_of(entry.leaf) in (None, previous),"),
    ('item.count.to_bytes(8, "big") + previous', 'item.count.to_bytes(8, "little") + previous'),
    ('reached = sha256(b"") if not item.path else None', 'reached = sha256(b"")'),
    ('reached = sha256(b"") if not item.path else None', "reached = root"),
    ("if is_reached and item.other[0] != key else None", "if item.other[0] != key else None"),
    ("if is_reached and item.other[0] != key else None", "if is_reached else None"),
    ("    require(reached == root, \"map\", item.number)\n", ""),
    ("    for item in items:\n        check_history", "    for item in items[:1]:\n        check_history"),
    ("    for item in items:\n        check_history", "    for item in items[1:]:\n        check_history"),
    ("        check_seen(entry.leaf, entry.index, roots.get)\n", "        pass\n"),
    ('seen, where = members(leaf.fields["more"]["seen"], ("root", "size"))', 'seen, where = leaf.fields["more"]["seen"]'),
    ('whole(seen["size"]) <= index and root_at', "root_at"),
    ('whole(seen["size"]) <= index and', 'whole(seen["size"]) <= index + 1 and'),
    ('whole(seen["size"]) <= index and', 'seen["size"] <= index and'),
    (' and root_at(seen["size"]) in (None, root)', ""),
    # Evidence.
    ('    require(0 < first.size <= second.size, "format", "sizes")\n', ""),
    ("0 < first.size <= second.size", "first.size <= second.size"),
    ('    require({"proof", "root"} & set(evidence) == differ, "format", "proof")\n', ""),
    ("for checkpoint in (first, second)]\n    require(first.origin", "for checkpoint in (first,)]\n    require(first.origin"),
    ("for checkpoint in (first, second)]\n    require(first.origin", "for checkpoint in (second,)]\n    require(first.origin"),
    ('    require(first.origin == second.origin, "unknown-log", second.origin)\n', ""),
    ('    require(root != first.root, "consistency")\n', ""),
    ('    require(verify_consistency(first.size, root, second.size, second.root, proof), "consistency")\n', ""),
    # Published folders.
    ('        if tree.root(main.size) != main.root:\n            raise Refuted("root", differing_entry(folder, tree, main.size))\n', ""),
    ("        check_tiles(folder, tree, main.size)\n", ""),
    ("        check_histories(texts, tree, report, item)\n", ""),
    ("        check_quorum(trust, times, report)\n        report.conclude()\n    except Incomplete", "        report.conclude()\n    except Incomplete"),
    ('            require(same, "tile", f"level {tile_level}, tile {number}")\n', ""),
    ("range(len(tree.levels) // 8 + 1)", "range(1)"),
    (" and (has_more or len(data) == len(wanted))", ""),
    ('        require(has_more or position == len(data), "format", f"entries {number}")\n', ""),
    ('            require(position + 2 <= len(data) and end <= len(data), "format", where)\n', ""),
    ("        check_seen(leaf, index, tree.root)\n", ""),
    ('            require(leaf.fields["seq"] == count, "sequence", where)\n', ""),
    ('            require(previous_of(leaf) == head, "previous", where)\n', ""),
    ('            require(recorded_map(leaf) == entries.root(), "map", where)\n', ""),
    ('            require(leaf.fields["more"]["entries"] == entries.count, "map", where)\n', ""),
    ("        report.unsure.append(\"incomplete\")\n", ""),
    ("            node[3], parent, node = None, node,", "            node[3], parent, node = node[3], node,"),
    ("(bit is None or node[0] < bit)", "(bit is None or node[0] > bit)"),
    ("if node is None or bit is not None:", "if bit is not None:"),
]

EQUIVALENT = {
    (", validate=True)", ")"): "What is decoded is encoded again and compared, which refuses the same texts.",
    ("parse_float=refuse, parse_constant=refuse", "parse_float=int"):
        "int() refuses fractions too, and NaN and Infinity are no integers in the check of the values.",
}


# A weakened verifier that does not come to an end has been noticed.
SECONDS = 5


class TooLong(Exception):
    pass


def stop(_signal, _frame):
    raise TooLong


def survivor(mutant):
    """None when the weakened verifier is noticed, else the mutant."""
    old, new = mutant
    with open(PROGRAM, encoding="utf-8") as file:
        source = file.read()
    if source.count(old) != 1:
        return f"stands {source.count(old)} times in the program", mutant
    module = types.ModuleType("weakened")
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        exec(compile(source.replace(old, new), "weakened", "exec"), module.__dict__)
        for _ in checks.failures(module, languages=()):
            return None
    except Exception:
        return None
    finally:
        signal.alarm(0)
    return "survives", mutant


def main():
    chosen = [mutant for mutant in MUTANTS if len(sys.argv) < 2 or sys.argv[1] in mutant[0]]
    wrong = 0
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        found = [one for one in pool.map(survivor, chosen, chunksize=4) if one is not None]
    for what, mutant in found:
        reason = EQUIVALENT.get(mutant)
        if what == "survives" and reason:
            print(f"equivalent: {mutant[0]!r} -> {mutant[1]!r}\n  {reason}")
        else:
            wrong += 1
            print(f"{what}: {mutant[0]!r} -> {mutant[1]!r}")
    for mutant in set(EQUIVALENT) - {mutant for _, mutant in found}:
        if mutant in chosen or mutant not in MUTANTS:
            wrong += 1
            print(f"noticed, or gone, but called equivalent: {mutant[0]!r} -> {mutant[1]!r}")
    print(f"{len(chosen)} mutants, {len(found)} not noticed, {wrong} of these without a reason")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
