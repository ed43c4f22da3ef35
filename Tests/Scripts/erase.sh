#!/usr/bin/env bash
# Erasing personal data as a user does it: two people, no byte left, proofs and reports as before, kill -9 at any
# moment, retention by a policy.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${DOSSIER:=$root/.build/debug/dossier}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DOSSIER_DATA
export LANG=en_US.UTF-8
failures=0
fail() { printf 'erase: FAILED: %s\n' "$*"; failures=$((failures + 1)); }
data=$work/store
dossier() { "$DOSSIER" "$@"; }

# expect CODE NAME COMMAND… runs a command; its messages go to $work/said, its result to $work/out.
expect() {
  local wanted=$1 name=$2 status=0
  shift 2
  "$@" >"$work/out" 2>"$work/said" </dev/null || status=$?
  [ "$status" = "$wanted" ] || fail "$name: exit $status, not $wanted: $(head -c 400 "$work/said")"
}
says() { grep -q -- "$2" "$work/said" "$work/out" || fail "$1: does not say $2: $(head -c 400 "$work/said")"; }
# Whether a text stands in any byte of any file of a store.
holds() { grep -rqaF -- "$2" "$1"; }
order() { sed -n '1s/.*"order":"\([^"]*\)".*/\1/p' "$work/out"; }

cat >"$work/marked.xml" <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="urn:postal-dossier:manifest:1" version="1" number="BK-MARKED" leg="intake"
          dispatchedAt="2026-01-12T15:30:00+07:00">
  <giver office="590230"><person code="GDV-080">Giaozyx Vien</person></giver>
  <receiver office="H48.25"/>
  <declared items="2" dossiers="3"/>
  <items>
    <item number="EM999999995VN"><acceptedAt>2026-01-12T07:40:24+07:00</acceptedAt>
      <sender><name>Sendzyx Nguyen</name><phone>0987123456</phone><address>Nozyx 7</address></sender>
      <dossier code="HS/ZYX/4711"><applicant>Applizyx Tran</applicant></dossier>
      <dossier code="H48.25-260112-0777"><applicant>Applizyx Tran</applicant></dossier>
    </item>
    <item number="BG-2026-99"><acceptedAt>2026-01-12T07:50:24+07:00</acceptedAt>
      <sender><name>Stayzyx Le</name><phone>0987123457</phone><address>Stayzyx 8</address></sender>
      <dossier code="H48.25-260112-0778"/>
    </item>
  </items>
</manifest>
XML

printf '1. a store with people in it\n'
dossier init --data "$data" --office H48.25 --name A >/dev/null 2>&1
item=EM999999995VN
expect 0 "import" dossier import "$work/marked.xml" --data "$data"
dossier import "$root/SampleData/manifests" --data "$data" >/dev/null 2>&1 || true
expect 0 "a note" dossier record held "$item" --reason unclaimed --note "Notezyx" --event n1 --data "$data"
for marker in Sendzyx 0987123456 HS/ZYX/4711 Notezyx Giaozyx; do
  holds "$data" "$marker" || fail "$marker was never there: nothing is shown"
done
dossier report losses --by month --unit dossier --data "$data" --format csv >"$work/losses-before"
dossier report losses --from 2026-01-05 --to 2026-01-25 --unit dossier --data "$data" --format csv >"$work/days-before"
dossier audit --data "$data" --format json >"$work/audit-before" 2>/dev/null || true

printf '2. an order, and the same person\n'
expect 64 "unknown field" dossier erase order "$item" --fields name --basis subject_request --by A --data "$data"
expect 64 "unknown basis" dossier erase order "$item" --fields sender --basis because --by A --data "$data"
expect 2 "nothing known" dossier erase order NO-SUCH --fields sender --basis subject_request --by A --data "$data"
says "nothing known" D-4011
expect 0 "order" dossier erase order "$item" --fields sender,applicant,code,note --basis subject_request \
  --by CB01 --note "letter 7" --data "$data" --format ndjson
says "order" "BK-MARKED"
order=$(order)
expect 0 "list" dossier erase list --open --data "$data" --format ndjson
says "list" '"status":"open"'
holds "$data" Sendzyx || fail "an order alone erased something"
expect 2 "same person" dossier erase carry-out "$order" --by CB01 --data "$data"
says "same person" D-3301

