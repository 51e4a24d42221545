#!/usr/bin/env bash
# Passes a chosen set of tests under ThreadSanitizer: the loops, the cache of tiles, the writer,
# uncertainty, reading in parallel, and a run of the small cities. tests/threads.txt gives the reason
# of each suppression. Takes a quarter of an hour on two cores; not part of .ci/run.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh --test
cmake --preset tsan >/dev/null
cmake --build --preset tsan --target test_core test_raster test_zonal test_risk test_vector test_run
export TSAN_OPTIONS=suppressions=$PWD/tests/threads.txt:halt_on_error=0:exitcode=66:history_size=4
run() {
    echo "== $1 $2"
    build/tsan/tests/test_"$1" --gtest_brief=1 --gtest_filter="$2"
}
run core 'Parallel*:Workers*:Sha256*'
run raster 'Writer*:TileCache*:Align*:Decode*'
run zonal '*'
run risk 'Uncertainty*:Sobol*:Uniform*'
run vector 'Layer*'
run run 'Run.SameBytesForAnyNumberOfThreads:Twins.F*:TwinAtlas.Sheets*'
echo "threads: no race"
