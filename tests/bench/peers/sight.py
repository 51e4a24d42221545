#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Viewsheds and camera plans beside gdal_viewshed and GRASS r.viewshed.

sight.py RISKMAP FOLDER [--runs N]

Makes a 4500 x 4000 height model of 30 m from data/bigtujunga, mirrored, and prints CPU seconds,
ratios and Jaccard agreement with riskmap's exact answer. A peer that is not installed is left out.
"""
import argparse
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import time

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ROOT = pathlib.Path(__file__).resolve().parents[3]
LEFT, TOP, CELL = 500000.0, 3400000.0, 30.0
COLUMNS, ROWS = 4500, 4000
EYE = (LEFT + CELL * 2250.5, TOP - CELL * 2000.5)


def write_inputs(folder):
    dem = folder / "dem.tif"
    if dem.exists():
        return
    heights = gdal.Open(str(ROOT / "data/bigtujunga/dem_30m.tif")).ReadAsArray()[1:640, 1:1196]
    row = np.concatenate([heights, heights[:, ::-1]] * 2, axis=1)
    whole = np.concatenate([row, row[::-1]] * 4, axis=0)[:ROWS, :COLUMNS]
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(4549)
    for name, values in (("dem.tif", whole), ("forest.tif", np.where(whole > 900, 30, 20))):
        kind = gdal.GDT_Int16 if name == "dem.tif" else gdal.GDT_Byte
        dataset = gdal.GetDriverByName("GTiff").Create(
            str(folder / name), COLUMNS, ROWS, 1, kind, ["TILED=YES", "COMPRESS=DEFLATE"])
        dataset.SetGeoTransform([LEFT, CELL, 0, TOP, 0, -CELL])
        dataset.SetProjection(srs.ExportToWkt())
        dataset.GetRasterBand(1).WriteArray(values)
        dataset = None
    random = np.random.default_rng(3)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(folder / "candidates.gpkg"))
    layer = source.CreateLayer("candidates", srs, ogr.wkbPoint)
    layer.CreateField(ogr.FieldDefn("id", ogr.OFTString))
    layer.StartTransaction()
    for number in range(600):
        columns, rows = random.integers(0, COLUMNS, 30), random.integers(0, ROWS, 30)
        best = whole[rows, columns].argmax()
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField(0, f"C{number}")
        point = ogr.Geometry(ogr.wkbPoint)
        point.AddPoint_2D(LEFT + CELL * (columns[best] + 0.5), TOP - CELL * (rows[best] + 0.5))
        feature.SetGeometry(point)
        layer.CreateFeature(feature)
    layer.CommitTransaction()


def measure(command, runs, env=None):
    """Median CPU and wall seconds."""
    cpu, wall = [], []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.time()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env=env)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall.append(time.time() - start)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(cpu), statistics.median(wall)


def agreement(folder, ours, theirs):
    a = gdal.Open(str(folder / ours)).ReadAsArray() == 1
    b = gdal.Open(str(folder / theirs)).ReadAsArray()
    b = (b > 0) & (b <= 255) & ~np.isnan(b)
    return (a & b).sum() / (a | b).sum()


def viewsheds(program, folder, runs):
    for reach in (15000, 200000):
        ours = [program, "viewshed", folder / "dem.tif", "-o", folder / "ours.tif", "--overwrite", "-q",
                "--at", f"{EYE[0]},{EYE[1]}", "--mast", "20", "--target", "10", "--range", str(reach),
                "--threads", "1"]
        cpu, _ = measure(ours, runs)
        print(f"viewshed, range {reach} m: riskmap exact        {cpu:7.3f} s CPU")
        peer = ["gdal_viewshed", "-q", "-md", str(reach), "-ox", str(EYE[0]), "-oy", str(EYE[1]), "-oz",
                "20", "-tz", "10", "-cc", "0.857142857", folder / "dem.tif", folder / "gdal.tif"]
        peer_cpu, _ = measure(peer, runs)
        window = gdal.Translate("", str(folder / "gdal.tif"), format="MEM")
        full = np.zeros((ROWS, COLUMNS), np.uint8)
        transform = window.GetGeoTransform()
        column = round((transform[0] - LEFT) / CELL)
        row = round((TOP - transform[3]) / CELL)
        cells = window.ReadAsArray()
        full[row:row + cells.shape[0], column:column + cells.shape[1]] = cells == 255
        seen = gdal.Open(str(folder / "ours.tif")).ReadAsArray() == 1
        jaccard = (seen & (full > 0)).sum() / (seen | (full > 0)).sum()
        print(f"                            gdal_viewshed        {peer_cpu:7.3f} s CPU, "
              f"{peer_cpu / cpu:.2f} x ours, Jaccard {jaccard:.4f}")


def grass(program, folder):
    if shutil.which("grass") is None:
        return
    script = (f"r.in.gdal -o --o input={folder}/dem.tif output=dem; g.region raster=dem; "
              f"/usr/bin/time -f 'r.viewshed %U user %S system' r.viewshed --o -c -r -b input=dem "
              f"output=seen coordinates={EYE[0]},{EYE[1]} observer_elevation=20 target_elevation=10 "
              f"max_distance=15000 memory=4000; r.out.gdal --o -c input=seen output={folder}/grass.tif "
              f"type=Byte")
    done = subprocess.run(["grass", "--tmp-location", "EPSG:4549", "--exec", "bash", "-c", script],
                          capture_output=True, text=True, check=False)
    line = [text for text in done.stderr.splitlines() if text.startswith("r.viewshed")]
    print(f"                            GRASS                {line[0] if line else 'failed'}"
          + (f", Jaccard {agreement(folder, 'ours15.tif', 'grass.tif'):.4f}" if line else ""))


def plans(program, folder, runs):
    command = [program, "cameras", folder / "dem.tif", "--forest", f"{folder}/forest.tif:30",
               "--candidates", folder / "candidates.gpkg", "--range", "10000", "--target", "10",
               "--sites", "60", "-o", folder / "plan.gpkg", "--overwrite", "-q"]
    _, wall = measure(command, runs)
    peer = ["gdal_viewshed", "-q", "-md", "10000", "-ox", str(EYE[0]), "-oy", str(EYE[1]), "-oz", "20",
            "-tz", "10", folder / "dem.tif", folder / "gdal.tif"]
    _, one = measure(peer, 20)
    print(f"plan of 600 candidates, 10 km: riskmap {wall:.2f} s wall; 600 gdal_viewshed processes at "
          f"{one:.3f} s: {600 * one:.1f} s ({600 * one / wall:.1f} x)")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    write_inputs(given.folder)
    program = os.path.abspath(given.program)
    subprocess.run([program, "viewshed", given.folder / "dem.tif", "-o", given.folder / "ours15.tif",
                    "--overwrite", "-q", "--at", f"{EYE[0]},{EYE[1]}", "--mast", "20", "--target", "10",
                    "--range", "15000"], check=True)
    viewsheds(program, given.folder, given.runs)
    grass(program, given.folder)
    plans(program, given.folder, 3)


if __name__ == "__main__":
    main()
