#!/usr/bin/env bash
# The verifiers that share no code with this package, Scripts/verify_bundle.py and Scripts/verify.html: against published
# vectors, against attacks, against each other, and each check of the Python one is missed when it is taken away.
# The page runs in a headless Chromium without network. $VERIFIERS_PICTURES names a folder for pictures of it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"

# The Python that has the package: the first on the path, or the system's own.
python=python3
"$python" -c 'import cryptography' 2>/dev/null || python=/usr/bin/python3
missing=()
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || missing+=("python3 (3.11 or later)")
"$python" -c 'import cryptography' 2>/dev/null || missing+=(python3-cryptography)
[ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
  command -v google-chrome >/dev/null || missing+=(chromium)
if [ "${#missing[@]}" -gt 0 ]; then
  printf 'verifiers: missing: %s\n' "${missing[*]}"
  exit 1
fi

printf '1. vectors, attacks, altered files, the command, the page\n'
"$python" Tests/Verifiers/test_verifiers.py

printf '2. proofs and evidence kept in the repository\n'
if [ -d Tests/Vectors/evidence ]; then
  "$python" Tests/Verifiers/compare.py Tests/Vectors/evidence
fi

printf '3. weakened verifiers\n'
"$python" Tests/Verifiers/mutants.py
