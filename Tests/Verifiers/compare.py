#!/usr/bin/env python3
"""What the Python and the HTML verifier say of every bundle and evidence file in a folder.

    Tests/Verifiers/compare.py DIR [--trust FILE] [--no-browser]

One line a file, `<file name> <verdict> <reason>`, in the order of names; `-` where there is no reason. Whom to trust, in
this order: --trust; the second column of DIR/expected.tsv (file, trust, verdict, reason); DIR/policy.txt; DIR/log.vkey.
Exit: 0 both verifiers agree, and with expected.tsv where there is one (reasons are compared where it says refuted);
1 they differ (told on stderr); 2 nothing to compare, or no browser.
"""
import argparse
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [here, os.path.join(here, "..", "..", "Scripts")]
import browser
import verify_bundle


def expectations(folder):
    try:
        with open(os.path.join(folder, "expected.tsv"), encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
    except FileNotFoundError:
        return {}
    return {row[0]: (row[1], row[2], row[3] if len(row) > 3 else "-") for row in rows}


def trust_text(folder, name, options, expected):
    names = [expected[name][0]] if name in expected else ["policy.txt", "log.vkey"]
    for path in [options.trust] if options.trust else [os.path.join(folder, one) for one in names]:
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                return file.read()
    return None


def parse_trust(text):
    if text is None:
        return None
    is_key = len(text.split()) == 1
    return verify_bundle.parse_trust_key(text) if is_key else verify_bundle.parse_policy(text)


def main():
    parser = argparse.ArgumentParser(usage="compare.py DIR [--trust FILE] [--no-browser]")
    parser.add_argument("folder")
    parser.add_argument("--trust")
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    expected = expectations(options.folder)
    names = sorted(name for name in os.listdir(options.folder) if name.endswith((".custody.json", ".evidence.json")))
    if not names or not options.no_browser and browser.find() is None:
        print("compare.py: no bundles in the folder" if not names else "compare.py: no Chromium", file=sys.stderr)
        return 2
    files = []
    for name in names:
        with open(os.path.join(options.folder, name), "rb") as file:
            files.append((file.read(), trust_text(options.folder, name, options, expected)))
    reports = [verify_bundle.verify_file(data, parse_trust(trust)) for data, trust in files]
    results = [(report.verdict, report.reason) for report in reports]
    shown = results
    if not options.no_browser:
        page = browser.Browser()
        try:
            shown = page.verdicts(files)
        finally:
            page.close()
    differences = 0
    for name, result, other in zip(names, results, shown):
        print(name, *result)
        if other != result:
            differences += 1
            print(f"{name}: the HTML verifier says {' '.join(other)}", file=sys.stderr)
        if name in expected:
            _, verdict, reason = expected[name]
            if result[0] != verdict or verdict == "refuted" and result[1] != reason:
                differences += 1
                print(f"{name}: {verdict} {reason} was expected", file=sys.stderr)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
