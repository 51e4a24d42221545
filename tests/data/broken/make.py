#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the corpus of broken layers: small ones, one fault each.

    tests/data/broken/make.py [FOLDER]     (default: its own folder)

Needs ogr2ogr, gdal_translate (gdal-bin). Writes the layers and expected.csv:
what to check (arguments of `riskmap check`) and the one rule that must find something;
no rule: a layer that is in order although it looks odd. The city is made up: 330100 with
two counties, four townships and twelve villages in a rectangle of degrees."""
import csv
import json
import math
import pathlib
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from old_workbook import write_old_workbook  # noqa: E402
from workbook import write_workbook  # noqa: E402

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
ROWS = []
LEFT, BOTTOM, RIGHT, TOP = 120.5, 29.8, 120.9, 30.0
MIDDLE_X, MIDDLE_Y = 120.7, 29.9


def expect(arguments, rule):
    ROWS.append((arguments, rule))


def run(*words):
    subprocess.run([str(w) for w in words], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


# ---- the whole city -------------------------------------------------------------------------

def box(x0, y0, x1, y1):
    return [[[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]]


def feature(properties, kind, coordinates):
    shape = None if coordinates is None else {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def counties():
    # The middle of the shared border is a vertex of both, as townships end there.
    left = [[[LEFT, BOTTOM], [MIDDLE_X, BOTTOM], [MIDDLE_X, MIDDLE_Y], [MIDDLE_X, TOP],
             [LEFT, TOP], [LEFT, BOTTOM]]]
    right = [[[MIDDLE_X, BOTTOM], [RIGHT, BOTTOM], [RIGHT, TOP], [MIDDLE_X, TOP],
              [MIDDLE_X, MIDDLE_Y], [MIDDLE_X, BOTTOM]]]
    return [feature({"code": "330101", "name": "东溪区", "population": 30000}, "Polygon", left),
            feature({"code": "330102", "name": "西溪县", "population": 60000}, "Polygon", right)]


QUARTERS = [("330101001", "上林街道", LEFT, BOTTOM, 10000), ("330101100", "下林镇", LEFT, MIDDLE_Y, 20000),
            ("330102001", "南山街道", MIDDLE_X, BOTTOM, 25000), ("330102100", "北山镇", MIDDLE_X, MIDDLE_Y, 35000)]


def townships():
    return [feature({"code": c, "name": n, "county": c[:6], "population": p}, "Polygon",
                    box(x, y, round(x + 0.2, 9), round(y + 0.1, 9))) for c, n, x, y, p in QUARTERS]


def villages():
    out = []
    for code, name, x, y, people in QUARTERS:
        for i, share in enumerate((0.25, 0.25, 0.5)):
            # Near the borders, so that a shift carries some of them over.
            place = [round(x + (0.002, 0.1, 0.198)[i], 6), round(y + (0.002, 0.05, 0.098)[i], 6)]
            out.append(feature({"code": f"{code}{200 + i}", "name": f"{name[:2]}{i + 1}村",
                                "township": code, "population": int(people * share)},
                               "Point", place))
    return out


def roads():
    line = [[round(LEFT + 0.02 * i, 6), round(MIDDLE_Y + 0.03 * math.sin(i), 6)] for i in range(1, 20)]
    return [feature({"class": "village", "speed_kmh": 20.0}, "LineString", line[i:i + 3])
            for i in range(0, 16, 2)]


def geojson(name, features, layer=None):
    path = OUT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "name": layer or path.stem,
                                "features": features}, ensure_ascii=False, indent=0) + "\n",
                    encoding="utf-8")
    return path


def changed(features, index, **properties):
    features[index]["properties"].update(properties)
    return features


def shapefile(name, features, crs="EPSG:4490", encoding="UTF-8", sql=None):
    """A Shapefile in a folder of its own; GBK where asked for."""
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    source = geojson("scratch.geojson", features, "scratch")
    run("ogr2ogr", "-a_srs", crs, "-lco", f"ENCODING={encoding}", folder / f"{name}.shp", source)
    source.unlink()
    return folder / f"{name}.shp"


def table(name, heads, rows, encoding="utf-8"):
    text = "\n".join(",".join(str(v) for v in row) for row in [heads, *rows]) + "\n"
    (OUT / name).write_bytes(text.encode(encoding))
    return OUT / name


# ---- GCJ-02 by its public approximation -----------------------------------------------------

def bd09(lon, lat):
    """Baidu's shift, on top of GCJ-02, by the public formula."""
    x, y = gcj02(lon, lat)
    turns = math.pi * 3000 / 180
    radius = math.hypot(x, y) + 0.00002 * math.sin(y * turns)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * turns)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def gcj02(lon, lat):
    a, ee = 6378245.0, 0.00669342162296594323
    x, y = lon - 105, lat - 35
    s, p = math.sin, math.pi
    wave = (20 * s(6 * x * p) + 20 * s(2 * x * p)) * 2 / 3
    dy = (-100 + 2 * x + 3 * y + .2 * y * y + .1 * x * y + .2 * math.sqrt(abs(x)) + wave
          + (20 * s(y * p) + 40 * s(y / 3 * p)) * 2 / 3 + (160 * s(y / 12 * p) + 320 * s(y * p / 30)) * 2 / 3)
    dx = (300 + x + 2 * y + .1 * x * x + .1 * x * y + .1 * math.sqrt(abs(x)) + wave
          + (20 * s(x * p) + 40 * s(x / 3 * p)) * 2 / 3 + (150 * s(x / 12 * p) + 300 * s(x / 30 * p)) * 2 / 3)
    r = math.radians(lat)
    m = 1 - ee * s(r) ** 2
    return (lon + dx * 180 / (a / math.sqrt(m) * math.cos(r) * p),
            lat + dy * 180 / (a * (1 - ee) / (m * math.sqrt(m)) * p))


