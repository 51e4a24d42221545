#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Peak memory of each command on rasters of 100,000 x 100,000 cells, as a table.

memory.py [--folder F] [--side N]

The rasters are sparse: forty tiles have data, the rest is nodata, which costs riskmap the same
passes. Needed: python3-gdal, time, and a release build of riskmap.
"""
import argparse
import pathlib
import subprocess

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ROOT = pathlib.Path(__file__).resolve().parents[2]
RISKMAP = str(ROOT / "build/release/bin/riskmap")


def crs():
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(4549)
    return srs


def write_raster(path, side, cell, kind, nodata, tile):
    if path.exists():
        return
    dataset = gdal.GetDriverByName("GTiff").Create(
        str(path), side, side, 1, kind, ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512",
                                         "COMPRESS=DEFLATE", "SPARSE_OK=TRUE", "BIGTIFF=YES"])
    dataset.SetGeoTransform([400000, cell, 0, 3500000, 0, -cell])
    dataset.SetProjection(crs().ExportToWkt())
    band = dataset.GetRasterBand(1)
    band.SetNoDataValue(nodata)
    random = np.random.default_rng(3)
    for _ in range(40):
        column, row = (int(k) * 512 for k in random.integers(0, side // 512, 2))
        band.WriteArray(tile(random), column, row)


def write_polygon(path, width):
    if path.exists():
        return
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = source.CreateLayer("one", crs(), ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("code", ogr.OFTInteger))
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetField("code", 1)
    left, top = 400000, 3500000
    feature.SetGeometry(ogr.CreateGeometryFromWkt(
        f"POLYGON(({left + 7} {top - 3},{left + width - 3} {top - 9},{left + width - 8} "
        f"{top - width + 4},{left + 1} {top - width + 11},{left + 7} {top - 3}))"))
    layer.CreateFeature(feature)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("/tmp/riskmap-vast"))
    parser.add_argument("--side", type=int, default=100000)
    options = parser.parse_args()
    folder, side = options.folder, options.side
    (folder / "run/area").mkdir(parents=True, exist_ok=True)
    floats = (gdal.GDT_Float32, -9999, lambda r: (r.random((512, 512)) * 100).astype(np.float32))
    classes = (gdal.GDT_Byte, 0, lambda r: np.kron(r.integers(1, 6, (32, 32)),
                                                   np.ones((16, 16))).astype(np.uint8))
    write_raster(folder / "a.tif", side, 5, *floats)
    write_raster(folder / "b.tif", side, 5, *floats)
    write_raster(folder / "c.tif", side, 5, *classes)
    write_raster(folder / "coarse.tif", side // 7, 35, *floats)
    write_raster(folder / "run/area/risk_level.tif", side, 5, *classes)
    write_polygon(folder / "one.gpkg", 5 * side)
    works = {
        "stack (bilinear, from 35 m to 5 m)": "stack --like a.tif --layer coarse.tif -o stacked",
        "composite (index and levels)": [
            "composite", "--layer", "a.tif normalise=linear:0:100", "--layer",
            "b.tif normalise=linear:0:100", "-o", "index.tif", "--levels",
            "fixed:0.2,0.4,0.6,0.8", "--levels-out", "levels.tif"],
        "classify (natural breaks)": "classify a.tif -o classes.tif",
        "zonal (one polygon over all, with median)":
            "zonal a.tif one.gpkg --id code --stats count,mean,stdev,median -o one.csv",
        "polygonise (sieve, simplify)": "polygonise c.tif --sieve 20 --simplify 1 -o polygons.gpkg",
        "export gtiff": "export run --format gtiff --to exported",
        "export cog": "export run --format cog --to exported-cog",
        "export png": "export run --format png --to exported-png",
    }
    print(f"| command, {side:,} x {side:,} cells | peak memory |")
    print("|---|---:|")
    for name, words in works.items():
        words = words.split() if isinstance(words, str) else words
        figures = folder / "time.txt"
        subprocess.run(["/usr/bin/time", "-o", str(figures), "-f", "%M", RISKMAP, *words, "-q",
                        "--overwrite"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        peak = float(figures.read_text().split()[-1])
        print(f"| {name} | {peak / 1024:.0f} MiB |", flush=True)


if __name__ == "__main__":
    main()
