"""Talks to the installed kernel as Jupyter does and checks what it answers; exit 1 when a check fails.

  python protocol.py [--kernel NAME] [--cells N] [--only WORD] [--no-inspect]

Needs jupyter_client. JUPYTER_PATH chooses the installation; see run for one that leaves the user's own alone.
"""

import argparse
import os
import queue
import re
import subprocess
import sys
import threading
import time
import traceback

import psutil
from jupyter_client.manager import start_new_kernel

# Work of the processor that an interrupted call may still do, for each core. Seconds of the clock are only limits
# against a wait without end: a busy machine is slow without a fault of the call.
SECOND = 1.0
TRACE_LINES = 5
LIGHT_FIGURE = 300_000
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Reply:
    """What one cell gave, in order."""

    def __init__(self):
        self.messages, self.status, self.content = [], None, {}

    def of(self, *kinds):
        return [content for kind, content in self.messages if kind in kinds]

    @property
    def printed(self):
        return "".join(content["text"] for content in self.of("stream"))

    def data(self, *kinds):
        return [content["data"] for content in self.of(*(kinds or ("display_data", "execute_result")))]

    @property
    def error(self):
        """The text under the cell, without colours."""
        errors = self.of("error")
        return ANSI.sub("", "\n".join(errors[0]["traceback"])) if errors else ""

    @property
    def sentence(self):
        errors = self.of("error")
        return ANSI.sub("", errors[0]["evalue"]).splitlines()[0] if errors else ""

    def texts(self):
        return "\n".join(data.get("text/plain", "") for data in self.data())


class KernelDied(AssertionError):
    """The Java process is gone, most likely by a failure of native code."""


class Session:
    def __init__(self, kernel, **environment):
        self.manager, self.client = start_new_kernel(
            kernel_name=kernel, startup_timeout=120, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
        )

    def work(self):
        """Seconds that processors have spent on the kernel."""
        kernel = psutil.Process(self.manager.provisioner.pid)
        return sum(sum(p.cpu_times()[:2]) for p in [kernel, *kernel.children(recursive=True)])

    def run(self, code, timeout=300, interrupt_after=None):
        reply = Reply()
        started = time.monotonic()
        asked = self.client.execute(code)
        sent = []

        def interrupt():
            sent.append(self.work())
            self.manager.interrupt_kernel()

        timer = threading.Timer(interrupt_after, interrupt) if interrupt_after else None
        if timer:
            timer.start()
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                if not self.manager.is_alive():
                    raise KernelDied(f"the kernel died while it ran {code[:60]!r}") from None
                if time.monotonic() - started < timeout:
                    continue
                self.manager.interrupt_kernel()
                raise AssertionError(f"no end after {timeout} s: {code[:60]}") from None
            if message["parent_header"].get("msg_id") != asked:
                continue
            kind, content = message["msg_type"], message["content"]
            reply.messages.append((kind, content))
            if kind == "status" and content["execution_state"] == "idle":
                break
        if timer:
            # One that is about to interrupt does so before the next cell, and is counted with this one.
            timer.cancel()
            timer.join()
        reply.interrupted = self.work() - sent[0] if sent else None
        while True:
            answer = self.client.get_shell_msg(timeout=120)
            if answer["parent_header"].get("msg_id") == asked:
                reply.content = answer["content"]
                reply.status = answer["content"]["status"]
                return reply

    def must(self, code, **options):
        reply = self.run(code, **options)
        assert reply.status == "ok", f"{code[:60]} failed: {reply.sentence}"
        return reply

    def complete(self, code):
        reply = self.client.complete(code, len(code), reply=True, timeout=60)
        return reply["content"]["matches"]

    def inspect(self, code):
        reply = self.client.inspect(code, len(code), reply=True, timeout=60)
        return reply["content"]

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


