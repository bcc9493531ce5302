"""Excel files, as a writer makes them and as other programs and damage leave them."""
import io
import re
import zipfile

import openpyxl

import texts
from texts import pick


def cells(rng, n, p, odd):
    head = [pick(rng, ["", "cell", None])] + [f"{pick(rng, texts.NAMES)}{k}" for k in range(p)]
    rows = [[f"{pick(rng, texts.NAMES)}c{i}"] + [float(pick(rng, texts.PLAIN)) if rng.random() < 0.7 else int(rng.integers(0, 9)) for _ in range(p)] for i in range(n)]
    if odd:
        for _ in range(int(rng.integers(1, 3))):
            r = rows[int(rng.integers(n))]
            r[int(rng.integers(1, p + 1))] = pick(rng, [None, "", "text", "3", True, "=1+1", "#N/A", 1e300, 1e39, "é"])
    return [head] + rows


def edits(rng, data, notes):
    """Changes the XML inside and packs it again."""
    source = zipfile.ZipFile(io.BytesIO(data))
    out = io.BytesIO()
    target = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if rng.random() < 0.8 else zipfile.ZIP_STORED)
    victim = pick(rng, ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"])
    for item in source.namelist():
        b = source.read(item)
        if item == victim:
            way = int(rng.integers(9))
            notes.append(f"{item} way {way}")
            if way == 0:
                continue
            if way == 1:
                b, note = texts.damage(rng, b)
            elif way == 2:
                b = re.sub(rb' r="[A-Z]+\d+"', b"", b, count=int(rng.integers(0, 3)))
            elif way == 3:
                b = re.sub(rb"<v>([^<]*)</v>", lambda m: b"<v>" + pick(rng, [m[1], m[1], b"999", b"-1", b"1e39", b"NaN", b"", b" 2 ", b"x"]) + b"</v>", b)
            elif way == 4:
                b = re.sub(rb't="\w+"', lambda m: b't="' + pick(rng, [b"s", b"n", b"str", b"b", b"e", b"d", b"inlineStr", b"zz"]) + b'"', b, count=int(rng.integers(1, 4)))
            elif way == 5:
                b = re.sub(rb'r="([A-Z]+)(\d+)"', lambda m: b'r="' + pick(rng, [m[1], b"XFD", b"ZZZZ", b"a", m[1]]) + pick(rng, [m[2], b"0", b"99", b"1048577", m[2]]) + b'"', b, count=int(rng.integers(1, 4)))
            elif way == 6:
                b = b[: int(rng.integers(len(b)))]
            elif way == 7:
                b = b.replace(b"<sheetData>", b"<sheetData><!-- c -->")
            else:
                b = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y"><!ENTITY f SYSTEM "file:///etc/hostname">]>' + b.split(b"?>", 1)[-1].replace(b"<v>", b"<v>&x;", 1)
        target.writestr(item, b)
    target.close()
    return out.getvalue()


def generate(rng, folder, name):
    n, p, odd = int(rng.integers(1, 5)), int(rng.integers(1, 5)), rng.random() < 0.35
    book = openpyxl.Workbook()
    table = cells(rng, n, p, odd)
    for row in table:
        book.active.append(row)
    notes = [f"xlsx {n}x{p} odd {odd}"]
    if rng.random() < 0.15:
        book.active.merge_cells("A2:B2") if n > 1 else None
        notes.append("merged")
    if rng.random() < 0.1:
        book.active.cell(n + 2, 1, "late")
        notes.append("a name alone")
    stream = io.BytesIO()
    book.save(stream)
    data = stream.getvalue()
    if rng.random() < 0.6:
        data = edits(rng, data, notes)
    if rng.random() < 0.15:
        data, note = texts.damage(rng, data)
        notes.append("zip " + note)
    path = folder / (name + ".xlsx")
    path.write_bytes(data)
    return path, notes, "xlsx"
