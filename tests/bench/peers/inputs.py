#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes the inputs of the comparison with other tools, the same at every run.

inputs.py FOLDER [--size N] [--layers K]

    layer1.tif ...  Float32, N x N cells of 30 m, EPSG:4549, tiles of 512, DEFLATE with
                    predictor 3, 2 % nodata (-9999): patches of 50 cells with noise on top,
                    values 0..101 with two decimals
    noise.tif       the same with every value distinct (no rounding)
    classes.tif     Byte, five classes in smooth patches, for polygons
    villages.gpkg   2,500 polygons that tile 90 % of the extent, their borders crooked
    townships.gpkg  100 polygons of 25 villages each, the same borders
"""
import argparse
import pathlib

import numpy as np
from osgeo import gdal, ogr, osr

gdal.UseExceptions()
CELL = 30.0
LEFT, TOP = 500000.0, 3400000.0


def crs():
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(4549)
    return srs


def create(path, size, kind, options):
    dataset = gdal.GetDriverByName("GTiff").Create(
        str(path), size, size, 1, kind,
        ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "COMPRESS=DEFLATE", "NUM_THREADS=ALL_CPUS",
         *options])
    dataset.SetGeoTransform([LEFT, CELL, 0, TOP, 0, -CELL])
    dataset.SetProjection(crs().ExportToWkt())
    return dataset


def write_layer(path, size, seed, decimals):
    """Patches plus noise, one row of tiles at a time."""
    if path.exists():
        return
    random = np.random.default_rng(seed)
    patches = random.random((size // 50 + 1, size // 50 + 1), dtype=np.float32)
    pending = path.with_suffix(".part")
    dataset = create(pending, size, gdal.GDT_Float32, ["PREDICTOR=3"])
    band = dataset.GetRasterBand(1)
    band.SetNoDataValue(-9999)
    columns = np.arange(size) // 50
    for row in range(0, size, 512):
        rows = np.arange(row, min(row + 512, size))
        shape = (len(rows), size)
        values = patches[np.ix_(rows // 50, columns)] + random.random(shape, dtype=np.float32) * 0.01
        values *= 100
        if decimals is not None:
            values = np.round(values, decimals)
        values[random.random(shape, dtype=np.float32) < 0.02] = -9999
        band.WriteArray(values.astype(np.float32), 0, row)
    dataset = band = None
    pending.rename(path)


def write_classes(path, size):
    if path.exists():
        return
    pending = path.with_suffix(".part")
    dataset = create(pending, size, gdal.GDT_Byte, [])
    band = dataset.GetRasterBand(1)
    band.SetNoDataValue(0)
    x = np.arange(size, dtype=np.float32)
    for row in range(0, size, 512):
        y = np.arange(row, min(row + 512, size), dtype=np.float32)[:, None]
        field = (np.sin(x / 97) + np.cos(y / 83) + np.sin((x + y) / 41) * 0.6
                 + np.sin((x - 2 * y) / 19) * 0.3)
        band.WriteArray(np.clip(np.floor((field + 2.9) / 5.8 * 5) + 1, 1, 5).astype(np.uint8), 0, row)
    dataset = band = None
    pending.rename(path)


def crooked(a, b, random, bends=16):
    """Points from a up to but not including b, bent sideways."""
    t = np.linspace(0, 1, bends, endpoint=False)
    along = np.array(b) - np.array(a)
    side = np.array([-along[1], along[0]])
    # Straight at the corners, so that borders never cross.
    bend = random.uniform(-1, 1, bends) * np.minimum(0.06, 0.4 * np.minimum(t, 1 - t))
    return [tuple(np.array(a) + along * s + side * w) for s, w in zip(t, bend)]


def village_rings(size, count):
    """Rings of count x count villages that share their borders point by point."""
    random = np.random.default_rng(99)
    margin = 0.05 * size * CELL
    step = (size * CELL - 2 * margin) / count
    corner = {}
    for j in range(count + 1):
        for i in range(count + 1):
            jitter = random.uniform(-0.2, 0.2, 2) * step
            corner[i, j] = (LEFT + margin + i * step + jitter[0], TOP - margin - j * step + jitter[1])
    east = {(i, j): crooked(corner[i, j], corner[i + 1, j], random)
            for j in range(count + 1) for i in range(count)}
    south = {(i, j): crooked(corner[i, j], corner[i, j + 1], random)
             for j in range(count) for i in range(count + 1)}

    def back(line, end):
        return [end] + line[:0:-1]

    for j in range(count):
        for i in range(count):
            yield i, j, (east[i, j] + south[i + 1, j] + back(east[i, j + 1], corner[i + 1, j + 1])
                         + back(south[i, j], corner[i, j + 1]))


def write_units(folder, size, count=50, group=5):
    if (folder / "villages.gpkg").exists() and (folder / "townships.gpkg").exists():
        return
    townships = {}
    for name in ("villages", "townships"):
        path = folder / f"{name}.gpkg"
        path.unlink(missing_ok=True)
        source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
        layer = source.CreateLayer(name, crs(), ogr.wkbPolygon)
        layer.CreateField(ogr.FieldDefn("code", ogr.OFTInteger))
        if name == "villages":
            shapes = []
            for i, j, ring in village_rings(size, count):
                line = ogr.Geometry(ogr.wkbLinearRing)
                for x, y in ring + ring[:1]:
                    line.AddPoint_2D(*map(float, (x, y)))
                shape = ogr.Geometry(ogr.wkbPolygon)
                shape.AddGeometry(line)
                shapes.append(shape)
                townships.setdefault((i // group, j // group), []).append(shape)
        else:
            shapes = []
            for members in townships.values():
                whole = members[0]
                for member in members[1:]:
                    whole = whole.Union(member)
                shapes.append(whole)
        layer.StartTransaction()
        for number, shape in enumerate(shapes, 1):
            feature = ogr.Feature(layer.GetLayerDefn())
            feature.SetField("code", number)
            feature.SetGeometry(shape)
            layer.CreateFeature(feature)
        layer.CommitTransaction()
        layer = source = None


def make(folder, size, layers):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for k in range(1, layers + 1):
        write_layer(folder / f"layer{k}.tif", size, k, 2)
    write_layer(folder / "noise.tif", size, 77, None)
    write_classes(folder / "classes.tif", size)
    write_units(folder, size)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--size", type=int, default=10000)
    parser.add_argument("--layers", type=int, default=8)
    options = parser.parse_args()
    make(options.folder, options.size, options.layers)
