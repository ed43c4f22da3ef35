#!/usr/bin/env bash
# The station under attack and accident: kill -9 while it writes, a full disk, slow and malformed requests, hostile
# documents, and its answers against its own description (station.py names the parts, attacks/ holds them).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${DOSSIER:=$root/.build/debug/dossier}"
export DOSSIER
unset DOSSIER_DATA
work=$(mktemp -d)
mounted=
clean() {
  [ -z "$mounted" ] || umount "$mounted"
  rm -rf "$work"
}
trap clean EXIT
mkdir "$work/small"
if mount -t tmpfs -o size=6m none "$work/small" 2>/dev/null; then
  mounted=$work/small
else
  rmdir "$work/small"
fi
"$("$root/Tests/Browser/environment")" "$root/Tests/Scripts/station.py" "$work" "$@"
