# SPDX-License-Identifier: MIT
"""Excel workbooks (.xlsx) with merged cells and formulas, as offices make them."""
import zipfile
from xml.sax.saxutils import escape


def letter(column):
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column]


def write_workbook(file, sheets):
    """sheets: (name, rows, merged areas); a cell is a text, a number, None, or ("=", formula) that was
    never reckoned."""
    types, rels, names, files = "", "", "", []
    for n, (name, rows, merged) in enumerate(sheets, 1):
        data = ""
        for r, row in enumerate(rows, 1):
            cells = ""
            for c, value in enumerate(row):
                place = 'r="%s%d"' % (letter(c), r)
                if value is None:
                    continue
                if isinstance(value, tuple):
                    cells += "<c %s><f>%s</f><v></v></c>" % (place, escape(value[1]))
                elif isinstance(value, str):
                    cells += '<c %s t="inlineStr"><is><t>%s</t></is></c>' % (place, escape(value))
                else:
                    cells += "<c %s><v>%r</v></c>" % (place, value)
            data += '<row r="%d">%s</row>' % (r, cells)
        areas = "".join('<mergeCell ref="%s"/>' % area for area in merged)
        files.append('<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.'
                     'openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>%s'
                     "</worksheet>" % (data, '<mergeCells count="%d">%s</mergeCells>' %
                                       (len(merged), areas) if merged else ""))
        types += ('<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.'
                  'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>' % n)
        rels += ('<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/'
                 '2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>' % (n, n))
        names += '<sheet name="%s" sheetId="%d" r:id="rId%d"/>' % (escape(name), n, n)
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", head + '<Types xmlns="http://schemas.openxmlformats.org/'
                     'package/2006/content-types"><Default Extension="rels" ContentType="application/'
                     'vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
                     'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
                     'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.'
                     'main+xml"/>' + types + "</Types>")
        out.writestr("_rels/.rels", head + '<Relationships xmlns="http://schemas.openxmlformats.org/'
                     'package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.'
                     'openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
                     'Target="xl/workbook.xml"/></Relationships>')
        out.writestr("xl/workbook.xml", head + '<workbook xmlns="http://schemas.openxmlformats.org/'
                     'spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/'
                     'officeDocument/2006/relationships"><sheets>' + names + "</sheets></workbook>")
        out.writestr("xl/_rels/workbook.xml.rels", head + '<Relationships xmlns="http://schemas.'
                     'openxmlformats.org/package/2006/relationships">' + rels + "</Relationships>")
        for n, text in enumerate(files, 1):
            out.writestr("xl/worksheets/sheet%d.xml" % n, text)
