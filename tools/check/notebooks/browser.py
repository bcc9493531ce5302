"""Opens JupyterLab in Chromium, as a user would, and looks at what Cellweave shows there, in light and in dark.

  python browser.py [--kernel NAME] [--screenshots DIR] [--chromium FILE]

Needs jupyterlab, nbconvert, nbformat and playwright with a Chromium of the system's; skipped, with exit 0, where the
last two are missing. No request may leave this machine. JUPYTER_PATH chooses the installation of the kernel.
"""

import argparse
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
MANY = 'listOf("leiden", "batch", "cell_type", "leiden", "batch", "cell_type")'
CELLS = [
    "%use cellweave",
    "val adata = sc.datasets.simulatedBatches(nCells = 1500, nBatches = 2)\n"
    "sc.pp.normalizeTotal(adata)\nsc.pp.log1p(adata)\nsc.pp.pca(adata, nComps = 20)\nsc.pp.neighbors(adata)\n"
    "sc.tl.umap(adata)\nsc.tl.leiden(adata)\nadata",
    'sc.pl.umap(adata, color = listOf("leiden", "batch"))',
    'sc.pl.umap(adata, color = "leiden").interactive()',
    "adata.obs",
    "sc.pp.log1p(adata)",
    "?sc.pp.neighbors",
    f"sc.pl.umap(adata, color = {MANY}, ncols = 6)",
    f"sc.pl.umap(adata, color = {MANY}, ncols = 6).interactive()",
]
FAILING = 'adata.obs["nope"]'
LONG = (
    "val big = sc.datasets.simulatedBatches(nCells = 15000, nBatches = 2, nGenes = 200)\n"
    "sc.pp.pca(big, nComps = 20)\nsc.tl.tsne(big)"
)
SUMMARY, FIGURE, INTERACTIVE = 1, 2, 3
WIDE, WIDE_INTERACTIVE = 7, 8
STILL, RUNNING = len(CELLS), len(CELLS) + 1
LOCAL = {"localhost", "127.0.0.1", "::1", None, ""}


def skip(reason):
    print(f"skipped the browser check: {reason}")
    sys.exit(0)


def free_port():
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


def write_notebook(path, kernel):
    import nbformat.v4 as v4

    notebook = v4.new_notebook(metadata={"kernelspec": {"name": kernel, "display_name": "Cellweave", "language": "kotlin"}})
    notebook.cells = [v4.new_code_cell(code, id=f"cell-{at}") for at, code in enumerate(CELLS)]
    import nbformat

    nbformat.write(notebook, path)


def add_last_cells(path):
    """Cells that the browser alone runs: one that fails, one that takes long."""
    import nbformat

    notebook = nbformat.read(path, 4)
    notebook.cells += [nbformat.v4.new_code_cell(FAILING, id="failing"), nbformat.v4.new_code_cell(LONG, id="long")]
    nbformat.write(notebook, path)


@contextlib.contextmanager
def lab(work, environment):
    port, token = free_port(), secrets.token_hex(16)
    settings = work / "config" / "lab" / "user-settings" / "@jupyterlab"
    for name, text in {
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "notebook-extension/tracker": {"windowingMode": "none"},
    }.items():
        path = settings / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(text))
    words = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={work / 'files'}", "--ServerApp.port_retries=0",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly", "--LabApp.expose_app_in_browser=True", "--allow-root",
    ]
    with open(work / "server.log", "w") as log:
        server = subprocess.Popen(words, env=environment, stdout=log, stderr=log, cwd=work / "files")
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(240):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{url}/api?token={token}", timeout=5).close()
                    break
                if server.poll() is not None:
                    break
                time.sleep(0.25)
            else:
                server.kill()
            if server.poll() is not None:
                sys.exit("JupyterLab did not start:\n" + (work / "server.log").read_text()[-2000:])
            yield url, token
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


class Lab:
    """A page with the notebook open."""

    def __init__(self, page, folder):
        self.page, self.folder = page, folder

    def shot(self, name, cell=None):
        if self.folder:
            if cell is None:
                self.page.screenshot(path=self.folder / f"{name}.png")
            else:
                self.cell(cell).screenshot(path=self.folder / f"{name}.png")

    def cell(self, at):
        return self.page.locator(".jp-Notebook .jp-Cell").nth(at)

    def outputs(self, at):
        return self.cell(at).locator(".jp-Cell-outputArea")

    def command(self, name, **arguments):
        return self.page.evaluate("([name, args]) => jupyterapp.commands.execute(name, args)", [name, arguments])

    def select(self, at):
        self.page.evaluate("at => { jupyterapp.shell.currentWidget.content.activeCellIndex = at }", at)

    def wait(self, script, value=None, seconds=120):
        self.page.wait_for_function(script, arg=value, timeout=seconds * 1000)

    def idle(self, seconds=120):
        self.wait("() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", seconds=seconds)

    def start(self, at):
        """Runs one cell without waiting for its end."""
        self.select(at)
        self.page.evaluate("() => { void jupyterapp.commands.execute('notebook:run-cell') }")

    def finished(self, at, seconds=120):
        self.wait(
            "at => { const w = jupyterapp.shell.currentWidget; const m = w.content.widgets[at].model;"
            " return m.executionState !== 'running' && m.executionCount !== null && w.sessionContext.session?.kernel?.status === 'idle' }",
            at, seconds,
        )


