#!/usr/bin/env bash
# Storage that refuses and readers that go away: a clear error, exit 2, nothing lost, the audit as clean as before.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${DOSSIER:=$root/.build/debug/dossier}"
work=$(mktemp -d)
mounted=
clean() {
  [ -z "$mounted" ] || umount "$mounted"
  chmod -R u+w "$work"
  rm -rf "$work"
}
trap clean EXIT
unset DOSSIER_DATA
failures=0
fail() { printf 'storage: FAILED: %s\n' "$*"; failures=$((failures + 1)); }

# expect CODE NAME COMMAND… runs a command; its messages go to $work/said, its result to $work/out.
expect() {
  local wanted=$1 name=$2 status=0
  shift 2
  "$@" >"$work/out" 2>"$work/said" </dev/null || status=$?
  [ "$status" = "$wanted" ] || fail "$name: exit $status, not $wanted: $(head -c 400 "$work/said")"
}
says() { grep -q "$2" "$work/said" || fail "$1: does not say $2: $(head -c 400 "$work/said")"; }
size() { "$DOSSIER" list events --data "$1" --format ndjson | wc -l; }
sound() {
  local status=0
  "$DOSSIER" audit --data "$1" --format json >"$work/audit" 2>&1 || status=$?
  [ "$status" -le 1 ] || fail "$2: audit exit $status: $(head -c 300 "$work/audit")"
  if grep -qE '"code": *"D-3[01]|"contradiction"' "$work/audit"; then fail "$2: $(grep -m3 D-3 "$work/audit")"; fi
}

