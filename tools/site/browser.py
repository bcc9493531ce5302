"""Looks at a built site in a browser: browser.py [--site DIR] [--screenshots DIR].

The pages are opened as files, wide and narrow, light and dark. Nothing may be asked of a network, no page may be wider than
its window, no script may fail, and the search must find verbs by our name and by scanpy's. Needs playwright, and chromium.
"""

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    "index.html",
    "seurat.html",
    "jvm.html",
    "gallery.html",
    "methods/index.html",
    "methods/harmony.html",
    "docs/mosaic.html",
    "docs/coming-from-scanpy.html",
    "tutorials/quickstart.html",
    "tutorials/spatial.html",
    "members/index.html",
    "members/DataFrame.html",
    "members/np.html",
    "verbs/index.html",
    "verbs/data.html",
    "verbs/sc.pl/umap.html",
    "verbs/sc.pp/neighbors.html",
    "verbs/sc.tl/rankGenesGroups.html",
]
SEARCHES = {"neighbors": "sc.pp.neighbors", "highly_variable_genes": "sc.pp.highlyVariableGenes", "umap": "sc.tl.umap",
            "value_counts": "Column"}


def look(browser, site, shots, scheme, width):
    wrong = []
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.on("request", lambda r: r.url.startswith(("file:", "data:", "blob:")) or wrong.append(f"asks for {r.url}"))
    page.on("pageerror", lambda e: wrong.append(f"{page.url}: {e}"))
    for place in PAGES:
        page.goto((site / place).as_uri())
        page.wait_for_timeout(200)
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 1:
            wrong.append(f"{place} is {over} pixels wider than {width}")
        broken = page.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)")
        wrong += [f"{place}: the picture {source} does not show" for source in broken]
        if shots:
            name = f"{place.removesuffix('.html').replace('/', '_')}_{scheme}_{width}.png"
            page.screenshot(path=str(shots / name), full_page=False)
    if width > 1000:
        wrong += search(page, site, shots, scheme)
    context.close()
    return [f"{scheme}, {width}: {w}" for w in wrong]


def search(page, site, shots, scheme):
    wrong = []
    page.goto((site / "index.html").as_uri())
    for word, verb in SEARCHES.items():
        page.locator(".md-search__input").click()
        page.locator(".md-search__input").fill("")
        page.locator(".md-search__input").press_sequentially(word)
        try:
            page.locator(".md-search-result__item").first.wait_for(timeout=15000)
            page.wait_for_timeout(500)
            found = page.locator(".md-search-result__item h1").all_inner_texts()
        except Exception as e:  # noqa: BLE001 playwright's own kinds differ by version
            found = [str(e).splitlines()[0]]
        if verb not in found[:6]:
            wrong.append(f"a search for {word} gives {found[:6]}, not {verb}")
        if shots:
            page.screenshot(path=str(shots / f"search_{word}_{scheme}.png"))
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--site", type=Path, default=ROOT / "target/site/html")
    parser.add_argument("--screenshots", type=Path)
    given = parser.parse_args()
    if given.screenshots:
        given.screenshots.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    if not chromium:
        sys.exit("site: chromium is missing")
    wrong = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for width in (1400, 400):
                wrong += look(browser, given.site.resolve(), given.screenshots, scheme, width)
        browser.close()
    for line in wrong:
        print(f"site: {line}", file=sys.stderr)
    print(f"site: {len(PAGES)} pages looked at, light and dark, wide and narrow; {len(wrong)} things wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