class Checks:
    def __init__(self, only):
        self.only, self.failed, self.passed = only, [], 0

    def check(self, sentence, body):
        if self.only and self.only.lower() not in sentence.lower():
            return
        try:
            note = body()
            self.passed += 1
            print(f"ok      {sentence}" + (f": {note}" if note else ""), flush=True)
        except AssertionError as wrong:
            self.failed.append(sentence)
            print(f"FAILED  {sentence}: {wrong}", flush=True)
        except Exception as wrong:
            self.failed.append(sentence)
            print(f"FAILED  {sentence}: {type(wrong).__name__} {wrong}", flush=True)
            traceback.print_exc()


def prepared(session):
    session.must("%use cellweave")
    session.must(
        """val adata = sc.datasets.simulatedBatches(nCells = 600, nBatches = 2)
sc.pp.normalizeTotal(adata)
sc.pp.log1p(adata)
sc.pp.pca(adata, nComps = 10)
sc.pp.neighbors(adata)
sc.tl.umap(adata)
sc.tl.leiden(adata)"""
    )


def questions(checks, s, inspect):
    def offers(code, wanted):
        matches = s.complete(code)
        missing = [name for name in wanted if not any(name in match for match in matches)]
        assert not missing, f"{', '.join(missing)} not among {len(matches)}: {' '.join(matches[:8])}"
        return f"{len(matches)} names"

    checks.check("completion of sc.pp. offers the verbs", lambda: offers("sc.pp.", ["neighbors", "normalizeTotal", "pca"]))
    checks.check(
        "completion of sc.pp.neighbors(adata, n offers the named arguments",
        lambda: offers("sc.pp.neighbors(adata, n", ["nNeighbors", "nPcs"]),
    )

    def explains(data):
        text = "\n".join(data.values())
        for word in ("neighbors", "nNeighbors", "15", "graph"):
            assert word in text, f"'{word}' is missing in {text[:200]!r}"

    for code in ('sc.help("sc.pp.neighbors")', "?sc.pp.neighbors", "sc.pp.neighbors?"):
        checks.check(f"{code} gives signature and text", lambda code=code: explains(s.must(code).data()[0]))

    def inspected():
        content = s.inspect("sc.pp.neighbors")
        assert content["status"] == "ok" and content.get("found"), f"nothing was found: {content}"
        explains(content["data"])

    if inspect:
        checks.check("inspection of sc.pp.neighbors (Shift-Tab) gives the same", inspected)
    else:
        print("skipped inspection (Shift-Tab), because of --no-inspect")


def errors(checks, s, kernel):
    def fails(code, pattern, session=s):
        reply = session.run(code)
        assert reply.status == "error", "it passed"
        assert re.search(pattern, reply.sentence), f"the sentence is {reply.sentence!r}"
        lines = [line for line in reply.error.splitlines() if line.strip()]
        assert re.search(pattern, lines[0]), f"the trace begins with {lines[0]!r}"
        assert len(lines) < TRACE_LINES, f"the trace has {len(lines)} lines"
        assert session.must("1 + 1").texts() == "2", "the kernel does not go on"
        return reply.sentence

    checks.check("a misspelt argument is named", lambda: fails("sc.pp.pca(adata, nComp = 5)", "nComp"))
    checks.check("a misspelt verb is named", lambda: fails("sc.pp.neighbours(adata)", "neighbours"))
    checks.check("a missing key names the keys there are", lambda: fails('adata.obs["nope"]', r"nope.*batch"))
    checks.check("a bad value is named with what is expected", lambda: fails("sc.pp.neighbors(adata, nNeighbors = 0)", "nNeighbors must.*0"))
    checks.check(
        "an error in a function of an earlier cell is as short",
        lambda: (s.must('fun broken(x: Int) = adata.obs["b" + x]'), fails("broken(3)", "b3"))[1],
    )

    def memory():
        small = Session(kernel, CELLWEAVE_HEAP="600m")
        try:
            small.must("%use cellweave")
            small.must("val adata = sc.datasets.simulatedBatches(nCells = 200, nBatches = 2)")
            sentence = fails("val big = Array(100_000) { LongArray(1_000_000) }", "(?i)memory|heap", small)
            assert "200" in small.must("adata.nObs").texts(), "what the notebook holds is lost"
            advice = small.run("val big = Array(100_000) { LongArray(1_000_000) }").texts()
            assert "--heap" in advice, f"no advice stands with {sentence!r}: {advice!r}"
            return advice
        finally:
            small.close()

    checks.check("a full heap ends the cell, not the kernel", memory)


