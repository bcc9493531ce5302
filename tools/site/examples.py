"""Runs the examples of the verbs' pages: examples.py OUT [GROUP ...].

Each file of examples/ is one example. Its first line may name the data that it starts from (data.kts); what its last
expression gives is kept: a figure as SVG, anything else as text, with what was printed before. The examples of a group
are one script, so that one compiler and one JVM run them all. Ends with 1 when one of them fails.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
EXAMPLES = HERE / "examples"
# Namespaces of one script; what is not named runs in the last.
GROUPS = {
    "pp": ["pp"],
    "tl": ["tl"],
    "pl": ["pl"],
    "models": ["c2v", "c2v.pp", "c2v.tl", "c2v.pl", "c2v.utils", "scvi", "scvi.pl"],
    "rest": [],
}

HEAD = """
val out = java.io.File(args[0])
sc.settings.verbosity = 1

fun example(name: String, body: () -> Any?) {
    val printed = java.io.ByteArrayOutputStream()
    val (before, errors) = System.out to System.err
    System.setOut(java.io.PrintStream(printed, true, Charsets.UTF_8))
    if (name.startsWith("logging/")) System.setErr(System.out)
    val started = System.nanoTime()
    try {
        val value = body()
        if (value is Figure) {
            value.save(java.io.File(out, "$name.svg").path)
        } else if (value != Unit && value != null) {
            println(value)
        }
        System.out.flush()
        java.io.File(out, "$name.txt").writeText(printed.toString(Charsets.UTF_8))
    } catch (e: Throwable) {
        java.io.File(out, "$name.failed").writeText(e.stackTraceToString())
    } finally {
        System.setOut(before)
        System.setErr(errors)
        sc.settings.verbosity = 1
    }
    println("%-40s %6.2f s".format(name, (System.nanoTime() - started) / 1e9))
}
"""


def example_files():
    return sorted(p for p in EXAMPLES.glob("*/*.kts"))


def name_of(path):
    return f"{path.parent.name}/{path.stem}"


def read(path):
    """The data that an example starts from, or None, and its code."""
    text = path.read_text(encoding="utf-8")
    match = re.match(r"// data: (\w+)\n", text)
    return (match[1], text[match.end() :]) if match else (None, text)


def data():
    """The blocks of data.kts by name: the name of the value, where it comes from and as what, what it is, and the code."""
    blocks = {}
    pattern = r"^// data (\w+)(?: \((\w+)\))?(?: from (\w+)(?: as (\w+))?)?: (.*)\n"
    parts = re.split(pattern, (EXAMPLES / "data.kts").read_text(encoding="utf-8"), flags=re.M)
    for i in range(1, len(parts), 6):
        name, value, source, alias, said, code = parts[i : i + 6]
        value = value or "adata"
        blocks[name] = {"value": value, "from": source, "as": alias or value, "said": said, "code": code.strip()}
    return blocks


def indented(code, by):
    return "\n".join(" " * by + line if line else line for line in code.splitlines())


def script(paths):
    blocks = data()
    lines = [HEAD]
    for name, block in blocks.items():
        lines.append(f"val data_{name} by lazy {{")
        if block["from"]:
            lines.append(f"    val {block['as']} = data_{block['from']}.copy()")
        lines += [indented(block["code"], 4), f"    {block['value']}", "}", ""]
    for path in paths:
        start, code = read(path)
        lines.append(f'example("{name_of(path)}") {{')
        if start:
            # A trained model is asked, not changed.
            copy = "" if blocks[start]["value"] == "model" else ".copy()"
            lines.append(f"    val {blocks[start]['value']} = data_{start}{copy}")
        lines += [indented(code, 4), "}", ""]
    return "\n".join(lines)


def group_of(path):
    space = re.sub(r"^scvi\.[A-Z].*", "scvi", path.parent.name)
    return next((g for g, spaces in GROUPS.items() if space in spaces), list(GROUPS)[-1])


def run(out, group):
    # What changes the look of later figures comes last.
    paths = sorted((p for p in example_files() if group_of(p) == group), key=lambda p: ("FigureParams" in p.stem, p))
    work = out / "work" / group
    work.mkdir(parents=True, exist_ok=True)
    for path in paths:
        (out / path.parent.name).mkdir(exist_ok=True)
        for old in (out / path.parent.name).glob(f"{path.stem}.*"):
            old.unlink()
    (work / f"{group}.kts").write_text(script(paths), encoding="utf-8")
    command = [str(ROOT / "cellweave"), "--heap", "2g", str(work / f"{group}.kts"), str(out)]
    code = subprocess.run(command, cwd=work).returncode
    if code:
        print(f"site: the examples of {group} end with {code}; the script is {work}/{group}.kts", file=sys.stderr)
    failed = [name_of(p) for p in paths if not (out / f"{name_of(p)}.txt").exists()]
    if len(failed) == len(paths):
        print(f"site: none of the {len(paths)} examples of {group} was run", file=sys.stderr)
        return False
    for name in failed:
        said = out / f"{name}.failed"
        first = said.read_text(encoding="utf-8").splitlines()[0] if said.exists() else "was not run"
        print(f"site: example {name}: {first}", file=sys.stderr)
    for path in paths:
        text = out / f"{name_of(path)}.txt"
        if not text.exists():
            continue
        printed = text.read_text(encoding="utf-8").replace(f"{work}/", "")
        text.write_text(printed, encoding="utf-8")
        if re.search(r"\w@[0-9a-f]{5,8}\b", printed):
            print(f"site: example {name_of(path)} shows an object that has no text: {printed.strip()}", file=sys.stderr)
            failed.append(name_of(path))
    return not code and not failed


def run_seurat(out, group):
    """The second columns of the page for people who come from Seurat, as one script."""
    work = out / "work" / group
    work.mkdir(parents=True, exist_ok=True)
    lines = []
    for row in (HERE / "content/seurat.md").read_text(encoding="utf-8").splitlines():
        cells = [c.strip() for c in re.split(r"(?<!\\\\)\|", row)[1:-1]]
        if len(cells) == 3 and cells[1].startswith("`"):
            lines.append(cells[1].strip("`").replace("\\|", "|"))
    (work / "seurat.kts").write_text("\n".join(["sc.settings.verbosity = 1", *lines]) + "\n", encoding="utf-8")
    code = subprocess.run([str(ROOT / "cellweave"), "--heap", "2g", str(work / "seurat.kts")], cwd=work).returncode
    print(f"{len(lines)} lines beside Seurat's: {'all run' if not code else 'one fails'}")
    return not code


def run_java(out, group):
    """The programs of examples/java, compiled and run on what the launcher runs scripts with."""
    jars = ROOT / "kernels/script/target/dist/lib/*"
    (out / "java").mkdir(parents=True, exist_ok=True)
    good = True
    for path in sorted((EXAMPLES / "java").glob("*.java")):
        command = ["java", "-Xmx1g", "-cp", str(jars), str(path)]
        done = subprocess.run(command, capture_output=True, text=True)
        if not done.returncode:
            (out / "java" / f"{path.stem}.txt").write_text(done.stdout, encoding="utf-8")
        print(f"java/{path.stem}: {done.stdout.strip() or done.stderr.strip()}")
        good = good and not done.returncode
    return good


def main():
    out = Path(sys.argv[1]).resolve()
    groups = sys.argv[2:] or [*GROUPS, "seurat", "java"]
    out.mkdir(parents=True, exist_ok=True)
    runs = {"seurat": run_seurat, "java": run_java}
    good = [runs.get(group, run)(out, group) for group in groups]
    (out / "names.json").write_text(json.dumps([name_of(p) for p in example_files()]), encoding="utf-8")
    shutil.rmtree(out / "work", ignore_errors=True) if all(good) else None
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