class Checks:
    def __init__(self):
        self.failed = 0

    def see(self, sentence, body):
        try:
            note = body()
            print(f"ok      {sentence}" + (f": {note}" if note else ""), flush=True)
        except Exception as wrong:
            self.failed += 1
            print(f"FAILED  {sentence}: {type(wrong).__name__} {str(wrong).strip().splitlines()[0][:300]}", flush=True)


def require(condition, sentence):
    if not condition:
        raise AssertionError(sentence)


def summary(lab):
    text = lab.outputs(SUMMARY).inner_text()
    require("AnnData object with n_obs" in text or "1500" in text, f"no summary in {text[:200]!r}")
    folded = lab.outputs(SUMMARY).locator("details")
    if folded.count() == 0:
        return "it has no parts to unfold"
    for part in (folded.nth(0), folded.nth(1)):
        if part.evaluate("e => !e.open"):
            part.locator("summary").first.click()
            require(part.evaluate("e => e.open"), "a click does not unfold it")
    return f"{folded.count()} parts unfold"


def figure(lab):
    images = lab.outputs(FIGURE).locator("img[src^='data:image/svg'], .jp-RenderedSVG svg, .jp-RenderedSVG img")
    require(images.count() == 1, f"{images.count()} figures")
    box = images.nth(0).bounding_box()
    require(box["width"] > 200 and box["height"] > 100, f"its size is {box}")
    return f"{box['width']:.0f} x {box['height']:.0f}"


def fits(lab, at):
    """Nothing of the figure lies beyond the right edge of its cell."""
    place = lab.outputs(at).locator("img[src^='data:image/svg'], svg").first
    place.wait_for(timeout=30_000)
    place.scroll_into_view_if_needed()
    lab.page.wait_for_timeout(500)
    edge = lab.outputs(at).evaluate("e => e.querySelector('.jp-OutputArea-output').getBoundingClientRect().right")
    boxes = lab.outputs(at).locator("img[src^='data:image/svg'], svg").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).filter(r => r.width > 100).map(r => [r.width, r.height, r.right])"
    )
    require(boxes, "no figure")
    beyond = max(right for _, _, right in boxes) - edge
    require(beyond <= 1, f"{beyond:.0f} of its pixels lie beyond the cell: {boxes[:3]}")
    return ", ".join(f"{width:.0f} x {height:.0f}" for width, height, _ in boxes[:2])


def same_shape(lab):
    """The interactive figure has the proportions of the still one: no panel is squeezed, no band stays empty."""
    shapes = []
    for at in (WIDE, WIDE_INTERACTIVE):
        width, height = lab.outputs(at).locator("img[src^='data:image/svg'], svg").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect()).filter(r => r.width > 100).map(r => [r.width, r.height])"
        )[0]
        shapes.append(width / height)
    require(abs(shapes[1] / shapes[0] - 1) < 0.1, f"width by height is {shapes[1]:.2f}, that of the still one {shapes[0]:.2f}")


def no_bands(lab, at):
    """What the figure leaves empty of its output, in pixels below and beside it."""
    place = lab.outputs(at).locator("div[id^='cw-']").first
    place.locator("svg").first.wait_for(timeout=120_000)
    below, above, width = place.evaluate(
        "e => { const own = e.getBoundingClientRect(), all = [...e.querySelectorAll('svg')].map(s => s.getBoundingClientRect());"
        "return [own.bottom - Math.max(...all.map(r => r.bottom)), Math.min(...all.map(r => r.top)) - own.top, own.width]; }"
    )
    require(below < 12 and above < 60, f"{above:.0f} pixels above and {below:.0f} below it are empty")
    return f"{above:.0f} above (the tool bar), {below:.0f} below"


TEXTS = "e => [...e.querySelectorAll('text')].map(t => t.textContent)"