def moved(features, way):
    def walk(c):
        return list(way(*c)) if isinstance(c[0], (int, float)) else [walk(x) for x in c]
    for f in features:
        f["geometry"]["coordinates"] = walk(f["geometry"]["coordinates"])
    return features


# ---- rasters --------------------------------------------------------------------------------

def ascii_grid(path, values, left=LEFT, bottom=BOTTOM, cell=0.01, nodata=None):
    rows = [f"ncols {len(values[0])}", f"nrows {len(values)}", f"xllcorner {left}",
            f"yllcorner {bottom}", f"cellsize {cell}"]
    if nodata is not None:
        rows.append(f"NODATA_value {nodata}")
    path.write_text("\n".join(rows + [" ".join(str(v) for v in row) for row in values]) + "\n")


def raster(name, values, *options, crs="EPSG:4490", **grid):
    source = OUT / "scratch.asc"
    ascii_grid(source, values, **grid)
    run("gdal_translate", "-q", "-ot", "Float32", *(["-a_srs", crs] if crs else []), *options,
        source, OUT / name)
    source.unlink()
    for left_over in OUT.glob("*.aux.xml"):
        left_over.unlink()
    return OUT / name


def field(f, columns=40, rows=20):
    return [[f(c, r) for c in range(columns)] for r in range(rows)]


DEPTHS = field(lambda c, r: round(0.1 * ((c * 7 + r * 3) % 30), 1))


# ---- the cases ------------------------------------------------------------------------------

def files():
    whole = geojson("truncated.geojson", townships(), "townships")
    whole.write_bytes(whole.read_bytes()[:600])
    expect("truncated.geojson", "file-unreadable")
    cut = raster("truncated_flood.tif", field(lambda c, r: (c * 31 + r * 17) % 97 / 10, 400, 300), cell=0.001)
    cut.write_bytes(cut.read_bytes()[:200000])
    expect("truncated_flood.tif", "file-unreadable")
    table("utf16.csv", ["code", "population"], [["330101001", 5]], "utf-16")
    expect("utf16.csv", "file-unreadable")
    (OUT / "not_a_layer.shp").write_text("no shapes here\n")
    expect("not_a_layer.shp", "file-unreadable")
    table("wide.csv", [f"f{i}" for i in range(5000)], [range(5000)])
    expect("wide.csv", "file-unreadable")
    bomb()
    expect("bomb.xlsx", "file-unreadable")
    expect("no_such_layer.gpkg", "file-unreadable")
    table("losses_empty.csv", ["year", "county", "hazard", "loss_10k_yuan"], [])
    expect("losses_empty.csv", "layer-empty")
    geojson("odd_things.geojson", villages(), "odd_things")
    expect("odd_things.geojson", "layer-unknown")


def bomb():
    """A ZIP of a few bytes whose directory says that it unfolds to 3 GB."""
    data = zlib.compress(b"0" * 1000)[2:-4]
    name = b"xl/worksheets/sheet1.xml"
    size = 3 << 30
    head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0x21, 0, len(data), size, len(name), 0)
    entry = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 0x21, 0, len(data), size,
                        len(name), 0, 0, 0, 0, 0, 0)
    body = head + name + data
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(entry) + len(name), len(body), 0)
    (OUT / "bomb.xlsx").write_bytes(body + entry + name + end)


