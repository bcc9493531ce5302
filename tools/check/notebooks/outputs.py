"""Looks at the outputs of an executed notebook; exit 1 with a sentence for each thing that is wrong.

usage: outputs.py EXECUTED.ipynb [--summary] [--printed PATTERN]
"""

import argparse
import json
import re
import sys

# What makes a browser ask the network: tags that load, styles that load, scripts that fetch.
LOADS = re.compile(
    r"""<(?:script|link|img|iframe|image|use)\b[^>]*?\b(?:src|href)\s*=\s*["']?\s*(?:https?:)?//[^"'\s>]+"""
    r"""|url\(\s*["']?(?:https?:)?//[^)]+\)|@import\s+["'](?:https?:)?//[^"']+""",
    re.IGNORECASE,
)


def text(value):
    return "".join(value) if isinstance(value, list) else value


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("notebook")
    parser.add_argument("--summary", action="store_true", help="an AnnData summary must be among the outputs")
    parser.add_argument("--printed", metavar="PATTERN", help="a printed line must match this")
    options = parser.parse_args()
    with open(options.notebook, encoding="utf-8") as file:
        cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]

    wrong, figures, printed, shown = [], 0, "", ""
    for cell in cells:
        name = f"cell [{cell['execution_count']}] {text(cell['source']).strip().splitlines()[0][:60]}"
        if cell["execution_count"] is None:
            wrong.append(f"{name} was not run")
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                wrong.append(f"{name} failed: {output['ename']}: {output['evalue'][:300]}")
                continue
            if output["output_type"] == "stream":
                printed += text(output["text"])
            data = {mime: text(value) for mime, value in output.get("data", {}).items() if not mime.endswith("json")}
            figures += "image/svg+xml" in data
            shown += data.get("text/plain", "")
            wrong += [f"{name} asks the network for {found[0][:120]}" for mime in data for found in [LOADS.search(data[mime])] if found]
            bars = data.get("text/html", "").count('class="cw-progress"')
            if bars:
                wrong.append(f"{name} left a progress bar behind")
    if len(wrong) > 3:
        # What fails later mostly lacks what failed first.
        wrong[3:] = [f"and {len(wrong) - 3} more"]
    if not figures:
        wrong.append("no figure was shown")
    if options.summary and "AnnData object with n_obs" not in printed + shown:
        wrong.append("no AnnData summary was shown")
    if options.printed and not re.search(options.printed, printed, re.MULTILINE):
        wrong.append(f"no printed line matches {options.printed}")
    if wrong:
        sys.exit("\n".join(f"notebooks: {options.notebook}: {sentence}" for sentence in wrong))
    print(f"  {len(cells)} cells, {figures} figures, no errors")


if __name__ == "__main__":
    main()