def displays(checks, s):
    def silent():
        reply = s.must("sc.pp.neighbors(adata)")
        left = [data for data in reply.data() if data.get("text/plain") and not progress_ids(reply)]
        assert not left and not reply.printed, f"it shows {left} {reply.printed!r}"

    checks.check("a verb as the last expression shows nothing", silent)

    def summary():
        data = s.must("adata").data("execute_result")[0]
        assert "AnnData object with n_obs" in data["text/plain"], data
        assert "text/html" in data, "there is no HTML"

    checks.check("adata shows its summary", summary)

    def svgs(reply):
        return [data for data in reply.data() if "image/svg+xml" in data]

    def figure():
        last = svgs(s.must('sc.pl.umap(adata, color = "leiden")'))
        assert len(last) == 1, f"{len(last)} times as the last expression"
        between = svgs(s.must('sc.pl.umap(adata, color = "leiden")\nprintln()'))
        assert len(between) == 1, f"{len(between)} times before another line"

    checks.check("a figure is shown once", figure)

    def interactive():
        reply = s.must('sc.pl.umap(adata, color = "leiden").interactive()')
        page = {}
        for kind, content in reply.messages:
            if kind in ("display_data", "update_display_data", "execute_result"):
                page[content.get("transient", {}).get("display_id") or id(content)] = content["data"]
        assert len(page) == 1, f"{len(page)} outputs stand under the cell"
        (data,) = page.values()
        assert "<script" in data.get("text/html", "") and "image/svg+xml" not in data, f"it is {sorted(data)}"
        assert not re.search(r"<script[^>]*src=", data["text/html"]), "a script is loaded from elsewhere"

    checks.check("interactive() takes the place of the still figure", interactive)

    def page_of(code):
        reply = s.must(code)
        pages = [content["data"].get("text/html", "") for kind, content in reply.messages if kind.endswith("display_data")]
        return next(page for page in reversed(pages) if "cellweaveLetsPlot" in page)

    def shared():
        """The checks above have drawn the first one."""
        first, later = 'sc.pl.umap(adata, color = "leiden").interactive()', 'sc.pl.umap(adata).interactive()'
        sizes = [len(page_of(code)) for code in (first, later, first, later)]
        assert sizes[1] < LIGHT_FIGURE and sizes[3] < LIGHT_FIGURE, f"a later figure has {sizes[1] // 1000} kB"
        assert sizes[2] > LIGHT_FIGURE, "the first one, run again, brings no script"
        alone = len(page_of("sc.pl.umap(adata).interactive(selfContained = true)"))
        assert alone > LIGHT_FIGURE, "interactive(selfContained = true) brings no script"
        big = "val many = sc.datasets.simulatedBatches(nCells = 20000, nBatches = 2, nGenes = 50)\n" \
            'sc.pp.pca(many, nComps = 2)\nsc.pl.pca(many, color = "batch").interactive()'
        many = len(page_of(big))
        assert many < LIGHT_FIGURE, f"20,000 points take {many // 1000} kB"
        return f"{sizes[1] // 1000} kB, of 20,000 points {many // 1000} kB"

    checks.check("interactive figures share one script", shared)

    def dataframe():
        table = s.must("adata.obs.toDataFrame()").texts()
        assert "cell_0" in table and "batch" in table, table[:200]
        counts = s.must('import org.jetbrains.kotlinx.dataframe.api.*\nadata.obs.toDataFrame().groupBy("batch").count()').texts()
        assert "300" in counts, counts
        back = s.must("adata.obs.toDataFrame().toAnnotations().nRows()")
        assert back.texts() == "600", back.texts()

    checks.check("adata.obs.toDataFrame() and back", dataframe)

    def multik():
        reply = s.must('val z = adata.obsm["X_pca"].toMultik()\nz.shape.toList()')
        assert reply.texts() == "[600, 10]", reply.texts()

    checks.check('adata.obsm["X_pca"].toMultik() has its shape', multik)

    def warning():
        reply = s.must("val again = adata.copy()\nsc.pp.log1p(again)")
        boxes = [data for data in reply.data() if re.search('class="[^"]*cw-warning', data.get("text/html", ""))]
        assert boxes, f"no box; printed {reply.printed!r}, shown {reply.texts()!r}"
        return boxes[0]["text/plain"]

    checks.check("a warning shows as a box", warning)

    def bar():
        reply = s.must("val many = sc.datasets.simulatedBatches(nCells = 4000, nBatches = 2)\nsc.pp.pca(many)\nsc.pp.neighbors(many)\nsc.tl.umap(many)")
        shown = progress_ids(reply)
        assert shown, "no bar appeared"
        updates = [content for content in reply.of("update_display_data") if content["transient"]["display_id"] in shown]
        assert len(updates) > len(shown), "a bar does not move"
        last = {content["transient"]["display_id"]: content["data"] for content in updates}
        left = [data for name in shown for data in [last.get(name, {"text/html": "never updated"})] if data.get("text/html", "").strip()]
        assert not left, f"a bar is left at the end: {left}"
        return f"{len(shown)} bars, {len(updates)} updates"

    checks.check("a progress bar moves and is gone at the end", bar)


