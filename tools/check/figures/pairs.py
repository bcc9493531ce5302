"""scanpy's and our pictures side by side and a page of all.   python pairs.py OUT   (OUT/scanpy and OUT/cellweave)"""
import html
import os
import sys

from PIL import Image, ImageDraw, ImageFont
from matplotlib import font_manager

out = sys.argv[1]
font = ImageFont.truetype(font_manager.findfont("DejaVu Sans"), 22)
GAP, HEAD = 30, 40


def pair(name):
    sides = []
    for side in ("scanpy", "cellweave"):
        path = f"{out}/{side}/{name}.png"
        sides.append(Image.open(path).convert("RGB") if os.path.exists(path) else Image.new("RGB", (400, 300), "#ffdddd"))
    width = sum(s.width for s in sides) + 3 * GAP
    height = max(s.height for s in sides) + HEAD + GAP
    whole = Image.new("RGB", (width, height), "#e8e8e8")
    pen, x = ImageDraw.Draw(whole), GAP
    for side, picture in zip(("scanpy", "cellweave"), sides):
        pen.text((x, 8), f"{side}: {name}, {picture.width // 2} x {picture.height // 2}", "black", font)
        whole.paste(picture, (x, HEAD))
        x += picture.width + GAP
    whole.save(f"{out}/pairs/{name}.png")


os.makedirs(f"{out}/pairs", exist_ok=True)
names = sorted({f[:-4] for side in ("scanpy", "cellweave") for f in os.listdir(f"{out}/{side}") if f.endswith(".png")})
for name in names:
    pair(name)
rows = "\n".join(f'<h2 id="{n}">{html.escape(n)}</h2><img src="pairs/{n}.png" loading="lazy">' for n in names)
links = " ".join(f'<a href="#{n}">{n}</a>' for n in names)
with open(f"{out}/index.html", "w") as page:
    page.write(
        '<!DOCTYPE html><meta charset="utf-8"><title>scanpy and Cellweave side by side</title>'
        f"<style>body {{font-family: sans-serif}} img {{max-width: 100%}}</style><p>{links}</p>{rows}"
    )
print(f"{len(names)} pairs in {out}/index.html")
