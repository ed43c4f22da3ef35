#!/usr/bin/env bash
# Accounts and encryption from outside: many commands that edit at once, secrets that appear nowhere, hashes that another
# implementation of Argon2 makes and reads, a certificate made by openssl, and what is refused without one.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${DOSSIER:=$root/.build/debug/dossier}"
unset DOSSIER_DATA
export LC_ALL=C.UTF-8
place=$(mktemp -d)
station=
cleanup() {
  [ -z "$station" ] || kill "$station" 2>/dev/null || true
  rm -rf "$place"
}
trap cleanup EXIT
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
data=$place/store
people() { "$DOSSIER" people "$@" --data "$data"; }

"$DOSSIER" init --office H48.25 --name "Trung tâm phường Lộc Thượng" --data "$data" >"$place/init" 2>&1
printf 'bốn con mèo đi chợ\n' >"$place/password"
printf '864209\n' >"$place/pin"

# --- many at once
for number in 1 2 3 4 5 6 7 8; do
  people add "NV$number" --name "Người $number" --office H48.25 --role clerk --password-file "$place/password" \
    --pin-file "$place/pin" >"$place/add.$number" 2>&1 &
done
wait
[ "$(people list --format ndjson | wc -l)" = 8 ] || fail "an account was lost"
[ "$(stat -c %a "$data/station") $(stat -c %a "$data/station/people.json")" = "700 600" ] || fail "modes"
[ "$("$DOSSIER" list events --data "$data" --format ndjson | grep -c accessRecorded)" = 8 ] || fail "not recorded"
if "$DOSSIER" list events --data "$data" --format ndjson | grep -q 'Người'; then fail "a name is in the log"; fi
if people add NV1 --name X --office H48.25 --role clerk >/dev/null 2>&1; then fail "a code was given twice"; fi
if people add NV9 --name X --office H48.25 --role clerk --password-file <(echo 123456789012) >/dev/null 2>&1; then
  fail "an easy password was taken"
fi
if people token add NV1 --label x --scope sign >/dev/null 2>&1; then fail "a token may sign"; fi
"$DOSSIER" audit --data "$data" >/dev/null || fail "the audit finds something"

# --- Argon2 by another program
salt=0123456789abcdef
made=$(printf 'năm con gà trống gáy' | argon2 "$salt" -id -t 2 -k 19456 -p 1 -l 32 -e)
other=$(python3 - "$data/station/people.json" "$made" <<'PY'
import json, sys
path, made = sys.argv[1:]
people = json.load(open(path))
people["accounts"][0]["password"] = made
json.dump(people, open(path, "w"))
print(people["accounts"][0]["code"])
PY
)

# --- encryption
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=tram.example" \
  -addext "subjectAltName=DNS:tram.example" -keyout "$place/key" -out "$place/certificate" 2>/dev/null
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$place/other-key" 2>/dev/null
refused() {
  local code=$1
  shift
  if timeout 120 "$DOSSIER" serve --data "$data" --port 0 "$@" >"$place/refused" 2>&1; then fail "served: $*"; fi
  grep -q "$code" "$place/refused" || fail "not $code: $* $(cat "$place/refused")"
}
refused D-7044 --host 0.0.0.0
refused D-7045 --host 0.0.0.0 --certificate "$place/certificate" --key "$place/other-key"
refused D-7045 --host 0.0.0.0 --certificate "$place/password" --key "$place/key"
refused D-7045 --host 0.0.0.0 --certificate "$place/nothing" --key "$place/key"
# An address that belongs to another machine: reserved for documentation, RFC 5737.
refused D-7072 --host 192.0.2.1 --certificate "$place/certificate" --key "$place/key"
cp "$data/station/people.json" "$place/whole"
head -c 300 "$place/whole" >"$data/station/people.json"
refused D-7034
cp "$place/whole" "$data/station/people.json"

"$DOSSIER" serve --data "$data" --host 0.0.0.0 --port 0 --certificate "$place/certificate" --key "$place/key" \
  >"$place/out" 2>"$place/log" &
station=$!
for _ in $(seq 1200); do
  port=$(sed -nE 's|.*https://[^ ]*:([0-9]+).*|\1|p' "$place/log" | head -1)
  [ -z "$port" ] || break
  sleep 0.1
done
[ -n "$port" ] || fail "the station did not start: $(cat "$place/log")"
ask() { curl -sS --cacert "$place/certificate" --resolve "tram.example:$port:127.0.0.1" --max-time 120 "$@"; }
address=https://tram.example:$port
ask -D "$place/head" -o /dev/null "$address/"
grep -qi '^strict-transport-security:' "$place/head" || fail "no HSTS"
grep -qi '^content-security-policy: default-src' "$place/head" || fail "no CSP"
sign_in() {
  ask -o /dev/null -D - -H "Origin: $address" --data-urlencode "code=$1" --data-urlencode "password@$2" "$address/sign-in"
}
printf 'bốn con mèo đi chợ' >"$place/typed"
code=$(people list --format ndjson | grep -v "\"$other\"" | tail -1 | python3 -c 'import json, sys; print(json.loads(sys.stdin.readline())["code"])')
sign_in "$code" "$place/typed" >"$place/head"
grep -qiE '^set-cookie: __Host-dossier=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict; Secure' "$place/head" ||
  fail "cookie: $(cat "$place/head")"
printf 'năm con gà trống gáy' >"$place/typed"
sign_in "$other" "$place/typed" | grep -qi '^set-cookie: __Host-dossier=[0-9a-f]' || fail "another's Argon2 hash"
[ "$(ask -o /dev/null -w '%{http_code}' -H 'Host: evil.example' "$address/")" = 421 ] || fail "another name was served"
if ask --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0 -o /dev/null "$address/" 2>/dev/null; then fail "TLS 1.1"; fi
if curl -sS --max-time 5 "http://127.0.0.1:$port/" >/dev/null 2>&1; then fail "plain HTTP on the encrypted port"; fi
if grep -rqa 'bốn con mèo\|gà trống' "$place/log" "$place/out" "$data"; then fail "a password was written down"; fi
kill "$station"
wait "$station" || true
station=
printf 'people: 8 editors at once, TLS by %s, hashes of argon2(1)\n' "$(openssl version | cut -d' ' -f1,2)"
