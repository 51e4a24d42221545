#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An invented city as its offices would send it, and the same data clean: office_folder.py FOLDER

FOLDER/messy: a folder for each office, one file a county, merged cells, heads of two rows, totals and
notes below, GBK, titles above, several return periods, pieces of rasters, files of no use.
FOLDER/clean: the same layers, one file each. 3 counties, 40 townships, 400 villages; seeded."""
import csv
import os
import random
import subprocess
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from workbook import write_workbook  # noqa: E402

root = sys.argv[1]
rng = random.Random(20261127)
LEFT, TOP, SIDE = 492000.0, 3330000.0, 2000.0  # EPSG:4549; 8 by 5 townships of 2 km
COUNTIES = [("339902", "东岭县"), ("339903", "中平县"), ("339904", "西浦县")]


class Town:
    def __init__(self, column, row):
        county = 0 if column < 3 else 1 if column < 6 else 2
        self.county = COUNTIES[county]
        self.number = [0, 0, 0]
        self.column, self.row = column, row
        self.x0, self.x1 = LEFT + column * SIDE, LEFT + (column + 1) * SIDE
        self.y1, self.y0 = TOP - row * SIDE, TOP - (row + 1) * SIDE
        self.people = rng.randrange(3000, 60000)
        self.old = round(rng.uniform(0.12, 0.35), 3)
        self.gdp = round(rng.uniform(20000, 900000), 1)
        self.doctors = round(rng.uniform(1, 5), 2)
        self.rescuers = round(rng.uniform(3, 20), 1)
        self.warning = round(rng.uniform(0.5, 1), 3)

    def wkt(self):
        ring = [(self.x0, self.y0), (self.x1, self.y0), (self.x1, self.y1), (self.x0, self.y1),
                (self.x0, self.y0)]
        return "POLYGON((" + ",".join("%.3f %.3f" % p for p in ring) + "))"


towns = [Town(c, r) for c in range(8) for r in range(5)]
for code, _ in COUNTIES:
    for i, town in enumerate(t for t in towns if t.county[0] == code):
        town.code = code + "%03d" % (101 + i)
        town.name = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰"[i] + "山镇"


class Village:
    def __init__(self, town, i):
        self.town = town
        self.code = town.code + "%03d" % (200 + i)
        self.name = town.name[0] + "一二三四五六七八九十"[i] + "村"
        self.x = rng.uniform(town.x0 + 50, town.x1 - 50)
        self.y = rng.uniform(town.y0 + 50, town.y1 - 50)
        self.people = rng.randrange(100, 4000)


villages = [Village(t, i) for t in towns for i in range(10)]
losses = [(code, year, hazard, rng.randrange(10, 90) * 10)
          for code, _ in COUNTIES for year in (2019, 2020, 2021) for hazard in ("flood", "rainstorm")]


def path(*parts):
    name = os.path.join(root, *parts)
    os.makedirs(os.path.dirname(name), exist_ok=True)
    return name


def write_text(text, *parts, encoding="utf-8"):
    with open(path(*parts), "w", encoding=encoding, newline="") as out:
        out.write(text)


def layer(rows, heads, target, *options, srs="EPSG:4549"):
    """Rows with WKT in the first column into any format of GDAL's."""
    source = path("tmp", "rows.csv")
    with open(source, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["WKT"] + heads)
        writer.writerows(rows)
    subprocess.run(["ogr2ogr", "-q", "-s_srs", "EPSG:4549", "-t_srs", srs, "-oo",
                    "GEOM_POSSIBLE_NAMES=WKT", "-oo", "KEEP_GEOM_COLUMNS=NO", "-nln",
                    os.path.splitext(os.path.basename(target))[0], *options, target, source],
                   check=True)


def grid(values, columns, rows, x0, *parts, prj=True):
    """An ESRI grid of 100 m cells from LEFT + x0 columns on."""
    text = "ncols %d\nnrows %d\nxllcorner %.1f\nyllcorner %.1f\ncellsize 100\nNODATA_value -9999\n" % (
        columns, rows, LEFT + x0 * 100, TOP - rows * 100)
    for r in range(rows):
        text += " ".join("%.3f" % values(x0 + c, r) for c in range(columns)) + "\n"
    write_text(text, *parts)
    if prj:
        name = os.path.splitext(parts[-1])[0] + ".prj"
        write_text(PRJ, *parts[:-1], name)


PRJ = ('PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
       'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
       'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",'
       '500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],'
       'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]')


def depth(years):
    return lambda c, r: max(0.0, 2.8 * (years / 100) ** 0.5 - abs(r - 50 + c * 0.1) / 18)


def rain(c, r):
    return 120 + c * 0.9 + r * 1.1


def height(c, r):
    return 5 + abs(r - 50) * 3.0 + c * 0.5


