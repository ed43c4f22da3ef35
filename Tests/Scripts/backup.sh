#!/usr/bin/env bash
# Backup, restore and the signer's store as an administrator uses them: what is refused, what the hints say, what goes on.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${DOSSIER:=$root/.build/debug/dossier}"
work=$(mktemp -d)
mounted=
station=
clean() {
  [ -z "$station" ] || kill -9 "$station" 2>/dev/null || true
  [ -z "$mounted" ] || umount "$mounted"
  rm -rf "$work"
}
trap clean EXIT
unset DOSSIER_DATA
export LANG=en_US.UTF-8
seed=${SEED:-$RANDOM}
RANDOM=$seed
printf 'seed %s\n' "$seed"
failures=0
fail() { printf 'backup: FAILED: %s\n' "$*"; failures=$((failures + 1)); }

# expect CODE NAME COMMAND… runs a command; its messages go to $work/said, its result to $work/out.
expect() {
  local wanted=$1 name=$2 status=0
  shift 2
  "$@" >"$work/out" 2>"$work/said" </dev/null || status=$?
  [ "$status" = "$wanted" ] || fail "$name: exit $status, not $wanted: $(head -c 600 "$work/said")"
}
says() { grep -q -e "$2" "$work/said" || fail "$1: does not say $2: $(head -c 600 "$work/said")"; }
size() { "$DOSSIER" list events --data "$1" --format ndjson | wc -l; }
# sound STORE NAME [CODE] audits it: no finding about log or store, but for CODE.
sound() {
  local status=0
  "$DOSSIER" audit --data "$1" --format json >"$work/audit" 2>&1 || status=$?
  [ "$status" -le 1 ] || fail "$2: audit exit $status: $(head -c 300 "$work/audit")"
  if grep -E '"code": *"D-3[01]' "$work/audit" | grep -v "${3:-D-none}"; then fail "$2: the audit objects"; fi
}
record() { "$DOSSIER" record held "$2" --reason unclaimed --data "$1" --format ndjson; }

"$DOSSIER" sample --seed 11 --items 6000 --items-per-manifest 40 --only manifests --out "$work/sample" >/dev/null 2>&1

printf '1. a store that is lost, and put back\n'
data=$work/one
mkdir "$work/signer" "$work/usb"
expect 0 init "$DOSSIER" init --data "$data" --keys "$work/signer/one" --office H48.25 --name A
expect 0 import "$DOSSIER" import "$root/SampleData/manifests" --data "$data"
expect 0 backup "$DOSSIER" backup "$work/usb" --data "$data" --format json
says backup "no signing key"
copy=$(sed -n 's/^ *"file": "\(.*\)",*$/\1/p' "$work/out")
[ "$(stat -c %a "$copy" "$copy.txt" | sort -u)" = 600 ] || fail "the backup can be read by others"
grep -q "^sha256 $(sha256sum "$copy" | cut -d ' ' -f 1)$" "$copy.txt" || fail "the record has another digest"
if grep -rqa 'PRIVATE+KEY' "$work/usb"; then fail "a key is in the backup"; fi
expect 2 "not over a store" "$DOSSIER" restore "$copy" --data "$data"
says "not over a store" D-4002
before=$(size "$data")
rm -r "$data"
expect 0 restore "$DOSSIER" restore "$copy" --data "$data" --keys "$work/signer/one"
[ "$(size "$data")" = "$before" ] || fail "restored: $(size "$data") events, not $before"
expect 0 "audit" "$DOSSIER" audit --data "$data"
expect 0 "goes on" record "$data" BG-1

printf '2. an old backup beside the signer that knows more\n'
rm -r "$data"
expect 1 "old backup" "$DOSSIER" restore "$copy" --data "$data" --keys "$work/signer/one"
says "old backup" D-3010
says "old backup" 'dossier log succeed'
expect 2 "old backup, write" record "$data" BG-1
says "old backup, write" D-3010
expect 0 "old backup, read" "$DOSSIER" report losses --data "$data"
expect 1 "doctor" "$DOSSIER" doctor --data "$data"
says doctor D-3010
expect 1 freeze "$DOSSIER" log freeze --data "$data" --output "$work/final"
expect 2 "frozen, write" record "$data" BG-1
expect 0 succeed "$DOSSIER" log succeed --reason restored --data "$data"
says succeed '1 signed events are gone'
expect 0 "successor, write" record "$data" BG-1
sound "$data" successor
"$DOSSIER" list events --data "$data" --format ndjson | grep -q '"kind":"logSucceeded"' || fail "not stated"
expect 1 "kept by others" "$DOSSIER" log verify "$work/final" --data "$data"
says "kept by others" D-3010

