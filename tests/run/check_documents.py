#!/usr/bin/env python3
"""Reads every document below a folder with a parser that is not ours, and fails where a name from
the data became markup, script or a formula. Markup of names is <i>, <u>, <市>, <水>, <乡> and
scripts that call alert.

  check_documents.py FOLDER   prints how many of each kind were read
"""
import collections
import csv
import html.parser
import json
import pathlib
import re
import sys
import xml.dom.minidom

OF_NAMES = {"i", "u", "市", "水", "乡", "村"}
# What the program's own documents are made of; anything else comes from a name.
OWN_SCRIPTS = {"data.js", "images.js", "maplibre-gl.js", "atlas.js"}
found = []
counts = collections.Counter()


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.path, self.script, self.title, self.in_title = path, False, "", False

    def handle_starttag(self, tag, attributes):
        if tag in OF_NAMES:
            found.append(f"{self.path}: a name became <{tag}>")
        for key, value in attributes:
            if key.startswith("on") or (key in ("href", "src") and
                                        str(value).lower().startswith("javascript")):
                found.append(f"{self.path}: {key}={value}")
        self.script = tag == "script"
        self.in_title = tag == "title"
        source = dict(attributes).get("src")
        if self.script and source is not None and source not in OWN_SCRIPTS:
            found.append(f"{self.path}: a script of {source}")

    def handle_endtag(self, tag):
        self.script = self.in_title = False

    def handle_data(self, data):
        if self.script and "alert(" in data and "ATLAS" not in data:
            found.append(f"{self.path}: a name became a script")
        if self.in_title:
            self.title += data


def check_html(path, text):
    page = Page(path)
    page.feed(text)
    if "<script>alert(" not in page.title and path.name not in ("index.html", "findings.html"):
        found.append(f"{path}: its title is '{page.title}', not that of the project")


def check_js(path, text):
    if path.name != "data.js":
        return
    if "</" in text or "<!" in text or "\u2028" in text:
        found.append(f"{path}: the script can be ended from within")
    data = json.loads(re.sub(r"^window\.\w+ = |;\s*$", "", text))
    if "<script>" not in json.dumps(data["title"]):
        found.append(f"{path}: the title is not whole")


def check_xml(path, text):
    document = xml.dom.minidom.parseString(text.encode())
    for element in document.getElementsByTagName("*"):
        if element.tagName in OF_NAMES | {"script"}:
            found.append(f"{path}: a name became <{element.tagName}>")


def check_csv(path, text):
    for row in csv.reader(text.splitlines()):
        for cell in row:
            if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and cell:
                try:
                    float(cell)
                except ValueError:
                    found.append(f"{path}: the cell {cell} is a formula")


def check_json(path, text):
    json.loads(text)


KINDS = {".html": check_html, ".js": check_js, ".svg": check_xml, ".qml": check_xml,
         ".xml": check_xml, ".sld": check_xml, ".csv": check_csv, ".json": check_json,
         ".geojson": check_json}

for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if path.suffix in KINDS and path.is_file() and ".work" not in path.parts:
        try:
            KINDS[path.suffix](path, path.read_text())
        except Exception as error:  # a document that does not parse
            found.append(f"{path}: {error}")
        counts[path.suffix] += 1
print(" ".join(f"{kind}:{count}" for kind, count in sorted(counts.items())))
sys.exit("\n".join(found) if found else 0)
