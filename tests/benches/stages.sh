#!/usr/bin/env bash
# Times each stage of the pipeline as a whole process, beside a limit measured in the same run: what it costs just to
# read, hash or write the same bytes. Prints medians of five runs in seconds, and the ratio.
#
#   tests/benches/stages.sh [target/release/tempi] [atussum_2015.dat.gz]
set -euo pipefail
cd "$(dirname "$0")/../.."

tempi=$(realpath "${1:-target/release/tempi}")
survey=${2:-${TEMPI_REFERENCE_DATA:-../shared/data}/atussum_2015.dat.gz}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

median() { # command...: the median of five runs, after one that does not count
    "$@" >/dev/null 2>&1
    for _ in 1 2 3 4 5; do
        local start end
        start=$(date +%s%N)
        "$@" >/dev/null 2>&1
        end=$(date +%s%N)
        echo $(((end - start) / 1000))
    done | sort -n | sed -n 3p
}
row() { # name, limit's name, limit's microseconds, our microseconds
    awk -v name="$1" -v limit="$2" -v least="$3" -v ours="$4" \
        'BEGIN { printf "| %s | %.3f | %s: %.3f | %.1f |\n", name, ours / 1e6, limit, least / 1e6, ours / least }'
}
stages() { # name, snapshot, further arguments of analyse
    local name=$1 snapshot=$2
    shift 2
    local estimates=$work/estimates-$name site=$work/site-$name
    row "analyse, $name" "hash the snapshot" "$(median sh -c "cat $snapshot/*.parquet | sha256sum")" \
        "$(median "$tempi" analyse "$snapshot" --output "$estimates" "$@")"
    row "publish, $name" "copy the site" "$( "$tempi" publish "$estimates" --output "$site" >/dev/null 2>&1; median cp -r "$site" "$work/copy-$name")" \
        "$(median "$tempi" publish "$estimates" --output "$site")"
}

echo "| stage | seconds | limit | ratio |"
echo "| --- | --- | --- | --- |"

# The demonstration's folder, left by its own run.
"$tempi" demo --folder "$work/demo" --port 0 --card-port 0 >/dev/null 2>&1 &
demo=$!
until grep -q '"complete":true' "$work/demo/demonstration.json" 2>/dev/null; do sleep 0.2; done
kill -INT "$demo"
wait "$demo" || true
url=sqlite://$work/demo/tempi.sqlite
certificates=$work/demo/certificates
cat >"$work/tempi.toml" <<TOML
[site]
municipality = "Benchmark"
[public]
address = "127.0.0.1:0"
url = "https://localhost:0"
certificate = "$certificates/server.pem"
key = "$certificates/server.key"
[card]
address = "127.0.0.1:0"
url = "https://localhost:0"
trust_anchors = "$certificates/trust"
[database]
url = "$url"
[keys]
file = "$work/demo/master.key"
TOML
row "export, demonstration" "copy the database" "$(median cp "$work/demo/tempi.sqlite" "$work/copy.sqlite")" \
    "$(median "$tempi" export --config "$work/tempi.toml" --output "$work/snapshot")"
stages demonstration "$work/snapshot" --margins "$work/demo/margins.csv"

# A part of the same in R survey, without margins on both sides; it looks whether the numbers agree.
if Rscript -e 'library(survey)' >/dev/null 2>&1; then
    "$tempi" analyse "$work/snapshot" --output "$work/estimates-plain" >/dev/null 2>&1
    Rscript tests/benches/stage_in_r.R "$work/snapshot" "$work/estimates-plain"
fi

if [ -e "$survey" ]; then
    row "import, American survey 2015" "unpack the file" "$(median sh -c "zcat $survey")" \
        "$(median "$tempi" import atus "$survey" --output "$work/atus")"
    stages "American-survey-2015" "$work/atus"
else
    echo "skipped: reference data not found ($survey)"
fi