printf '3. copies taken while others import and record\n'
data=$work/busy
expect 0 init "$DOSSIER" init --data "$data" --office H48.25 --name A
"$DOSSIER" import "$work/sample" --data "$data" >"$work/import-said" 2>&1 &
importing=$!
(for n in $(seq 40); do record "$data" "BG-$n" >>"$work/answers" || exit 1; done) 2>"$work/record-said" &
recording=$!
copies=0
while kill -0 "$importing" 2>/dev/null || kill -0 "$recording" 2>/dev/null; do
  copies=$((copies + 1))
  expect 0 "busy backup $copies" "$DOSSIER" backup "$work/busy-$copies" --data "$data" --format ndjson
done
wait "$importing" || fail "the import was disturbed: $(tail -n 3 "$work/import-said")"
wait "$recording" || fail "a record was disturbed: $(tail -n 3 "$work/record-said")"
printf '   %s copies\n' "$copies"
for n in 1 $((copies / 2 + 1)) "$copies"; do
  status=0
  "$DOSSIER" restore "$work/busy-$n" --data "$work/busy-store-$n" --keys "$data/keys" \
    >"$work/out" 2>"$work/said" || status=$?
  [ "$status" -le 1 ] || fail "busy copy $n: exit $status: $(cat "$work/said")"
  sound "$work/busy-store-$n" "busy copy $n" D-3010
  rm -r "$work/busy-store-$n"
done
sound "$data" "busy store"

printf '4. kill -9 while a backup is made\n'
kept=0
begun=$(date +%s%N)
expect 0 backup "$DOSSIER" backup "$work/timed" --data "$data"
span=$((($(date +%s%N) - begun) / 1000000))
for n in $(seq 12); do
  target=$work/killed-$n
  "$DOSSIER" backup "$target" --data "$data" >/dev/null 2>&1 &
  backing=$!
  delay=$((RANDOM % (span * 5 / 4 + 1)))
  sleep "$((delay / 1000)).$(printf '%03d' $((delay % 1000)))"
  kill -9 "$backing" 2>/dev/null || true
  wait "$backing" 2>/dev/null || true
  if [ -e "$target" ]; then
    kept=$((kept + 1))
  else
    expect 0 "again after kill $n" "$DOSSIER" backup "$target" --data "$data"
  fi
  [ ! -e "$target.new" ] || fail "kill $n: a draft is left beside a finished backup"
  expect 0 "restore after kill $n" "$DOSSIER" restore "$target" --data "$work/killed-store" --keys "$data/keys"
  rm -r "$work/killed-store" "$target" "$target.txt"
done
printf '   %s of 12 were done before\n' "$kept"
sound "$data" "after kills"

printf '5. a backup that was altered\n'
expect 0 backup "$DOSSIER" backup "$work/good" --data "$data"
damaged() {
  expect 2 "$1" "$DOSSIER" restore "$work/bad" --data "$work/bad-store" --keys "$data/keys"
  says "$1" "$2"
  [ ! -e "$work/bad-store" ] || fail "$1: something is left"
}
cp "$work/good" "$work/bad"
damaged "no record" D-4014
sed 's/^size .*/size 7/' "$work/good.txt" >"$work/bad.txt"
damaged "another size" D-4015
cp "$work/good.txt" "$work/bad.txt"
printf 'x' | dd of="$work/bad" bs=1 seek=40000 conv=notrunc 2>/dev/null
damaged "one byte" D-4015
head -c 100000 "$work/good" >"$work/bad"
damaged truncated D-4015

printf '6. no room for it\n'
for blocks in 40 100 400; do
  expect 2 "limit $blocks" bash -c \
    "trap '' XFSZ; ulimit -f $blocks; exec \"\$0\" backup \"\$1\" --data \"\$2\"" "$DOSSIER" "$work/full" "$data"
  says "limit $blocks" D-4012
  [ -z "$(find "$work" -maxdepth 1 -name 'full*')" ] || fail "limit $blocks: something is left"
  expect 2 "restore, limit $blocks" bash -c \
    "trap '' XFSZ; ulimit -f $blocks; exec \"\$0\" restore \"\$1\" --data \"\$2\"" "$DOSSIER" "$work/good" "$work/full"
  [ ! -e "$work/full" ] || fail "restore, limit $blocks: something is left"