def encodings():
    gbk = shapefile("townships_gbk", townships(), encoding="GBK")
    gbk.with_suffix(".cpg").unlink()
    clear_language(gbk)
    expect("townships_gbk/townships_gbk.shp spec=townships", "encoding-unsaid")
    lie = shapefile("townships_lie", townships(), encoding="GBK")
    clear_language(lie)
    lie.with_suffix(".cpg").write_text("UTF-8")
    expect("townships_lie/townships_lie.shp spec=townships", "encoding-wrong")
    latin = shapefile("townships_latin", townships(), encoding="GBK")
    clear_language(latin, 0x57)
    latin.with_suffix(".cpg").unlink()
    expect("townships_latin/townships_latin.shp spec=townships", "encoding-unsaid")
    said = shapefile("townships_said", townships(), encoding="GBK")
    said.with_suffix(".cpg").write_text("GBK")
    expect("townships_said/townships_said.shp spec=townships", "")
    people = [[f["properties"]["code"], f["properties"]["name"], 5000] for f in townships()]
    table("township_indicators_gbk.csv", ["乡镇代码", "乡镇名称", "人口"], people, "gb18030")
    expect("township_indicators_gbk.csv", "encoding-unsaid")
    table("township_indicators_utf8.csv", ["乡镇代码", "乡镇名称", "人口"], people, "utf-8-sig")
    expect("township_indicators_utf8.csv", "")
    bad = table("township_indicators_bytes.csv", ["code", "name"],
                [[c, n] for c, n, *_ in people] + [["330102101", "坏@@镇"]])
    bad.write_bytes(bad.read_bytes().replace(b"@@", b"\xff\xfe"))
    expect("township_indicators_bytes.csv", "text-broken")
    shutil.copytree(OUT.parent / "cases/census/14_shpnames/w", OUT / "townships_short",
                    dirs_exist_ok=True)
    for part in list((OUT / "townships_short").iterdir()):
        part.rename(part.with_name("townships_short" + part.suffix))
    expect("townships_short/townships_short.shp spec=townships", "text-cut")


def clear_language(shp, driver=0):
    dbf = bytearray(shp.with_suffix(".dbf").read_bytes())
    dbf[29] = driver
    shp.with_suffix(".dbf").write_bytes(dbf)


def texts():
    def named(file, name, rule):
        geojson(file, changed(townships(), 1, name=name), "townships")
        expect(file, rule)
    named("townships_formula.geojson", "=HYPERLINK(A1)", "text-unsafe")
    named("townships_markup.geojson", "<script>alert(1)</script>", "text-unsafe")
    named("townships_control.geojson", "下林\u0007镇", "text-unsafe")
    named("townships_blanks.geojson", " 下林镇 ", "text-blanks")
    named("townships_long.geojson", "林" * 3000, "value-long")
    named("townships_sql.geojson", "Robert'); DROP TABLE townships;--", "")
    geojson("townships_emoji.geojson", changed(townships(), 1, name="🏔️下林镇 مرحبا"), "townships")
    expect("townships_emoji.geojson", "")


def systems():
    shapefile("villages_no_prj", villages())
    (OUT / "villages_no_prj/villages_no_prj.prj").unlink()
    expect("villages_no_prj/villages_no_prj.shp", "crs-missing")
    expect("villages_no_prj/villages_no_prj.shp crs=EPSG:4490", "")
    for name, code in (("beijing54", 4214), ("xian80", 4610)):
        shapefile(f"villages_{name}", villages(), f"EPSG:{code}")
        expect(f"villages_{name}/villages_{name}.shp", "crs-not-allowed")
    shapefile("villages_degrees", villages(), "EPSG:4549")
    expect("villages_degrees/villages_degrees.shp", "crs-mismatch")
    metres = lambda lon, lat: (round(500000 + (lon - 120) * 96500, 2), round(lat * 110850, 2))
    shapefile("villages_metres", moved(villages(), metres), "EPSG:4490")
    expect("villages_metres/villages_metres.shp", "crs-mismatch")
    zoned = lambda lon, lat: (40000000 + metres(lon, lat)[0], metres(lon, lat)[1])
    shapefile("villages_zone", moved(villages(), zoned), "EPSG:4549")
    expect("villages_zone/villages_zone.shp", "crs-mismatch")
    shapefile("villages_zone_said", moved(villages(), zoned), "EPSG:4528")
    expect("villages_zone_said/villages_zone_said.shp", "")
    geojson("villages_swapped.geojson", moved(villages(), lambda x, y: (y, x)), "villages")
    expect("villages_swapped.geojson", "axes-swapped")
    minutes = []
    for i in range(24):
        own = villages()[i % 12]["properties"]
        minutes.append(feature({**own, "code": own["township"] + str(300 + i), "name": f"{own['name']}{i}"},
                               "Point", [120 + (30 + i) / 100 + (i * 7 % 60) / 10000,
                                         29 + (50 + i % 9) / 100 + (i * 11 % 60) / 10000]))
    geojson("villages_minutes.geojson", minutes, "villages")
    expect("villages_minutes.geojson", "degrees-sexagesimal")
    shapefile("villages_swapped_metres", moved(villages(), lambda x, y: metres(x, y)[::-1]), "EPSG:4549")
    expect("villages_swapped_metres/villages_swapped_metres.shp", "axes-swapped")
    geojson("villages_far.geojson", moved(villages(), lambda x, y: (x + 3, y)), "villages")
    expect("villages_far.geojson --area counties.geojson", "extent-outside")
    some = villages()
    some[3]["geometry"]["coordinates"] = [121.4, 29.9]
    geojson("villages_one_far.geojson", some, "villages")
    expect("villages_one_far.geojson --area counties.geojson", "feature-outside")


