"""Runs the ports of public notebooks and counts their statements by how they had to be changed. See README.md.

    python ports.py SCRIPTS_FOLDER WORK_FOLDER [--only NAME] [--jobs N] [--errors]
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
LAUNCHER = HERE.parents[2] / "cellweave"
MARK = re.compile(r"//([=dcm]) (sc|py|ext)\s*$")
HOW = {"=": "case only", "d": "documented", "c": "changed", "m": "missing"}
PLACE = re.compile(r"^(?:at )?(?P<file>[\w.-]+\.kts):(?P<line>\d+)(?::\d+)?:?(?P<rest>.*)$")


class Port:
    """One script: its statements, and how it went."""

    def __init__(self, path):
        self.path = path
        self.name = path.stem
        self.lines = path.read_text().splitlines()
        self.marks = {i: match.groups() for i, line in enumerate(self.lines, 1) if (match := MARK.search(line))}
        self.failed = {}
        self.output = ""
        self.code = 0
        self.seconds = 0.0

    def wrong_marks(self):
        """What is missing is a comment, and what works by case alone is none."""
        for i, (how, _) in self.marks.items():
            comment = self.lines[i - 1].lstrip().startswith("//")
            if comment != (how == "m") and how in "=m":
                yield f"{self.path.name}:{i}: '{HOW[how]}' marks {'a comment' if comment else 'code'}"
        for i, line in enumerate(self.lines, 1):
            if i not in self.marks and re.search(r"//\s?[=dcm]\b", line):
                yield f"{self.path.name}:{i}: a mark is '//= sc', '//d py', '//c ext' and the like at the end of a line"

    def statement(self, line):
        """The mark that ends the statement of a line."""
        return next((i for i in sorted(self.marks) if i >= line), None)

    def run(self, work, data):
        folder = work / self.name
        shutil.copytree(data, folder)
        prelude = (HERE / "prelude.kts").read_text().splitlines()
        whole = folder / self.path.name
        whole.write_text("\n".join(prelude + self.lines) + "\n")
        started = time.monotonic()
        # The heap is what a small machine can give to each of several.
        done = subprocess.run(
            [LAUNCHER, "--heap", "1500m", whole.name], cwd=folder, capture_output=True, text=True, errors="replace"
        )
        self.seconds = time.monotonic() - started
        self.code = done.returncode
        self.output = done.stderr if self.code else ""
        for line in self.output.splitlines():
            if match := PLACE.match(line.strip()):
                at = int(match["line"]) - len(prelude)
                if at > 0:
                    self.failed.setdefault(at, match["rest"].strip())
        return self

    def count(self, how=None, kind=None):
        return sum(1 for h, k in self.marks.values() if how in (None, h) and (kind is None or k in kind))


def share(part, whole):
    return f"{100 * part / whole:5.1f} %" if whole else "      -"


KINDS = {"all": None, "sc": ("sc",), "around": ("py", "ext")}


def table(ports):
    head = f"{'source':26}" + "".join(f"{word:>12}" for word in ("lines", *HOW.values()))
    yield head + f"{'case, all':>12}{'case, sc':>12}{'around':>12}{'seconds':>10}"
    for port in [*ports, None]:
        of = [port] if port else ports
        total = sum(p.count() for p in of)
        parts = "".join(f"{sum(p.count(how) for p in of):12}" for how in HOW)
        by = "".join(
            f"{share(sum(p.count('=', k) for p in of), sum(p.count(None, k) for p in of)):>12}" for k in KINDS.values()
        )
        seconds = sum(p.seconds for p in of)
        yield f"{port.name if port else 'all':26}{total:12}{parts}{by}{seconds:10.1f}"
    for name, kind in (("sc.*", ("sc",)), ("pandas, numpy, figures", ("py",)), ("other packages", ("ext",))):
        total = sum(p.count(None, kind) for p in ports)
        parts = "".join(f"{sum(p.count(how, kind) for p in ports):12}" for how in HOW)
        yield f"{name:26}{total:12}{parts}{share(sum(p.count('=', kind) for p in ports), total):>12}"


def below_floors(ports):
    """Shares by case alone that fell below what floors.tsv asks for."""
    for line in (HERE / "floors.tsv").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, kind, floor = line.split("\t")
        of = ports if name == "all" else [p for p in ports if p.name == name]
        if not of:
            yield f"floors.tsv names {name}, which is no script"
            continue
        total = sum(p.count(None, KINDS[kind]) for p in of)
        got = 100 * sum(p.count("=", KINDS[kind]) for p in of) / total
        if got < float(floor):
            yield f"{name}, {kind}: {got:.1f} % by case alone, the floor is {floor} %"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument("--count", action="store_true", help="counts marks and runs nothing")
    options = parser.parse_args()
    ports = [Port(path) for path in sorted((HERE / "scripts").glob("*.kts"))]
    wrong = [message for port in ports for message in port.wrong_marks()]
    chosen = [port for port in ports if options.only in port.name]
    if not options.count:
        with ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(lambda port: port.run(options.work, options.work / "data"), chosen))
    print("\n".join(table(chosen)))
    for port in chosen:
        if port.code == 0:
            continue
        broken = sorted({port.statement(line) or line for line in port.failed})
        wrong.append(f"{port.path.name} does not run; {len(broken)} statements at fault")
        for line in sorted(port.failed):
            wrong.append(f"  {port.path.name}:{line}: {port.failed[line]}\n      {port.lines[line - 1].strip()}")
        if not port.failed:
            wrong.append(port.output[-2000:])
    if not options.only:
        wrong += below_floors(ports)
    for message in wrong:
        print(message, file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