printf '3. carried out: no byte left\n'
expect 0 "carry out" dossier erase carry-out "$order" --by CB02 --data "$data"
says "carry out" "backups"
for marker in Sendzyx 0987123456 Nozyx HS/ZYX/4711 Applizyx Notezyx; do
  if holds "$data" "$marker"; then fail "$marker is still in $(grep -rlaF -- "$marker" "$data")"; fi
done
holds "$data" Stayzyx || fail "the neighbour lost his name"
[ -z "$(dossier list events --data "$data" --format ndjson | grep 'zyx')" ] || fail "the log names people"
expect 2 "again" dossier erase carry-out "$order" --by CB02 --data "$data"
says "again" D-3304

printf '4. everything else is as before\n'
status=0
dossier audit --data "$data" --format json >"$work/audit" 2>/dev/null || status=$?
python3 - "$work" <<'PYTHON' || fail "the audit: $(head -c 600 "$work/audit")"
import json, sys
work = sys.argv[1]
before, after = (json.load(open(f"{work}/{name}")) for name in ("audit-before", "audit"))
assert before["verdict"] == after["verdict"] != "contradiction", (before["verdict"], after["verdict"])
new = [f for f in after["findings"] if f["code"].startswith("D-3")]
assert [f["code"] for f in new] == ["D-3115"], new
gone = {u["what"]: u["count"] for u in after["unchecked"] if u["why"] == "erased"}
assert gone == {"disclosures": 6, "documents": 1}, gone
PYTHON
expect 0 "item" dossier show "$item" --data "$data"
says "item" "erased on 20"
says "item" "the data subject's request"
expect 0 "item as JSON" dossier show "$item" --data "$data" --format json
says "item as JSON" '"erasures"'
expect 0 "manifest" dossier show BK-MARKED --data "$data"
says "manifest" "document: erased on"
expect 2 "code" dossier show HS/ZYX/4711 --data "$data"
expect 2 "code" dossier show H48.25-260112-0777 --data "$data"
expect 0 "neighbour" dossier show H48.25-260112-0778 --data "$data"
dossier report losses --by month --unit dossier --data "$data" --format csv | cmp -s - "$work/losses-before" ||
  fail "the report by month changed"
dossier report losses --from 2026-01-05 --to 2026-01-25 --unit dossier --data "$data" --format csv |
  cmp -s - "$work/days-before" || fail "the report by days changed"
expect 0 "the same manifest" dossier import "$work/marked.xml" --data "$data" --format json
says "the same manifest" '"already-recorded"'
expect 0 "nothing due" dossier erase scrub --data "$data" --format json
says "nothing due" true
holds "$data" Sendzyx && fail "importing the same manifest again brought a name back"

printf '5. kill -9 at any moment\n'
dossier sample --seed 5 --items 1200 --single-file --only manifests --out "$work/sample" >/dev/null 2>&1
dossier import "$work/sample/manifests" --data "$data" >/dev/null 2>&1 || true
manifest=$(dossier list manifests --data "$data" --format ndjson | sed -n 's/^{"manifest":"\([^"]*\)".*/\1/p' | tail -n 1)
name=$(grep -o '<name>[^<]*' "$work/sample/manifests/"*.xml | sed -n '1s/.*<name>//p')
phone=$(grep -o '<phone>[^<]*' "$work/sample/manifests/"*.xml | sed -n '1s/.*<phone>//p')
[ -n "$name" ] && [ -n "$phone" ] || fail "the sample has no names"
expect 0 "large order" dossier erase order "$manifest" --fields sender,recipient,applicant,code,giver,receiver \
  --basis retention_ended --by CB01 --data "$data" --format ndjson
