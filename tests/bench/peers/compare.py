#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs riskmap and the tools beside it on the same work and prints a table.

compare.py [--folder F] [--size N] [--runs R] [--works overlay,zonal,...] [--scaling]

Peers that are installed take part: gdal_calc.py, gdal_polygonize.py (python3-gdal), GRASS
(grass-core), SAGA (saga), R terra (r-cran-terra). Needed besides: the packages python3-gdal
and time, and a release build of riskmap. Tools take turns, R times each; the table
gives medians of wall time, CPU time (user + system) and peak memory, and how many times
riskmap's wall time a tool takes. Answers are compared before times are printed.
"""
import argparse
import csv
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys

import numpy as np
from osgeo import gdal, ogr

import inputs

gdal.UseExceptions()
ROOT = pathlib.Path(__file__).resolve().parents[3]
RISKMAP = str(ROOT / "build/release/bin/riskmap")
TWELVE = "count,sum,mean,min,max,stdev,variance,median,majority,minority,variety,quantile:0.9"


def measure(command, folder):
    """Wall seconds, CPU seconds and peak MiB of a command and all that it starts, by GNU time:
    a process started from here would begin with the memory of this one."""
    figures = folder / "time.txt"
    with open(folder / "log.txt", "wb") as log:
        status = subprocess.run(["/usr/bin/time", "-o", str(figures), "-f", "%e %U %S %M", *command],
                                cwd=folder, stdout=log, stderr=log, check=False).returncode
    if status != 0:
        raise RuntimeError(f"{command[0]} failed: {(folder / 'log.txt').read_text()[-800:]}")
    wall, user, system, peak = map(float, figures.read_text().split()[-4:])
    return wall, user + system, peak / 1024


class Grass:
    """A GRASS project with the inputs in it; the import is timed apart."""

    def __init__(self, folder):
        self.location = folder / "grass"
        self.folder = folder

    def run(self, *words):
        return ["grass", str(self.location / "PERMANENT"), "--exec", *words]

    def setup(self, rasters, vectors):
        if not self.location.exists():
            measure(["grass", "-c", "EPSG:4549", str(self.location), "-e"], self.folder)
        spent = 0.0
        for name in rasters:
            if not (self.location / "PERMANENT/cell" / name).exists():
                spent += measure(self.run("r.in.gdal", "-o", f"input={name}.tif", f"output={name}"),
                                 self.folder)[0]
        for name in vectors:
            if not (self.location / "PERMANENT/vector" / name).exists():
                measure(self.run("v.in.ogr", "-o", f"input={name}.gpkg", f"output={name}"),
                        self.folder)
        measure(self.run("g.region", f"raster={rasters[0]}"), self.folder)
        return spent


def layers_of(count):
    return [f"layer{k}" for k in range(1, count + 1)]


def riskmap_overlay(count, index):
    command = [RISKMAP, "composite", "-q", "--overwrite", "--levels", "fixed:0.2,0.4,0.6,0.8",
               "--levels-out", "riskmap-levels.tif"]
    for name in layers_of(count):
        command += ["--layer", f"{name}.tif weight=1 normalise=linear:0:101"]
    return command + (["-o", "riskmap-index.tif"] if index else [])


def gdal_calc(count):
    letters = "ABCDEFGH"[:count]
    total = "+".join(f"clip({c}/101.,0,1)" for c in letters)
    command = ["gdal_calc.py"]
    for letter, name in zip(letters, layers_of(count)):
        command += [f"-{letter}", f"{name}.tif"]
    return command + ["--outfile=gdal-levels.tif", "--type=Byte", "--NoDataValue=0", "--overwrite",
                      "--quiet", "--co=COMPRESS=DEFLATE", "--co=TILED=YES",
                      f"--calc=digitize(({total})/{count},[0.2,0.4,0.6,0.8],right=True)+1"]


def decode_only(count):
    """What reading all layers with GDAL costs, as gdal_calc.py does it, without more."""
    code = (f"from osgeo import gdal\nfor k in range(1, {count + 1}):\n"
            " d = gdal.Open(f'layer{k}.tif'); b = d.GetRasterBand(1)\n"
            " for y in range(0, d.RasterYSize, 512):\n"
            "  b.ReadRaster(0, y, d.RasterXSize, min(512, d.RasterYSize - y))\n")
    return ["/usr/bin/python3", "-c", code]


def grass_overlay(count):
    total = "+".join(f"max(0.,min(1.,{name}/101.))" for name in layers_of(count))
    return (f"expression=levels=eval(x=({total})/{count},"
            "if(x<=0.2,1,if(x<=0.4,2,if(x<=0.6,3,if(x<=0.8,4,5)))))")


def terra_overlay(count):
    files = ",".join(f"'{name}.tif'" for name in layers_of(count))
    return ["Rscript", "-e",
            f"library(terra); r <- rast(c({files})); x <- mean(clamp(r/101, 0, 1)); "
            "l <- classify(x, matrix(c(-1,.2,1, .2,.4,2, .4,.6,3, .6,.8,4, .8,2,5), ncol=3, "
            "byrow=TRUE)); writeRaster(l, 'terra-levels.tif', overwrite=TRUE, datatype='INT1U', "
            "gdal=c('COMPRESS=DEFLATE','TILED=YES'))"]


def overlay(folder, count=8):
    tools = {"riskmap (levels)": riskmap_overlay(count, False),
             "riskmap (index and levels)": riskmap_overlay(count, True),
             "gdal_calc.py": gdal_calc(count),
             "GDAL, decoding only": decode_only(count)}
    if shutil.which("grass"):
        grass = Grass(folder)
        spent = grass.setup(layers_of(count), [])
        if spent:
            print(f"(GRASS: import of {count} layers {spent:.1f} s, not counted below)")
        tools["GRASS r.mapcalc"] = grass.run("r.mapcalc", "--overwrite", grass_overlay(count))
    # terra takes minutes for more.
    if has_terra() and gdal.Open(str(folder / "layer1.tif")).RasterXSize <= 5000:
        tools["R terra"] = terra_overlay(count)
    return tools


def check_overlay(folder):
    ours = gdal.Open(str(folder / "riskmap-levels.tif"))
    theirs = gdal.Open(str(folder / "gdal-levels.tif"))
    differing = cells = 0
    for y in range(0, ours.RasterYSize, 512):
        rows = min(512, ours.RasterYSize - y)
        a = ours.GetRasterBand(1).ReadAsArray(0, y, ours.RasterXSize, rows)
        b = theirs.GetRasterBand(1).ReadAsArray(0, y, ours.RasterXSize, rows)
        differing += int(np.count_nonzero(a != b))
        cells += a.size
    # gdal_calc.py computes in float32, so a cell right at a break may fall on the other side.
    assert differing < cells * 1e-4, f"{differing} of {cells} cells differ"
    return f"{differing} of {cells} cells differ from gdal_calc.py (float32 at breaks)"


def has_terra():
    return shutil.which("Rscript") and subprocess.run(
        ["Rscript", "-e", "library(terra)"], capture_output=True, check=False).returncode == 0


def zonal(folder):
    tools = {"riskmap": [RISKMAP, "zonal", "layer1.tif", "villages.gpkg", "--id", "code", "--stats",
                         "mean,sum", "-o", "riskmap-villages.csv", "--overwrite", "-q"]}
    # terra takes minutes even for a hundredth of the cells.
    if has_terra() and gdal.Open(str(folder / "layer1.tif")).RasterXSize <= 1000:
        tools["R terra (exact)"] = [
            "Rscript", "-e",
            "library(terra); v <- vect('villages.gpkg'); r <- rast('layer1.tif'); "
            "m <- extract(r, v, fun=mean, exact=TRUE, na.rm=TRUE); "
            "write.csv(data.frame(code=v$code, mean=m[[2]]), 'terra-villages.csv', "
            "row.names=FALSE)"]
    if shutil.which("grass"):
        grass = Grass(folder)
        grass.setup(["layer1"], ["villages"])
        tools["GRASS v.rast.stats (not exact)"] = grass.run(
            "v.rast.stats", "-c", "map=villages", "raster=layer1", "column_prefix=a",
            "method=average,sum")
    if shutil.which("saga_cmd"):
        tools["SAGA (area weighted)"] = saga(folder, "villages", "layer1", "3")
    return tools


def saga(folder, units, raster, method, *more):
    for grid in folder.glob("saga-units.*"):
        grid.unlink()
    return ["saga_cmd", "--flags=s", "shapes_grid", "2", f"-GRIDS={raster}.tif",
            f"-POLYGONS={units}.gpkg", f"-METHOD={method}", "-NAMING=0", "-PARALLELIZED=1",
            f"-RESULT=saga-{units}.shp", *more]


def mean_by_geos(shape, band, transform):
    """The mean over a polygon, each cell cut with it by GEOS."""
    left, right, bottom, top = shape.GetEnvelope()
    x, y = int((left - transform[0]) / inputs.CELL), int((transform[3] - top) / inputs.CELL)
    columns = int((right - transform[0]) / inputs.CELL) + 1 - x
    rows = int((transform[3] - bottom) / inputs.CELL) + 1 - y
    values = band.ReadAsArray(x, y, columns, rows).astype(float)
    inside = shape.Buffer(-1.5 * inputs.CELL)
    total = weight = 0.0
    for r in range(rows):
        for c in range(columns):
            if values[r, c] == -9999:
                continue
            west, north = transform[0] + (x + c) * inputs.CELL, transform[3] - (y + r) * inputs.CELL
            centre = ogr.CreateGeometryFromWkt(f"POINT({west + 15} {north - 15})")
            share = 1.0
            if not inside.Contains(centre):
                cell = ogr.CreateGeometryFromWkt(
                    f"POLYGON(({west} {north},{west + 30} {north},{west + 30} {north - 30},"
                    f"{west} {north - 30},{west} {north}))")
                share = shape.Intersection(cell).GetArea() / inputs.CELL ** 2
            total += share * values[r, c]
            weight += share
    return total / weight


def check_zonal(folder):
    ours = {int(row["code"]): float(row["mean"])
            for row in csv.DictReader(open(folder / "riskmap-villages.csv", encoding="utf-8"))}
    raster = gdal.Open(str(folder / "layer1.tif"))
    layer = ogr.Open(str(folder / "villages.gpkg"))
    shapes = {f.GetField("code"): f.GetGeometryRef().Clone() for f in layer.GetLayer(0)}
    worst = max(abs(ours[code] / mean_by_geos(shapes[code], raster.GetRasterBand(1),
                                              raster.GetGeoTransform()) - 1)
                for code in (1, 987, 1975, 2500))
    assert worst < 1e-9, worst
    note = f"Means of four villages differ from those cut cell by cell with GEOS by {worst:.0e}"
    if (folder / "terra-villages.csv").exists():
        theirs = csv.DictReader(open(folder / "terra-villages.csv", encoding="utf-8"))
        apart = max(abs(float(row["mean"]) / ours[int(row["code"])] - 1) for row in theirs)
        note += f", all from terra's by up to {apart:.0e} of themselves"
    return note


def twelve(folder):
    def ours(raster):
        return [RISKMAP, "zonal", f"{raster}.tif", "townships.gpkg", "--id", "code", "--stats",
                TWELVE, "-o", f"riskmap-{raster}.csv", "--overwrite", "-q"]
    tools = {"riskmap": ours("layer1"), "riskmap (every value distinct)": ours("noise")}
    if shutil.which("grass"):
        grass = Grass(folder)
        grass.setup(["layer1"], ["townships"])
        tools["GRASS v.rast.stats (10 of them, not exact)"] = grass.run(
            "v.rast.stats", "-c", "map=townships", "raster=layer1", "column_prefix=b",
            "method=number,minimum,maximum,range,average,stddev,variance,sum,median,percentile")
    if shutil.which("saga_cmd"):
        tools["SAGA (9 of them, area weighted)"] = saga(
            folder, "townships", "layer1", "3", "-QUANTILES=50;90")
    return tools


MILLION = 1020  # cells along the side of a raster of just over a million distinct values


def breaks(folder):
    inputs.make(folder.parent / str(MILLION), MILLION, 0)

    def ours(raster):
        return [RISKMAP, "classify", raster, "-o", "riskmap-classes.tif", "--overwrite", "-q"]
    return {"riskmap (10,000 distinct values)": ours("layer1.tif"),
            "riskmap (every value distinct: binned)": ours("noise.tif"),
            "riskmap (a million cells, all distinct)": ours(f"../{MILLION}/noise.tif")}


def polygons(folder):
    tools = {"riskmap": [RISKMAP, "polygonise", "classes.tif", "--patches", "-o",
                         "riskmap-patches.gpkg", "--overwrite", "-q"],
             "gdal_polygonize.py": ["sh", "-c", "rm -f gdal-patches.gpkg; exec gdal_polygonize.py "
                                    "-q classes.tif -f GPKG gdal-patches.gpkg"]}
    if shutil.which("grass"):
        grass = Grass(folder)
        grass.setup(["classes"], [])
        tools["GRASS r.to.vect"] = grass.run("r.to.vect", "--overwrite", "input=classes",
                                             "output=patches", "type=area")
    return tools


def check_polygons(folder):
    counts = []
    for name in ("riskmap", "gdal"):
        source = ogr.Open(str(folder / f"{name}-patches.gpkg"))
        layer = source.GetLayer(0)
        counts.append((layer.GetFeatureCount(), round(sum(
            f.GetGeometryRef().GetArea() for f in layer) / inputs.CELL ** 2)))
    # gdal_polygonize.py leaves nodata out as riskmap does.
    assert counts[0] == counts[1], counts
    return f"both have {counts[0][0]} patches of {counts[0][1]} cells"


def one(folder):
    """A sum over one polygon that covers all, as r.univar does it."""
    tools = {"riskmap": [RISKMAP, "zonal", "layer1.tif", "whole.gpkg", "--id", "code", "--stats",
                         "count,min,max,range,mean,stdev,variance,sum", "-o", "riskmap-whole.csv",
                         "--overwrite", "-q"]}
    if not (folder / "whole.gpkg").exists():
        source = ogr.GetDriverByName("GPKG").CreateDataSource(str(folder / "whole.gpkg"))
        layer = source.CreateLayer("whole", inputs.crs(), ogr.wkbPolygon)
        layer.CreateField(ogr.FieldDefn("code", ogr.OFTInteger))
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("code", 1)
        side = 1e6
        x, y = inputs.LEFT - 10, inputs.TOP + 10
        feature.SetGeometry(ogr.CreateGeometryFromWkt(
            f"POLYGON(({x} {y},{x + side} {y},{x + side} {y - side},{x} {y - side},{x} {y}))"))
        layer.CreateFeature(feature)
        layer = source = None
    if shutil.which("grass"):
        grass = Grass(folder)
        grass.setup(["layer1"], [])
        tools["GRASS r.univar"] = grass.run("r.univar", "-g", "map=layer1")
    return tools


WORKS = {
    "overlay": ("weighted overlay of 8 layers, cut into 5 levels", overlay, check_overlay),
    "zonal": ("mean and sum over 2,500 villages", zonal, check_zonal),
    "twelve": ("12 statistics over 100 townships", twelve, None),
    "univar": ("8 statistics over the whole raster", one, None),
    "breaks": ("exact natural breaks, 5 classes, and the class raster", breaks, None),
    "polygons": ("polygons of a class raster, one for each patch", polygons, check_polygons),
}


def compare(tools, folder, runs):
    results = {name: [] for name in tools}
    for turn in range(runs):
        for name, command in tools.items():
            results[name].append(measure(command, folder))
            print(f"  {name}, run {turn + 1}: {results[name][-1][0]:.2f} s", file=sys.stderr)
    return {name: [statistics.median(column) for column in zip(*rows)]
            for name, rows in results.items()}


def print_table(title, medians, note):
    print(f"\n**{title}**\n")
    print("| tool | wall | CPU | peak memory | times riskmap's wall |")
    print("|---|---:|---:|---:|---:|")
    base = next(iter(medians.values()))[0]
    for name, (wall, cpu, memory) in medians.items():
        print(f"| {name} | {wall:.2f} s | {cpu:.2f} s | {memory:.0f} MiB | {wall / base:.1f} |")
    if note:
        print(f"\n{note}.")


# exactextract is not in Debian: these are figures seen on a machine of this kind.
EXACTEXTRACT_VILLAGES = 3.6
EXACTEXTRACT_TWELVE = 56.0


def goals(results):
    """What riskmap is to reach, beside what was measured above."""
    overlay_, zonal_, twelve_, breaks_ = (results[k] for k in ("overlay", "zonal", "twelve", "breaks"))
    ours = overlay_["riskmap (levels)"]
    yield ("overlay: wall at most 1/4 of gdal_calc.py's", ours[0],
           overlay_["gdal_calc.py"][0] / 4, "s")
    yield "overlay with the index too: the same", overlay_["riskmap (index and levels)"][0], (
        overlay_["gdal_calc.py"][0] / 4), "s"
    yield ("overlay: CPU at most that of GDAL's decoding alone", ours[1],
           overlay_["GDAL, decoding only"][1], "s")
    yield "overlay: memory", ours[2], 600, "MiB"
    yield ("villages: wall at most 1/2 of exactextract's 3.6 s", zonal_["riskmap"][0],
           EXACTEXTRACT_VILLAGES / 2, "s")
    yield ("12 statistics: wall at most 1/5 of exactextract's 56 s",
           twelve_["riskmap (every value distinct)"][0], EXACTEXTRACT_TWELVE / 5, "s")
    yield ("natural breaks of a million distinct values",
           breaks_["riskmap (a million cells, all distinct)"][0], 2, "s")


def print_goals(results):
    if not {"overlay", "zonal", "twelve", "breaks"} <= set(results):
        return
    print("\n**Goals**\n")
    print("| goal | measured | at most | holds |")
    print("|---|---:|---:|---|")
    for name, measured, most, unit in goals(results):
        print(f"| {name} | {measured:.2f} {unit} | {most:.2f} {unit} | "
              f"{'yes' if measured <= most else '**no**'} |")


def scaling(folder, runs):
    print("\n**Cost of the overlay (levels) against cells and layers**\n")
    print("| cells | layers | wall | CPU per 10^9 cells read | peak memory |")
    print("|---|---:|---:|---:|---:|")
    for size, count in ((2500, 8), (5000, 8), (10000, 2), (10000, 4), (10000, 8), (20000, 8)):
        own = folder / str(size)
        inputs.make(own, size, count)
        wall, cpu, memory = compare({f"{size}, {count} layers": riskmap_overlay(count, False)}, own,
                                    runs)[f"{size}, {count} layers"]
        print(f"| {size} x {size} | {count} | {wall:.2f} s | {cpu / (size * size * count) * 1e9:.1f}"
              f" s | {memory:.0f} MiB |")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("/tmp/riskmap-peers"))
    parser.add_argument("--size", type=int, default=10000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--works", default=",".join(WORKS))
    parser.add_argument("--scaling", action="store_true")
    options = parser.parse_args()
    folder = options.folder / str(options.size)
    inputs.make(folder, options.size, 8)
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="ascii")
                if line.startswith("model name")), "unknown")
    print(f"{os.cpu_count()} cores ({cpu}), {platform.system()} {platform.release()}, rasters of "
          f"{options.size} x {options.size} cells, medians of {options.runs} runs in turn.")
    results = {}
    for name in options.works.split(","):
        title, tools, check = WORKS[name]
        results[name] = compare(tools(folder), folder, options.runs)
        print_table(title, results[name], check(folder) if check else "")
        sys.stdout.flush()
    print_goals(results)
    if options.scaling:
        scaling(options.folder, options.runs)


if __name__ == "__main__":
    main()
