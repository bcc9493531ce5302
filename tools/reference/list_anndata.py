"""List anndata's public functions and what an AnnData has, one a line: namespace, name, arguments.

    python tools/reference/list_anndata.py > dsl/src/test/resources/parity/anndata.tsv
"""
import inspect

import anndata as ad
from anndata._core.raw import Raw

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
line("", "AnnData", ad.AnnData)
for kind, members in (("AnnData", ad.AnnData), ("Raw", Raw)):
    for name in sorted(dir(members)):
        if not name.startswith("_"):
            line(kind, name, inspect.getattr_static(members, name))