TABLE = 'sc.datasets.simulatedBatches(nCells = 40, nBatches = 2).obs.toDataFrame()'


def dataframes(checks, kernel):
    """`%use` gives each of its calls a class loader of its own: what the first brings, the second must see as the same."""

    def used(first, second):
        session = Session(kernel)
        try:
            session.must(first)
            session.must(second)
            session.must(f"val table = {TABLE}")
            assert session.must("table.rowsCount()").texts() == "40", "the rows are not those of obs"
            shown = session.must("table").data("execute_result")[0]
            assert "text/html" in shown, f"the table is shown as {sorted(shown)}"
            back = session.must("table.toAnnotations().nRows()")
            assert back.texts() == "40", f"on the way back it has {back.texts()!r} rows"
        finally:
            session.close()

    both = ["%use cellweave", "%use cellweave-dataframe"]
    for first, second in (both, both[::-1]):
        checks.check(f"{first}, then {second}: obs.toDataFrame() works and sc is known", lambda: used(first, second))


def progress_ids(reply):
    return {
        content["transient"]["display_id"]
        for content in reply.of("display_data")
        if 'class="cw-progress"' in content["data"].get("text/html", "")
    }


LAST_MOMENTS = 0.25
KEYS = "listOf(big.obs.keys, big.obsm.keys, big.obsp.keys, big.uns.keys).map { it.toString() }"
LONG_CALLS = [
    "sc.tl.tsne(big)",
    "sc.pp.neighbors(big)",
    "sc.tl.umap(big)",
    'sc.pp.harmonyIntegrate(big, key = "batch")',
    "sc.tl.leiden(big)",
    'sc.tl.rankGenesGroups(big, groupby = "cell_type", method = "wilcoxon")',
    "sc.pp.pca(big, nComps = 50)",
    "while (true) { Thread.sleep(10) }",
]


