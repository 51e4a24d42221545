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


SHARES = {5: "#006d2c", 4: "#41ab5d", 3: "#a1d99b", 2: "#fdae6b", 1: "#d94801"}
SERVED = {5: "#08519c", 4: "#4292c6", 3: "#9ecae1", 2: "#fdae6b", 1: "#d94801"}


def layer_of(folder, file, name):
    layer = QgsVectorLayer(f"{folder}/{file}.gpkg|layername={name}", name, "ogr")
    assert layer.isValid(), (file, name)
    assert layer.featureCount() > 0, (file, name)
    return layer


def colour_of(layer):
    assert layer.renderer().type() == "singleSymbol", layer.name()
    return layer.renderer().symbol().color().name()


def check_plans(folder):
    """Cameras and shelters: units by level, sites as labelled dots, closed roads as lines."""
    if os.path.exists(f"{folder}/camera_plan.gpkg"):
        assert classes_of(layer_of(folder, "camera_plan", "townships")) == SHARES
        assert colour_of(layer_of(folder, "camera_plan", "sites")) == "#d62728"
    if not os.path.exists(f"{folder}/shelter_plan.gpkg"):
        return
    for file in ("shelters_today", "shelter_plan"):
        assert classes_of(layer_of(folder, file, "townships")) == SERVED
        assert colour_of(layer_of(folder, file, "existing")) == "#255294"
    sites = layer_of(folder, "shelter_plan", "sites")
    assert colour_of(sites) == "#d62728" and sites.labelsEnabled()
    assert sites.attributeAlias(sites.fields().indexOf("reason")) != ""
    for name in ("excluded", "out_of_reach"):
        colour_of(layer_of(folder, "shelter_plan", name))
    bands = classes_of(layer_of(folder, "shelter_reach", "reach"))
    assert bands[1] == "#08519c"
    reach = QgsRasterLayer(f"{folder}/shelter_reach.tif", "reach")
    assert reach.isValid() and reach.renderer().type() == "singlebandpseudocolor"
    if os.path.exists(f"{folder}/isolation.gpkg"):
        assert colour_of(layer_of(folder, "isolation", "closed_roads")) == "#d62728"
        layer_of(folder, "isolation", "settlements")


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
    findings = QgsVectorLayer(f"{folder}/../check/findings.gpkg|layername=findings", "findings", "ogr")
    assert findings.isValid() and findings.renderer().type() == "categorizedSymbol"
    surface = QgsRasterLayer(f"{folder}/composite_risk.tif", "composite")
    assert surface.renderer().type() == "singlebandpseudocolor"
    zones = QgsVectorLayer(f"{folder}/risk_zones.gpkg|layername=risk_zones", "zones", "ogr")
    assert classes_of(zones) == LEVELS
    units = QgsVectorLayer(f"{folder}/units.gpkg|layername=units", "units", "ogr")
    assert units.attributeAlias(units.fields().indexOf("risk_mean")) != ""
    check_plans(folder)
    print("QGIS shows the products in their colours")
    app.exitQgis()


main(sys.argv[1])
