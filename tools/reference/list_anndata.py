"""List anndata's public functions and what an AnnData has, one a line: namespace, name, arguments.

    python tools/reference/list_anndata.py > dsl/src/test/resources/parity/anndata.tsv
"""
import inspect

import anndata as ad

print(f"# anndata {ad.__version__}")


def line(namespace, name, value):
    function = value if callable(value) else None
    arguments = []
    if function is not None:
        arguments = [
            p.name
            for p in inspect.signature(function).parameters.values()
            if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL) and p.name != "self"
        ]
    print("\t".join([namespace, name, ",".join(arguments)]))


for namespace, module in (("", ad), ("io", ad.io), ("experimental", ad.experimental)):
    for name in sorted(dir(module)):
        value = getattr(module, name)
        own = inspect.isfunction(value) and value.__module__.startswith("anndata") and not name.startswith("_")
        if own and name != "module_get_attr_redirect":
            line(namespace, name, value)
for name in sorted(dir(ad.AnnData)):
    if not name.startswith("_"):
        line("AnnData", name, inspect.getattr_static(ad.AnnData, name))
