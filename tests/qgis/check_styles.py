#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Opens the products of a run in QGIS and checks their colours and names.

Needs Debian's python3-qgis and qgis-providers, which the build does not:
    tests/qgis/check_styles.py data/shaoxing/out/330600
"""
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import QgsApplication, QgsRasterLayer, QgsVectorLayer  # noqa: E402

LEVELS = {5: "#d7301f", 4: "#fc8d59", 3: "#fee090", 2: "#91bfdb", 1: "#4575b4"}
PREVENTION = {3: "#b2182b", 2: "#f4a582", 1: "#d1e5f0"}


def classes_of(layer):
    renderer = layer.renderer()
    if renderer.type() == "paletted":
        return {int(c.value): c.color.name() for c in renderer.classes()}
    assert renderer.type() == "categorizedSymbol", (layer.name(), renderer.type())
    return {int(c.value()): c.symbol().color().name() for c in renderer.categories()}


def main(folder):
    app = QgsApplication([], False)
    app.initQgis()
    for product, expected in (("risk_level", LEVELS), ("prevention_zones", PREVENTION)):
        path = f"{folder}/{product}"
        for layer in (QgsRasterLayer(path + ".tif", product),
                      QgsVectorLayer(f"{path}.gpkg|layername={product}", product, "ogr"),
                      QgsVectorLayer(path + ".geojson", product, "ogr")):
            assert layer.isValid(), path
            assert classes_of(layer) == expected, (path, classes_of(layer))
    surface = QgsRasterLayer(f"{folder}/composite_risk.tif", "composite")
    assert surface.renderer().type() == "singlebandpseudocolor"
    zones = QgsVectorLayer(f"{folder}/risk_zones.gpkg|layername=risk_zones", "zones", "ogr")
    assert classes_of(zones) == LEVELS
    units = QgsVectorLayer(f"{folder}/units.gpkg|layername=units", "units", "ogr")
    assert units.attributeAlias(units.fields().indexOf("risk_mean")) != ""
    print("QGIS shows the products in their colours")
    app.exitQgis()


main(sys.argv[1])
