"""Answers as read.kts does, with what anndata, scanpy and h5py read; see run.

Every line in is kind TAB path; every line out is JSON.
"""
import json
import os
import resource
import sys
import warnings

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
warnings.filterwarnings("ignore")

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import scanpy as sc
import scipy.sparse as sp

sc.settings.verbosity = 0
LARGE = 20_000
# A damaged size must end in MemoryError here, not in the machine's.
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))


def plain(v):
    """A JSON value of a NumPy or pandas scalar."""
    if v is None or v is pd.NA or v is pd.NaT:
        return None
    if isinstance(v, bytes):
        return v.decode()
    if isinstance(v, (bool, np.bool_)):
        return bool(v)
    if isinstance(v, (int, np.integer)):
        return int(v)
    if isinstance(v, (float, np.floating)):
        return float(v)
    if isinstance(v, str):
        return v
    return f"<{type(v).__name__}> {v}"


def array(a):
    text = a.dtype.kind in "OSUT"
    flat = [plain(v) for v in a.ravel()[:LARGE].tolist()] if text else [plain(v) for v in a.ravel()[:LARGE]]
    if a.dtype.kind == "T":
        flat = [None if isinstance(v, str) and v.startswith("<") else v for v in flat]
    return {"t": "array", "dtype": "text" if text else str(a.dtype.newbyteorder("=")), "shape": list(a.shape), "v": flat}


def matrix(m):
    sparse = sp.issparse(m)
    small = m.shape[0] * m.shape[1] <= LARGE
    dense = np.asarray(m.toarray() if sparse else m) if small else None
    if sparse and m.dtype == np.float16:
        dense = np.asarray(m.astype(np.float32).toarray())
    return {
        "t": "matrix", "dtype": str(np.dtype(m.dtype).newbyteorder("=")), "sparse": sparse, "shape": list(m.shape),
        "nnz": None, "v": [float(v) if not isinstance(v, complex) else str(v) for v in dense.ravel()] if small else None,
    }


def column(s):
    if isinstance(s, (pd.Categorical, pd.CategoricalDtype)) or isinstance(getattr(s, "dtype", None), pd.CategoricalDtype):
        c = s if isinstance(s, pd.Categorical) else s.array if isinstance(s, pd.Series) else pd.Categorical(s)
        return {"t": "cat", "cats": column(pd.Series(c.categories)), "codes": [int(k) for k in c.codes[:LARGE]], "ordered": bool(c.ordered)}
    s = s if isinstance(s, pd.Series) else pd.Series(s)
    real = isinstance(s.dtype, np.dtype) and s.dtype.kind == "f"
    values = [float(v) if real else plain(v) for v in list(s.array[:LARGE])]
    if not real:
        values = [None if isinstance(v, float) and v != v else v for v in values]
    return {"t": "column", "dtype": str(s.dtype.newbyteorder("=") if isinstance(s.dtype, np.dtype) else s.dtype), "n": len(s), "v": values}


def table(t):
    index = {"t": "column", "dtype": "object", "n": len(t.index), "v": [plain(v) for v in t.index[:LARGE]]}
    return {
        "t": "table", "index": index, "name": t.index.name,
        "cols": [[str(k), column(t.iloc[:, i])] for i, k in enumerate(t.columns)],
    }


def value(v):
    if v is None or isinstance(v, h5py.Empty):
        return {"t": "null"}
    if isinstance(v, ad.AnnData):
        return {"t": "anndata", "v": dump(v)}
    if isinstance(v, ad.Raw):
        return {"t": "anndata", "v": {}}
    if isinstance(v, pd.DataFrame):
        return table(v)
    if isinstance(v, (pd.Series, pd.Categorical, pd.api.extensions.ExtensionArray)):
        return column(v)
    if sp.issparse(v) or isinstance(v, np.matrix):
        return matrix(v)
    if isinstance(v, np.ndarray):
        if v.dtype.names is not None:
            return {"t": "rec", "v": {k: array(v[k]) for k in v.dtype.names}}
        return array(v)
    if isinstance(v, str):
        return {"t": "text", "v": v}
    if isinstance(v, bytes):
        return {"t": "text", "v": plain(v)}
    if hasattr(v, "keys") and hasattr(v, "__getitem__") and not isinstance(v, np.void):
        return {"t": "dict", "v": {str(k): value(v[k]) for k in v.keys()}}
    if isinstance(v, (bool, int, float, np.number, np.bool_)):
        return {"t": "scalar", "v": plain(v) if not isinstance(v, np.complexfloating) else str(v)}
    return {"t": "other", "v": type(v).__name__}


