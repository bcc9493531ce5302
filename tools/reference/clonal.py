"""Writes simulated barcoded cells and what clone2vec 0.1.1 (PyPI) makes of them, verb by verb.

    python tools/reference/clonal.py jvm-core/src/test/resources/reference/clonal
"""
import sys
import warnings

import anndata as ad
import clone2vec as c2v
import numpy as np
import pandas as pd
import scipy.sparse as sp

warnings.filterwarnings("ignore")
folder = sys.argv[1]
rng = np.random.default_rng(7)
N, GENES, CLONES = 130, 12, 24

kind = rng.integers(0, 4, N)
a = ad.AnnData(sp.csr_matrix(rng.poisson(rng.gamma(0.5, 2, (4, GENES))[kind]).astype(np.float32)))
a.obs_names, a.var_names = [f"cell{i}" for i in range(N)], [f"gene{j}" for j in range(GENES)]
centres = rng.normal(0, 2, (4, 5))
a.obsm["X_pca"] = centres[kind] + rng.normal(size=(N, 5))
a.layers["scaled"] = rng.normal(size=(N, GENES))
clone = rng.choice(CLONES, N, p=np.arange(1, CLONES + 1) / sum(range(1, CLONES + 1)))
a.obs["clone"] = [f"b{c}" if rng.random() > 0.15 else "NA" for c in clone]
a.obs["second"] = [f"t{t}" if t < 5 else "NA" for t in rng.integers(0, 9, N)]
a.obs["state"] = pd.Categorical(np.array(["Ery", "Meg", "Mono", "Baso"])[kind], categories=["Ery", "Meg", "none", "Mono", "Baso"])
a.obs["well"] = np.where(clone % 2 == 0, "w1", "w2")
a.obs["early"] = rng.random(N) < 0.2
a.obs["late"] = rng.random(N) < 0.2

clones = c2v.pp.clones_adata(a, min_size=3, fill_obs="state")
clones.obs["kind"] = pd.Categorical(np.where(np.arange(clones.n_obs) % 3 == 0, "p", "q"))
c2v.pp.transfer_annotation(a, clones, annotation_obs_clones="kind")
c2v.pp.transfer_annotation(a, clones, annotation_obs_adata="well")
c2v.tl.clonal_nn(a, clones, k=7, obsp_name="split", split_by="well")
c2v.tl.clonal_nn(a, clones, k=7, obsp_name="masked", mask_obs=[a.obs["early"], a.obs["late"]])
c2v.tl.clonal_nn(a, clones, k=7)
first = a[a.obs["well"] == "w1"].copy()
theirs = clones[clones.obs["gex_well"] == "w1"].copy()
c2v.tl.clonal_nn(a, clones, k=7, adata_ref=first, clones_ref=theirs)
clones.uns["reference"] = np.array(theirs.obs_names, dtype=str)


def write(made, name):
    """What the verb has made, without what it copies from the clones."""
    for key in set(made.obsm) - {"mask"}:
        del made.obsm[key]
    del made.obsp
    made.uns = {}
    made.write_h5ad(f"{folder}/{name}.h5ad", compression="gzip")


unique = c2v.pp.make_unique_clones(a, ["clone", "second"], final_obs_name="both").copy()
write(ad.AnnData(obs=unique.obs[["both"]]), "injections")
write(c2v.pp.recalc_composition(a, clones, "well"), "composition")
write(c2v.pp.transfer_expression(a, clones, split_obs="state"), "average")
grouped = {"layer": "scaled", "strategy": "sum", "use_col": "kind"}
write(c2v.pp.transfer_expression(a, clones, split_obs="state", **grouped), "sum")
a.write_h5ad(f"{folder}/cells.h5ad", compression="gzip")
clones.write_h5ad(f"{folder}/clones.h5ad", compression="gzip")