def wait_for_points(lab, at=INTERACTIVE):
    place = lab.outputs(at).locator("div[id^='cw-']")
    place.first.scroll_into_view_if_needed()
    place.locator("svg").first.wait_for(timeout=120_000)
    return place.first


def points(place):
    return place.evaluate(
        "e => [...e.querySelectorAll('circle')].map(c => c.getBoundingClientRect()).filter(r => r.width > 0)"
        ".map(r => [r.x + r.width / 2, r.y + r.height / 2])"
    )


def hover(lab, at=INTERACTIVE):
    place = wait_for_points(lab, at)
    found = points(place)
    require(found, "the figure has no points")
    before = place.evaluate("e => e.innerHTML.length")
    words = place.evaluate(TEXTS)
    for x, y in found[:: max(1, len(found) // 12)]:
        lab.page.mouse.move(x - 3, y - 3)
        lab.page.mouse.move(x, y, steps=3)
        lab.page.wait_for_timeout(250)
        now = place.evaluate(TEXTS)
        if len(now) > len(words):
            return f"{len(now) - len(words)} lines"
    changed = place.evaluate("e => e.innerHTML.length") != before
    raise AssertionError(f"no text appears over {len(found)} points, although the page {'changed' if changed else 'did not change'}")


def zoom(lab):
    place = wait_for_points(lab)
    names = place.evaluate(
        "e => [...e.querySelectorAll('button, [role=button], [title]')].map(b => b.title || b.textContent || b.getAttribute('aria-label') || '?')"
    )
    require(names, "there is no toolbar")
    button = place.locator("[title*='oom' i], button").nth(1 if len(names) > 1 else 0)
    box_zoom = place.locator("[title*='box' i], [title*='Zoom' i]")
    (box_zoom.first if box_zoom.count() else button).click()
    before = points(place)
    area = place.bounding_box()
    x0, y0 = area["x"] + area["width"] * 0.35, area["y"] + area["height"] * 0.35
    lab.page.mouse.move(x0, y0)
    lab.page.mouse.down()
    lab.page.mouse.move(x0 + 60, y0 + 50, steps=8)
    lab.page.mouse.up()
    lab.page.wait_for_timeout(1000)
    require(points(place) != before, f"nothing moved; the toolbar has {names}")
    return f"toolbar: {', '.join(names)}"


def warning_and_help(lab):
    require(lab.outputs(5).locator(".cw-warning").count() == 1, "there is no warning box")
    require(lab.outputs(6).locator(".cw table").count() == 1, "there is no help")


def failing(lab):
    lab.start(STILL)
    error = lab.outputs(STILL).locator("pre, .jp-RenderedText")
    error.first.wait_for(timeout=120_000)
    lab.idle()
    text = lab.outputs(STILL).inner_text()
    require("nope" in text, f"it says {text[:200]!r}")
    require(len(text.splitlines()) < 12, f"it has {len(text.splitlines())} lines")


def bar_and_interrupt(lab, name):
    lab.start(RUNNING)
    bar = lab.outputs(RUNNING).locator(".cw-progress")
    bar.first.wait_for(timeout=120_000)
    values = set()
    shot = False
    until = time.monotonic() + 90
    while time.monotonic() < until and not (len(values) > 3 and shot):
        with contextlib.suppress(Exception):
            values.add((bar.first.inner_html(timeout=500), lab.outputs(RUNNING).inner_text(timeout=500)))
            if "tsne" in lab.outputs(RUNNING).inner_text(timeout=500).lower():
                shot = True
        lab.page.wait_for_timeout(100)
    lab.shot(f"{name}-7-progress", RUNNING)
    require(len(values) > 1, "the bar does not move")
    lab.command("notebook:interrupt-kernel")
    lab.idle()
    require(bar.count() == 0, "the bar is left behind")
    require(lab.outputs(RUNNING).locator("[data-mime-type='application/vnd.jupyter.stderr'], [data-mime-type='application/vnd.jupyter.error']").count() > 0, "the cell shows no interruption")
    lab.shot(f"{name}-8-interrupted", RUNNING)
    return f"{len(values)} states seen"


def in_theme(lab, theme, checks):
    name = theme.split()[-1].lower()
    lab.command("apputils:change-theme", theme=theme)
    lab.page.wait_for_timeout(1500)

    def executed():
        require(lab.outputs(FIGURE).locator("img, svg").count() > 0, "the figure of the file is not shown")
        wait_for_points(lab)

    if theme == THEMES[0]:
        checks.see(f"{name}: the executed notebook shows its figures without a kernel", executed)
        lab.shot(f"{name}-0-opened")
    lab.idle()
    lab.command("notebook:clear-all-cell-outputs")

    def run():
        lab.select(STILL)
        lab.page.evaluate("() => { void jupyterapp.commands.execute('notebook:run-all-above') }")
        lab.finished(STILL - 1, 180)

    checks.see(f"{name}: the cells run", run)
    checks.see(f"{name}: the summary unfolds", lambda: summary(lab))
    lab.shot(f"{name}-1-summary", SUMMARY)
    checks.see(f"{name}: a figure stands under its cell", lambda: figure(lab))
    lab.shot(f"{name}-2-figure", FIGURE)
    checks.see(f"{name}: a figure wider than the page shrinks to it", lambda: fits(lab, WIDE))
    lab.shot(f"{name}-2-wide", WIDE)
    checks.see(f"{name}: an interactive one too", lambda: fits(lab, WIDE_INTERACTIVE))
    for at in (INTERACTIVE, WIDE_INTERACTIVE):
        checks.see(f"{name}: no empty bands around the interactive figure of cell {at}", lambda at=at: no_bands(lab, at))
    checks.see(f"{name}: both have one shape", lambda: same_shape(lab))
    checks.see(f"{name}: with hover text where the mouse is", lambda: hover(lab, WIDE_INTERACTIVE))
    lab.shot(f"{name}-2-wide-interactive", WIDE_INTERACTIVE)
    checks.see(f"{name}: hover text over the interactive figure", lambda: hover(lab))
    lab.shot(f"{name}-3-hover", INTERACTIVE)
    checks.see(f"{name}: zoom by the toolbar", lambda: zoom(lab))
    lab.shot(f"{name}-4-zoom", INTERACTIVE)
    checks.see(f"{name}: a warning and a help page stand in boxes", lambda: warning_and_help(lab))
    for at, part in ((4, "table"), (5, "warning"), (6, "help")):
        lab.shot(f"{name}-5-{part}", at)
    checks.see(f"{name}: an error is short", lambda: failing(lab))
    lab.shot(f"{name}-6-error", STILL)
    checks.see(f"{name}: a progress bar moves, and an interrupt works", lambda: bar_and_interrupt(lab, name))
    lab.shot(f"{name}-9-page")


THEMES = ["JupyterLab Light", "JupyterLab Dark"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernel", default="cellweave")
    parser.add_argument("--screenshots", metavar="DIR")
    parser.add_argument("--chromium", default=os.environ.get("CELLWEAVE_CHROMIUM"), help="default: chromium of the PATH")
    options = parser.parse_args()
    chromium = options.chromium or next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if not chromium:
        skip("no Chromium was found; install one (apt-get install chromium) or name it: --chromium FILE")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        skip(f"{sys.executable} has no playwright; install it: {sys.executable} -m pip install playwright")
    folder = Path(options.screenshots).resolve() if options.screenshots else None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)

    checks, outside = Checks(), []
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "files").mkdir()
        environment = {
            **os.environ, "JUPYTER_CONFIG_DIR": str(work / "config"), "JUPYTER_DATA_DIR": str(work / "data"),
            "JUPYTER_RUNTIME_DIR": str(work / "runtime"), "IPYTHONDIR": str(work / "ipython"),
        }
        path = work / "files" / "check.ipynb"
        write_notebook(path, options.kernel)
        # Outputs of a notebook that nobody signed are shown without their scripts and figures.
        for words in (["nbconvert", "--to", "notebook", "--execute", "--inplace", str(path)], ["trust", str(path)]):
            done = subprocess.run([sys.executable, "-m", "jupyter", *words], env=environment, capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"jupyter {words[0]} failed:\n{done.stderr[-2000:]}")
            if words[0] == "nbconvert":
                add_last_cells(path)

        def guarded(route):
            host = urlsplit(route.request.url).hostname
            if host in LOCAL:
                return route.continue_()
            outside.append(route.request.url)
            return route.abort()

        with lab(work, environment) as (url, token), sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium, headless=True, args=["--headless=new", *FLAGS])
            context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
            context.route("**/*", guarded)
            page = context.new_page()
            page.on("websocket", lambda link: urlsplit(link.url).hostname in LOCAL or outside.append(link.url))
            page.goto(f"{url}/lab/tree/check.ipynb?token={token}&reset")
            page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.content?.widgets?.length > 0", timeout=90_000)
            opened = Lab(page, folder)
            for theme in THEMES:
                in_theme(opened, theme, checks)
            browser.close()
    if outside:
        checks.failed += 1
        print("FAILED  the notebook asks for addresses outside this machine: " + " ".join(sorted(set(outside))[:5]))
    else:
        print("ok      no request left this machine")
    sys.exit(bool(checks.failed))


if __name__ == "__main__":
    main()
