"""muon's weighted nearest neighbours of 400 paired blood cells, as it is and with exact searches.

python tools/reference/wnn.py QUICKSTART.h5mu OUT.h5 (see README of the fixtures). muon 0.2.0 (BSD) looks for the cells of
the smallest Jaccard index, and for candidates, by descent on a graph; "exact" replaces that by all pairs of cells.
"""
import sys
import warnings

import anndata as ad
import h5py
import mudata as md
import muon as mu
import numpy as np
import scanpy as sc
from muon import pp
from scipy.spatial.distance import cdist

warnings.filterwarnings("ignore")
K, RANGE = 20, 200
descent = pp.nearest_neighbors


def exact(x, n_neighbors, metric, metric_kwds, **others):
    if isinstance(metric, str):
        d = cdist(x, x, metric)
        np.fill_diagonal(d, -1)
    else:
        x = x.astype(np.float32)
        d = np.array([[metric(a, b, *metric_kwds.values()) for b in x] for a in x])
    order = np.argsort(d, axis=1, kind="stable")[:, :n_neighbors]
    return order, np.maximum(np.take_along_axis(d, order, 1), 0), None


def components(a, n):
    a = a.copy()
    sc.pp.normalize_total(a)
    sc.pp.log1p(a)
    sc.pp.scale(a)
    sc.pp.pca(a, n_comps=n)
    return a.obsm["X_pca"].astype(np.float32)


def run(parts, search):
    pp.nearest_neighbors = search
    mods = {}
    for name, x in parts.items():
        a = ad.AnnData(np.zeros((len(x), 1), np.float32))
        a.obsm["X_rep"] = x.astype(np.float64)
        mu.pp.l2norm(a, rep="X_rep")
        sc.pp.neighbors(a, n_neighbors=K + 1, use_rep="X_rep", transformer="sklearn")
        # muon counts shared neighbours by merging rows, which are in order of distance as scanpy leaves them
        a.obsp["distances"].sort_indices()
        mods[name] = a
    mdata = mu.MuData(mods)
    mu.pp.neighbors(mdata, n_neighbors=K, n_multineighbors=RANGE)
    weights = np.stack([mdata.obs[name + ":mod_weight"] for name in parts], 1)
    found = mdata.obsp["distances"]
    n = mdata.n_obs
    rows, gaps = found.indices.reshape(n, -1), found.data.reshape(n, -1)
    order = np.argsort(gaps, axis=1, kind="stable")[:, :K]
    return weights, np.take_along_axis(rows, order, 1), np.take_along_axis(gaps, order, 1)


def main(source, out):
    mdata = md.read_h5mu(source)
    rna, adt = (a[a.obs["batch"] == "p3_0"].copy() for a in (mdata["rna"], mdata["adt"]))
    adt = adt[rna.obs_names].copy()
    x, y = components(rna, 30), components(adt, 20)
    parts = {
        "two": {"rna": x, "adt": y},
        "three": {"first": x[:, :12], "second": x[:, 12:], "adt": y},
    }
    with h5py.File(out, "w") as f:
        put = lambda name, value: f.create_dataset(name, data=value, compression="gzip", shuffle=True)
        put("rna", x)
        put("adt", y)
        put("type", rna.obs["celltype"].astype("category").cat.codes.astype(np.int32))
        for name, reps in parts.items():
            for how, search in (("exact", exact), ("descent", descent)):
                weights, rows, gaps = run(reps, search)
                put(f"{name}/{how}/weights", weights)
                put(f"{name}/{how}/indices", rows.astype(np.int32))
                if how == "exact":
                    put(f"{name}/{how}/distances", gaps)


main(*sys.argv[1:])
