"""scanpy's arguments beside ours, by name and by type: what ours lack, and what ours take more narrowly.

    tools/check/arguments/run
"""
import argparse
import functools
import importlib
import inspect
import json
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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verbs", type=Path, help="META-INF/cellweave/verbs.json of the built classes")
    index = json.loads(parser.parse_args().verbs.read_text())
    ours = {}
    for verb in index["verbs"]:
        types = ours.setdefault(verb["name"], {})
        for parameter in verb.get("parameters", []):
            name, declared = parameter["declared"].split(": ", 1)
            types.setdefault(name.removeprefix("vararg "), set()).add(declared)
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
                    print(f"lacks     {verb}({name})")
                elif narrower(str(parameter.annotation), declared):
                    counted["narrower"] += 1
                    print(f"narrower  {verb}({name}): {' / '.join(sorted(declared))}, not {parameter.annotation}")
                else:
                    counted["same"] += 1
    print("{same} arguments are taken, {lacks} lack, {narrower} are narrower; {absent} functions absent".format(**counted))


if __name__ == "__main__":
    main()