class LongCalls:
    """Cells to interrupt calls on, in a kernel that is started again when it dies."""

    def __init__(self, kernel, cells):
        self.kernel, self.cells, self.session = kernel, cells, None

    def ready(self):
        if self.session:
            return self.session
        self.session = Session(self.kernel)
        self.session.must("%use cellweave")
        self.session.must(
            f"""sc.settings.progress = false
val big = sc.datasets.simulatedBatches(nCells = {self.cells}, nBatches = 2, nGenes = 1000)
sc.pp.normalizeTotal(big)
sc.pp.log1p(big)
sc.pp.pca(big, nComps = 30)
sc.pp.neighbors(big)""",
            timeout=500,
        )
        return self.session

    def interrupted(self, call, delay):
        """Interrupts earlier and earlier, until the call is still at work."""
        try:
            while True:
                note = self.measured(self.ready(), call, delay)
                if note:
                    return note
                if delay < 0.05:
                    return "too fast to be interrupted"
                delay /= 2
        except KernelDied:
            self.close()
            raise

    def measured(self, session, call, delay):
        before = session.must(KEYS).texts()
        reply = session.run(call, interrupt_after=delay, timeout=200)
        if reply.status == "ok":
            # An interrupt in the last moments of a call comes too late; the next one comes earlier.
            late = reply.interrupted is None or reply.interrupted < LAST_MOMENTS
            assert late, f"it went on to its end, {reply.interrupted:.2f} s of work after the interrupt"
            # Takes the interrupt that the call no longer saw.
            session.run("0")
            return None
        took = f"{reply.interrupted:.2f} s of work after the interrupt at {delay:.2f} s"
        lines = [line for line in reply.error.splitlines() if line.strip()]
        assert len(lines) < TRACE_LINES, f"it ended {took}, but the trace has {len(lines)} lines"
        assert session.must(KEYS).texts() == before, f"it ended {took}, but the keys of adata changed"
        session.must("sc.pp.neighbors(big[IntArray(300) { it }].copy(), nNeighbors = 5)")
        assert reply.interrupted <= SECOND * os.cpu_count(), f"it ended {took}"
        return f"{took}; {reply.sentence[:80]!r}"

    def close(self):
        if self.session:
            self.session.close()
        self.session = None


def interrupts(checks, kernel, cells, after):
    calls = LongCalls(kernel, cells)
    try:
        for call in LONG_CALLS:
            for delay in after:
                checks.check(f"interrupt of {call}, {delay} s or sooner", lambda: calls.interrupted(call, delay))
        checks.check("no thread works on when an interrupted call has ended", lambda: helpers_end(calls.ready()))
    finally:
        calls.close()


def helpers_end(session):
    """What a call frees when it ends, its threads may not touch any more. The kernel stops a cell that is still at work
    a tenth of a second after the interrupt by Thread.stop, where Java has it."""
    session.must("val atWork = java.util.concurrent.atomic.AtomicInteger()")
    reply = session.run(
        """org.cellweave.util.Parallel.forBlocks(2) {
    atWork.incrementAndGet()
    val seconds = if (Thread.currentThread().name.startsWith("cellweave-")) 5.0 else 0.1
    val until = System.nanoTime() + (seconds * 1e9).toLong()
    while (System.nanoTime() < until) Thread.onSpinWait()
    atWork.decrementAndGet()
}""",
        interrupt_after=2.0,
    )
    assert reply.status == "error", "the interrupt had no effect"
    working = session.must("atWork.get()").texts()
    assert working == "0", f"{working} block of Parallel.forBlocks was still at work"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernel", default="cellweave")
    parser.add_argument("--cells", type=int, default=60_000, help="cells of the calls to be interrupted")
    parser.add_argument("--after", type=float, nargs="+", default=[0.5, 1.5], help="seconds until the interrupt")
    parser.add_argument("--only", help="only checks whose sentence holds this")
    parser.add_argument("--skip-interrupts", action="store_true")
    parser.add_argument("--no-inspect", dest="inspect", action="store_false", help="for kernels without inspection")
    options = parser.parse_args()
    checks = Checks(options.only)
    session = Session(options.kernel)
    try:
        prepared(session)
        questions(checks, session, options.inspect)
        displays(checks, session)
        errors(checks, session, options.kernel)
        dataframes(checks, options.kernel)
        if not options.skip_interrupts:
            interrupts(checks, options.kernel, options.cells, options.after)
    finally:
        session.close()
    print(f"{checks.passed} checks passed, {len(checks.failed)} failed")
    sys.exit(bool(checks.failed))


if __name__ == "__main__":
    main()
