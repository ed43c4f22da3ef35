#!/usr/bin/env bash
# What outsiders get, typed as a user could: proofs, the published log, witnesses, forks. Attacks on each must be seen.
# The independent verifier (Scripts/verify_bundle.py) must say the same wherever Python has its cryptography package.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${DOSSIER:=$root/.build/debug/dossier}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DOSSIER_DATA
export LANG=en_US.UTF-8
cd "$work"

dossier() { "$DOSSIER" "$@"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
# expect CODE WORD COMMAND… : the exit code, and a word of the output.
expect() {
  local code=$1 word=$2 found=0
  shift 2
  "$@" >out.txt 2>err.txt || found=$?
  [ "$found" = "$code" ] || { cat out.txt err.txt >&2; fail "exit code $found, not $code: $*"; }
  grep -q -- "$word" out.txt err.txt || { cat out.txt err.txt >&2; fail "no word '$word': $*"; }
}

agrees=yes
python3 -c 'from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey' 2>/dev/null || {
  agrees=no
  printf 'SKIPPED: agreement with verify_bundle.py, since python3-cryptography is not installed\n'
}
# both CODE WORD PATH TRUST… : this program and the independent one say the same.
both() {
  local code=$1 word=$2 path=$3
  shift 3
  expect "$code" "$word" dossier log verify "$path" "$@" --data nowhere
  if [ "$agrees" = yes ]; then
    expect "$code" "$word" python3 "$root/Scripts/verify_bundle.py" "$path" "$@" --lang en
  fi
}

# --- a store, a proof, a publication
dossier init --data store --office H48.25 --name "Trung tâm" >/dev/null 2>&1
dossier offices import "$root/SampleData/offices.csv" --data store >/dev/null
dossier import "$root/SampleData/manifests" "$root/SampleData/events" --data store >/dev/null 2>&1 || true
cp store/keys/log.pub log.pub
item=RM473195480VN
dossier log prove "$item" --data store --output plain.custody.json 2>/dev/null
[ "$(stat -c %a plain.custody.json)" = 600 ] || fail "a proof may hold personal data: its mode is not 600"
dossier log prove "$item" --reveal all --data store --output all.custody.json 2>/dev/null
code=$(dossier show "$item" --data store --format json | python3 -c 'import json,sys; print(json.load(sys.stdin)["dossiers"][0])')
dossier log prove "$code" --data store --output dossier.custody.json 2>/dev/null
for proof in plain all dossier; do both 0 PROVEN "$proof.custody.json" --key log.pub; done
expect 2 no-key dossier log verify plain.custody.json --data nowhere
expect 0 PROVEN dossier log verify plain.custody.json --data store
dossier log publish published --data store >/dev/null
both 0 PROVEN published --key log.pub
dossier log checkpoint --data store --output early.txt

# --- a witness, by files and over HTTP
dossier witness init witness --name inspectorate --output witness.pub
dossier witness trust witness log.pub >/dev/null
printf 'log %s\nwitness w %s\nquorum w\n' "$(cat log.pub)" "$(cat witness.pub)" >policy.txt
both 1 quorum plain.custody.json --policy policy.txt
dossier log witness-request --witness witness.pub --data store --output request.txt
dossier witness cosign witness request.txt --output reply.txt
dossier log add-cosignature reply.txt --witness witness.pub --data store >/dev/null
dossier log prove "$item" --data store --output witnessed.custody.json 2>/dev/null
both 0 PROVEN witnessed.custody.json --policy policy.txt
dossier log publish published --data store >/dev/null
both 0 PROVEN published --policy policy.txt
expect 1 D-3208 dossier witness cosign witness request.txt

dossier record held "$item" --office 590230 --reason a --data store >/dev/null 2>&1
dossier log witness-request --witness witness.pub --data store --output request.txt
# Not by the function: then $! would be a shell's.
"$DOSSIER" witness serve witness --port 0 >/dev/null 2>serve.txt &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 1200); do grep -q http serve.txt && break; sleep 0.1; done
address=$(grep -o 'http://[^ ]*' serve.txt)
status=$(curl -s -o reply.txt -w '%{http_code}' --data-binary @request.txt "$address")
[ "$status" = 200 ] || fail "the witness answered $status"
status=$(curl -s -o conflict.txt -w '%{http_code}' --data-binary @request.txt "$address")
[ "$status" = 409 ] || fail "the same request again was answered with $status"
head -c 200000 /dev/zero >large.txt
status=$(curl -s -o /dev/null -w '%{http_code}' --data-binary @large.txt "$address")
[ "$status" = 413 ] || fail "a large request was answered with $status"
status=$(curl -s -o /dev/null -w '%{http_code}' "${address%/*}/other" || true)
[ "$status" = 404 ] || fail "another path was answered with $status"
status=$(curl -s -o /dev/null -w '%{http_code}' "$address" || true)
[ "$status" = 405 ] || fail "GET was answered with $status"
status=$(curl -s -o /dev/null -w '%{http_code}' -H 'Transfer-Encoding: chunked' --data-binary @request.txt "$address" || true)
[ "$status" = 501 ] || fail "a chunked request was answered with $status"
kill "$server"
wait "$server" 2>/dev/null || true
dossier log add-cosignature reply.txt --policy policy.txt --data store >/dev/null
dossier log prove "$item" --data store --output witnessed.custody.json 2>/dev/null
both 0 PROVEN witnessed.custody.json --policy policy.txt

