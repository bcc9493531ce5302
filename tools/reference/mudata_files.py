"""Writes small .h5mu files with mudata: cells in only some modalities, an empty modality, every kind of column.

    python tools/reference/mudata_files.py jvm-core/src/test/resources/reference/mudata
"""
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

import anndata
import mudata
import numpy as np
import pandas as pd
import scipy.sparse as sp

warnings.simplefilter("ignore")
folder = Path(sys.argv[1])
release = "_".join(version("mudata").split(".")[:2])


def modality(cells, features, **columns):
    x = np.arange(len(cells) * len(features), dtype="f4").reshape(len(cells), len(features))
    return anndata.AnnData(x, obs=pd.DataFrame(columns, index=list(cells)), var=pd.DataFrame(index=list(features)))


def both():
    rna = modality("cab", ["g1", "g2", "x"], n=[1, 2, 3], batch=pd.Categorical(list("pqp")), text=["u", "v", "w"])
    rna.X = sp.csr_matrix(rna.X)
    rna.layers["counts"] = rna.X.copy()
    rna.obs["maybe"] = pd.array([1, None, 3], dtype="Int64")
    rna.obs["flag"] = pd.array([True, None, False], dtype="boolean")
    rna.var["hv"] = [True, False, True]
    rna.uns["deep"] = {"er": {"n": 1, "words": np.array(["a", "b"], dtype=object)}}
    adt = modality("bda", ["p1", "x"], n=[5, 6, 7], score=[0.5, 1.5, np.nan])
    adt.var["hv"] = [True, True]
    return {"rna": rna, "adt": adt}


shared = mudata.MuData({**both(), "empty": modality("", ["q"])})
shared.obs["site"] = pd.Categorical(["s1", "s2", "s1", "s2"])
shared.obs["age"] = [30.0, 40.0, np.nan, 50.0]
shared.obsm["X_umap"] = np.arange(8.0).reshape(4, 2)
shared.obsp["distances"] = sp.csr_matrix(np.arange(16.0).reshape(4, 4))
shared.varm["loadings"] = np.arange(12.0).reshape(6, 2)
shared.uns["tree"] = {"a": {"b": 1, "c": "text"}, "list": np.array([1, 2, 3])}
shared.write(folder / f"shared_cells_{release}.h5mu")

features = both()
features["adt"].obs_names = ["b2", "d", "a2"]
mudata.MuData(features, axis=1).write(folder / f"shared_features_{release}.h5mu")
