#!/usr/bin/env bash
# From a fresh clone to the three maps of the demo city: installs what is
# missing, builds the program and runs data/shaoxing/project.toml.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target riskmap_program
build/release/bin/riskmap run data/shaoxing/project.toml "$@"

# Real mountains: where do cameras go that see half of the ground above 900 m?
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
build/release/bin/riskmap classify data/bigtujunga/dem_30m.tif --method fixed:900,2400 \
    -o "$place/bands.tif" -q
echo
echo "Big Tujunga, places found in the terrain:"
build/release/bin/riskmap cameras data/bigtujunga/dem_30m.tif --forest "$place/bands.tif:2" \
    --find --goal 0.5 -o "$place/plan.gpkg" 2>&1

out=data/shaoxing/out
cat <<END

The results of the city are in $out/330600, those of its six counties beside it:
  composite risk map     $out/330600/composite_risk.tif, risk_level.tif
  risk zoning map        $out/330600/risk_zones.gpkg
  prevention zoning map  $out/330600/prevention_zones.gpkg
  table of townships     $out/330600/units.csv
  new cameras            $out/330600/camera_plan.gpkg, camera_plan_curve.svg
  key fire townships     $out/330600/key_townships.gpkg
  new shelters           $out/330600/shelter_plan.gpkg, shelter_plan_curve.svg
  cut off by closed roads $out/330600/isolation.gpkg
  what went in           $out/run.json
  web atlas              $out/atlas/web/index.html (any browser, no network)
  92 map sheets          $out/atlas/sheets/index.html
  report                 $out/atlas/report.pdf
Open them in QGIS: they bring their colours. The hazard layers of this demo are modelled.
END