# --- a forked log: two stores with one key
cp -r store fork
dossier record held "$item" --office 590230 --reason a --data store >/dev/null 2>&1
dossier record held "$item" --office 590230 --reason b --data fork >/dev/null 2>&1
dossier log publish published --data store >/dev/null
dossier log publish published-fork --data fork >/dev/null
both 0 PROVEN published-fork --key log.pub
expect 1 consistency dossier log verify published-fork --key log.pub --since published/checkpoint
expect 1 D-3205 dossier log compare published/checkpoint published-fork/checkpoint --key log.pub --data nowhere \
  --output equal.evidence.json
both 0 fork equal.evidence.json --key log.pub
dossier record held "$item" --office 590230 --reason c --data fork >/dev/null 2>&1
cp published-fork/checkpoint fork-small.txt
dossier log publish published-fork --data fork >/dev/null
expect 1 D-3205 dossier log compare published/checkpoint published-fork/checkpoint --key log.pub --data nowhere \
  --tiles published-fork --output other.evidence.json
both 0 fork other.evidence.json --key log.pub
expect 2 D-3206 dossier log compare published/checkpoint published-fork/checkpoint --key log.pub --data nowhere
expect 0 consistent dossier log compare fork-small.txt published-fork/checkpoint --key log.pub --data nowhere \
  --tiles published-fork
expect 2 D-3010 dossier log publish published-fork --data store

# --- two requests at once, of two histories: the witness cosigns one of them
last=$(sed -n 2p witness/heads/*)
dossier log witness-request --old "$last" --data store --output here.txt
dossier log witness-request --old "$last" --data fork --output there.txt
for round in $(seq "${ROUNDS:-10}"); do
  rm -rf race
  cp -r witness race
  "$DOSSIER" witness cosign race here.txt --output here-reply.txt 2>/dev/null &
  one=$!
  "$DOSSIER" witness cosign race there.txt --output there-reply.txt 2>/dev/null &
  other=$!
  signed=0
  if wait "$one"; then signed=$((signed + 1)); fi
  if wait "$other"; then signed=$((signed + 1)); fi
  [ "$signed" = 1 ] || fail "round $round: $signed of two contradicting requests were cosigned"
done

# --- a published log that was altered
rm -rf altered
copy() { rm -rf altered; cp -r published altered; }
copy; last=$(find altered/tile/0 -type f | sort | tail -n 1)
printf '\x00' | dd of="$last" bs=1 seek=33 conv=notrunc status=none
both 1 tile altered --key log.pub
copy; entries=$(find altered/tile/entries -type f | sort | head -n 1)
sed -i 's/"grade":"declared"/"grade":"observed"/' "$entries"
both 1 root altered --key log.pub
copy; truncate -s -1 "$(find altered/tile/entries -type f | sort | tail -n 1)"
both 1 format altered --key log.pub
copy; rm "$(find altered/tile/entries -type f | sort | head -n 1)"
both 2 incomplete altered --key log.pub
copy; sed -i '2s/.*/1/' altered/checkpoint
both 1 signature altered --key log.pub
copy; echo stray >altered/tile/stray
expect 0 stray dossier log verify altered --key log.pub --data nowhere
expect 64 error dossier log verify published --key /nonexistent

# --- an altered proof, a proof of another log
sed '1s/declared/observed/' plain.custody.json >bad.custody.json
both 1 digest bad.custody.json --key log.pub
dossier init --data other --office H48.25 --name "Khác" >/dev/null 2>&1
both 1 unknown-log plain.custody.json --key other/keys/log.pub

# --- kill -9 while publishing: the next run makes the same folder as an undisturbed one
dossier sample --items 3000 --out sample >/dev/null 2>&1
dossier import sample/manifests --data store >/dev/null 2>&1 || true
cp -r published killed
dossier log publish published --data store >/dev/null
for delay in 0.02 0.05 0.1 0.2 0.4; do
  "$DOSSIER" log publish killed --data store >/dev/null 2>&1 &
  victim=$!
  sleep "$delay"
  kill -9 "$victim" 2>/dev/null || true
  wait "$victim" 2>/dev/null || true
done
dossier log publish killed --data store >/dev/null
diff -r published killed || fail "after kill -9 the folder differs"
both 0 PROVEN killed --key log.pub
printf 'outside: all passed\n'
