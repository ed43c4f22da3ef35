#!/usr/bin/env bash
# Scripts/demo from another folder, twice, and onto a folder that is none of its business.
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
