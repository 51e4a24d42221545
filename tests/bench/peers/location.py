#!/usr/bin/python3
"""Location models beside CBC and GLPK on the same work: time of each, ratio, objective.

Needs python3-gdal, python3-numpy, coinor-cbc, glpk-utils, and build/release. The models that
CBC and GLPK get are made small first: demands with the same candidates are one, and what
existing sites serve is left out. Theirs is the time of the solver alone on a file that is
ready; ours is that of the whole process, layers read, and, in brackets, of the model alone.

    tests/bench/peers/location.py [--glpk] [--big]
"""

import argparse
import json
import pathlib
import re
import subprocess
import tempfile
import time

import numpy
from osgeo import gdal, ogr

gdal.UseExceptions()
ROOT = pathlib.Path(__file__).resolve().parents[3]
RISKMAP = ROOT / "build/release/bin/riskmap"
DATA = ROOT / "data/shaoxing"
INSTANCES = ROOT / "tests/data/siting"


def timed(command):
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return time.perf_counter() - start, done


def riskmap(*arguments):
    seconds, done = timed([RISKMAP, "siting", *arguments, "--json"])
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return seconds, json.loads(done.stdout)


def points(layer, field=None):
    source = ogr.Open(str(DATA / "census.gpkg"))
    rows = [(f.GetGeometryRef().GetX(), f.GetGeometryRef().GetY(), f[field] if field else 0)
            for f in source.GetLayer(layer)]
    return numpy.array(rows)


def cells():
    raster = gdal.Open(str(DATA / "population_120m.tif"))
    band = raster.GetRasterBand(1)
    values = band.ReadAsArray().astype(float)
    nodata = band.GetNoDataValue()
    valid = numpy.isfinite(values) & (values > 0)
    if nodata is not None:
        valid &= values != nodata
    row, column = numpy.nonzero(valid)
    x0, dx, _, y0, _, dy = raster.GetGeoTransform()
    return numpy.column_stack([x0 + (column + 0.5) * dx, y0 + (row + 0.5) * dy,
                               values[row, column]])


def merged_model(demand, radius):
    """Distinct sets of candidates and their weight, for demands no existing shelter serves."""
    candidates = points("shelter_candidates")
    existing = points("shelters_existing")
    sets = {}
    for x, y, weight in demand:
        if ((existing[:, 0] - x) ** 2 + (existing[:, 1] - y) ** 2 <= radius**2).any():
            continue
        near = numpy.flatnonzero((candidates[:, 0] - x) ** 2 + (candidates[:, 1] - y) ** 2
                                 <= radius**2)
        if near.size:
            key = tuple(near)
            sets[key] = sets.get(key, 0) + weight
    return sets, len(candidates)


def write_lp(path, sets, candidates, sites):
    rows = list(sets.items())
    with open(path, "w", encoding="ascii") as lp:
        lp.write("Maximize\n obj: " + "\n + ".join(f"{w:.12g} z{i}" for i, (_, w) in
                                                    enumerate(rows)))
        lp.write("\nSubject To\n")
        for i, (near, _) in enumerate(rows):
            lp.write(f" c{i}: z{i} - " + "\n - ".join(f"x{j}" for j in near) + " <= 0\n")
        lp.write(" number: " + "\n + ".join(f"x{j}" for j in range(candidates)) + f" <= {sites}\n")
        lp.write("Bounds\n" + "".join(f" z{i} <= 1\n" for i in range(len(rows))))
        lp.write("Binaries\n" + "\n".join(f" x{j}" for j in range(candidates)) + "\nEnd\n")


def cbc(path):
    seconds, done = timed(["cbc", str(path), "ratio", "0", "solve"])
    found = re.search(r"Objective value:\s*([-0-9.e+]+)", done.stdout)
    return seconds, abs(float(found.group(1))) if found else float("nan")


def glpk(path):
    seconds, done = timed(["glpsol", "--lp", str(path), "--tmlim", "120", "-o", "/dev/stdout"])
    found = re.search(r"Objective:.*?=\s*([-0-9.e+]+)", done.stdout)
    return seconds, abs(float(found.group(1))) if found else float("nan")


def medians():
    print("OR-Library pmed (proven optima)")
    optima = dict(line.split() for line in
                  (INSTANCES / "pmed_optimal.txt").read_text().splitlines()[1:])
    for name, optimum in optima.items():
        seconds, answer = riskmap("--model", "p-median", "--orlib", INSTANCES / f"{name}.txt")
        print(f"  {name:7} {answer['objective']:7.0f} ({optimum}) {answer['status']:9}"
              f" {seconds:6.2f} s")
    print("TSPLIB rl1304, plain Euclid (best known of the literature)")
    for p, known in ((10, 2134295), (100, 491639), (300, 177326), (500, 97024)):
        seconds, answer = riskmap("--model", "p-median", "--tsplib", INSTANCES / "rl1304.tsp",
                                  "--p", str(p), "--time-limit", "60")
        print(f"  p = {p:3} {answer['objective']:12.1f} ({known}: {answer['objective'] / known - 1:+.4%})"
              f" gap {answer['gap']:.4%} {answer['status']:9} {seconds:6.2f} s")


def covering(with_glpk):
    census = DATA / "census.gpkg"
    layers = ["--candidates", f"{census}:shelter_candidates",
              "--existing", f"{census}:shelters_existing", "--radius", "1500", "--p", "150"]
    for name, demand, text in (
            ("villages", points("villages", "population"), f"{census}:villages:population"),
            ("cells of 120 m", cells(), str(DATA / "population_120m.tif"))):
        sets, candidates = merged_model(demand, 1500)
        print(f"Shaoxing, {name}: {len(demand)} demands, {candidates} candidates,"
              f" {len(sets)} distinct sets")
        best = min((riskmap("--model", "mclp", "--demand", text, *layers) for _ in range(3)),
                   key=lambda run: run[0])
        seconds, answer = best
        print(f"  riskmap {answer['objective']:14.2f} {answer['status']}"
              f" {seconds:6.2f} s ({answer['seconds']:.3f} s)")
        with tempfile.TemporaryDirectory() as folder:
            lp = pathlib.Path(folder) / "model.lp"
            write_lp(lp, sets, candidates, 150)
            peers = [("CBC", min((cbc(lp) for _ in range(3)), key=lambda run: run[0]))]
            if with_glpk:
                peers.append(("GLPK", glpk(lp)))
            for peer, (theirs, objective) in peers:
                print(f"  {peer:7} {objective:14.2f}           {theirs:6.2f} s:"
                      f" {theirs / seconds:.1f} x the whole process,"
                      f" {theirs / answer['seconds']:.1f} x the model alone")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--glpk", action="store_true", help="also run GLPK (two minutes at most)")
    parser.add_argument("--big", action="store_true",
                        help="also a million demands and 10,000 candidates (bench_location)")
    arguments = parser.parse_args()
    medians()
    covering(arguments.glpk)
    if arguments.big:
        for sites in ("50", "200"):
            subprocess.run([ROOT / "build/release/tests/bench_location", "1000000", "10000", sites],
                           check=True)


if __name__ == "__main__":
    main()
