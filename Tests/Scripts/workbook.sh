#!/usr/bin/env bash
# A report as a workbook, opened by a spreadsheet program: LibreOffice must read the values that we wrote, and print them
# on pages no wider than the paper.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
if ! command -v soffice >/dev/null || ! /usr/bin/python3 -c 'import openpyxl' 2>/dev/null; then
  printf 'workbook: skipped: libreoffice-calc and python3-openpyxl are not installed\n'
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
fail() { printf 'workbook: FAILED: %s\n' "$*"; failures=$((failures + 1)); }

# The sample of the tests: every kind of column and chart.
mkdir "$work/made"
(cd "$root" && WORKBOOK_SAMPLE=$work/made swift test --skip-build --disable-xctest \
  --filter 'WorkbookTests/theSampleIsWrittenForViewing' >"$work/log" 2>&1) || { cat "$work/log"; exit 1; }

office() {
  soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to "$1" --outdir "$2" "$3" >"$work/log" 2>&1 ||
    fail "soffice: $(tail -n 3 "$work/log")"
}
for language in vi en; do
  book=$work/made/sample-$language.xlsx
  office xlsx:"Calc MS Excel 2007 XML" "$work/again" "$book"
  office pdf "$work/pages" "$book"
  # What LibreOffice understood and wrote again is what we wrote.
  /usr/bin/python3 - "$book" "$work/again/sample-$language.xlsx" <<'PY' || fail "$language: LibreOffice reads other values"
import sys, datetime, openpyxl
ours, theirs = (openpyxl.load_workbook(p, data_only=True) for p in sys.argv[1:3])
assert ours.sheetnames == theirs.sheetnames, (ours.sheetnames, theirs.sheetnames)
compared = 0
for a, b in zip(ours.worksheets, theirs.worksheets):
    assert len(a._charts) == len(b._charts), (a.title, len(a._charts), len(b._charts))
    assert {str(m) for m in a.merged_cells.ranges} == {str(m) for m in b.merged_cells.ranges}, a.title
    for row in a.iter_rows():
        for cell in row:
            if cell.value is None: continue
            other = b[cell.coordinate].value
            if isinstance(cell.value, float): same = abs(cell.value - other) <= 1e-12 * abs(cell.value)
            elif isinstance(cell.value, datetime.datetime): same = abs(cell.value - other) < datetime.timedelta(seconds=0.001)
            else: same = cell.value == other
            assert same, (a.title, cell.coordinate, cell.value, other)
            compared += 1
assert compared > 200, compared
PY
  pages=$(pdfinfo "$work/pages/sample-$language.pdf" | sed -n 's/^Pages: *//p')
  # Six sheets, three pages of charts among them: more pages would mean a sheet wider than its paper.
  [ "$pages" -le 9 ] || fail "$language: $pages pages"
  pdftotext -layout "$work/pages/sample-$language.pdf" "$work/text"
  grep -q '16:30:01+07:00' "$work/text" || fail "$language: the offset is not visible"
done

# A full disk: libxlsxwriter does not notice it, so that a workbook without some rows would come out. Either the whole
# workbook or none, whatever room there is.
full_disk() {
  local size file
  for size in 16 24 28 30 32 34 36 40 64; do
    mount -t tmpfs -o "size=${size}k" tmpfs "$work/small" || return 0
    rm -rf "$work/full"; mkdir "$work/full"
    TMPDIR=$work/small WORKBOOK_SAMPLE=$work/full "$root"/.build/debug/*PackageTests.xctest \
      --testing-library swift-testing --filter 'WorkbookTests/theSampleIsWrittenForViewing' >"$work/log" 2>&1 || true
    for file in "$work"/full/*.xlsx; do
      [ ! -e "$file" ] || cmp -s "$file" "$work/made/${file##*/}" || printf '%s KiB: half a workbook\n' "$size"
    done
    [ -z "$(ls -A "$work/small")" ] || printf '%s KiB: temporary files left\n' "$size"
    umount "$work/small"
  done
}
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
  mkdir "$work/small"
  export root work
  export -f full_disk
  said=$(unshare -m --propagation private bash -c full_disk)
  [ -z "$said" ] || fail "$said"
else
  printf 'workbook: a full disk was not tried: that needs root\n'
fi

[ "$failures" = 0 ] || exit 1
printf 'workbook: passed\n'
