#!/usr/bin/env bash
# A build without npm says so and goes on; the next one with npm has the web atlas.
#   check_maplibre.sh SOURCES
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.25)
project(maplibre NONE)
include($1/libriskmap/cmake/maplibre.cmake)
add_custom_target(web ALL DEPENDS \${maplibre_files})
EOF
cmake -S "$work" -B "$work/build" -G Ninja -DRISKMAP_NPM= >/dev/null
said=$(cmake --build "$work/build" 2>&1)
grep -q "built without the web atlas; install npm" <<<"$said"
[[ -e $work/build/maplibre/maplibre-gl.js && ! -s $work/build/maplibre/maplibre-gl.js ]]

command -v npm >/dev/null || {
    echo "no npm here: the second half is left out"
    exit 0
}
cmake -S "$work" -B "$work/build" -U RISKMAP_NPM >/dev/null
cmake --build "$work/build" >/dev/null
grep -q maplibregl "$work/build/maplibre/maplibre-gl.js"