def aligned(v):
    """What an entry of layers, obsm and so on is: numbers in two dimensions are a matrix."""
    if isinstance(v, np.ndarray) and v.ndim == 2 and v.dtype.kind in "biuf" and v.dtype.names is None:
        return matrix(v)
    return value(v)


def dump(a):
    raw = a.raw
    slots = {s: {k: aligned(v) for k, v in getattr(a, s).items()} for s in ("layers", "obsm", "varm", "obsp", "varp")}
    return {
        "shape": list(a.shape), "X": aligned(a.X), "obs": table(a.obs), "var": table(a.var), **slots,
        "uns": {str(k): value(v) for k, v in a.uns.items()},
        "raw": None if raw is None else {
            "X": aligned(raw.X), "var": table(raw.var), "varm": {k: aligned(v) for k, v in raw.varm.items()},
        },
    }


def loom(path):
    """What is in a loom file, by h5py alone, turned around as anndata does."""
    def names(group, usual):
        if usual in group:
            return [plain(v) for v in group[usual][...].ravel().tolist()]
        return None

    with h5py.File(path) as h:
        # anndata takes the layer "spliced" for X where there is one, and keeps the main matrix as a layer.
        planes = {k: v for k, v in h.get("layers", {}).items()}
        main = planes.get("spliced", h["matrix"])
        if "spliced" in planes:
            planes["matrix"] = h["matrix"]
        obs, var = names(h["col_attrs"], "CellID"), names(h["row_attrs"], "Gene")
        a = ad.AnnData(sp.csr_matrix(main[...].T.astype("f4")))
        if obs is not None:
            a.obs_names = pd.Index([str(v) for v in obs], name="CellID")
        if var is not None:
            a.var_names = pd.Index([str(v) for v in var], name="Gene")
        for k in planes:
            a.layers[k] = sp.csr_matrix(planes[k][...].T)
        for group, frame, arrays, used in (("col_attrs", a.obs, a.obsm, "CellID"), ("row_attrs", a.var, a.varm, "Gene")):
            for k in h[group]:
                if k != used:
                    v = h[group][k]
                    # anndata itself refuses attributes of several columns.
                    (frame if v.ndim == 1 else arrays)[k] = v.asstr()[...] if v.dtype.kind in "OS" else v[...]
        return a


def read(kind, path):
    if kind == "h5ad":
        return ad.read_h5ad(path)
    if kind == "h5mu":
        raise NotImplementedError("mudata is not asked")
    if kind == "10x":
        return sc.read_10x_mtx(path)
    if kind == "10x_h5":
        return sc.read_10x_h5(path)
    if kind == "loom":
        return loom(path)
    if kind == "xlsx":
        a = ad.io.read_excel(path, 0)
        a.X = a.X.astype("f4")
        return a
    if kind == "csv":
        return ad.io.read_csv(path)
    if kind == "text":
        return ad.io.read_text(path)
    plain = path.removesuffix(".gz")
    if plain.endswith(".mtx"):
        return ad.io.read_mtx(path)
    if plain.endswith(".csv"):
        return ad.io.read_csv(path)
    return ad.io.read_text(path, "\t" if plain.endswith((".tsv", ".tab")) else None)


for line in sys.stdin:
    kind, path = line.rstrip("\n").split("\t")
    try:
        answer = {"dump": dump(read(kind, path))}
    except BaseException as e:
        if isinstance(e, KeyboardInterrupt):
            raise
        answer = {"error": {"type": type(e).__name__, "message": str(e)[:500]}}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
