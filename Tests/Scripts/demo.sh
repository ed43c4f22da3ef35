#!/usr/bin/env bash
# Scripts/demo from another folder, twice, and onto a folder that is none of its business; then the demo's station.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() { printf 'demo: %s\n' "$*"; exit 1; }

"$root/Scripts/demo" store >first 2>&1 || { cat first; fail "the first run failed"; }
[ -e store/store.sqlite ] || fail "the store is not where it was asked for"
"$root/Scripts/demo" store >second 2>&1 || { cat second; fail "the second run failed"; }

mkdir mine
printf 'mine\n' >mine/file
status=0
"$root/Scripts/demo" mine >third 2>&1 || status=$?
[ "$status" -eq 2 ] || fail "status $status instead of 2 for a folder with something in it"
[ "$(ls mine)" = file ] || fail "a folder of somebody else was touched"

# The demo's station says where it is, answers there, and ends when asked to.
dossier=${DOSSIER:-$root/.build/debug/dossier}
"$dossier" demo --data served --serve --port 0 --samples "$root/SampleData" >served.out 2>served.err &
station=$!
trap 'kill -9 "$station" 2>/dev/null || :; rm -rf "$work"' EXIT
address=
for _ in $(seq 300); do
  address=$(grep -som1 'http://127.0.0.1:[0-9]*' served.err) && break
  kill -0 "$station" 2>/dev/null || break
  sleep 0.1
done
[ -n "$address" ] || { cat served.err; fail "the demo's station does not start"; }
for path in / /health; do
  status=$(curl -s -m 10 -o answer -w '%{http_code}' "$address$path") || status="$status, curl $?"
  [ "$status" = 200 ] || { cat answer; fail "status $status of the demo station's $path"; }
done
kill -TERM "$station"
status=0
wait "$station" || status=$?
[ "$status" -eq 0 ] || { tail served.err; fail "the demo's station ended with status $status"; }
