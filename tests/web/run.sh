#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Makes the web atlas of the demo city, and of one with hostile names, and drives both in a
# browser: run.sh SOURCE_DIR PROGRAM BUILD_DIR [PICTURE]
set -euo pipefail
source=$1
program=$2
build=$3
picture=${4:-}
[[ -x ${CHROMIUM:-/usr/bin/chromium} ]] || { echo "chromium is missing: scripts/setup.sh --test"; exit 1; }
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

cp -r "$source/data/shaoxing" "$place/city"
rm -rf "$place/city/out"
sed -e 's/^cell_size = 60/cell_size = 200/' -e 's/^draws = 1000/draws = 20/' -e 's/^\[atlas\]/[atlas]\nsheets = false\nreport = false/' \
    -i "$place/city/project.toml"
"$program" run "$place/city/project.toml" -q
mkdir "$place/atlas"
mv "$place/city/out/atlas/web" "$place/atlas/web"

# The same city; its first township is called by something that a careless page would run.
cp -r "$place/city" "$place/bad"
"${PYTHON:-python3}" - "$place/bad" <<'PY'
import pathlib, sys
folder = pathlib.Path(sys.argv[1])
run = folder / "out/run.json"
text = run.read_text(encoding="utf-8")
bad = '<script>window.hacked=1</script><img src=x onerror=window.hacked=1> </script> =cmd'
text = text.replace('"title": "绍兴市自然灾害综合风险"', '"title": "%s"' % bad)
text = text.replace('"notes": "', '"notes": "%s ' % bad)
run.write_text(text, encoding="utf-8")
import sqlite3
for layer in ("units", "counties", "city"):
    db = sqlite3.connect(folder / "out/330600/units.gpkg")
    for name in [r[0] for r in db.execute("select name from sqlite_master where type='trigger' and tbl_name=?", (layer,))]:
        db.execute(f'drop trigger "{name}"')
    db.execute(f'update "{layer}" set name = ? where fid = 1', (bad,))
    db.commit()
    db.close()
PY
"$program" atlas "$place/bad/out" --to "$place/hostile" --no-sheets --no-report -q
mv "$place/hostile/web" "$place/atlas/hostile"

# The packages of the test go beside the build, not into the source.
modules=$build/web-tests
mkdir -p "$modules"
cp "$source/tests/web/package.json" "$source/tests/web/package-lock.json" "$source/tests/web/atlas.mjs" "$modules/"
[[ -d $modules/node_modules/playwright-core ]] || (cd "$modules" && npm ci --ignore-scripts --no-audit --no-fund --silent)
node "$modules/atlas.mjs" "$place/atlas" $picture
