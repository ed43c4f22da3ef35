#!/usr/bin/env bash
# The station in a real headless Chromium: every Tests/Browser/check_*.py.
#
# What they check includes how fast keys come and sounds end, which a machine that is busy with something else can upset.
# A check that fails is therefore made once more, aloud; a fault of the station fails twice.
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
  if ! "$python" "$check"; then
    printf 'once more: %s\n' "${check##*/}"
    "$python" "$check" || { printf 'error: %s failed\n' "${check##*/}"; failed=1; }
  fi
  printf '%s s\n' "$((SECONDS - begun))"
done
exit "$failed"
