"""scanpy's arguments beside ours, by name and by type: what ours lack, and what ours take more narrowly.

    tools/check/arguments/run

It fails when ours lack or narrow an argument that gaps.tsv gives no reason for, or when a gap of gaps.tsv is closed.
Figures are no part of it.
"""
import argparse
import functools
import importlib
import inspect
import json
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
import scanpy as sc  # noqa: E402

NAMESPACES = [
    "", "pp", "tl", "get", "metrics", "datasets", "experimental.pp", "external.pp", "external.tl", "queries", "logging",
]
# Given by their place, and called by what they are here.
FIRST = {"adata", "data", "adatas", "adataOrGraph"}


def camel(name):
    first, *rest = [word for word in name.split("_") if word]
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def module_of(namespace):
    if namespace.startswith("external"):
        importlib.import_module("scanpy.external")
    return functools.reduce(getattr, namespace.split("."), sc) if namespace else sc


def functions(namespace):
    module = module_of(namespace)
    for name in sorted(dir(module)):
        function = getattr(module, name)
        own = callable(function) and not inspect.isclass(function) and not name.startswith("_")
        if own and inspect.unwrap(function).__module__.startswith(("scanpy", "anndata")):
            yield f"sc.{namespace}.{camel(name)}".replace("..", "."), inspect.signature(function)


def narrower(annotation, declared):
    """Whether every form of ours refuses what Python's users write."""
    if "float" in annotation:
        return all(t.startswith(("Double", "Float")) for t in declared)
    listed = any(word in annotation for word in ("Sequence", "Collection", "Iterable", "tuple", "list"))
    return listed and all(t.startswith(("List<String>", "Collection<", "Pair<String, List")) for t in declared)


def read_reasons(path):
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("\t", 1) for line in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gaps", type=Path, default=Path(__file__).with_name("gaps.tsv"), help="gaps that have a reason")
    parser.add_argument("verbs", type=Path, help="META-INF/cellweave/verbs.json of the built classes")
    arguments = parser.parse_args()
    index = json.loads(arguments.verbs.read_text())
    reasons = read_reasons(arguments.gaps)
    ours = {}
    for verb in index["verbs"]:
        types = ours.setdefault(verb["name"], {})
        for parameter in verb.get("parameters", []):
            name, declared = parameter["declared"].split(": ", 1)
            types.setdefault(name.removeprefix("vararg "), set()).add(declared)
    found = []
    counted = dict(same=0, lacks=0, narrower=0, absent=0)
    for namespace in NAMESPACES:
        for verb, signature in functions(namespace):
            if verb not in ours:
                counted["absent"] += 1
                continue
            for parameter in signature.parameters.values():
                name = camel(parameter.name)
                if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL) or name in FIRST:
                    continue
                declared = ours[verb].get(name)
                if declared is None:
                    counted["lacks"] += 1
                    found.append(f"{verb}({name})")
                    print(f"lacks     {verb}({name}): {reasons.get(found[-1], 'NO REASON')}")
                elif narrower(str(parameter.annotation), declared):
                    counted["narrower"] += 1
                    found.append(f"{verb}({name})")
                    print(f"narrower  {verb}({name}): {' / '.join(sorted(declared))}, not {parameter.annotation}")
                else:
                    counted["same"] += 1
    print("{same} arguments are taken, {lacks} lack, {narrower} are narrower; {absent} functions absent".format(**counted))
    new, closed = sorted(set(found) - set(reasons)), sorted(set(reasons) - set(found))
    if new:
        print(f"take these arguments, or give the reason in {arguments.gaps}: {', '.join(new)}", file=sys.stderr)
    if closed:
        print(f"these are taken by now; remove their lines from {arguments.gaps}: {', '.join(closed)}", file=sys.stderr)
    if new or closed:
        sys.exit(1)


if __name__ == "__main__":
    main()
