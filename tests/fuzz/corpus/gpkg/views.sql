CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid FROM n;
INSERT INTO gpkg_contents VALUES ('v', 'attributes', 'v', '', '', 0, 0, 1, 1, 0);
CREATE TRIGGER t AFTER UPDATE ON gpkg_contents BEGIN DELETE FROM gpkg_contents; END;
CREATE VIRTUAL TABLE f USING fts4(a);
