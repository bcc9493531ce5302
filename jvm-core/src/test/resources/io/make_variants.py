"""Write AnnData files in the storage variants that HDF5 allows, for H5adVariantsTest.

    python make_variants.py FOLDER
"""
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
import anndata as ad
import h5py
import numpy as np
import pandas as pd
import scipy.sparse as sp

folder = Path(sys.argv[1])
rng = np.random.default_rng(0)


def small(n=40, m=12, fmt="csr", dtype=np.float32):
    a = ad.AnnData(sp.random(n, m, 0.4, fmt, dtype=dtype, random_state=0))
    a.obs = pd.DataFrame(
        {"g": pd.Categorical(rng.choice(list("abc"), n)), "v": rng.normal(size=n), "s": [f"t{i % 7}" for i in range(n)]},
        index=[f"cell{i}" for i in range(n)],
    )
    a.var_names = [f"gène{i}" for i in range(m)]
    a.obsm["X_pca"] = rng.normal(size=(n, 3)).astype(np.float32)
    a.layers["dense"] = rng.integers(0, 9, (n, m)).astype(np.int16)
    a.uns["d"] = {"a": np.arange(6).reshape(2, 3), "none": None, "t": "x"}
    return a


def encode(item, kind, version):
    item.attrs["encoding-type"], item.attrs["encoding-version"] = kind, version


def replace_sparse(path, **kwargs):
    """Rewrites X with other element types or storage."""
    with h5py.File(path, "a") as f:
        for name in ("data", "indices", "indptr"):
            values = f["X"][name][:]
            del f["X"][name]
            options = dict(kwargs.get("options", {}))
            f["X"].create_dataset(name, data=values.astype(kwargs.get(name, values.dtype)), **options)


small().write_h5ad(folder / "plain.h5ad")
small(fmt="csc", dtype=np.float64).write_h5ad(folder / "csc64.h5ad")
for name, kwargs in {
    "unsigned": {"indices": "u1", "indptr": "u2"},
    "int64": {"indices": "i8", "indptr": "i8"},
    "many_chunks": {"options": {"chunks": (3,), "compression": "gzip", "shuffle": True, "fletcher32": True}},
    "lzf": {"options": {"chunks": (40,), "compression": "lzf"}},
    "unlimited": {"options": {"chunks": (7,), "maxshape": (None,)}},
}.items():
    small().write_h5ad(folder / f"{name}.h5ad")
    replace_sparse(folder / f"{name}.h5ad", **kwargs)

big = small()
big.write_h5ad(folder / "big_endian.h5ad")
with h5py.File(folder / "big_endian.h5ad", "a") as f:
    for name, kind in (("dense", ">i2"), ("doubles", ">f8")):
        values = f["layers/dense"][:].astype(kind)
        if name in f["layers"]:
            del f["layers"][name]
        encode(f["layers"].create_dataset(name, data=values), "array", "0.2.0")

# Chunk indexes of newer files: single chunk, fixed array, extensible array, B-tree 2, implicit.
base = small()
base.write_h5ad(folder / "base.tmp")
with h5py.File(folder / "base.tmp") as f, h5py.File(folder / "latest.h5ad", "w", libver=("v110", "v110")) as g:
    for k, v in f.attrs.items():
        g.attrs[k] = v
    for k in f:
        f.copy(k, g)
    for name, options in {
        "one": {"chunks": (40, 12)},
        "fixed": {"chunks": (7, 5)},
        "extensible": {"chunks": (7, 5), "maxshape": (None, 12)},
        "btree": {"chunks": (7, 5), "maxshape": (None, None), "compression": "gzip"},
    }.items():
        encode(g["layers"].create_dataset(name, data=rng.normal(size=(40, 12)), **options), "array", "0.2.0")
(folder / "base.tmp").unlink()

# Fixed-length strings, in data and in attributes, a user block, tracked order, compact storage.
small().write_h5ad(folder / "fixed.tmp")
with h5py.File(folder / "fixed.tmp") as f, h5py.File(folder / "fixed.h5ad", "w", userblock_size=1024, track_order=True) as g:
    for k in f:
        f.copy(k, g)
    for k, v in f.attrs.items():
        g.attrs[k] = np.bytes_(v)
    del g["obs/_index"]
    encode(g["obs"].create_dataset("_index", data=np.array([f"cell{i}" for i in range(40)], "S8")), "string-array", "0.2.0")
    g["obsm/X_pca"].attrs["encoding-type"] = np.bytes_("array")
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((5,))
    d = h5py.Dataset(h5py.h5d.create(g["uns"].id, b"compact", h5py.h5t.NATIVE_INT32, space, plist))
    d[...] = np.arange(5, dtype="i4")
    encode(d, "array", "0.2.0")
    encode(g["uns"].create_dataset("unwritten", shape=(4,), dtype="f4"), "array", "0.2.0")
(folder / "fixed.tmp").unlink()

cubes = small()
cubes.write_h5ad(folder / "cubes.h5ad")
with h5py.File(folder / "cubes.h5ad", "a") as f:
    cube = rng.integers(0, 99, (40, 6, 5)).astype("i4")
    for name, options in {
        "plain": {"chunks": (7, 4, 3)},
        "filtered": {"chunks": (7, 4, 3), "compression": "gzip", "shuffle": True, "fletcher32": True},
        "checked": {"chunks": (9, 6, 2), "shuffle": True, "fletcher32": True},
        "lzf": {"chunks": (40, 1, 5), "compression": "lzf"},
    }.items():
        encode(f["obsm"].create_dataset(name, data=cube, **options), "array", "0.2.0")

wide = small()
wide.obsm["wide"] = pd.DataFrame(rng.normal(size=(40, 6000)), index=wide.obs_names, columns=[f"c{i}" for i in range(6000)])
wide.write_h5ad(folder / "wide.h5ad")

empty = ad.AnnData(sp.csr_matrix((0, 3), dtype=np.float32))
empty.write_h5ad(folder / "empty.h5ad")
ad.AnnData(obs=pd.DataFrame(index=["a", "b"])).write_h5ad(folder / "no_x.h5ad")
small(n=500, m=200).write_h5ad(folder / "gzip.h5ad", compression="gzip")
typed = ad.AnnData(np.eye(3, dtype=bool))
for kind in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"):
    typed.layers[kind] = rng.integers(0, 100, (3, 3)).astype(kind)
    typed.uns[kind] = np.dtype(kind).type(7)
    if kind not in ("f2",):
        typed.layers["s" + kind] = sp.csr_matrix(rng.integers(0, 100, (3, 3)).astype(kind))
typed.uns["complex"] = np.complex64(1 + 2j)
typed.uns["complexes"] = np.arange(3) * 1j
typed.layers["sbool"] = sp.csr_matrix(np.eye(3, dtype=bool))
typed.write_h5ad(folder / "typed.h5ad")
