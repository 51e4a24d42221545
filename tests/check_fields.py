#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails where a source outside the room `spec` looks up a column of a layer by a literal name,
or reads yes and no, dates or numbers of its own: what a layer holds is understood in one place
(docs/architecture.md)."""
import pathlib
import re
import sys

# Ways to a column, or into its values, by a name that stands in the code.
LOOKUPS = [
    re.compile(r'\b(?:find_field|has_field|field_index)\s*[({]\s*(?:\w+,\s*)?"'),
    re.compile(r'\bOGR_(?:FD|F|L)_(?:GetFieldIndex|FindFieldIndex)\s*\('),
    re.compile(r'\b(?:layer|zones|units|features?|source|read|placed)\.field\(\s*"'),
    re.compile(r'\bfields?\[[^]]*\]\.name\s*[!=]=\s*"'),
]
# Words that only a reader of yes and no would compare with.
WORDS = re.compile(r'[!=]=\s*"(?:yes|no|true|false|是|否|有|无)"')
# Layers of our own that are read back from memory or from a product, not from an office.
OWN_LAYERS = {
    "libriskmap/census/ingest_units.cpp": "layers that ingest has given their specifications' names",
    "libriskmap/run/products.cpp": "the units and zones that the steps before have made",
}
# Words of options and project files, not of layers.
OWN_WORDS = {"libriskmap/spec", "libriskmap/project/reader.cpp"}


def faults_of(path, name):
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        code = line.split("//")[0]
        if name not in OWN_LAYERS and any(lookup.search(code) for lookup in LOOKUPS):
            yield f"{name}:{number}: looks up a column by name; read it through spec::Door"
        if WORDS.search(code) and not any(name.startswith(own) for own in OWN_WORDS):
            yield f"{name}:{number}: reads yes and no on its own; use spec"


def main(root):
    faults = []
    read = 0
    for folder in ("libriskmap", "tools"):
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            name = str(path.relative_to(root))
            if name.startswith(("libriskmap/spec/", "libriskmap/include/riskmap/spec/")):
                continue
            read += 1
            faults += faults_of(path, name)
    print("\n".join(faults) if faults else f"{read} sources look up no column by name")
    return 1 if faults or read == 0 else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
