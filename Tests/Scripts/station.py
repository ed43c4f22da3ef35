#!/usr/bin/env python3
"""Attacks and accidents against `dossier serve`.

    station.py WORKDIR [--seconds N] [--connections N] [PART …]

Parts: order, raw, slow, killed, full, uploads, interface. All of them without arguments, in less than a minute;
`--seconds 60 --connections 10000 slow` holds as many slow connections as the system allows for a minute.
"""
import argparse
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "attacks"))
import interface  # noqa: E402
import uploads  # noqa: E402
from accidents import full, killed  # noqa: E402
from connections import raw, slow  # noqa: E402
from lifecycle import order  # noqa: E402
from serving import check, failures  # noqa: E402

PARTS = {part.__name__: part for part in (order, raw, slow, killed, full, uploads.uploads, interface.interface)}

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("parts", nargs="*", default=list(PARTS))
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--connections", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    for name in options.parts:
        begun = time.monotonic()
        try:
            PARTS[name](options.work, options)
        except Exception as error:  # told with the others
            check(False, f"{name}: {type(error).__name__}: {error}")
        print(f"{name}: {time.monotonic() - begun:.1f} s", flush=True)
    sys.exit(1 if failures else 0)