done
mkdir "$work/disk"
if mount -t tmpfs -o size=700k none "$work/disk" 2>/dev/null; then
  mounted=$work/disk
  expect 2 "full disk" "$DOSSIER" backup "$work/disk/copy" --data "$data"
  says "full disk" D-4012
  [ -z "$(ls -A "$work/disk")" ] || fail "full disk: something is left"
  expect 2 "full disk, restore" "$DOSSIER" restore "$work/good" --data "$work/disk/store"
  [ -z "$(ls -A "$work/disk")" ] || fail "full disk, restore: something is left"
  umount "$mounted"
  mounted=
else
  printf '   (no tmpfs can be mounted here: left to the size limits above)\n'
fi

printf '7. keys and years\n'
data=$work/one
"$DOSSIER" log checkpoint --data "$data" --output "$work/before" 2>/dev/null
expect 0 rotate "$DOSSIER" log rotate-key --data "$data"
says rotate 'log rotate-key --finish'
expect 0 "during" record "$data" BG-2
[ "$("$DOSSIER" log checkpoint --data "$data" | grep -c '^— ')" = 2 ] || fail "not signed by both keys"
expect 2 "twice" "$DOSSIER" log rotate-key --data "$data"
expect 0 finish "$DOSSIER" log rotate-key --finish --data "$data"
expect 0 "old checkpoint" "$DOSSIER" log verify "$work/before" --data "$data"
expect 0 "afterwards" record "$data" BG-3
sound "$data" "new key"
expect 0 freeze "$DOSSIER" log freeze --data "$data" --output "$work/final"
expect 0 "next year" "$DOSSIER" init --after "$work/final" --after-key "$data/keys/log.pub" --office H48.25 --name A \
  --data "$work/2027"
expect 0 "next year, audit" "$DOSSIER" audit --data "$work/2027"
expect 2 "last year" record "$data" BG-4
says "last year" D-3016

printf '8. a signer of another user\n'
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
if [ "$(id -u)" = 0 ] && nobody "$DOSSIER" --version >/dev/null 2>&1; then
  data=$work/shared/store
  mkdir "$work/shared"
  expect 0 init "$DOSSIER" init --data "$data" --keys "$work/signer/shared" --office H48.25 --name A
  chmod 755 "$work" "$work/signer" "$work/signer/shared"
  chmod 644 "$work/signer/shared/head"
  chown -R 65534 "$data"
  expect 0 "another user records" nobody "$DOSSIER" record held BG-1 --reason unclaimed --data "$data"
  expect 2 "another user signs" nobody "$DOSSIER" log checkpoint --data "$data"
  expect 0 "the signer signs" "$DOSSIER" log checkpoint --data "$data"
  sound "$data" "signed by another"
else
  printf '   (not root, or the program is not for all: not shown)\n'
fi

printf '9. people and papers outlive the store\n'
data=$work/town
expect 0 init "$DOSSIER" init --data "$data" --keys "$work/signer/town" --office H48.25 --name A
expect 0 import "$DOSSIER" import "$root/SampleData/manifests" --data "$data"
printf 'bốn con mèo đi chợ' >"$work/password"
printf '864209\n' >"$work/pin"
add() {
  "$DOSSIER" people add "$1" --name "Người $1" --office H48.25 --role clerk --password-file "$work/password" \
    --pin-file "$work/pin" --data "$data"
}
# serve STORE starts a station; its address goes to $address.
serve() {
  "$DOSSIER" serve --data "$1" --port 0 >"$work/served" 2>&1 &
  station=$!
  address=
  for _ in $(seq 1200); do
    address=$(grep -som1 'http://127.0.0.1:[0-9]*' "$work/served") && return
    kill -0 "$station" 2>/dev/null || break
    sleep 0.1
  done
  fail "the station does not start: $(cat "$work/served")"
}
ask() { curl -sS --max-time 120 -H "Origin: $address" "$@"; }
# sign_in CODE prints the cookie of a new session.
sign_in() {
  ask -o /dev/null -D - --data-urlencode "code=$1" --data-urlencode "password@$work/password" "$address/sign-in" |
    sed -nE 's/^[Ss]et-[Cc]ookie: (dossier=[0-9a-f]{64});.*/\1/p'
}
status_of() { ask -o /dev/null -w '%{http_code}' -H "Cookie: $1" "$address/v1/session"; }
expect 0 "an account" add TC1
expect 0 slip "$DOSSIER" print slip EM473112922VN --data "$data" --output "$work/slip.html"
code=$(grep -oE 'QC[0-9A-Z]{20,}' "$work/slip.html" | head -n 1)
serve "$data"
cookie=$(sign_in TC1)
[ "$(status_of "$cookie")" = 200 ] || fail "nobody can sign in before the backup"
# Accounts are made while the station serves and copies are taken.
(for n in 1 2 3; do add "NV$n" || exit 1; done) >"$work/adding" 2>&1 &
adding=$!
copies=0
while kill -0 "$adding" 2>/dev/null; do
  copies=$((copies + 1))
  expect 0 "town backup $copies" "$DOSSIER" backup "$work/saved-$copies" --data "$data"
