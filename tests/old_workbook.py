# SPDX-License-Identifier: MIT
"""Workbooks of Excel 97 (.xls) with merged cells: records ([MS-XLS]) in a compound file ([MS-CFB])."""
import struct

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def unicode_text(text, count):
    return struct.pack(count, len(text)) + b"\x01" + text.encode("utf-16-le")


def records(sheets):
    words = sorted({cell for _, rows, _ in sheets for row in rows for cell in row if isinstance(cell, str)})
    version = struct.pack("<HHHHII", 0x600, 5, 0x0DBB, 0x07CC, 0, 6)
    start = record(0x809, version) + record(0x42, struct.pack("<H", 1200))
    for _ in range(16):
        start += record(0xE0, struct.pack("<HHHHIIH", 0, 0, 0xFFF5, 0, 0, 0, 0x20C0))
    table = record(0xFC, struct.pack("<II", len(words), len(words)) +
                   b"".join(unicode_text(word, "<H") for word in words))
    parts = []
    for _, rows, merged in sheets:
        part = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x0DBB, 0x07CC, 0, 6))
        part += record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                place = struct.pack("<HHH", r, c, 15)
                if isinstance(cell, str):
                    part += record(0xFD, place + struct.pack("<I", words.index(cell)))
                elif cell is not None:
                    part += record(0x203, place + struct.pack("<d", cell))
        areas = b"".join(struct.pack("<HHHH", *area) for area in merged)
        part += record(0xE5, struct.pack("<H", len(merged)) + areas) + record(0x0A)
        parts.append(part)
    names = [unicode_text(name, "<B") for name, _, _ in sheets]
    at = len(start) + sum(4 + 6 + len(name) for name in names) + len(table) + 4
    bounds = b""
    for name, part in zip(names, parts):
        bounds += record(0x85, struct.pack("<IH", at, 0) + name)
        at += len(part)
    return start + bounds + table + record(0x0A) + b"".join(parts)


def entry(name, kind, child, first, size):
    text = name.encode("utf-16-le") + b"\0\0" if name else b""
    return (text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child) +
            bytes(16 + 4 + 16) + struct.pack("<IQ", first, size))


def write_old_workbook(file, sheets):
    """sheets: (name, rows, merged areas as (first row, last row, first column, last column) from 0)."""
    stream = records(sheets)
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    sectors = len(stream) // SECTOR
    chain = [FAT, END] + list(range(3, sectors + 2)) + [END]
    assert len(chain) <= SECTOR // 4
    head = (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + bytes(16) +
            struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0))
    head += struct.pack("<109I", 0, *[FREE] * 108)
    table = struct.pack("<128I", *(chain + [FREE] * (128 - len(chain))))
    folder = (entry("Root Entry", 5, 1, END, 0) + entry("Workbook", 2, FREE, 2, len(stream)) +
              entry("", 0, FREE, 0, 0) * 2)
    with open(file, "wb") as out:
        out.write(head + table + folder + stream)