# ---------------------------------------------------------------- clean
town_rows = [[t.wkt(), t.code, t.name, t.county[0]] for t in towns]
layer(town_rows, ["code", "name", "county"], path("clean", "townships.gpkg"))


def county_wkt(code):
    own = [t for t in towns if t.county[0] == code]
    x0, x1 = min(t.x0 for t in own), max(t.x1 for t in own)
    y0, y1 = min(t.y0 for t in own), max(t.y1 for t in own)
    xs = [x0 + i * SIDE for i in range(int(round((x1 - x0) / SIDE)) + 1)]
    ys = [y0 + i * SIDE for i in range(int(round((y1 - y0) / SIDE)) + 1)]
    ring = ([(x, y0) for x in xs] + [(x1, y) for y in ys[1:]] + [(x, y1) for x in xs[-2::-1]] +
            [(x0, y) for y in ys[-2::-1]])
    return "POLYGON((" + ",".join("%.3f %.3f" % p for p in ring) + "))"


county_rows = [[county_wkt(code), code, name] for code, name in COUNTIES]
layer(county_rows, ["code", "name"], path("clean", "counties.gpkg"))
layer([["POINT(%.3f %.3f)" % (v.x, v.y), v.code, v.name, v.people] for v in villages],
      ["code", "name", "population"], path("clean", "villages.gpkg"))
write_text("code,name,population\n" + "".join("%s,%s,%d\n" % (t.code, t.name, t.people) for t in towns),
           "clean", "population_table.csv")
write_text("code,gdp\n" + "".join("%s,%.1f\n" % (t.code, t.gdp) for t in towns), "clean", "gdp_table.csv")
write_text("county,year,hazard,loss_10k_yuan\n" + "".join("%s,%d,%s,%d\n" % row for row in losses),
           "clean", "losses.csv")
write_text("code,elderly_share,doctors_per_1000,rescuers_per_10000,early_warning_share\n" +
           "".join("%s,%r,%r,%r,%r\n" % (t.code, t.old, t.doctors, t.rescuers, t.warning) for t in towns),
           "clean", "township_indicators.csv")
grid(depth(20), 160, 100, 0, "clean", "flood_depth_20yr.asc")
grid(depth(100), 160, 100, 0, "clean", "flood_depth_100yr.asc")
grid(rain, 160, 100, 0, "clean", "rain_24h_50yr.asc")
grid(height, 160, 100, 0, "clean", "terrain.asc")

# ---------------------------------------------------------------- as offices send it
def of_county(code):
    return [t for t in towns if t.county[0] == code]


east, middle, west = (code for code, _ in COUNTIES)
layer([[t.wkt(), t.code, t.name, t.county[0]] for t in of_county(east)], ["行政区划代码", "乡镇名称", "县代码"],
      path("messy", "民政局", "东岭县", "乡镇界.shp"), "-lco", "ENCODING=GBK")
os.remove(path("messy", "民政局", "东岭县", "乡镇界.cpg"))
layer([[t.wkt(), t.name, t.code, "备注"] for t in of_county(middle)], ["XZMC", "XZDM", "BZ"],
      path("messy", "民政局", "中平县", "乡镇界.shp"), "-lco", "ENCODING=UTF-8")
layer([[t.wkt(), t.code, t.name, t.county[0]] for t in of_county(west)], ["代码", "名称", "县代码"],
      path("tmp", "乡镇界.shp"), "-lco", "ENCODING=UTF-8")
with zipfile.ZipFile(path("messy", "民政局", "西浦县.zip"), "w", zipfile.ZIP_DEFLATED) as out:
    for ending in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
        out.write(path("tmp", "乡镇界" + ending), "西浦县/乡镇界" + ending)
layer(county_rows, ["县代码", "县名称"], path("messy", "民政局", "县界.gpkg"))

rows = [["东岭县人口统计表"], ["填报单位：东岭县统计局", None, None, "填报日期：2021年3月"],
        ["县", "乡镇代码", "乡镇名称", "常住人口（人）", None, None], [None, None, None, "合计", "男", "女"]]
for i, t in enumerate(of_county(east)):
    men = t.people // 2
    rows.append([t.county[1] if i == 0 else None, t.code, t.name, t.people, men, t.people - men])
rows.append(["合计", None, None, sum(t.people for t in of_county(east))])
rows.append([])
rows.append(["注：数据来源于第七次全国人口普查"])
rows.append(["填表人：某某", "审核人：某某"])
last = 4 + len(of_county(east))
write_workbook(path("messy", "统计局", "人口统计表_东岭县.xlsx"), [("填表说明", [["请如实填写，不得空缺"]], []),
          ("人口统计表", rows, ["A1:F1", "A2:C2", "D2:F2", "A3:A4", "B3:B4", "C3:C4", "D3:F3",
                             "A5:A%d" % last]), ("Sheet3", [], [])])
