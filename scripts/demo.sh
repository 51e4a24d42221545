#!/usr/bin/env bash
# From a fresh clone to the three maps of the demo city: installs what is
# missing, builds the program and runs data/shaoxing/project.toml.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target riskmap_program
build/release/bin/riskmap run data/shaoxing/project.toml "$@"

out=data/shaoxing/out
cat <<END

The results of the city are in $out/330600, those of its six counties beside it:
  composite risk map     $out/330600/composite_risk.tif, risk_level.tif
  risk zoning map        $out/330600/risk_zones.gpkg
  prevention zoning map  $out/330600/prevention_zones.gpkg
  table of townships     $out/330600/units.csv
  what went in           $out/run.json
Open them in QGIS: they bring their colours. The hazard layers of this demo are modelled.
END
