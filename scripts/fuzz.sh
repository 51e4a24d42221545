#!/usr/bin/env bash
# Fuzzes every reader of foreign input for a while (default: 60 seconds each) and says how many
# inputs each has taken. Stops at the first crash, leak or hang; what caused it is left in
# build/fuzz/. The corpus in tests/fuzz/corpus/ is kept small: seeds, and inputs that found a bug.
#   scripts/fuzz.sh [SECONDS [TARGET...]]
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift || true
targets=("$@")
((${#targets[@]})) || targets=(archive csv dbf geojson gml gpkg kml project spec tab vrt written xls xlsx zip)

scripts/setup.sh --fuzz
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz
# GDAL and PROJ keep what they know until the process ends.
export LSAN_OPTIONS=suppressions=$PWD/tests/fuzz/leaks.txt:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=allocator_may_return_null=1
for target in "${targets[@]}"; do
    work=build/fuzz/corpus/$target
    mkdir -p "$work"
    log=build/fuzz/$target.log
    if ! TMPDIR=/dev/shm build/fuzz/bin/fuzz_"$target" "$work" tests/fuzz/corpus/"$target" \
        -max_total_time="$seconds" -max_len=8192 -timeout=20 -rss_limit_mb=4096 \
        -artifact_prefix=build/fuzz/"$target"- -print_final_stats=1 2>"$log"; then
        tail -40 "$log"
        echo "fuzz: $target failed; see $log"
        exit 1
    fi
    rm -rf /dev/shm/riskmap-fuzz-*
    echo "fuzz: $target: $(sed -n 's/stat::number_of_executed_units: *//p' "$log") inputs, no crash, leak or hang"
done
