"""Writes one small .h5ad with every type of element that anndata writes, and some that it only reads.

    python tools/reference/encodings.py jvm-core/src/test/resources/reference/encodings/encodings.h5ad
"""
import sys

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import scipy.sparse as sp

N, M = 7, 5
path = sys.argv[1]
rng = np.random.default_rng(0)


def sparse(rows, columns, form, share=0.5, dtype=np.float64):
    return sp.random(rows, columns, share, form, dtype=dtype, random_state=rng)


cells = pd.Index([f"cell {i}" for i in range(N)])
a = ad.AnnData(sparse(N, M, "csr", dtype=np.float32))
a.obs = pd.DataFrame({
    "i8": np.arange(N, dtype=np.int8), "u16": np.arange(N, dtype=np.uint16), "i64": np.arange(N) * 2**40,
    "f64": rng.normal(size=N), "f32nan": np.array([np.nan, *range(1, N)], np.float32), "bool": rng.random(N) > 0.5,
    "string": [f"s{i}é" for i in range(N)], "cat": pd.Categorical([*"abcabc", None]),
    "cat_ordered": pd.Categorical([*"lohilol"], categories=[*"lohi"], ordered=True),
    "cat_int": pd.Categorical([1, 2, 1, 2, 1, 2, 1]),
    "nullable_int": pd.array([1, None, 3, 4, 5, 6, 7], dtype="Int32"),
    "nullable_bool": pd.array([True, None, False, True, True, False, None], dtype="boolean"),
}, index=cells)
a.var_names = [f"gene_{i}" for i in range(M)]
a.obsm["dense"] = rng.normal(size=(N, 3))
a.obsm["frame"] = pd.DataFrame({"a": np.arange(N), "b": [*"xyzxyzx"]}, index=cells)
a.obsm["sparse"] = sparse(N, 4, "csc")
a.varm["PCs"] = rng.normal(size=(M, 2))
a.obsp["graph"] = sparse(N, N, "csr", 0.3)
a.varp["dense"] = rng.normal(size=(M, M))
a.layers["counts_csc"] = sparse(N, M, "csc")
a.layers["dense_i32"] = rng.integers(0, 9, (N, M)).astype(np.int32)
a.uns = {
    "int": 3, "float": 2.5, "bool": True, "str": "text", "list": ["a", "b"], "nested": {"deep": {"arr": np.arange(3)}},
    "none": None, "empty": {}, "cat_colors": ["#ff0000", "#00ff00", "#0000ff"],
    "rec": np.array([("g1", 1.0), ("g2", 2.0)], dtype=[("names", "O"), ("scores", "f4")]),
    "empty_strings": np.array([], dtype=object), "zero_rows": np.zeros((0, 3)),
}
a.raw = a.copy()
ad.settings.allow_write_nullable_strings = True
a.write_h5ad(path)


def add(group, name, encoding, **dataset):
    d = group.create_dataset(name, **dataset)
    d.attrs["encoding-type"], d.attrs["encoding-version"] = encoding


with h5py.File(path, "a") as f:
    plain = ("array", "0.2.0")
    g = f["uns"].create_group("nullable_string")
    g.attrs["encoding-type"], g.attrs["encoding-version"] = "nullable-string-array", "0.1.0"
    add(g, "values", ("string-array", "0.2.0"), data=np.array(["a", "", "c"], object), dtype=h5py.string_dtype())
    add(g, "mask", plain, data=np.array([False, True, False]))
    add(f["uns"], "big_endian", plain, data=np.arange(4, dtype=">i4"))
    add(f["uns"], "half", plain, data=np.arange(4, dtype="f2"))
    add(f["uns"], "fletcher_shuffle_gzip", plain, data=np.arange(10000), chunks=(1000,), compression="gzip",
        shuffle=True, fletcher32=True)
    add(f["uns"], "lzf", plain, data=np.arange(10000.0), chunks=(1000,), compression="lzf")
