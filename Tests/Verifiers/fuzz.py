#!/usr/bin/env python3
"""Altered bundles: every bit of a small one, bytes and parts of others with the digest made to fit again.

    Tests/Verifiers/fuzz.py DIR COUNT SEED     writes altered bundles for comparing verifiers (compare.py)
"""
import copy
import os
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
from builder import WITNESSES, Log, canonical, seal

ITEM = "RM473195374VN"


def smallest():
    """One event, one map: every byte of its line 1 is vouched for by something."""
    log = Log()
    log.event("A-1", reveal=[("note", "Ánh")])
    return seal(log.bundle(log.record_map(), "A-1", disclose={0: [0]}))


def rich():
    """Everything that a bundle may hold."""
    log = cases.small_log()
    return log.bundle(
        13, ITEM, "BG-1/2026", "ZZ-9", witnesses=[(WITNESSES[0], 1_768_100_000), (WITNESSES[1], 1_768_100_001)],
        disclose={2: [0, 1]}, statements=[0], times=[(5, [(WITNESSES[2], 1_768_000_000)]), (8, ())])


def bits(data):
    """The file with each single bit turned."""
    for position in range(len(data) * 8):
        turned = bytearray(data)
        turned[position // 8] ^= 1 << position % 8
        yield bytes(turned)


def bytes_sealed(data, random):
    """Line 1 with each byte in turn replaced by another, and a digest that fits."""
    line = data.split(b"\n")[0]
    for position in range(len(line)):
        other = bytearray(line)
        other[position] = random.choice([byte for byte in (*range(32, 127), 10, 200) if byte != line[position]])
        yield seal(bytes(other))


def places(value, path=()):
    """Paths of all parts of a JSON value."""
    yield path
    if isinstance(value, (dict, list)):
        for key in (value if isinstance(value, dict) else range(len(value))):
            yield from places(value[key], (*path, key))


def part(value, path):
    for key in path:
        value = value[key]
    return value


def parts_sealed(bundle, random, count):
    """Bundles with one or two parts removed, doubled, exchanged or replaced."""
    sizes = [0, 1, 2, 5, 8, 13, 14, 15, 16, 255, 256, -1, 2**53 - 1, 2**53]
    for _ in range(count):
        other = copy.deepcopy(bundle)
        for _ in range(random.choice((1, 1, 1, 2))):
            path = random.choice([path for path in places(other) if path])
            parent, key = part(other, path[:-1]), path[-1]
            value = parent[key]
            action = random.randrange(6)
            if action == 0:
                del parent[key]
            elif action == 1 and isinstance(parent, list):
                parent.insert(key, copy.deepcopy(value))
            elif action == 2:
                alike = [one for one in places(other) if one and type(part(other, one)) is type(value)]
                parent[key] = copy.deepcopy(part(other, random.choice(alike)))
            elif action == 3 and isinstance(value, int):
                parent[key] = random.choice([value + 1, value - 1, *sizes])
            elif action == 4 and isinstance(value, str) and value:
                at = random.randrange(len(value))
                parent[key] = value[:at] + random.choice("aZ0=+/-_ \n\"é\u0301\u202e{}[],:") + value[at + random.randrange(2):]
            else:
                parent[key] = random.choice([[], {}, "", 0, True, "x", [value], {"value": value}])
        yield seal(canonical(other).encode(errors="surrogatepass"))


def main():
    folder, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "policy.txt"), "w", encoding="utf-8") as file:
        file.write(cases.TRUSTS["two"])
    for number, data in enumerate(parts_sealed(rich(), random.Random(seed), count)):
        with open(os.path.join(folder, f"fuzz-{seed}-{number:05}.custody.json"), "wb") as file:
            file.write(data)


if __name__ == "__main__":
    main()
