CREATE TABLE v (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT, population INTEGER);
INSERT INTO gpkg_spatial_ref_sys VALUES ('CGCS2000', 4490, 'EPSG', 4490, 'x', '');
INSERT INTO gpkg_contents VALUES ('v', 'features', 'v', '', '', 120, 30, 121, 31, 4490);
INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POINT', 4490, 0, 0);
INSERT INTO v VALUES (1, x'47500001000000000101000000000000000000005E400000000000003E40', 'a', 5);