done
wait "$adding" || fail "accounts were disturbed: $(cat "$work/adding")"
expect 0 "last backup" "$DOSSIER" backup "$work/saved" --data "$data" --format json
for part in saved saved.txt saved.people.json saved.lookup.key; do
  [ "$(stat -c %a "$work/$part")" = 600 ] || fail "$part can be read by others"
done
[ ! -e "$work/saved.sessions.json" ] && ! grep -q sessions "$work/saved.txt" || fail "sessions are in the backup"
if grep -rqa 'PRIVATE+KEY' "$work"/saved*; then fail "a signing key is in the backup"; fi
for n in $(seq "$copies"); do
  status=0
  "$DOSSIER" restore "$work/saved-$n" --data "$work/town-store" --keys "$data/keys" >"$work/out" 2>"$work/said" ||
    status=$?
  [ "$status" -le 1 ] || fail "copy $n of a served store: exit $status: $(cat "$work/said")"
  # What the accounts say is recorded in the log of that copy.
  known=$("$DOSSIER" people list --data "$work/town-store" --format ndjson | wc -l)
  stated=$("$DOSSIER" list events --data "$work/town-store" --format ndjson | grep -c '"reason":"accountChanged"')
  [ "$known" -le "$stated" ] || fail "copy $n: $known accounts, $stated recorded"
  rm -r "$work/town-store"
done
kill -9 "$station"
wait "$station" 2>/dev/null || true
rm -r "$data" "$work/signer/town/lookup.key"
ls -A "$work/signer/town" >"$work/signer-before"
cp "$work/saved.people.json" "$work/whole"
sed 's/TC1/TC9/' "$work/whole" >"$work/saved.people.json"
expect 2 "altered accounts" "$DOSSIER" restore "$work/saved" --data "$data" --keys "$work/signer/town"
says "altered accounts" D-4015
rm "$work/saved.people.json"
expect 2 "no accounts" "$DOSSIER" restore "$work/saved" --data "$data" --keys "$work/signer/town"
says "no accounts" D-4014
[ ! -e "$data" ] && ls -A "$work/signer/town" | cmp -s - "$work/signer-before" || fail "a refused restore leaves something"
cp "$work/whole" "$work/saved.people.json"
status=0
"$DOSSIER" restore "$work/saved" --data "$data" --keys "$work/signer/town" >"$work/out" 2>"$work/said" || status=$?
[ "$status" = 0 ] || fail "town is restored with $status: $(cat "$work/said")"
[ "$(stat -c %a "$data/station" "$data/station/people.json" "$data/station/lookup.key" | tr '\n' ' ')" = "700 600 600 " ] ||
  fail "modes after the restore"
serve "$data"
[ "$(status_of "$cookie")" = 401 ] || fail "a session outlives the restore"
[ "$(status_of "$(sign_in TC1)")" = 200 ] && [ "$(status_of "$(sign_in NV3)")" = 200 ] || fail "nobody can sign in again"
[ "$(ask -o "$work/opened" -w '%{http_code}' "$address/v/$code")" = 200 ] || fail "the code on paper is dead"
kill "$station"
wait "$station" || fail "the station does not end well"
station=

[ $failures = 0 ] || exit 1
printf 'backup: all held\n'
