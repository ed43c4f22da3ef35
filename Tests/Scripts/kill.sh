#!/usr/bin/env bash
# kill -9 at a hundred random moments of import, receive and record: nothing acknowledged is lost, and repeating the
# work completes it. KILLS and SEED may be set; the seed is printed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${DOSSIER:=$root/.build/debug/dossier}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DOSSIER_DATA
python3 "$root/Tests/Scripts/kill.py" "$DOSSIER" "$work" "${SEED:-$RANDOM}" "${KILLS:-100}"