"$DOSSIER" sample --seed 3 --items 3000 --single-file --only manifests --out "$work/large" >/dev/null 2>&1
large=$(echo "$work"/large/manifests/*.xml)

printf '1. a limit on the size of files, at many sizes\n'
for blocks in 60 100 200 400 800 1200; do
  data=$work/limit-$blocks
  "$DOSSIER" init --data "$data" --office H48.25 --name A >/dev/null 2>&1
  "$DOSSIER" import "$root/SampleData/manifests/BK-590210-260105-001.xml" --data "$data" >/dev/null 2>&1
  before=$(size "$data")
  # SIGXFSZ ignored: the write fails with EFBIG as on a full disk.
  expect 2 "limit $blocks" bash -c \
    "trap '' XFSZ; ulimit -f $blocks; exec \"\$0\" import \"\$1\" --data \"\$2\"" "$DOSSIER" "$large" "$data"
  says "limit $blocks" D-4005
  [ "$(size "$data")" = "$before" ] || fail "limit $blocks: events changed"
  sound "$data" "limit $blocks"
done
expect 0 "afterwards" "$DOSSIER" import "$large" --data "$work/limit-60"
sound "$work/limit-60" "afterwards"

printf '2. a full disk\n'
mkdir "$work/small"
if mount -t tmpfs -o size=3000k none "$work/small" 2>/dev/null; then
  mounted=$work/small
  data=$work/small/store
  "$DOSSIER" init --data "$data" --office H48.25 --name A >/dev/null 2>&1
  # Scans until nothing fits any more: whatever was answered is there.
  count=0
  : >"$work/answers"
  while [ $count -lt 60 ]; do
    count=$((count + 1))
    status=0
    "$DOSSIER" import "$root/SampleData/manifests" "$root/SampleData/events" --data "$data" --format ndjson \
      >>"$work/answers" 2>"$work/said" || status=$?
    [ $status = 2 ] && break
    dd if=/dev/zero of="$work/small/ballast-$count" bs=64k count=1 2>/dev/null || true
    "$DOSSIER" record held BG-1 --reason unclaimed --event "full-$count" --data "$data" --format ndjson \
      >>"$work/answers" 2>"$work/said" || status=$?
    [ $status = 2 ] && break
  done
  [ "$status" = 2 ] || fail "full disk: never full (exit $status)"
  says "full disk" 'D-4005\|D-4009'
  # SQLite needs 32 KiB for its index of the write-ahead log before it reads anything: one ballast file goes.
  rm "$work/small/ballast-1"
  "$DOSSIER" list events --data "$data" --format ndjson >"$work/events"
  while IFS= read -r name; do
    grep -q "\"id\":\"$name\"" "$work/events" || fail "full disk: $name is lost"
  done < <(sed -n 's/^{"event":"\([^"]*\)","index":[0-9].*/\1/p' "$work/answers")
  [ "$(grep -c '^{"event"' "$work/answers")" -gt 3 ] || fail "full disk: hardly anything was answered"
  sound "$data" "full disk"
  rm "$work"/small/ballast-*
  expect 0 "space again" "$DOSSIER" record held BG-1 --reason unclaimed --event after --data "$data"
  sound "$data" "space again"
  umount "$mounted"
  mounted=
else
  printf '   (no tmpfs can be mounted here: left to the size limits above)\n'
fi

printf '3. a folder that cannot be written\n'
data=$work/limit-100
expect 0 "a record first" "$DOSSIER" record held BG-1 --reason unclaimed --data "$data"
before=$(size "$data")
if [ "$(id -u)" = 0 ] && mkdir "$work/ro" && mount --bind "$data" "$work/ro" 2>/dev/null; then
  mounted=$work/ro
  mount -o remount,bind,ro "$work/ro"
  data=$work/ro
elif [ "$(id -u)" != 0 ]; then
  chmod -R a-w "$data"
else
  data=
fi
if [ -n "$data" ]; then
  expect 2 "read-only record" "$DOSSIER" record held BG-1 --reason unclaimed --data "$data"
  says "read-only record" D-4005
  expect 2 "read-only import" "$DOSSIER" import "$large" --data "$data"
  [ "$(size "$data")" = "$before" ] || fail "read-only: events cannot be listed, or changed"
  sound "$data" "read-only"
  expect 0 "read-only report" "$DOSSIER" report losses --data "$data"
else
  printf '   (root here, and no bind mount: not shown)\n'
fi

printf '4. readers that go away\n'
data=$work/limit-60
before=$(size "$data")
# No SIGPIPE death with a half-written store, and no loop.
for verb in "list events --format ndjson" "list items --format csv" "audit --format json"; do
  # shellcheck disable=SC2086
  timeout 20 "$DOSSIER" $verb --data "$data" 2>"$work/said" | head -c 10 >/dev/null || status=${PIPESTATUS[0]}
  [ "${status:-0}" -le 2 ] || fail "$verb into a closed pipe: exit $status"
done
number=BK-590230-260112-001
"$DOSSIER" import "$root/SampleData/manifests/$number.xml" --data "$data" >/dev/null 2>&1
"$DOSSIER" list events --data "$data" --format ndjson | grep "\"manifest\":\"$number\"" |
  sed -n 's/.*"kind":"dispatched".*"item":"\([^"]*\)".*/\1/p' >"$work/scans"
[ "$(wc -l <"$work/scans")" = 25 ] || fail "25 items expected, not $(wc -l <"$work/scans")"
status=0
timeout 30 "$DOSSIER" receive "$number" --scans - --data "$data" --format ndjson <"$work/scans" 2>"$work/said" |
  head -n 3 >"$work/three" || status=${PIPESTATUS[0]}
[ "$status" != 124 ] || fail "receive goes on for ever"
while IFS= read -r name; do
  "$DOSSIER" list events --data "$data" --format ndjson | grep -q "\"id\":\"$name\"" || fail "answered $name is lost"
done < <(sed -n 's/^{"event":"\([^"]*\)".*/\1/p' "$work/three")
sound "$data" "closed pipe"
expect 0 "the rest" bash -c '"$0" receive "$1" --scans - --data "$2" <"$3"' "$DOSSIER" "$number" "$data" "$work/scans"
sound "$data" "the rest"

[ $failures = 0 ] || exit 1
printf 'storage: all held\n'