large=$(order)
cp -r "$data" "$work/ordered"
cp -r "$data" "$work/timed"
began=$(date +%s%N)
expect 0 "undisturbed" dossier erase carry-out "$large" --by CB02 --data "$work/timed"
took=$((($(date +%s%N) - began) / 1000000))
rm -rf "$work/timed"
whole=0
nothing=0
unscrubbed=0
# Most of the time goes by before the commit; writing the file anew follows it.
for percent in 20 70 90 95 98 100; do
  delay=$(printf '%d.%03d' $((took * percent / 100000)) $((took * percent / 100 % 1000)))
  rm -rf "$work/killed"
  cp -r "$work/ordered" "$work/killed"
  "$DOSSIER" erase carry-out "$large" --by CB02 --data "$work/killed" >/dev/null 2>&1 &
  victim=$!
  sleep "$delay"
  kill -9 "$victim" 2>/dev/null || true
  wait "$victim" 2>/dev/null || true
  dossier erase list --data "$work/killed" --format ndjson >"$work/list" || fail "killed after $delay: no list"
  open=$(grep "\"order\":\"$large\"" "$work/list" | grep -c '"status":"open"' || true)
  done=$(grep "\"order\":\"$large\"" "$work/list" | grep -c '"status":"carriedOut"' || true)
  dossier audit --data "$work/killed" --format json >"$work/audit" 2>/dev/null || true
  if grep -qE '"D-3(0|10|11[0-4]|15[123])' "$work/audit" || grep -q '"contradiction"' "$work/audit"; then
    fail "killed after $delay: $(grep -m3 D-3 "$work/audit")"
  fi
  if [ "$open" != 0 ] && [ "$done" != 0 ]; then fail "killed after $delay: $open open, $done done"; fi
  if [ "$open" = 0 ]; then
    whole=$((whole + 1))
    holds "$work/killed" "$phone" && unscrubbed=$((unscrubbed + 1))
    # Any opening to write finishes the work on the file.
    expect 0 "killed after $delay, opened" dossier erase scrub --data "$work/killed"
    if holds "$work/killed" "$phone"; then fail "killed after $delay: $phone is still there"; fi
  else
    nothing=$((nothing + 1))
  fi
done
printf '   %s before, %s after the commit, of these %s with remnants until the next opening\n' \
  "$nothing" "$whole" "$unscrubbed"
[ "$nothing" != 0 ] || fail "no kill came before the commit"
expect 0 "the whole manifest" dossier erase carry-out "$large" --by CB02 --data "$data"
if holds "$data" "$phone" || holds "$data" "$name"; then fail "$name is still there"; fi
dossier audit --data "$data" --format json >"$work/audit" 2>/dev/null || true
grep -q '"contradiction"' "$work/audit" && fail "after the whole manifest: $(grep -m3 D-3 "$work/audit")"

printf '6. retention\n'
expect 0 "policy" dossier retention policy
says "policy" "EVERY OFFICE MUST SET ITS OWN PERIODS"
printf 'field,after,months,basis\nsender,delivered,24,retention_ended\n' >"$work/policy.csv"
expect 0 "delivered" dossier record delivered BG-2026-99 --reference KN-1 --at 2026-01-20T10:00:00+07:00 --data "$data"
expect 0 "not yet" dossier retention list --policy "$work/policy.csv" --as-of 2028-01-19 --data "$data" --format ndjson
[ ! -s "$work/out" ] || fail "due a day early: $(head -c 300 "$work/out")"
expect 0 "due" dossier retention list --policy "$work/policy.csv" --as-of 2028-01-20 --data "$data" --format ndjson
says "due" BG-2026-99
expect 2 "one person" dossier retention apply --policy "$work/policy.csv" --as-of 2028-01-20 --by A --witness A --data "$data"
says "one person" D-3301
holds "$data" Stayzyx || fail "one person erased"
expect 0 "apply" dossier retention apply --policy "$work/policy.csv" --as-of 2028-01-20 --by A --witness B --data "$data"
if holds "$data" Stayzyx; then fail "retention left the name"; fi
expect 0 "nothing left" dossier retention list --policy "$work/policy.csv" --as-of 2028-01-20 --data "$data" --format ndjson
[ ! -s "$work/out" ] || fail "still due: $(head -c 300 "$work/out")"
printf 'field,after,months,basis\nname,delivered,24,retention_ended\n' >"$work/bad.csv"
expect 2 "bad policy" dossier retention list --policy "$work/bad.csv" --data "$data"
says "bad policy" D-3306

[ $failures = 0 ] || exit 1
printf 'erase: all held\n'
