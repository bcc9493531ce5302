"""Writes the shipped reference: what scanpy and its peers make of simulated counts.

    python tools/reference/simulated.py jvm-core/src/test/resources/reference/simulated

Needs the versions that the README of that folder names. The counts are drawn here (gamma-Poisson, five types of cells,
two batches) and belong to nobody; every method is called with the arguments that the tests use.
"""
import json
import sys
import warnings
from pathlib import Path

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import scanpy as sc
import scib_metrics as sm
import scipy.sparse as sp
from sklearn.cluster import KMeans
from sklearn.manifold import trustworthiness
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, silhouette_score
from sklearn.neighbors import NearestNeighbors

warnings.filterwarnings("ignore")
CELLS, GENES, TYPES, TOP, NARROW = 280, 700, 5, 250, 40
# Names that figures ask for; the rest are numbered.
NAMED = ("MS4A1 CD79A CD3D CD8A CD14 LYZ ISG15 IFI6 CST3 NKG7 GNLY PPBP FCGR3A IFIT1 IFIT3 ISG20 CCL5 CD74 "
         "HLA-DRA S100A8 S100A9 FTL B2M").split()


def simulate():
    rng = np.random.default_rng(12)
    kind = np.arange(CELLS) % TYPES
    batch = (np.arange(CELLS) >= CELLS // 2).astype(int)
    level = rng.normal(-1, 1.3, GENES)
    level[:len(NAMED)] = 0.5
    program = np.zeros((TYPES, GENES))
    for t in range(TYPES):
        program[t, rng.choice(GENES, GENES // 12, replace=False)] += rng.normal(1.6, 0.6, GENES // 12)
    # Some cells are on their way from one type to the next, so that the types hang together.
    way = np.where(rng.random(CELLS) < 0.3, rng.random(CELLS), 0)[:, None]
    shift = rng.normal(0, 0.35, (2, GENES))
    rate = np.exp(level + (1 - way) * program[kind] + way * program[(kind + 1) % TYPES] + shift[batch])
    rate *= rng.lognormal(np.log(800), 0.45, (CELLS, 1)) / rate.sum(1, keepdims=True)
    counts = rng.poisson(rate * rng.gamma(4, 0.25, rate.shape)).astype(np.float32)
    counts[:, -5:] = 0
    counts[:2, -5:-2] = 1
    names = NAMED + [f"G{i:03d}" for i in range(GENES - len(NAMED))]
    cells = [f"c{i}-{'ctrl' if b == 0 else 'stim'}" for i, b in enumerate(batch)]
    obs = pd.DataFrame({"batch": pd.Categorical(np.where(batch == 0, "ctrl", "stim")),
                        "cell_type": pd.Categorical([f"type{t}" for t in kind])}, index=cells)
    return ad.AnnData(sp.csr_matrix(counts), obs=obs, var=pd.DataFrame(index=names))


def to_variable_genes(x):
    x.uns["unfiltered"] = {"X": x.X.copy(), "obs": x.obs_names.to_numpy(), "var": x.var_names.to_numpy(),
                           "batch": x.obs["batch"].cat.codes.to_numpy()}
    sc.pp.calculate_qc_metrics(x, percent_top=[50, 100], inplace=True)
    sc.pp.filter_cells(x, min_genes=200)
    sc.pp.filter_genes(x, min_cells=3)
    x.layers["counts"] = x.X.copy()
    sc.pp.normalize_total(x, target_sum=1e4)
    sc.pp.log1p(x)
    counted = {"n_top_genes": TOP, "layer": "counts"}
    for flavor, more in {"seurat": {}, "cell_ranger": {"n_top_genes": TOP}, "seurat_v3": counted,
                         "seurat_v3_paper": counted, "pearson_residuals": counted}.items():
        for key in (None, "batch"):
            choose = sc.experimental.pp if flavor == "pearson_residuals" else sc.pp
            table = choose.highly_variable_genes(x, flavor=flavor, batch_key=key, inplace=False, **more)
            if len(table) == x.n_vars and not table.index.isin(x.var_names).all():
                table.index = x.var_names
            table = table.reindex(x.var_names)
            for column in table.columns.difference(["gene_name", "mean_bin"]):
                x.var[f"{flavor}{'_batch' if key else ''}:{column}"] = table[column].to_numpy()
    sc.pp.highly_variable_genes(x, n_top_genes=TOP, batch_key="batch")


def embed(x):
    sc.pp.pca(x, n_comps=30)
    # The tests read an embedding under this key; it is not Harmony's, which is no part of this file.
    pcs = x.obsm["X_pca"].astype(np.float64)
    for name in ("ctrl", "stim"):
        pcs[x.obs["batch"] == name] -= pcs[x.obs["batch"] == name].mean(0)
    x.obsm["X_pca_harmony"] = pcs
    sc.pp.neighbors(x, use_rep="X_pca_harmony")
    sc.pp.neighbors(x, use_rep="X_pca", n_neighbors=30, method="gauss", key_added="gauss30")
    sc.tl.umap(x)
    sc.tl.leiden(x, flavor="igraph", n_iterations=2, directed=False)
    sc.tl.leiden(x, key_added="leiden_rb", resolution=3)
    sizes = x.obs["leiden"].value_counts().reindex(x.obs["leiden"].cat.categories)
    sc.tl.paga(x, groups="leiden")
    x.uns["leiden_sizes"] = sizes.to_numpy()
    sc.tl.diffmap(x)
    sc.tl.dendrogram(x, "leiden", use_rep="X_pca_harmony")
    sc.tl.tsne(x, use_rep="X_pca_harmony", random_state=0)


def differ(x):
    ranked = {"n_genes": 150}
    sc.tl.rank_genes_groups(x, "leiden", method="t-test", key_added="ttest", pts=True, **ranked)
    sc.tl.rank_genes_groups(x, "leiden", method="t-test_overestim_var", key_added="ttest_over", **ranked)
    sc.tl.rank_genes_groups(x, "leiden", method="wilcoxon", key_added="wilcoxon", **ranked)
    sc.tl.rank_genes_groups(x, "batch", groups=["stim"], reference="ctrl", method="wilcoxon", tie_correct=True,
                            key_added="stim_vs_ctrl", **ranked)


def correct(x):
    narrow = x[:, np.flatnonzero(x.var["highly_variable"])[:NARROW]].copy()
    x.uns["hvg200"] = np.array(narrow.var_names)
    for name, change in {"combat": lambda a: sc.pp.combat(a, "batch"),
                         "regress_out": lambda a: sc.pp.regress_out(a, ["total_counts"]),
                         "scale": lambda a: sc.pp.scale(a, max_value=10)}.items():
        part = narrow.copy()
        part.X = part.X.toarray()
        change(part)
        x.obsm[f"{name}_hvg200"] = np.asarray(part.X, np.float32)


def overlap(x, y, k=15):
    a, b = (NearestNeighbors(n_neighbors=k).fit(m).kneighbors(return_distance=False) for m in (x, y))
    return np.mean([len(set(p) & set(q)) / k for p, q in zip(a, b)])


def over_seeds(x):
    """Means and spreads of methods that draw random numbers."""
    rep, out = x.obsm["X_pca_harmony"], {}
    inertias = [KMeans(8, n_init=1, random_state=s).fit(rep).inertia_ for s in range(40)]
    out["kmeans_inertia"], out["kmeans_inertia_sd"] = np.mean(inertias), np.std(inertias)
    for name, one in {"umap": lambda s: sc.tl.umap(x, random_state=s, copy=True).obsm["X_umap"],
                      "tsne": lambda s: sc.tl.tsne(x, use_rep="X_pca_harmony", random_state=s, copy=True).obsm["X_tsne"]
                      }.items():
        maps = [one(s) for s in range(5)]
        out[f"{name}_trustworthiness_range"] = np.ptp([trustworthiness(rep, m, n_neighbors=15) for m in maps])
        out[f"{name}_overlap_range"] = np.ptp([overlap(rep, m) for m in maps])
    import igraph

    w = sp.triu(x.obsp["connectivities"], 1).tocoo()
    g = igraph.Graph(n=x.n_obs, edges=list(zip(w.row.tolist(), w.col.tolist())), directed=False)
    weights = w.data.astype(float).tolist()
    leiden, louvain, plain = [], [], []
    for s in range(20):
        igraph.set_random_number_generator(__import__("random").Random(s))
        leiden.append(g.community_leiden("modularity", weights=weights, n_iterations=2).modularity)
        louvain.append(g.modularity(g.community_multilevel(weights=weights).membership, weights=weights))
        plain.append(g.modularity(g.community_multilevel().membership))
    out["leiden_here"] = g.modularity(x.obs["leiden"].cat.codes.tolist(), weights=weights)
    leiden = [g.modularity(m, weights=weights) if isinstance(m, list) else m for m in leiden]
    out["leiden_modularity"], out["leiden_modularity_range"] = np.mean(leiden), np.ptp(leiden)
    out["louvain_modularity"], out["louvain_modularity_unweighted"] = np.mean(louvain), np.mean(plain)
    # The mean over pairs of the squared relative error of their distance, at the best scale.
    pairs = np.triu_indices(x.n_obs, 1)
    steps = np.array(g.distances())[pairs]
    places = np.array(g.layout_kamada_kawai().coords)
    share = np.linalg.norm(places[pairs[0]] - places[pairs[1]], axis=1) / steps
    out["kamada_kawai_stress"] = np.mean((share * share.sum() / (share**2).sum() - 1) ** 2)
    return {k: float(v) for k, v in out.items()}


def measure(x):
    labels, batches = x.obs["leiden"].to_numpy(), x.obs["batch"].to_numpy()
    out = {}
    for rep in ("X_pca", "X_pca_harmony"):
        e = x.obsm[rep].astype(np.float32)
        found = NearestNeighbors(n_neighbors=90, algorithm="brute").fit(e).kneighbors(e)
        # Rounding leaves a cell at some distance of itself, which the kernel of kBET would take for a neighbour's.
        found[0][:, 0] = 0
        nn = sm.nearest_neighbors.NeighborsResults(indices=found[1], distances=found[0].astype(np.float32))
        few = nn.subset_neighbors(15)
        o = {"silhouette_label": sm.silhouette_label(e, labels), "bras": sm.bras(e, labels, batches),
             "silhouette_batch": sm.silhouette_batch(e, labels, batches), "ilisi_knn": sm.ilisi_knn(nn, batches),
             "clisi_knn": sm.clisi_knn(nn, labels), "graph_connectivity": sm.graph_connectivity(few, labels),
             "isolated_labels": sm.isolated_labels(e, labels, batches),
             "kbet_per_label": sm.kbet_per_label(nn.subset_neighbors(50), batches, labels),
             "pcr_comparison": sm.pcr_comparison(x.obsm["X_pca"], e, batches, categorical=True),
             "silhouette_sklearn": silhouette_score(e, labels)}
        o.update({f"kmeans_{k}": v for k, v in sm.nmi_ari_cluster_labels_kmeans(e, labels).items()})
        out[rep] = {k: float(v) for k, v in o.items()}
    out["leiden_vs_leiden_rb"] = {"ari": adjusted_rand_score(labels, x.obs["leiden_rb"]),
                                  "nmi": normalized_mutual_info_score(labels, x.obs["leiden_rb"])}
    return out


def repack(source, target):
    """The same file in a third less room: bytes shuffled before they are compressed, small arrays as they are."""

    def copy(name, item):
        if isinstance(item, h5py.Group):
            made = target.require_group(name)
        elif not item.chunks or item.dtype.kind not in "iufb":
            source.copy(item, target, name)
            return
        elif item.size * item.dtype.itemsize > 4096:
            made = target.create_dataset(name, data=item[()], chunks=item.shape, compression="gzip", compression_opts=9,
                                         shuffle=True)
        else:
            made = target.create_dataset(name, data=item[()])
        for key, value in item.attrs.items():
            made.attrs.create(key, value, dtype=item.attrs.get_id(key).dtype)

    for key, value in source.attrs.items():
        target.attrs[key] = value
    source.visititems(copy)


def main(folder):
    x = simulate()
    to_variable_genes(x)
    embed(x)
    differ(x)
    correct(x)
    numbers = measure(x)
    numbers["over_seeds"] = over_seeds(x)
    numbers["versions"] = {m.__name__: m.__version__ for m in (np, pd, sc, ad, sm)}
    (folder / "metrics.json").write_text(json.dumps(numbers, indent=1) + "\n")
    x.varm["PCs"] = x.varm["PCs"].astype(np.float32)
    for name in ("gauss30_connectivities", "gauss30_distances"):
        x.obsp[name] = x.obsp[name].astype(np.float32)
    loose = folder / "loose.h5ad"
    x.write_h5ad(loose, compression="gzip")
    with h5py.File(loose) as source, h5py.File(folder / "scanpy.h5ad", "w") as target:
        repack(source, target)
    loose.unlink()
    print(x, json.dumps(numbers, indent=1))


main(Path(sys.argv[1]))
