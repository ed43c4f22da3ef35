#!/usr/bin/env bash
# A report officer's quarter on the demo province: reports in every format, made again, compared, published, explained;
# the seeds' figures checked; another office's export reconciled.
#
#   DOSSIER=path Tests/Scripts/reports.sh
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
dossier=${DOSSIER:-$root/.build/debug/dossier}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() { printf 'reports: %s\n' "$*"; exit 1; }
# expect STATUS COMMAND… : runs it, and fails unless it ends with that status.
expect() {
  local wanted=$1 status=0
  shift
  "$@" >out 2>err || status=$?
  [ "$status" -eq "$wanted" ] || { head -n 20 out err; fail "status $status instead of $wanted: $*"; }
}

"$dossier" demo --data store --samples "$root/SampleData" >/dev/null 2>&1 || fail "the demo failed"
export DOSSIER_DATA=$work/store
size=$("$dossier" log checkpoint | sed -n 2p)

# Every report in every format, twice with the same bytes, in both languages, and found equal by --verify.
period=(--period 2026-Q1)
for lang in vi en; do
  for report in losses settlement delays custody fees; do
    options=()
    case $report in losses | settlement) options=("${period[@]}") ;; esac
    for ending in txt json ndjson csv tsv html xlsx pdf; do
      file=$report-$lang.$ending
      case $ending-$lang in pdf-en | xlsx-en) continue ;; esac
      expect 0 "$dossier" report "$report" "${options[@]}" --lang $lang --output "$file"
      expect 0 "$dossier" report "$report" "${options[@]}" --lang $lang --verify "$file"
    done
    expect 0 "$dossier" report "$report" "${options[@]}" --lang $lang --format csv-excel --output "$report-$lang-excel.csv"
    [ "$(head -c 3 "$report-$lang-excel.csv" | od -An -tx1 | tr -d ' ')" = efbbbf ] || fail "no byte order mark"
  done
done

# What is handed in: the national header, no page number on page 1, and no font but the intended ones.
for file in losses-vi.pdf settlement-vi.pdf; do
  pdftotext -f 1 -l 1 "$file" page
  grep -q 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM' page || fail "no national header in $file"
  [ "$(head -n 1 page)" != 1 ] || fail "a page number on the first page of $file"
  fonts=$(pdffonts "$file" | tail -n +3 | awk '{print $1}' | sed 's/^[A-Z]*+//; s/-.*//' | sort -u | tr '\n' ' ')
  [ "$fonts" = "Tinos " ] || fail "fonts of $file: $fonts"
done

# A figure that somebody altered is found.
sed 's/"entrusted": 117/"entrusted": 118/' losses-vi.json >altered.json
cmp -s losses-vi.json altered.json && fail "nothing to alter"
expect 1 "$dossier" report losses "${period[@]}" --verify altered.json

# Our own settlement, as a workbook and as text for a spreadsheet, satisfies the check of anybody's tables.
expect 0 "$dossier" report check settlement-vi.xlsx

# An earlier state of the log gives the old report byte for byte, and what changed since can be seen.
expect 0 "$dossier" report settlement "${period[@]}" --as-of "$size" --format json
cp out before.json
expect 2 "$dossier" report losses --as-of 999999
expect 0 "$dossier" record lost RM473481128VN --at "2026-02-03 09:00" --reason theft --reference QD-12/2026
expect 0 "$dossier" report losses "${period[@]}" --as-of "$size" --output again.json
cmp losses-vi.json again.json || fail "the report as of $size is not the one that was made then"
expect 0 "$dossier" report losses "${period[@]}" --verify losses-vi.pdf --as-of "$size"
expect 1 "$dossier" report losses "${period[@]}" --verify losses-vi.json
expect 0 "$dossier" report losses "${period[@]}" --as-of "$size" --compare now
grep -q 'thay đổi\|hiện nay' out || fail "nothing is said of what changed"

# What is behind a number.
expect 0 "$dossier" report losses "${period[@]}" --why total.lost --format json
for item in EM473653477VN RM473481128VN; do grep -q "$item" out || fail "--why total.lost does not name $item"; done

# A published period stays as it was, whatever is recorded afterwards. It can only be published when it is over.
expect 2 "$dossier" report settlement --period "$(($(date +%Y) + 1))" --publish
expect 0 "$dossier" report settlement --period 2026-01 --publish --format json
cp out published.json
expect 2 "$dossier" report settlement --period 2026-01 --publish
expect 0 "$dossier" record delivered RM473481145VN --at "2026-01-30 10:00" --office H48.39 --reference PDA-1
expect 0 "$dossier" report settlement --period 2026-01 --format json
cmp published.json out || fail "a published period changed"
expect 0 "$dossier" report settlement --period 2026-01 --current
expect 0 "$dossier" report published --format csv
[ "$(wc -l <out)" -eq 2 ] || fail "one report was published, $(($(wc -l <out) - 1)) are listed"
status=0
"$dossier" audit >out 2>&1 || status=$?
grep -q 'D-3' out && { cat out; fail "the audit objects to a published report"; }

# The seeds' figures: 46 dossiers in the fourth, the only integer that fits in the third.
expect 1 "$dossier" report check "$root"/SampleData/seeds/*.csv "$root"/SampleData/seeds/*.figures --lang en
for words in 'row 13\|13' '46' '25'; do grep -q "$words" out || fail "the check does not speak of $words"; done

# An unfamiliar office's export: differences are found and listed, and nobody's name is repeated.
expect 1 "$dossier" reconcile "$root/SampleData/onestop/H48.24-202601.csv" --format csv
[ "$(wc -l <out)" -gt 5 ] || fail "no worklist"
expect 1 "$dossier" reconcile "$root/SampleData/onestop/H48.24-202601.csv" --output reconcile.xlsx
# Three of its lines have no code that can be read, and that is said.
expect 1 "$dossier" report delays --ticks "$root/SampleData/onestop/H48.24-202601.csv"
printf 'ma_gi_do;ten\n1;2\n' >foreign.csv
expect 2 "$dossier" reconcile foreign.csv
