#!/usr/bin/env bash
# The station in a real headless Chromium: every Tests/Browser/check_*.py.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${DOSSIER:=$root/.build/debug/dossier}"
export DOSSIER
unset DOSSIER_DATA
python=$("$root/Tests/Browser/environment")

failed=0
for check in "$root"/Tests/Browser/check_*.py; do
  begun=$SECONDS
  printf -- '--- %s\n' "${check##*/}"
  "$python" "$check" || { printf 'error: %s failed\n' "${check##*/}"; failed=1; }
  printf '%s s\n' "$((SECONDS - begun))"
done
exit "$failed"
