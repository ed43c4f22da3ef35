#!/usr/bin/env bash
# Builds the package of a user of the library, whose one program is the example of the README, and runs it.
#
# It is built in the folder of the main build with the versions resolved there, so that the dependencies are not built
# a second time. Not part of `swift test`, which holds the lock of that folder.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -e "$root/Package.resolved" ]; then cp "$root/Package.resolved" "$root/Tests/Consumer/Package.resolved"; fi
swift build --package-path "$root/Tests/Consumer" --scratch-path "$root/.build" --product Consumer
program=$(swift build --package-path "$root/Tests/Consumer" --scratch-path "$root/.build" --show-bin-path)/Consumer

ln -s "$root/SampleData" "$work/SampleData"
cd "$work"
"$program" | tee output

expect() {
  grep -qE "$1" output || { printf 'the output lacks: %s\n' "$1"; exit 1; }
}
expect '^SampleData/manifests/BK-590230-260112-001\.xml recorded 25 items$'
expect '^RM473195374VN received accepted$'
expect '^EM473195431VN lost accepted$'
# 1 of 25; the limits are Clopper-Pearson's.
expect '^lost per 100,000: 4000\.0 - 95 % interval: 101\.2[0-9]* to 20351\.[0-9]*$'
expect '^postal-dossier/H48\.25/[0-9a-f]{16}$'
expect '^— postal-dossier/H48\.25/'
expect '^audit: intact$'
