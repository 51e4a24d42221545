#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`riskmap check` beside the tools that read the same files: time of each, ratio, memory.

    tests/bench/peers/census.py [--polygons N] [--gigabytes G] [--folder DIR]

Needs python3-gdal, python3-numpy, gdal-bin and build/release. Makes, from fixed seeds, a
GeoPackage of a million units that tile an area with crooked shared borders, and rasters of
2 GB (Float32, not compressed). Then, page cache warm, twice in turn:

  check      riskmap check of all of it: every rule, gaps and overlaps included
  read       ogrinfo -al and gdalinfo -checksum side by side; the goal is twice this
  polygons   riskmap check of the units alone, beside ogr2ogr -makevalid of them
"""
import argparse
import pathlib
import resource
import subprocess
import tempfile
import time

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ROOT = pathlib.Path(__file__).resolve().parents[3]
RISKMAP = ROOT / "build/release/bin/riskmap"
LEFT, BOTTOM, CELL = 500000.0, 3300000.0, 100.0


def make_units(path, count):
    if path.exists():
        return
    side = int(round(count ** 0.5))
    random = np.random.default_rng(7)
    jitter = lambda *shape: random.uniform(-20, 20, (*shape, 2))
    knots = np.stack(np.meshgrid(np.arange(side + 1), np.arange(side + 1)), -1) * CELL + [LEFT, BOTTOM]
    knots = knots + jitter(side + 1, side + 1)
    # Two vertices between the knots of each border, shared by both sides.
    east = [(knots[:, :-1] * (3 - k) + knots[:, 1:] * k) / 3 + jitter(side + 1, side) * 0.3 for k in (1, 2)]
    north = [(knots[:-1] * (3 - k) + knots[1:] * k) / 3 + jitter(side, side + 1) * 0.3 for k in (1, 2)]
    pending = path.with_suffix(".part.gpkg")
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(4549)
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(pending))
    layer = dataset.CreateLayer("townships", srs, ogr.wkbPolygon, ["SPATIAL_INDEX=NO"])
    for name, kind in (("code", ogr.OFTString), ("name", ogr.OFTString), ("population", ogr.OFTInteger)):
        layer.CreateField(ogr.FieldDefn(name, kind))
    layer.StartTransaction()
    for r in range(side):
        for c in range(side):
            ring = np.array([knots[r, c], east[0][r, c], east[1][r, c], knots[r, c + 1],
                             north[0][r, c + 1], north[1][r, c + 1], knots[r + 1, c + 1],
                             east[1][r + 1, c], east[0][r + 1, c], knots[r + 1, c],
                             north[1][r, c], north[0][r, c], knots[r, c]])
            head = np.array([13], dtype="<u4").tobytes()
            wkb = b"\x01\x03\x00\x00\x00\x01\x00\x00\x00" + head + ring.astype("<f8").tobytes()
            f = ogr.Feature(layer.GetLayerDefn())
            f["code"], f["name"], f["population"] = f"{100000000 + r * side + c}", f"单元{r}-{c}", 1000 + c
            f.SetGeometryDirectly(ogr.CreateGeometryFromWkb(wkb))
            layer.CreateFeature(f)
    layer.CommitTransaction()
    dataset = None
    pending.rename(path)


def make_raster(path, gigabytes, seed):
    if path.exists():
        return
    size = int((gigabytes * 2 ** 30 / 4) ** 0.5) // 512 * 512
    random = np.random.default_rng(seed)
    pending = path.with_suffix(".part.tif")
    dataset = gdal.GetDriverByName("GTiff").Create(str(pending), size, size, 1, gdal.GDT_Float32,
                                                   ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512"])
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(4549)
    dataset.SetProjection(srs.ExportToWkt())
    dataset.SetGeoTransform([LEFT, 10, 0, BOTTOM + 10 * size, 0, -10])
    dataset.GetRasterBand(1).SetNoDataValue(-9999)
    for row in range(0, size, 512):
        dataset.GetRasterBand(1).WriteArray(random.random((512, size), dtype=np.float32) * 5, 0, row)
    dataset = None
    pending.rename(path)


def timed(*commands):
    """Wall seconds of commands side by side, and the largest memory of their processes in MiB."""
    start = time.perf_counter()
    running = [subprocess.Popen([str(w) for w in c], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
               for c in commands]
    peak = 0
    for process in running:
        _, error = process.communicate()
        if process.returncode != 0:
            raise SystemExit(f"{process.args}: {error.decode()}")
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return seconds, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--polygons", type=int, default=1000000)
    parser.add_argument("--gigabytes", type=float, default=2)
    parser.add_argument("--folder", type=pathlib.Path,
                        default=pathlib.Path(tempfile.gettempdir()) / "riskmap-census-bench")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    units = options.folder / "units.gpkg"
    rasters = [options.folder / f"flood_depth_{i}.tif" for i in (1, 2)]
    make_units(units, options.polygons)
    for i, raster in enumerate(rasters):
        make_raster(raster, options.gigabytes / 2, i)
    rounds = []
    for _ in range(3):
        check, memory = timed([RISKMAP, "check", units, *rasters])
        read, _ = timed(["ogrinfo", "-al", units], ["gdalinfo", "-checksum", rasters[0]],
                        ["gdalinfo", "-checksum", rasters[1]])
        alone, _ = timed([RISKMAP, "check", units])
        valid, _ = timed(["ogr2ogr", "-makevalid", "-f", "GPKG", "-lco", "SPATIAL_INDEX=NO",
                          "/vsimem/x.gpkg", units])
        rounds.append((check, read, alone, valid, memory))
        for left_over in options.folder.glob("*.aux.xml"):
            left_over.unlink()
    check, read, alone, valid = (float(np.median([r[i] for r in rounds])) for i in range(4))
    print(f"check of all: {check:.1f} s, {max(r[4] for r in rounds):.0f} MiB at most in any process")
    print(f"ogrinfo -al and gdalinfo -checksum side by side: {read:.1f} s; check / twice that: "
          f"{check / (2 * read):.2f}")
    print(f"check of the polygons: {alone:.1f} s; ogr2ogr -makevalid: {valid:.1f} s; "
          f"ratio {alone / valid:.2f}")


main()
