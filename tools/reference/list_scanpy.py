"""List scanpy's public functions with their arguments, one a line: namespace, name, arguments.

    python tools/reference/list_scanpy.py > dsl/src/test/resources/parity/scanpy.tsv
"""
import functools
import inspect

import scanpy as sc
import scanpy.external  # noqa: F401

NAMESPACES = [
    "pp", "tl", "pl", "get", "metrics", "datasets", "experimental.pp", "queries",
    "external.pp", "external.tl", "external.pl", "external.exporting",
]
# Attributes that dir() leaves out.
HIDDEN = {"tl": ["pca"]}
TOP = ("read", "write", "concat", "set_figure_params")

print(f"# scanpy {sc.__version__}")


def line(namespace, name, function):
    if inspect.isclass(function) or not callable(function):
        return
    if not inspect.unwrap(function).__module__.startswith(("scanpy", "anndata")):
        return
    arguments = [
        p.name
        for p in inspect.signature(function).parameters.values()
        if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
    ]
    print("\t".join([namespace, name, ",".join(arguments)]))


for name in sorted(dir(sc)):
    if name.startswith(TOP) and name != "readwrite":
        line("", name, getattr(sc, name))
for namespace in NAMESPACES:
    module = functools.reduce(getattr, namespace.split("."), sc)
    for name in sorted([*dir(module), *HIDDEN.get(namespace, [])]):
        if not name.startswith(("_", "doc_", "doctest_")) and name not in ("deprecated", "old_positionals"):
            line(namespace, name, getattr(module, name))