def shifts():
    geojson("villages_gcj02.geojson", moved(villages(), gcj02), "villages")
    expect("villages_gcj02.geojson townships.geojson --outside 1500", "shift-gcj02")
    geojson("villages_bd09.geojson", moved(villages(), bd09), "villages")
    expect("villages_bd09.geojson townships.geojson --outside 2500", "shift-bd09")
    geojson("townships_bd09.geojson", moved(townships(), bd09), "townships")
    expect("townships_bd09.geojson counties.geojson --outside 2500", "shift-bd09")
    geojson("townships_gcj02.geojson", moved(townships(), gcj02), "townships")
    expect("townships_gcj02.geojson counties.geojson --outside 1500", "shift-gcj02")
    geojson("roads_gcj02.geojson", moved(roads(), gcj02), "roads")
    expect("roads_gcj02.geojson --against roads.geojson", "shift-gcj02")
    geojson("townships_100m.geojson", moved(townships(), lambda x, y: (x + 0.001, y - 0.0004)), "townships")
    expect("townships_100m.geojson counties.geojson", "shift-other")


def fields():
    without = townships()
    for f in without:
        f["properties"]["label"] = f["properties"].pop("name")
    geojson("townships_no_name.geojson", without, "townships")
    expect("townships_no_name.geojson", "field-missing")
    expect("townships_no_name.geojson fields=label=name", "")
    geojson("townships_rivals.geojson", [
        feature({**f["properties"], "CODE": "0"}, "Polygon", f["geometry"]["coordinates"])
        for f in townships()], "townships")
    expect("townships_rivals.geojson", "field-rival")
    pinyin = townships()
    for f in pinyin:
        p = f["properties"]
        f["properties"] = {"XZDM": p["code"], "XZMC": p["name"], "县代码": p["county"], "RK": p["population"]}
    geojson("乡镇界.geojson", pinyin)
    expect("乡镇界.geojson counties.geojson", "")
    long = townships()
    for f in long:
        f["properties"] = {"code": f["properties"]["code"], "name": f["properties"]["name"],
                           "county_code": f["properties"]["county"]}
    shapefile("townships_cut", long)  # county_code becomes county_cod
    expect("townships_cut/townships_cut.shp counties.geojson", "")


