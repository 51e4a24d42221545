#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails where a room includes one that does not stand lower, or where a public
header lets a third party in (docs/architecture.md)."""
import pathlib
import re
import sys

FLOORS = {"core": 1, "geo": 2, "record": 2, "raster": 3, "vector": 3, "spec": 4, "zonal": 4, "visibility": 4,
          "siting": 4, "network": 5, "risk": 5, "zoning": 5, "census": 6, "forest": 6, "shelter": 6,
          "atlas": 7, "project": 8, "run": 9}
# Private headers that higher rooms may use: GDAL's handles serve those that open files.
SHARED_PRIVATE = {"../geo/gdal.hpp", "../geo/old_workbook.hpp"}
FORBIDDEN = re.compile(r"<(gdal|ogr|cpl_|geos|proj|toml|CLI|tbb|oneapi|nlohmann|fmt|Eigen|boost|openssl|Cbc|Clp|Osi|Cgl|Coin|cairo|pango|glib)")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"][^>"]+)[>"]', re.M)


def main(root):
    faults = []
    seen = set()
    for path in sorted((root / "libriskmap").rglob("*.[ch]pp")):
        parts = path.relative_to(root / "libriskmap").parts
        public = parts[0] == "include"
        if parts == ("include", "riskmap", "riskmap.hpp"):  # all of them
            wanted = {f"<{p.relative_to(root / 'libriskmap/include')}"
                      for p in (root / "libriskmap/include/riskmap").glob("*/*.hpp")}
            if set(INCLUDE.findall(path.read_text(encoding="utf-8"))) != wanted:
                faults.append(f"{path}: is not all public headers")
            continue
        room = parts[2] if public else parts[0]
        if room not in FLOORS:
            faults.append(f"{path}: room '{room}' has no floor")
            continue
        seen.add(room)
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if public and FORBIDDEN.match(name):
                faults.append(f"{path}: public header includes {name}>")
            # A part of a room in a folder of its own may look up into its room.
            inside = len(parts) == 3 and name.count("..") == 1
            if name.startswith('"..') and not inside and name[1:] not in SHARED_PRIVATE:
                faults.append(f"{path}: reaches into another room's private header {name[1:]}")
            if not name.startswith("<riskmap/"):
                continue
            other = name.split("/")[1]
            if other != room and FLOORS.get(other, 99) >= FLOORS[room]:
                faults.append(f"{path}: {room} (floor {FLOORS[room]}) includes {other}")
    for path in sorted((root / "tools").rglob("*.[ch]pp")):
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if re.match(r"<(gdal|ogr|cpl_|geos|proj|toml|tbb|oneapi)", name):
                faults.append(f"{path}: the program includes {name}>")
    if len(seen) < len(FLOORS):
        faults.append(f"rooms not found: {sorted(set(FLOORS) - seen)}")
    print("\n".join(faults) or f"layering: {len(seen)} rooms in order")
    return 1 if faults else 0


sys.exit(main(pathlib.Path(sys.argv[1])))