write_text("中平县人口统计表\n\n乡镇代码,乡镇名称,常住人口（万人）\n" +
           "".join("%s,%s,%s\n" % (t.code, t.name, repr(t.people / 10000)) for t in of_county(middle)) +
           "合计,,%r\n,,\n注：初步数,,\n" % (sum(t.people for t in of_county(middle)) / 10000),
           "messy", "统计局", "人口统计表_中平县.csv", encoding="gb18030")
write_text("乡镇代码\t乡镇名称\t常住人口\n" + "".join("%s\t%s\t%s人\n" % (t.code, t.name, format(t.people, ","))
                                              for t in of_county(west)) + "小计\t\t%d\n" %
           sum(t.people for t in of_county(west)), "messy", "统计局", "人口统计表_西浦县.txt")
write_text('乡镇代码,乡镇名称,"生产总值\n（亿元）"\n' +
           "".join("%s,%s,%r\n" % (t.code, t.name, t.gdp / 10000) for t in towns) +
           "总计,,%r\n" % (sum(t.gdp for t in towns) / 10000), "messy", "统计局", "生产总值表.csv",
           encoding="gb18030")

names = {"flood": "洪涝灾害-江河洪水", "rainstorm": "暴雨"}
rows, merged = [["县代码", "年份", "灾害种类", "直接经济损失（万元）"]], []
for code, _ in COUNTIES:
    own = [row for row in losses if row[0] == code]
    merged.append("A%d:A%d" % (len(rows) + 1, len(rows) + len(own)))
    for i, (_, year, hazard, amount) in enumerate(own):
        if i % 2 == 0:
            merged.append("B%d:B%d" % (len(rows) + 1, len(rows) + 2))
        rows.append([int(code) if i == 0 else None, year if i % 2 == 0 else None, names[hazard], amount])
rows.append(["合计", None, None, sum(row[3] for row in losses)])
write_workbook(path("messy", "应急管理局", "历史灾情.xlsx"), [("历史灾情", rows, merged)])
rows = [["乡镇减灾能力汇总表"], ["乡镇代码", "乡镇名称", "人口情况", "减灾能力", None, None, None],
        [None, None, "老年人口比重（%）", "每千人医生数", "每万人救援人员数", "预警覆盖率（%）", None]]
for t in towns:
    rows.append([t.code, t.name, round(t.old * 100, 1), t.doctors, t.rescuers, round(t.warning * 100, 1), "齐"])
write_workbook(path("messy", "应急管理局", "乡镇减灾能力.xlsx"),
               [("汇总", rows, ["A1:G1", "A2:A3", "B2:B3", "D2:F2"])])
layer([["POINT(%.3f %.3f)" % (v.x, v.y), v.code, v.name, v.people] for v in villages],
      ["村代码", "村名", "人口"], path("tmp", "村.csv"), "-lco", "GEOMETRY=AS_XY", srs="EPSG:4490")


def sexagesimal(value):
    degrees = int(value)
    minutes = int((value - degrees) * 60)
    return "%d°%02d′%.6f″" % (degrees, minutes, ((value - degrees) * 60 - minutes) * 60)


with open(path("tmp", "村.csv"), encoding="utf-8", newline="") as source:
    table = list(csv.DictReader(source))
write_text("序号,村代码,村名,东经,北纬,常住人口\n" +
           "".join("%d,%s,%s,%s,%s,%s\n" % (i + 1, row["村代码"], row["村名"], sexagesimal(float(row["X"])),
                                            sexagesimal(float(row["Y"])), row["人口"])
                   for i, row in enumerate(table)), "messy", "民政局", "村.csv", encoding="gb18030")

grid(depth(20), 160, 100, 0, "messy", "水利局", "淹没水深_20年一遇.asc")
grid(depth(100), 60, 100, 0, "messy", "水利局", "东", "淹没水深_百年一遇.asc")
grid(depth(100), 100, 100, 60, "messy", "水利局", "西", "淹没水深_p=1%.asc")
grid(rain, 160, 100, 0, "messy", "气象局", "暴雨日雨量50年.asc")
grid(height, 160, 100, 0, "messy", "自然资源局", "高程.asc")
write_text("AC1018", "messy", "自然资源局", "总图.dwg")
write_text("不是图层", "messy", "应急管理局", "普查工作报告.docx")
write_text("Standard Jet DB", "messy", "应急管理局", "旧库.mdb")
write_text("这是一段说明文字，没有分列。\n第二行。\n", "messy", "说明.txt")
write_text("x", "messy", "统计局", "~$人口统计表_东岭县.xlsx")
