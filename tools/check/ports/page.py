"""Runs every Kotlin line of docs/coming-from-scanpy.md: the cells under "Cellweave" of its tables, and its blocks.

    python page.py WORK_FOLDER
"""

import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
PAGE = ROOT / "docs" / "coming-from-scanpy.md"
SPAN = re.compile(r"`([^`]+)`")
STATEMENT = re.compile(r"(va[lr] |for |[\w.]+(\[[^]]*\])* = |.*\] = )")
PLACE = re.compile(r"^page\.kts:(\d+)(:\d+: .*)$")


def cells(row):
    """Cells of a line of a table; a bar behind a backslash is text."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def lines_of(page, head="Cellweave"):
    """Number of a line of the page, the how manieth code on it this is, and the code, of the columns under a head."""
    column = None
    block = None
    for number, line in enumerate(page.splitlines(), 1):
        if line.startswith("```"):
            if block:
                yield block[0], 0, "\n".join(block[1])
            block = (number, []) if block is None and line == "```kotlin" else None
        elif block is not None:
            block[1].append(line)
        elif not line.startswith("|"):
            column = None
        elif column is None:
            column = next((k for k, cell in enumerate(cells(line)) if cell == head), -1)
        elif column >= 0 and not line.startswith("|---"):
            for span, code in enumerate(SPAN.findall(cells(line)[column])):
                yield number, span, code


def main():
    work = Path(sys.argv[1])
    setup = (HERE / "page.kts").read_text().splitlines()
    whole, at = list(setup), {}
    rows = list(lines_of(PAGE.read_text()))
    for number, span, code in rows:
        # A statement has no value.
        end = "; null" if STATEMENT.match(code) else ""
        for line in f"attempt({number}, {span}) {{\n{code}{end}\n}}".splitlines():
            whole.append(line)
            at[len(whole)] = number
    whole.append(f"verdict({len(rows)})")
    (work / "page.kts").write_text("\n".join(whole) + "\n")
    done = subprocess.run(
        [os.environ.get("CELLWEAVE_LAUNCHER", ROOT / "cellweave"), "--heap", "1500m", "page.kts"],
        cwd=work, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
    )
    for line in done.stderr.splitlines():
        match = PLACE.match(line)
        if match and int(match[1]) in at:
            line = f"docs/{PAGE.name}:{at[int(match[1])]}{match[2]}"
        if done.returncode:
            print(line, file=sys.stderr)
    print(done.stdout.splitlines()[-1] if done.stdout and not done.returncode else f"{PAGE.name} does not run")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
