#!/usr/bin/env bash
# Makes the pictures of the README and prints its figures (build and demo first; chromium:
# scripts/setup.sh --test).
#   wall time and peak memory of both demos from nothing, and of a run with nothing to do
set -euo pipefail
cd "$(dirname "$0")/.."
program=build/release/bin/riskmap
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

measure() { # NAME COMMAND...: wall seconds and peak MB
    python3 - "$@" <<'PY'
import resource, subprocess, sys, time
start = time.time()
subprocess.run(sys.argv[2:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"{sys.argv[1]:<32} {time.time() - start:6.1f} s {peak:6.0f} MB")
PY
}
measure "Shaoxing, from nothing" $program run data/shaoxing/project.toml --out "$place/shaoxing"
measure "Shaoxing, nothing to do" $program run data/shaoxing/project.toml --out "$place/shaoxing"
measure "Jakarta, from nothing" $program run data/jakarta/project.toml --out "$place/jakarta"

sheet=$place/shaoxing/atlas/sheets/330600/risk_level.png
gdal_translate -q -of PNG -outsize 1100 0 -r average "$sheet" docs/images/sheet.png
chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --user-data-dir="$place/browser" --window-size=1300,800 --virtual-time-budget=8000 \
    --screenshot="$PWD/docs/images/web-atlas.png" "file://$place/shaoxing/atlas/web/index.html" \
    2>/dev/null >&2
du -sh "$place/shaoxing/atlas" "$place/jakarta/atlas" | sed "s|$place/||"
$program export "$place/shaoxing" --format png --to "$place/png" -q
gdal_translate -q -of PNG -outsize 900 0 "$place/png/330600/camera_plan_count.png" docs/images/camera-plan.png
cp "$place/shaoxing/330600/camera_plan_curve.svg" docs/images/camera-curve.svg
gdal_translate -q -of PNG -outsize 900 0 "$place/png/330600/shelter_reach.png" docs/images/shelter-reach.png
cp "$place/shaoxing/330600/shelter_plan_curve.svg" docs/images/shelter-curve.svg
rm -f docs/images/*.aux.xml
echo "pictures: docs/images/sheet.png, web-atlas.png, camera-plan.png, camera-curve.svg, shelter-reach.png, shelter-curve.svg"
