#!/usr/bin/env bash
# What the README says of the command is so: its verbs, its day at a center, its smallest manifest.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${DOSSIER:=$root/.build/debug/dossier}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$DOSSIER" "$work/bin/dossier"
ln -s "$root/SampleData" "$work/SampleData"
export PATH=$work/bin:$PATH
unset DOSSIER_DATA
cd "$work"

fail() { printf 'readme: %s\n' "$*"; exit 1; }

# block NAME prints the code block after the remark <!-- NAME -->.
block() {
  awk -v mark="<!-- $1 -->" '
    $0 == mark { armed = 1; next }
    armed && /^```/ { if (inside) exit; inside = 1; next }
    inside { print }' "$root/README.md"
}

printf '1. the verbs\n'
sed -nE 's/^\| `([a-z]+)` \|.*/\1/p' "$root/README.md" | sort >stated
dossier --help | sed -nE '/^SUBCOMMANDS:/,$ s/^  ([a-z]+) .*/\1/p' | sort >real
[ -s real ] || fail "dossier --help lists no verbs"
diff stated real || fail "the table of verbs differs from dossier --help"

printf '2. a day at a center\n'
block "a day" >day
[ "$(wc -l <day)" -ge 7 ] || fail "no day at a center was found"
while IFS= read -r line; do
  status=0
  bash -c "$line" >out 2>err </dev/null || status=$?
  expected=0
  case $line in "dossier receive "*) expected=1 ;; esac
  if [ "$status" -ne "$expected" ]; then
    cat out err
    fail "status $status instead of $expected: $line"
  fi
done <day
grep -q '^— postal-dossier/H48.25/' checkpoint.txt || fail "no checkpoint was written"

printf '3. the reports\n'
block "reports" >reports
[ "$(wc -l <reports)" -ge 5 ] || fail "no reports were found"
while IFS= read -r line; do
  status=0
  bash -c "$line" >out 2>err </dev/null || status=$?
  expected=0
  case $line in *" check "* | *reconcile*) expected=1 ;; esac
  if [ "$status" -ne "$expected" ]; then
    cat out err
    fail "status $status instead of $expected: $line"
  fi
done <reports

printf '4. the smallest manifest\n'
block "smallest manifest" >smallest.xml
xmllint --nonet --noout --schema "$root/Schemas/manifest-1.xsd" smallest.xml
dossier import --dry-run --format json smallest.xml >import.json
python3 - <<'PYTHON'
import json
[manifest] = json.load(open("import.json"))["manifests"]
assert manifest["status"] == "valid", manifest
assert not [f for f in manifest["findings"] if f["severity"] == "error"], manifest
PYTHON
