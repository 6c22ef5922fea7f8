#!/usr/bin/env bash
# Runs every test and ends with how many passed. Called by `make test`.
set -uo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed_steps=()
step() { # name command...
    local name=$1
    shift
    echo "== $name"
    "$@" 2>&1 | tee -a "$log"
    if [ "${PIPESTATUS[0]}" -ne 0 ]; then failed_steps+=("$name"); fi
}

step "formatting" cargo fmt --all --check
step "build" cargo build --workspace
step "lints" cargo clippy --workspace --all-targets -- -D warnings
[ -e tests/xforms/venv ] || step "pyxform and ODK Validate" bash tests/xforms/install.sh
codicefiscale=questionnaires/tests/codicefiscale
[ -e $codicefiscale/venv ] || step "package of fiscal codes" bash $codicefiscale/install.sh
# The comparison asks this Python, and fails rather than being skipped where the package is missing.
export TEMPI_PYTHON=${TEMPI_PYTHON:-$PWD/$codicefiscale/venv/bin/python}
[ -e analytics/tests/reference/venv ] || step "solver of the secrecy tests" bash analytics/tests/reference/install.sh
readers=reports/tests/readers
[ $readers/venv/pyvenv.cfg -nt $readers/requirements.txt ] || step "readers of feeds, calendars and PDFs" bash $readers/install.sh
[ -e tests/opendata/venv ] || step "readers of open data" bash tests/opendata/install.sh
step "Rust tests" cargo test --workspace --no-fail-fast
step "script tests" npm --prefix survey-server/web test
step "browser packages" npm --prefix tests/browser ci --no-audit --no-fund --loglevel=error
[ -e tests/italian_federation/venv ] || step "Italian federation packages" bash tests/italian_federation/install.sh
# As many files at once as there are cores: by itself node leaves one core for itself, which waits.
step "browser and card tests" node --test --test-concurrency="$(nproc)" --test-reporter=tap tests/browser/*.test.mjs

# cargo: "test result: ok. 12 passed; 0 failed; ..."; node: "# pass 4", "# fail 0".
passed=$(awk '/^test result:/ {n += $4} /^# pass / {n += $3} END {print n + 0}' "$log")
failed=$(awk '/^test result:/ {n += $6} /^# fail / {n += $3} END {print n + 0}' "$log")
skipped=$(grep -c '^skipped: ' "$log")
echo
if [ ${#failed_steps[@]} -gt 0 ]; then
    printf 'failed step: %s\n' "${failed_steps[@]}"
fi
[ "$skipped" -gt 0 ] && echo "note: $skipped tests said they were skipped because reference data are absent"
echo "$passed passed, $failed failed"
[ ${#failed_steps[@]} -eq 0 ]