def values():
    def people(file, value, rule):
        geojson(file, changed(villages(), 2, population=value), "villages")
        expect(file, rule)
    geojson("townships_nameless.geojson", changed(townships(), 2, name=None), "townships")
    expect("townships_nameless.geojson", "value-missing")
    rows = [[f["properties"]["code"], f["properties"]["population"]] for f in townships()]

    def written(file, value, rule):
        table(file, ["code", "population"], rows[:3] + [["330102100", value]])
        expect(file, rule)
    table("population_table_title.csv", ["东溪市2020年人口统计表", "", ""],
          [["单位：人", "", ""], ["乡镇代码", "常住人口", "老年人口"], *[[c, n, n // 5] for c, n in rows]])
    expect("population_table_title.csv", "header-row")
    table("population_table_totals.csv", ["乡镇代码", "常住人口"],
          [*rows, ["合计", sum(n for _, n in rows)], ["", ""], ["注：初步数", ""]])
    expect("population_table_totals.csv", "rows-left-out")
    table("population_table_middle.csv", ["乡镇代码", "常住人口"],
          [*rows[:2], ["东县小计", sum(n for _, n in rows[:2])], *rows[2:], ["总计", sum(n for _, n in rows)]])
    expect("population_table_middle.csv", "rows-left-out")
    table("population_table_years.csv", ["乡镇代码", "常住人口（2010年）", "常住人口（2020年）"],
          [[c, n, n + 10] for c, n in rows])
    expect("population_table_years.csv", "field-rival")
    geojson("townships_one_county.geojson",
            [f for f in townships() if f["properties"]["county"] == "330101"], "townships")
    table("population_table_city.csv", ["乡镇代码", "常住人口"], rows)
    expect("population_table_city.csv townships_one_county.geojson", "row-elsewhere")
    names = {f["properties"]["code"]: f["properties"]["name"] for f in townships()}
    table("population_table_names.csv", ["乡镇名称", "常住人口"], [[names[c], n] for c, n in rows])
    expect("population_table_names.csv townships.geojson", "code-by-name")
    # Habits of tables that are in order, whatever they look like.
    sound = [("population_table_lines.csv", ["乡镇代码", "\"常住人口\n（人）\""], rows),
             ("population_table_two_heads.csv", ["乡镇代码", "人口", "", ""],
              [["", "合计", "男", "女"], *[[c, n, n // 2, n - n // 2] for c, n in rows]]),
             ("population_table_short_names.csv", ["XZDM", "CZRK"], rows)]
    for file, heads, lines in sound:
        table(file, heads, lines)
    expect("population_table_lines.csv", "")
    expect("population_table_two_heads.csv", "header-row")
    expect("population_table_short_names.csv", "")
    (OUT / "population_table_tabs.txt").write_text(
        "乡镇代码\t常住人口\n" + "".join(f"{c}\t{n}\n" for c, n in rows), encoding="utf-8")
    expect("population_table_tabs.txt", "")
    table("losses_paths.csv", ["年份", "县代码", "灾害种类", "直接经济损失"],
          [[2019, "330101", "洪涝灾害-山洪", 12.5], [2020, "330101", "自然灾害/台风", 3],
           [2021, "330102", "地质灾害-其他", 4]])
    expect("losses_paths.csv", "")
    write_workbook(OUT / "losses_merged.xlsx", [
        ("losses", [["县代码", "年份", "灾种", "直接经济损失"], [330101, 2019, "台风", 5],
                    [None, None, "洪涝", 6], [None, 2020, "台风", 7]], ["A2:A4", "B2:B3"])])
    expect("losses_merged.xlsx", "")
    write_workbook(OUT / "population_table_notes.xlsx", [
        ("填表说明", [["请如实填写"]], []),
        ("population_table", [["乡镇代码", "常住人口"], *rows, ["填表人：某某", "审核人：某某"]], [])])
    expect("population_table_notes.xlsx", "rows-left-out")
    heads = ["乡镇代码", "常住人口", "老年人口"]
    write_workbook(OUT / "population_table_shared.xlsx", [
        ("population_table", [heads, *[[c, n, 900 if i == 0 else None] for i, (c, n) in enumerate(rows)]],
         ["C2:C3"])])
    expect("population_table_shared.xlsx", "number-shared")
    write_workbook(OUT / "population_table_formula.xlsx", [
        ("population_table", [heads, *[[c, n, ("=", f"B{i}/5")] for i, (c, n) in enumerate(rows, 2)]], [])])
    expect("population_table_formula.xlsx", "formula-empty")
    written("population_table_text.csv", "about 200", "value-type")
    written("population_table_fraction.csv", "3500.5", "value-type")
    written("population_table_wide.csv", "３５０００", "value-written")
    written("population_table_comma.csv", '"35,000"', "value-written")
    written("population_table_wan.csv", "3.5万", "value-written")
    written("population_table_unit.csv", "35000人", "value-written")
    written("population_table_blank.csv", "", "value-missing")
    written("population_table_dash.csv", "—", "value-missing")
    written("population_table_large.csv", "3500000", "value-range")
    table("population_table_short.csv", ["code", "population", "remark"],
          [["330101001", 10000, ""], ["330101100", 20000, ""], ["330102001", 25000, ""],
           ["330102100", 35000]])
    expect("population_table_short.csv", "row-cut")
    people("villages_sentinel.geojson", -9999, "value-sentinel")
    people("villages_negative.geojson", -4, "value-range")
    geojson("villages_wan.geojson", [
        feature({**f["properties"], "population": 2}, "Point", f["geometry"]["coordinates"])
        for f in villages()], "villages")
    expect("villages_wan.geojson", "value-unit")
    as_text = changed(villages(), 0)
    for f in as_text:
        f["properties"]["population"] = str(f["properties"]["population"])
    shapefile("villages_text", as_text)
    expect("villages_text/villages_text.shp", "value-written")
    fires = [feature({"date": d, "burnt_ha": 1.5}, "Point", [120.6 + i / 100, 29.9])
             for i, d in enumerate(("2019-03-04", "2020-11-30", "2021-01-31"))]

    def dated(file, value, rule):
        geojson(file, changed(json.loads(json.dumps(fires)), 1, date=value), "forest_fires")
        expect(file, rule)
    dated("forest_fires_chinese.geojson", "2020年11月30日", "value-written")
    dated("forest_fires_dots.geojson", "2020.11.30", "value-written")
    dated("forest_fires_digits.geojson", "20201130", "value-written")
    dated("forest_fires_no_day.geojson", "2021-02-30", "value-type")
    dated("forest_fires_future.geojson", "2920-11-30", "value-range")
    losses = [[2019, "330101", "flood", 12.5], [2020, "330102", "typhoon", 7]]
    table("losses_odd.csv", ["year", "county", "hazard", "loss_10k_yuan"], losses + [[2021, "330102", "meteor", 3]])
    expect("losses_odd.csv", "value-choice")
    table("losses_chinese.csv", ["年份", "县代码", "灾种", "直接经济损失"],
          losses[:1] + [[2020, "330102", "台风", 7]])
    expect("losses_chinese.csv", "")


def codes():
    def coded(file, code, rule, index=3):
        geojson(file, changed(townships(), index, code=code, county=None), "townships")
        expect(file, rule)
    coded("townships_same_code.geojson", "330101001", "value-twice")
    coded("townships_letters.geojson", "33010X100", "code-format")
    coded("townships_excel.geojson", "3.30102E+08", "code-format")
    coded("townships_float.geojson", "330102100.0", "code-padding")
    coded("townships_wide_code.geojson", "３３０１０２１００", "code-padding")
    coded("townships_twelve.geojson", "330102100000", "code-padding")
    orphan = changed(townships(), 3, county="330199")
    geojson("townships_orphan.geojson", [
        feature({k: v for k, v in f["properties"].items() if k != "population"}, "Polygon",
                f["geometry"]["coordinates"]) for f in orphan], "townships")
    expect("townships_orphan.geojson counties.geojson", "parent-missing")
    geojson("villages_childless.geojson", villages()[:9], "villages")
    expect("villages_childless.geojson townships_unsummed.geojson", "parent-childless")
    geojson("townships_unsummed.geojson", [
        feature({k: v for k, v in f["properties"].items() if k != "population"}, "Polygon",
                f["geometry"]["coordinates"]) for f in townships()], "townships")
    away = villages()
    away[1]["geometry"]["coordinates"] = [120.85, 29.95]
    geojson("villages_away.geojson", away, "villages")
    expect("villages_away.geojson townships.geojson", "parent-place")
    geojson("villages_sum.geojson", changed(villages(), 4, population=9000), "villages")
    expect("villages_sum.geojson townships.geojson", "sum-differs")


def joins():
    """Streets of a grid that stop 3 m short of each other."""
    lines = []
    for i in range(4):
        lines.append(feature({"class": "tertiary", "name": f"h{i}"}, "LineString",
                             [[LEFT + 0.05, BOTTOM + 0.02 * (i + 1)], [LEFT + 0.25, BOTTOM + 0.02 * (i + 1)]]))
        for j in range(4):
            x = LEFT + 0.08 + 0.04 * j
            lines.append(feature({"class": "residential", "name": f"v{i}{j}"}, "LineString",
                                 [[x, BOTTOM + 0.02 * (i + 1) + 3e-5], [x, BOTTOM + 0.02 * (i + 1) + 0.015]]))
    geojson("roads_short.geojson", lines, "roads")
    expect("roads_short.geojson", "roads-unjoined")


def shapes():
    nothing = villages()
    nothing[5]["geometry"] = None
    geojson("villages_nowhere.geojson", nothing, "villages")
    expect("villages_nowhere.geojson", "geometry-missing")
    rows = [[f["properties"]["code"], *f["geometry"]["coordinates"]] for f in villages()]
    table("villages_table.csv", ["村代码", "经度", "纬度"], rows)
    expect("villages_table.csv crs=EPSG:4490", "")
    expect("villages_table.csv", "crs-assumed")
    table("villages_xy.csv", ["村代码", "X坐标", "Y坐标"], rows)
    expect("villages_xy.csv", "crs-missing")
    table("villages_dms.csv", ["code", "lon", "lat"], [[c, f"120°{int((x - 120) * 60)}′30″",
                                                       f"29°{int((y - 29) * 60)}′15.5″"] for c, x, y in rows])
    expect("villages_dms.csv crs=EPSG:4490", "")
    table("villages_hole.csv", ["code", "lon", "lat"], rows[:5] + [[rows[5][0], "", ""]])
    expect("villages_hole.csv crs=EPSG:4490", "geometry-missing")
    geojson("townships_lines.geojson", [
        feature(f["properties"], "LineString", f["geometry"]["coordinates"][0]) for f in townships()],
        "townships")
    expect("townships_lines.geojson", "geometry-type")

    def building(file, coordinates, rule, kind="Polygon"):
        others = [feature({"id": f"b{i}", "floors": 3}, "Polygon",
                          box(120.6 + i / 1000, 29.85, 120.6005 + i / 1000, 29.8505)) for i in range(3)]
        geojson(file, others + [feature({"id": "b9", "floors": 2}, kind, coordinates)], "buildings")
        expect(file, rule)
    x, y = 120.65, 29.86
    building("buildings_flat.geojson", [[[x, y], [x + .001, y], [x + .002, y], [x, y]]], "geometry-collapsed")
    building("buildings_bowtie.geojson", [[[x, y], [x + .001, y + .001], [x + .001, y], [x, y + .002], [x, y]]],
             "geometry-invalid")
    building("buildings_hole_out.geojson", box(x, y, x + .001, y + .001)
             + [ring[::-1] for ring in box(x + .002, y, x + .003, y + .001)], "geometry-invalid")
    building("buildings_parts.geojson", [box(x, y, x + .001, y + .001), box(x + .0005, y, x + .0015, y + .001)],
             "geometry-invalid", "MultiPolygon")
    building("buildings_vertices.geojson", [[[x, y], [x + .001, y], [x + .001, y], [x + .001, y + .001], [x, y]]],
             "vertex-twice")
    building("buildings_clockwise.geojson", [ring[::-1] for ring in box(x, y, x + .001, y + .001)], "ring-order")
    building("buildings_same_shape.geojson", box(120.6, 29.85, 120.6005, 29.8505), "geometry-twice")
    flat = roads()
    flat[0]["geometry"]["coordinates"] = [[120.6, 29.9], [120.6, 29.9]]
    geojson("roads_point.geojson", flat, "roads")
    ROWS.append(("roads_point.geojson --accept vertex-twice", "geometry-collapsed"))
    geojson("roads_twice.geojson", roads() + roads()[:1], "roads")
    expect("roads_twice.geojson", "feature-twice")
    table("losses_twice.csv", ["year", "county", "hazard", "loss_10k_yuan"],
          [[2019, "330101", "flood", 12.5], [2020, "330101", "flood", 1], [2019, "330101", "flood", 12.5]])
    expect("losses_twice.csv", "feature-twice")
    nan = shapefile("roads_nan", roads())
    data = bytearray(nan.read_bytes())
    at = 100 + 8 + 4 + 32 + 8 + 4 + 16  # the second vertex of the first line
    data[at:at + 8] = struct.pack("<d", float("nan"))
    nan.write_bytes(data)
    expect("roads_nan/roads_nan.shp", "vertex-not-finite")


def coverages():
    def pushed(file, east, rule):
        """The border between two townships, pushed to the east on one side only."""
        all_four = townships()
        ring = all_four[2]["geometry"]["coordinates"][0]
        x, y = ring[0]
        ring[4:] = [[round(x + e, 9), round(y + n, 9)] for e, n in
                    ((0, .09), (east, .08), (east, .02), (0, .01), (0, 0))]
        geojson(file, all_four, "townships")
        expect(file, rule)
    pushed("townships_gap.geojson", 0.004, "coverage-gap")
    pushed("townships_overlap.geojson", -0.004, "coverage-overlap")
    pushed("townships_sliver.geojson", 0.00005, "coverage-sliver")
    pushed("townships_sliver_over.geojson", -0.00005, "coverage-sliver")
    pushed("townships_border.geojson", 0.000003, "coverage-border")
    geojson("townships_three.geojson", townships()[:3], "townships")
    expect("townships_three.geojson --area counties.geojson", "coverage-area")
    geojson("townships_on_top.geojson", townships() + [
        feature({"code": "330102101", "name": "园区", "county": "330102", "population": 1000}, "Polygon",
                box(120.75, 29.82, 120.8, 29.85))], "townships")
    expect("townships_on_top.geojson", "coverage-overlap")


def rasters():
    raster("flood_depth.tif", DEPTHS)
    expect("flood_depth.tif --area counties.geojson", "")
    source = OUT / "scratch.pgm"
    source.write_bytes(b"P5\n4 3\n255\n" + bytes(range(12)))
    run("gdal_translate", "-q", source, OUT / "flood_depth_nowhere.tif")
    source.unlink()
    expect("flood_depth_nowhere.tif", "raster-grid")
    rotated = OUT / "flood_depth_rotated.vrt"
    rotated.write_text(
        '<VRTDataset rasterXSize="40" rasterYSize="20"><SRS>EPSG:4490</SRS>'
        "<GeoTransform>120.5, 0.01, 0.001, 30.0, 0.001, -0.01</GeoTransform>"
        '<VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
        '<SourceFilename relativeToVRT="1">flood_depth.tif</SourceFilename><SourceBand>1</SourceBand>'
        "</SimpleSource></VRTRasterBand></VRTDataset>\n")
    expect("flood_depth_rotated.vrt", "raster-grid")
    raster("flood_depth_half.tif", DEPTHS, left=LEFT + 0.005)
    expect("flood_depth.tif flood_depth_half.tif", "raster-misaligned")
    raster("flood_depth_small.tif", field(lambda c, r: (c + r) % 5 / 2, 20))
    expect("flood_depth_small.tif --area counties.geojson", "raster-extent")
    holes = [[-9999 if c < 10 else v for c, v in enumerate(row)] for row in DEPTHS]
    raster("flood_depth_undeclared.tif", holes)
    expect("flood_depth_undeclared.tif", "raster-nodata")
    raster("flood_depth_empty.tif", field(lambda c, r: -9999), "-a_nodata", "-9999")
    expect("flood_depth_empty.tif --area counties.geojson", "raster-empty")
    raster("flood_depth_holes.tif", holes, "-a_nodata", "-9999")
    expect("flood_depth_holes.tif --area counties.geojson", "raster-holes")
    expect("flood_depth_holes.tif where-nodata=0 --area counties.geojson", "")
    raster("flood_depth_flat.tif", field(lambda c, r: 1.5))
    expect("flood_depth_flat.tif", "raster-constant")
    raster("flood_depth_cm.tif", [[v * 100 for v in row] for row in DEPTHS])
    expect("flood_depth_cm.tif", "raster-range")
    raster("wind_kmh.tif", field(lambda c, r: 75 + (c + r) % 30))
    expect("wind_kmh.tif", "raster-unit")
    raster("landslide_shares.tif", field(lambda c, r: (c + r) % 7 / 10))
    expect("landslide_shares.tif spec=landslide_susceptibility", "raster-unit")
    raster("pop_density.tif", field(lambda c, r: 100 + c + r))
    expect("pop_density.tif", "raster-density")
    expect("pop_density.tif unit=persons/km2", "")
    expect("pop_density.tif unit=persons", "")
    raster("landcover_smooth.tif", field(lambda c, r: 10 + c / 4))
    expect("landcover_smooth.tif", "raster-classes")
    ascii_grid(OUT / "flood_depth_plain.asc", DEPTHS)
    expect("flood_depth_plain.asc", "crs-missing")
    ascii_grid(OUT / "flood_depth_said.asc", DEPTHS)
    shutil.copy(OUT / "villages_text/villages_text.prj", OUT / "flood_depth_said.prj")
    expect("flood_depth_said.asc", "")
    raster("flood_depth_xian.tif", DEPTHS, crs="EPSG:4610")
    expect("flood_depth_xian.tif", "crs-not-allowed")
    raster("flood_depth_far.tif", DEPTHS, left=LEFT + 5)
    expect("flood_depth_far.tif --area counties.geojson", "extent-outside")
    raster("flood_depth.img", DEPTHS, "-of", "HFA")
    expect("flood_depth.img", "")
    raster("flood_depth.nc", DEPTHS, "-of", "netCDF")
    expect("flood_depth.nc", "")
    pair = OUT / "scratch.vrt"
    run("gdalbuildvrt", "-q", "-separate", pair, OUT / "flood_depth.tif", OUT / "flood_depth_xian.tif",
        "-allow_projection_difference")
    run("gdal_translate", "-q", "-of", "netCDF", pair, OUT / "maps.nc")
    pair.unlink()
    expect("maps.nc", "layer-unknown")
    expect("maps.nc:Band2 spec=flood_depth", "")


def open_workbook(file, name, rows):
    """An OpenDocument sheet; a cell is a text, or (text, rows that it spans)."""
    def cell(value):
        text, span = value if isinstance(value, tuple) else (value, 1)
        kind = ('office:value-type="float" office:value="%s"' % text
                if text.isdigit() and len(text) < 9 else 'office:value-type="string"')
        if text == "":
            return "<table:covered-table-cell/>"
        return '<table:table-cell %s table:number-rows-spanned="%d"><text:p>%s</text:p></table:table-cell>' % (
            kind, span, text)
    body = "".join("<table:table-row>%s</table:table-row>" % "".join(map(cell, row)) for row in rows)
    urn = "urn:oasis:names:tc:opendocument:xmlns:"
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        out.writestr("content.xml", (
            '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
            'xmlns:office="%soffice:1.0" xmlns:table="%stable:1.0" xmlns:text="%stext:1.0">'
            '<office:body><office:spreadsheet><table:table table:name="%s">%s</table:table>'
            "</office:spreadsheet></office:body></office:document-content>") % (urn, urn, urn, name, body))


def formats():
    people_of = [["330101001", 10000.0, 2000.0], ["330101100", 20000.0, 9000.0],
                 ["330102001", 25000.0, None], ["330102100", 35000.0, 7000.0]]
    write_old_workbook(OUT / "population_table_shared.xls", [
        ("population_table", [["code", "population", "elderly"]] + people_of, [(2, 3, 2, 2)])])
    expect("population_table_shared.xls", "number-shared")
    table("population_table_density.csv", ["code", "population（人/km2）"], [["330101001", 120], ["330101100", 90]])
    expect("population_table_density.csv", "unit-foreign")
    open_workbook(OUT / "population_table_shared.ods", "population_table", [
        ["code", "population", "elderly"], ["330101001", "10000", "2000"],
        ["330101100", "20000", ("9000", 2)], ["330102001", "25000", ""], ["330102100", "35000", "7000"]])
    expect("population_table_shared.ods", "number-shared")
    run("ogr2ogr", "-f", "XLSX", OUT / "villages.xlsx", OUT / "villages_table.csv", "-nln", "villages",
        "-oo", "AUTODETECT_TYPE=YES")
    expect("villages.xlsx crs=EPSG:4490", "")
    run("ogr2ogr", "-f", "XLSX", OUT / "population_table.xlsx", OUT / "population_table_title.csv",
        "-nln", "population_table")
    expect("population_table.xlsx", "header-row")
    expect("townships.geojson townships.gpkg", "layer-twice")
    folder = OUT / "townships.gdb"
    shutil.rmtree(folder, ignore_errors=True)
    run("ogr2ogr", "-f", "OpenFileGDB", folder, OUT / "townships.geojson", "-nln", "townships",
        "-a_srs", "EPSG:4490")
    expect("townships.gdb", "")
    (OUT / "townships.gpkg").unlink(missing_ok=True)
    run("ogr2ogr", OUT / "townships.gpkg", OUT / "townships.geojson", "-a_srs", "EPSG:4490", "-nln", "townships")
    expect("townships.gpkg", "")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for name, features in (("counties", counties()), ("townships", townships()), ("villages", villages()),
                           ("roads", roads())):
        geojson(f"{name}.geojson", features)
        expect(f"{name}.geojson", "")
    expect("counties.geojson townships.geojson villages.geojson roads.geojson --area counties.geojson", "")
    for part in (files, encodings, texts, systems, shifts, fields, values, codes, joins, shapes, coverages,
                 rasters, formats):
        part()
    with open(OUT / "expected.csv", "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["check", "rule"])
        writer.writerows(ROWS)
    broken = sum(1 for _, rule in ROWS if rule)
    print(f"{broken} broken layers, {len(ROWS) - broken} in order, "
          f"{len({rule for _, rule in ROWS if rule})} rules")


main()
