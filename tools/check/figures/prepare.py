"""The two files that both sides draw, for tools/check/figures/run.   python prepare.py OUT [KANG]"""
import sys
import warnings

import anndata as ad
import numpy as np
import pandas as pd
import scanpy as sc

warnings.filterwarnings("ignore")
sc.settings.verbosity = 0


def finish(x, key):
    """What the plotting verbs need: ranks, trees, a path, densities, a score with gaps."""
    rng = np.random.default_rng(0)
    x.obs["gaps"] = pd.Categorical(np.where(rng.random(x.n_obs) < 0.2, None, x.obs[key].astype(str)))
    x.obs["numbers_with_gaps"] = np.where(rng.random(x.n_obs) < 0.2, np.nan, rng.normal(size=x.n_obs))
    x.obs["signed"] = x.obsm["X_pca"][:, 0].astype(float)
    sc.tl.rank_genes_groups(x, key, method="wilcoxon", use_raw=False)
    sc.tl.dendrogram(x, key)
    sc.tl.paga(x, key)
    x.uns["iroot"] = int(np.argmax(x.obsm["X_pca"][:, 0]))
    sc.tl.diffmap(x)
    sc.tl.dpt(x, n_branchings=1)
    sc.tl.embedding_density(x, basis="umap", groupby="batch")
    x.uns["draw_graph"] = {"params": {"layout": "fr"}}
    x.obsm["X_draw_graph_fr"] = x.obsm["X_umap"] + rng.normal(scale=0.3, size=(x.n_obs, 2))
    if "X_tsne" not in x.obsm:
        x.obsm["X_tsne"] = x.obsm["X_umap"] * 5
    x.obs["doublet_score"] = rng.beta(2, 9, x.n_obs)
    x.obs["predicted_doublet"] = x.obs["doublet_score"] > 0.4
    x.uns["scrublet"] = {"doublet_scores_sim": rng.beta(3, 6, 2 * x.n_obs), "threshold": 0.4}
    for name in [n for n in x.uns if n.endswith("_colors")]:
        del x.uns[name]
    return x


def kang(path):
    x = ad.read_h5ad(path)
    x.uns["hvg"] = {"flavor": "seurat"}
    keep = ["batch", "n_genes_by_counts", "total_counts", "pct_counts_in_top_50_genes", "leiden"]
    x.obs = x.obs[keep].copy()
    x.uns = {k: x.uns[k] for k in ("log1p", "neighbors", "pca", "hvg", "umap", "diffmap_evals")}
    return finish(x, "leiden")


def simulated():
    """Twelve groups with long names, so that the longer palettes and wide legends are drawn too."""
    rng = np.random.default_rng(1)
    n, p, k = 2400, 300, 12
    codes = rng.integers(0, k, n)
    rate = rng.gamma(0.6, 0.8, (k, p))
    counts = rng.poisson(rate[codes] * rng.gamma(5, 0.2, n)[:, None]).astype("float32")
    x = ad.AnnData(counts, pd.DataFrame(index=[f"c{i}" for i in range(n)]), pd.DataFrame(index=[f"Gene{i}" for i in range(p)]))
    x.obs["batch"] = pd.Categorical(rng.choice(["first donor", "second donor", "third"], n))
    names = [f"{w} cells {i}" for i, w in enumerate(["B", "CD4 T", "CD8 T", "NK", "Monocyte", "Dendritic", "Plasma",
                                                     "Megakaryocyte", "Erythroid", "Mast", "Stem", "Stromal"])]
    x.obs["leiden"] = pd.Categorical([names[c] for c in codes], categories=names)
    sc.pp.calculate_qc_metrics(x, percent_top=[50], log1p=False, inplace=True)
    sc.pp.normalize_total(x)
    sc.pp.log1p(x)
    sc.pp.highly_variable_genes(x, n_top_genes=100)
    sc.pp.pca(x, n_comps=50)
    sc.pp.neighbors(x)
    sc.tl.umap(x)
    return finish(x, "leiden")


out, *files = sys.argv[1:]
for file in files:
    kang(file).write_h5ad(out + "/kang.h5ad")
simulated().write_h5ad(out + "/simulated.h5ad")
