#!/usr/bin/env bash
# Power cuts: what dossier writes and synchronises is recorded, and crash images of the store are made from the record.
# In every image the store opens, the audit finds no contradiction and everything acknowledged is there. The control
# is the same record without the synchronisations that SQLite's synchronous=NORMAL leaves out: it must lose events.
# SEED and IMAGES may be set; the seed is printed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${DOSSIER:=$root/.build/debug/dossier}"
seed=${SEED:-$RANDOM}
images=${IMAGES:-120}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DOSSIER_DATA
cc -O1 -Wall -shared -fPIC -o "$work/recorder.so" "$root/Tests/Scripts/powercut/recorder.c" -ldl -lpthread

base=$work/store
"$DOSSIER" init --data "$base" --office H48.25 --name A >/dev/null 2>&1
cp -a "$base" "$work/base"

recorded() {
  LD_PRELOAD=$work/recorder.so POWERCUT_DIR=$base POWERCUT_LOG=$work/log "$DOSSIER" "$@" --data "$base" \
    --format ndjson >>"$work/answers" 2>/dev/null
}
for file in BK-590210-260105-001.xml BK-590230-260112-001.xml BK-590820-260119-001.xml; do
  recorded import "$root/SampleData/manifests/$file"
done
recorded receive BK-590230-260112-001 --scans - <"$root/SampleData/scans/BK-590230-260112-001.txt" || [ $? = 1 ]
for number in 1 2 3 4 5 6 7 8 9 10 11 12; do
  recorded record held "BG-$((number % 3))" --reason unclaimed --event "cut-$number" --note "lần $number"
done
recorded import "$root/SampleData/events"
recorded receive BK-590820-260119-001 --close --by A1 --witness A2 || [ $? = 1 ]

# The record begins where the base ends.
mv "$base" "$work/after"
mv "$work/base" "$base"
python3 "$root/Tests/Scripts/powercut/check.py" "$DOSSIER" "$base" "$work/log" "$work" "$seed" "$images"
python3 "$root/Tests/Scripts/powercut/check.py" "$DOSSIER" "$base" "$work/log" "$work" "$seed" "$images" normal
