"""Whether every figure is drawn, no text is cut, panels of a row are in line and bars as high as their panels.

python measure.py FOLDER    (SVG files; texts are measured in DejaVu Sans, which they name first)
"""
import glob
import math
import os
import re
import sys
import xml.etree.ElementTree as ET

from PIL import ImageFont
from matplotlib import font_manager

SVG = "{http://www.w3.org/2000/svg}"
SLACK = 1.0

# Parts that the bar of a panel is made of.
BAR_STEPS = 128
fonts = {}


def width(text, size, bold):
    key = (round(size, 1), bold)
    if key not in fonts:
        name = font_manager.FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")
        fonts[key] = ImageFont.truetype(font_manager.findfont(name), 64)
    return fonts[key].getlength(text) * size / 64


def multiplied(m, n):
    a, b, c, d, e, f = m
    g, h, i, j, k, l = n
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f)


def matrix(text):
    out = (1, 0, 0, 1, 0, 0)
    for name, inside in re.findall(r"(\w+)\(([^)]*)\)", text or ""):
        v = [float(x) for x in re.split(r"[\s,]+", inside.strip()) if x]
        if name == "translate":
            out = multiplied(out, (1, 0, 0, 1, v[0], v[1] if len(v) > 1 else 0))
        elif name == "rotate":
            c, s = math.cos(math.radians(v[0])), math.sin(math.radians(v[0]))
            turn = (c, s, -s, c, 0, 0)
            if len(v) == 3:
                turn = multiplied(multiplied((1, 0, 0, 1, v[1], v[2]), turn), (1, 0, 0, 1, -v[1], -v[2]))
            out = multiplied(out, turn)
        elif name == "scale":
            out = multiplied(out, (v[0], 0, 0, v[-1], 0, 0))
    return out


def placed(m, x, y):
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def box(m, corners):
    points = [placed(m, x, y) for x, y in corners]
    return (min(p[0] for p in points), min(p[1] for p in points), max(p[0] for p in points), max(p[1] for p in points))


class Figure:
    def __init__(self, path):
        self.root = ET.parse(path).getroot()
        self.width, self.height = (float(v) for v in self.root.get("viewBox").split()[2:])
        style = "".join(e.text or "" for e in self.root.iter(SVG + "style"))
        self.sizes = {}
        for owner, kind, body in re.findall(r"#(\w+) \.([\w-]+) \{([^}]*)\}", style):
            size = re.search(r"font-size: ([\d.]+)px", body)
            self.sizes[owner, kind] = (float(size.group(1)) if size else 11.0, "bold" in body)
        self.texts, self.panels, self.bars, self.with_axes = [], {}, {}, set()
        self.walk(self.root, (1, 0, 0, 1, 0, 0), [], None)

    def walk(self, element, m, owners, clip):
        m = multiplied(m, matrix(element.get("transform")))
        if element.tag == SVG + "svg":
            m = multiplied(m, (1, 0, 0, 1, float(element.get("x", 0)), float(element.get("y", 0))))
        if element.get("id"):
            owners = owners + [element.get("id")]
        bounds = element.get("clip-bounds-jfx")
        if bounds:
            x, y, w, h = (float(v) for v in re.findall(r"[-\d.]+", bounds))
            clip = box(m, [(x, y), (x + w, y + h)])
            self.panels[clip] = owners[-1] if owners else ""
        if element.tag == SVG + "text":
            self.text(element, m, owners, clip)
        if element.tag in (SVG + "defs", SVG + "style"):
            return
        if element.tag == SVG + "rect" and clip and "stroke-opacity" in element.keys() and element.get("height"):
            x, y, w, h = (float(element.get(k) or 0) for k in ("x", "y", "width", "height"))
            self.bars.setdefault((clip, x, w), []).append(box(m, [(x, y), (x + w, y + h)]))
        for child in element:
            self.walk(child, m, owners, clip)

    def text(self, element, m, owners, clip):
        words = "".join(element.itertext()).strip()
        if not words:
            return
        size, bold = 11.0, False
        if (element.get("class") or "").startswith(("plot-title", "axis-title")) and owners:
            self.with_axes.add(owners[-1])
        for owner in reversed(owners):
            if (owner, element.get("class")) in self.sizes:
                size, bold = self.sizes[owner, element.get("class")]
                break
        own = element.get("style") or ""
        told = re.search(r"font-size: ?([\d.]+)", own) or re.search(r"([\d.]+)", element.get("font-size") or "")
        size = float(told.group(1)) if told else size
        bold = bold or "bold" in own or element.get("font-weight") == "bold"
        long = max(width(line.strip(), size, bold) for line in words.splitlines())
        anchor = {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor"), 0.0)
        shift = float((re.match(r"[-\d.]+", element.get("dy") or "0") or [0])[0]) * size
        x, y = float(element.get("x") or 0), float(element.get("y") or 0) + shift
        left = x - anchor * long
        corners = [(left, y - 0.74 * size), (left + long, y - 0.74 * size), (left, y), (left + long, y)]
        self.texts.append((words, box(m, corners), clip))

    def complaints(self):
        for words, (x0, y0, x1, y1), clip in self.texts:
            left, top, right, bottom = clip or (0, 0, self.width, self.height)
            over = max(left - x0, top - y0, x1 - right, y1 - bottom)
            if over > SLACK:
                yield f"'{words}' reaches {over:.1f} pixels out of the {'panel' if clip else 'picture'}"
        yield from self.misplaced()

    def misplaced(self):
        """Drawings without axes, such as tables, have their own margins; the others share their rows."""
        rows = sorted(p for p, owner in self.panels.items() if owner in self.with_axes)
        for i, a in enumerate(rows):
            for b in rows[i + 1:]:
                across = min(a[2], b[2]) - max(a[0], b[0])
                upright = min(a[3], b[3]) - max(a[1], b[1])
                if across > SLACK and upright > SLACK:
                    yield f"panels overlap: {a} and {b}"
                elif upright > 0.5 * min(a[3] - a[1], b[3] - b[1]) and max(abs(a[1] - b[1]), abs(a[3] - b[3])) > SLACK:
                    yield f"panels of a row are not in line: {a} and {b}"
        for (panel, x, w), parts in self.bars.items():
            tall = max(p[3] for p in parts) - min(p[1] for p in parts)
            if panel in rows and len(parts) == BAR_STEPS and tall < (panel[3] - panel[1]) - 2 * SLACK:
                yield f"a colour bar of {tall:.0f} pixels stands beside a panel of {panel[3] - panel[1]:.0f}"


failed = False
files = sorted(glob.glob(sys.argv[1] + "/*.svg"))
for path in files:
    for complaint in Figure(path).complaints():
        failed = True
        print(f"{os.path.basename(path)}: {complaint}")
print(f"{len(files)} figures measured")
sys.exit(failed or not files)
