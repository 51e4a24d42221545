#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Layers made to harm: hostile_layers.py FOLDER ADDRESS. Each names the address, a program, a
file to write or a place that is no file. Prints a line each: name, tab, "refused" or "read"
(read without what it asks for)."""
import io
import json
import sqlite3
import sys
import zipfile
from pathlib import Path

OUT = Path(sys.argv[1])
ADDRESS = sys.argv[2]


def layer(name, content, what="refused"):
    path = OUT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    print(f"{name}\t{what}")


def beside(name, content):
    (OUT / name).write_bytes(content if isinstance(content, bytes) else content.encode())


# ---- virtual rasters --------------------------------------------------------------------------

def raster(body, head=""):
    return (f'{head}<VRTDataset rasterXSize="4" rasterYSize="4"><SRS>EPSG:4549</SRS>'
            f'<GeoTransform>500000, 10, 0, 3300000, 0, -10</GeoTransform>{body}</VRTDataset>')


def band(source, extra="", inner="", kind="SimpleSource"):
    return (f'<VRTRasterBand dataType="Byte" band="1"{extra}>{inner}<{kind}>'
            f'<SourceFilename>{source}</SourceFilename><SourceBand>1</SourceBand></{kind}>'
            f'</VRTRasterBand>')


for number, source in enumerate([
        ADDRESS, f"/vsicurl/{ADDRESS}", f"/vsicurl_streaming/{ADDRESS}", "/vsis3/bucket/x.tif",
        "/vsis3_streaming/bucket/x.tif", "/vsigs/bucket/x.tif", "/vsiaz/bucket/x.tif",
        "/vsiadls/bucket/x.tif", "/vsioss/bucket/x.tif", "/vsiswift/bucket/x.tif",
        "/vsihdfs/x.tif", "/vsiwebhdfs/" + ADDRESS, "/vsistdin/", "/vsimem/x.tif",
        "/vsisubfile/0_10,/etc/passwd", f"/vsizip//vsicurl/{ADDRESS}", f"/vsitar/{ADDRESS}",
        "MEM:::DATAPOINTER=4096,PIXELS=4,LINES=4,BANDS=1", f"NETCDF:{ADDRESS}:v",
        f'NETCDF:"{ADDRESS}":v', f"WMS:{ADDRESS}", f"WCS:{ADDRESS}", f"WMTS:{ADDRESS}",
        "PG:host=127.0.0.1 dbname=x", "PLSCENES:version=Data_V1", "GPSBABEL:gdb:x.gdb",
        f"vrt://{ADDRESS}", f"DERIVED_SUBDATASET:LOGAMPLITUDE:{ADDRESS}",
        "&lt;GDAL_WMS&gt;&lt;Service name=\"TMS\"/&gt;&lt;/GDAL_WMS&gt;",
        f"HDF5:\"{ADDRESS}\"://v", f"EEDAI:{ADDRESS}", "ZARR:\"/vsicurl/x\"", "/dev/zero"]):
    layer(f"source_{number:02}.vrt", raster(band(source)))
layer("kernel.vrt", raster(band(f"/vsicurl/{ADDRESS}", kind="KernelFilteredSource")))
layer("mask.vrt", raster(band("base.tif") + f"<MaskBand>{band('/vsicurl/' + ADDRESS)}</MaskBand>"))
layer("overview.vrt", raster(band(
    "base.tif", inner=f"<Overview><SourceFilename>/vsicurl/{ADDRESS}</SourceFilename>"
                      "<SourceBand>1</SourceBand></Overview>")))
layer("warped.vrt", raster(
    '<VRTRasterBand dataType="Byte" band="1" subClass="VRTWarpedRasterBand"/><GDALWarpOptions>'
    f'<SourceDataset>/vsicurl/{ADDRESS}</SourceDataset></GDALWarpOptions>'))
layer("sharpened.vrt", raster(
    '<VRTRasterBand dataType="Byte" band="1" subClass="VRTPansharpenedRasterBand"/>'
    f'<PansharpeningOptions><PanchroBand><SourceFilename>/vsicurl/{ADDRESS}</SourceFilename>'
    '<SourceBand>1</SourceBand></PanchroBand></PansharpeningOptions>'))
layer("raw.vrt", raster('<VRTRasterBand dataType="Byte" band="1" subClass="VRTRawRasterBand">'
                        f'<SourceFilename>/vsicurl/{ADDRESS}</SourceFilename></VRTRasterBand>'))
layer("python.vrt", raster(
    '<VRTRasterBand dataType="Byte" band="1" subClass="VRTDerivedRasterBand">'
    '<PixelFunctionType>go</PixelFunctionType><PixelFunctionLanguage>Python'
    '</PixelFunctionLanguage><PixelFunctionCode>\ndef go(*a, **k):\n    open("ran", "w")\n'
    '</PixelFunctionCode></VRTRasterBand>'))
layer("self.vrt", raster(band("self.vrt")))
layer("ring_a.vrt", raster(band("ring_b.vrt")))
layer("ring_b.vrt", raster(band("ring_a.vrt")))
layer("inner.vrt", raster(band("source_01.vrt")))
layer("deep.vrt", "<VRTDataset>" * 5000)
layer("laughs.vrt", raster(band("&z;"), head='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{("&" + a + ";") * 10}">' for a, b in zip("abcdefghy", "bcdefghyz")) + "]>"))

# ---- virtual layers ---------------------------------------------------------------------------

def virtual(inside):
    return f'<OGRVRTDataSource><OGRVRTLayer name="p">{inside}</OGRVRTLayer></OGRVRTDataSource>'


HERE = '<SrcDataSource relativeToVRT="1">base.geojson</SrcDataSource>'
for number, source in enumerate([
        ADDRESS, f"/vsicurl/{ADDRESS}", f"WFS:{ADDRESS}", f"CSW:{ADDRESS}", f"OAPIF:{ADDRESS}",
        "PG:host=127.0.0.1", "MySQL:x,host=127.0.0.1", "MSSQL:server=127.0.0.1", "ODBC:x",
        "OCI:x", f"ElasticSearch:{ADDRESS}", f"CouchDB:{ADDRESS}", "MongoDBv3:127.0.0.1",
        f"CARTO:{ADDRESS}", f"AmigoCloud:{ADDRESS}", "GPSBABEL:gdb:garmin.gdb", ":memory:",
        "&lt;OGRVRTDataSource/&gt;", "/vsistdin/", f'{{"type":"Feature","href":"{ADDRESS}"}}']):
    layer(f"layer_{number:02}.vrt", virtual(f"<SrcDataSource>{source}</SrcDataSource>"))
for number, sql in enumerate(["VACUUM INTO 'written.db'", "ATTACH 'written.db' AS w",
                              "SELECT load_extension('x.so')", "SELECT 1"]):
    layer(f"sql_{number}.vrt", virtual(f"{HERE}<SrcSQL>{sql}</SrcSQL>"))
layer("options.vrt", virtual(
    f"{HERE}<OpenOptions><OOI key=\"PRELUDE_STATEMENTS\">VACUUM INTO 'w.db'</OOI></OpenOptions>"))
layer("union.vrt", '<OGRVRTDataSource><OGRVRTUnionLayer name="u"><OGRVRTLayer name="p">'
      f'<SrcDataSource>/vsicurl/{ADDRESS}</SrcDataSource></OGRVRTLayer></OGRVRTUnionLayer>'
      '</OGRVRTDataSource>')

# ---- layers that name an address --------------------------------------------------------------

POINT = {"type": "Feature", "properties": {"name": "x"},
         "geometry": {"type": "Point", "coordinates": [120.5, 30]}}


def features(crs):
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": [POINT]})


beside("base.geojson", json.dumps({"type": "FeatureCollection", "features": [POINT]}))
beside("base.tif", b"II*\0")
layer("link.geojson", features({"type": "link", "properties": {"href": ADDRESS, "type": "ogcwkt"}}))
layer("name.geojson", features({"type": "name", "properties": {"name": ADDRESS + "/4326"}}), "read")
layer("curl.geojson", features({"type": "name", "properties": {"name": "/vsicurl/" + ADDRESS}}),
      "read")
layer("urn.geojson", features(
    {"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/x/0/9"}}), "read")
layer("remote.json", json.dumps({"type": "ESRIJSON", "url": ADDRESS}))
layer("stac.json", json.dumps({"type": "FeatureCollection", "stac_version": "1.0.0", "features": [
    {**POINT, "assets": {"a": {"href": ADDRESS}}}]}), "read")
XXE = f'<!DOCTYPE k [<!ENTITY x SYSTEM "{ADDRESS}"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
KML = ('<?xml version="1.0"?>{}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}<Placemark>'
       '<name>{}</name><Point><coordinates>120.5,30</coordinates></Point></Placemark></Document>'
       '</kml>')
layer("link.kml", KML.format(
    "", f"<NetworkLink><Link><href>{ADDRESS}</href></Link></NetworkLink>"
        f"<Style><IconStyle><Icon><href>{ADDRESS}</href></Icon></IconStyle></Style>", "x"), "read")
layer("entity.kml", KML.format(XXE, "", "&x;&f;"))
GML = ('<?xml version="1.0"?>{}<ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" '
       'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:gml="http://www.opengis.net/gml" '
       'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{}">'
       '<gml:featureMember><ogr:p fid="1"><ogr:geometryProperty><gml:Point {}>'
       '<gml:coordinates>120,30</gml:coordinates></gml:Point></ogr:geometryProperty>'
       '<ogr:name>{}</ogr:name></ogr:p></gml:featureMember></ogr:FeatureCollection>')
layer("schema.gml", GML.format("", f"http://ogr.maptools.org/ {ADDRESS}",
                               'srsName="EPSG:4490"', "x"), "read")
layer("crs.gml", GML.format("", "", f'srsName="{ADDRESS}"', "x"), "read")
layer("xlink.gml", GML.format("", "", f'xlink:href="{ADDRESS}#p" srsName="EPSG:4490"', "x"), "read")
layer("entity.gml", GML.format(XXE, "", 'srsName="EPSG:4490"', "&x;&f;"), "read")
layer("entity.gpx", f'<?xml version="1.0"?>{XXE}<gpx version="1.1" '
      'xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="30" lon="120"><name>&x;</name></wpt>'
      '</gpx>', "read")
layer("reference.dxf", "0\nSECTION\n2\nENTITIES\n0\nINSERT\n2\nX\n1\n" + ADDRESS +
      "\n10\n0\n20\n0\n0\nENDSEC\n0\nEOF\n", "read")
layer("raster.tab", f'!table\n!version 300\nDefinition Table\n  File "{ADDRESS}"\n  Type "RASTER"\n')
layer("linked.tab", f'!table\n!version 300\nDefinition Table\n  Type LINKED Charset "Neutral"\n'
                    f'  Fields 1\n    a Char (10);\nbegin_metadata\n"\\MIRASTER" = "{ADDRESS}"\n')
layer("address.csv", f"name,x,y\n{ADDRESS},120.5,30\n=cmd|'/c calc'!A0,120.6,30\n", "read")
beside("address.prj", ADDRESS)
layer("curl.asc", "ncols 2\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2\n3 4\n", "read")
beside("curl.prj", f"/vsicurl/{ADDRESS}")
beside("curl.asc.aux.xml", f"<PAMDataset><SRS>{ADDRESS}</SRS></PAMDataset>")
layer("elsewhere.ers", 'DatasetHeader Begin\n  Version = "6.0"\n  DataSetType = ERStorage\n'
      f'  DataFile = "/vsicurl/{ADDRESS}"\n  DataType = Raster\n  ByteOrder = LSBFirst\n'
      '  RasterInfo Begin\n    CellType = Unsigned8BitInteger\n    NrOfLines = 4\n'
      '    NrOfCellsPerLine = 4\n    NrOfBands = 1\n  RasterInfo End\nDatasetHeader End\n')
beside("base.grd", b"")

# ---- formats that are not read ----------------------------------------------------------------

layer("wms.xml", f'<GDAL_WMS><Service name="TMS"><ServerUrl>{ADDRESS}</ServerUrl></Service>'
      '</GDAL_WMS>')
layer("wmts.xml", f"<GDAL_WMTS><GetCapabilitiesUrl>{ADDRESS}</GetCapabilitiesUrl></GDAL_WMTS>")
layer("wcs.xml", f"<WCS_GDAL><ServiceURL>{ADDRESS}</ServiceURL></WCS_GDAL>")
layer("wfs.xml", f"<OGRWFSDataSource><URL>{ADDRESS}</URL></OGRWFSDataSource>")
layer("garmin.gdb", b"MsRcf\0" + b"D" + bytes(200))
layer("garmin.mps", b"MsRcd\0" + b"D" + bytes(200))
layer("map.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/URI/URI(" + ADDRESS.encode() +
      b")>>>>endobj\ntrailer<</Root 1 0 R>>\n")
layer("map.osm", f'<?xml version="1.0"?>{XXE}<osm version="0.6"><node id="1" lat="1" lon="2"/></osm>')
layer("dump.sql", "CREATE TABLE x (a int);\n\\! touch ran\n")
layer("data.das", f"Attributes {{ NC_GLOBAL {{ String url \"{ADDRESS}\"; }} }}")
layer("data.nc", ADDRESS)
layer("data.zarr", json.dumps({"zarr_format": 2}))

# ---- archives ---------------------------------------------------------------------------------

def archive(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return buffer.getvalue()


inner = archive({"deep.vrt": raster(band(f"/vsicurl/{ADDRESS}"))})
beside("nested.zip", archive({"inner.zip": inner, "in.vrt": raster(band(f"/vsicurl/{ADDRESS}"))}))
print("/vsizip/nested.zip/inner.zip/deep.vrt\trefused")
print("/vsizip//vsizip/nested.zip/inner.zip/deep.vrt\trefused")
print("/vsizip/nested.zip/in.vrt\trefused")
SHEET = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-'
    'types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "xl/workbook.xml": XXE + '<workbook xmlns:r="r"><sheets><sheet name="s" sheetId="1" r:id="rId1"/>'
    '</sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="rId1" Target="{ADDRESS}" '
    'TargetMode="External"/></Relationships>',
    "xl/worksheets/sheet1.xml": XXE + '<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&x;</v>'
    '</c></row></sheetData></worksheet>'}
layer("linked.xlsx", archive(SHEET))
layer("entity.ods", archive({
    "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
    "content.xml": XXE + "<office:document-content><table:table table:name='s'><table:table-row>"
    "<table:table-cell>&x;</table:table-cell></table:table-row></table:table>"
    "</office:document-content>"}))

# ---- databases --------------------------------------------------------------------------------

FOREVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid FROM n"


def database(name, statements, what="refused"):
    connection = sqlite3.connect(OUT / name)
    connection.executescript(";".join([
        "PRAGMA application_id = 1196444487", "PRAGMA user_version = 10300",
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, "
        "organization TEXT, organization_coordsys_id INTEGER, definition TEXT, description TEXT)",
        "CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, "
        "description TEXT, last_change TEXT, min_x REAL, min_y REAL, max_x REAL, max_y REAL, "
        "srs_id INTEGER)",
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, "
        "geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER)", *statements]))
    connection.commit()
    connection.close()
    print(f"{name}\t{what}")


LISTED = "INSERT INTO gpkg_contents VALUES ('p', 'attributes', 'p', '', '', 0, 0, 1, 1, 0)"
database("view.gpkg", [f"CREATE VIEW p AS {FOREVER}", LISTED])
database("contents.gpkg", ["DROP TABLE gpkg_contents", f"CREATE VIEW gpkg_contents AS SELECT "
                           f"'p' AS table_name, i AS data_type FROM ({FOREVER.replace('fid', 'i')})"])
database("extensions.gpkg", ["CREATE TABLE p (fid INTEGER PRIMARY KEY)", LISTED,
                             f"CREATE VIEW gpkg_extensions AS {FOREVER}"])
database("virtual.gpkg", ["CREATE VIRTUAL TABLE p USING fts4(a)",
                          LISTED.replace("'p', 'attributes'", "'p_content', 'attributes'")], "read")
database("trigger.gpkg", ["CREATE TABLE p (fid INTEGER PRIMARY KEY, a TEXT)",
                          "INSERT INTO p VALUES (1, 'x')", LISTED,
                          f"CREATE TRIGGER t AFTER UPDATE ON gpkg_contents BEGIN "
                          f"DELETE FROM p; END"], "read")
database("crs.gpkg", [
    "CREATE TABLE p (fid INTEGER PRIMARY KEY, geom BLOB)",
    f"INSERT INTO gpkg_spatial_ref_sys VALUES ('x', 9, 'http', 9, '{ADDRESS}', '')",
    "INSERT INTO gpkg_contents VALUES ('p', 'features', 'p', '', '', 0, 0, 1, 1, 9)",
    "INSERT INTO gpkg_geometry_columns VALUES ('p', 'geom', 'POINT', 9, 0, 0)"], "read")
