"""Draws one file with scanpy, for tools/check/figures/run.   python scanpy_side.py FILE OUT STYLE [VERB ...]"""
import os
import sys
import warnings

import matplotlib

matplotlib.use("Agg")
import anndata as ad
import matplotlib.pyplot as plt
import scanpy as sc

warnings.filterwarnings("ignore")
file, out, style, *chosen = sys.argv[1:]
sc.settings.autoshow = False
sc.settings.verbosity = 0
if style == "scanpy":
    sc.settings.set_figure_params(dpi=80, facecolor="white")
os.makedirs(out, exist_ok=True)
whole = ad.read_h5ad(file)
kang = "MS4A1" in whole.var_names
genes = (
    {"B": ["MS4A1", "CD79A"], "T": ["CD3D", "CD8A"], "Mono": ["CD14", "LYZ"], "IFN": ["ISG15", "IFI6"]}
    if kang
    else {"B": ["Gene1", "Gene2", "Gene3"], "T": ["Gene4", "Gene5"], "Stromal": ["Gene6"], "other": ["Gene7", "Gene8", "Gene9"]}
)
flat = sum(genes.values(), [])
a, b = flat[0], flat[-2]
groups = list(whole.obs["leiden"].cat.categories)
qc = ["n_genes_by_counts", "total_counts", "pct_counts_in_top_50_genes"]

verbs = {
    "umap": lambda x: sc.pl.umap(x, color="leiden"),
    "umap_gene": lambda x: sc.pl.umap(x, color=a),
    "umap_plain": lambda x: sc.pl.umap(x),
    "umap_grid": lambda x: sc.pl.umap(x, color=["batch", "leiden", b, "total_counts"], ncols=2),
    "umap_row": lambda x: sc.pl.umap(x, color=["batch", a, b], frameon=False),
    "umap_on_data": lambda x: sc.pl.umap(x, color="leiden", legend_loc="on data", legend_fontsize="small", legend_fontoutline=2, title="clusters"),
    "umap_groups": lambda x: sc.pl.umap(x, color="leiden", groups=groups[:3]),
    "umap_gaps": lambda x: sc.pl.umap(x, color=["gaps", "numbers_with_gaps"]),
    "umap_vcenter": lambda x: sc.pl.umap(x, color="signed", vcenter=0, cmap="RdBu_r"),
    "umap_outline": lambda x: sc.pl.umap(x, color="leiden", add_outline=True, legend_loc="on data", legend_fontsize=12, legend_fontoutline=2, frameon=False, palette="Set1"),
    "umap_edges": lambda x: sc.pl.umap(x, color="leiden", edges=True),
    "pca": lambda x: sc.pl.pca(x, color="batch", annotate_var_explained=True),
    "tsne": lambda x: sc.pl.tsne(x, color="batch"),
    "diffmap": lambda x: sc.pl.diffmap(x, color="leiden", components=["1,2", "2,3"]),
    "draw_graph": lambda x: sc.pl.draw_graph(x, color="leiden"),
    "umap_3d": lambda x: sc.pl.pca(x, color="leiden", projection="3d"),
    "embedding_density": lambda x: sc.pl.embedding_density(x, basis="umap", key="umap_density_batch"),
    "scatter": lambda x: sc.pl.scatter(x, x="total_counts", y="n_genes_by_counts", color="pct_counts_in_top_50_genes"),
    "scatter_groups": lambda x: sc.pl.scatter(x, x="total_counts", y="n_genes_by_counts", color="leiden"),
    "violin": lambda x: sc.pl.violin(x, qc[:2], groupby="batch"),
    "violin_multi": lambda x: sc.pl.violin(x, qc, jitter=0.4, multi_panel=True),
    "violin_genes": lambda x: sc.pl.violin(x, [a, b], groupby="leiden", rotation=90),
    "stacked_violin": lambda x: sc.pl.stacked_violin(x, genes, groupby="leiden", dendrogram=True),
    "stacked_violin_swapped": lambda x: sc.pl.stacked_violin(x, genes, groupby="leiden", swap_axes=True),
    "dotplot": lambda x: sc.pl.dotplot(x, genes, groupby="leiden", dendrogram=True),
    "dotplot_plain": lambda x: sc.pl.dotplot(x, flat, groupby="leiden", standard_scale="var"),
    "dotplot_swapped": lambda x: sc.pl.dotplot(x, genes, groupby="leiden", swap_axes=True),
    "matrixplot": lambda x: sc.pl.matrixplot(x, genes, groupby="leiden", dendrogram=True, cmap="Blues", standard_scale="var", colorbar_title="column scaled\nexpression"),
    "matrixplot_swapped": lambda x: sc.pl.matrixplot(x, genes, groupby="leiden", swap_axes=True),
    "heatmap": lambda x: sc.pl.heatmap(x, genes, groupby="leiden", show_gene_labels=True, dendrogram=True),
    "heatmap_swapped": lambda x: sc.pl.heatmap(x, genes, groupby="leiden", swap_axes=True),
    "tracksplot": lambda x: sc.pl.tracksplot(x, genes, groupby="leiden", dendrogram=True),
    "clustermap": lambda x: sc.pl.clustermap(x[:300, flat].copy(), obs_keys="leiden"),
    "dendrogram": lambda x: sc.pl.dendrogram(x, "leiden"),
    "correlation_matrix": lambda x: sc.pl.correlation_matrix(x, "leiden"),
    "rank_genes_groups": lambda x: sc.pl.rank_genes_groups(x, n_genes=20, sharey=False),
    "rank_genes_groups_violin": lambda x: sc.pl.rank_genes_groups_violin(x, groups=groups[0], n_genes=8),
    "rank_genes_groups_dotplot": lambda x: sc.pl.rank_genes_groups_dotplot(x, n_genes=4),
    "rank_genes_groups_dotplot_lfc": lambda x: sc.pl.rank_genes_groups_dotplot(x, n_genes=3, values_to_plot="logfoldchanges", vmin=-4, vmax=4, cmap="bwr"),
    "rank_genes_groups_matrixplot": lambda x: sc.pl.rank_genes_groups_matrixplot(x, n_genes=3),
    "rank_genes_groups_stacked_violin": lambda x: sc.pl.rank_genes_groups_stacked_violin(x, n_genes=3),
    "rank_genes_groups_heatmap": lambda x: sc.pl.rank_genes_groups_heatmap(x, n_genes=5),
    "rank_genes_groups_tracksplot": lambda x: sc.pl.rank_genes_groups_tracksplot(x, n_genes=3),
    "pca_variance_ratio": lambda x: sc.pl.pca_variance_ratio(x, n_pcs=50, log=True),
    "pca_loadings": lambda x: sc.pl.pca_loadings(x, components="1,2,3"),
    "highly_variable_genes": lambda x: sc.pl.highly_variable_genes(x),
    "highest_expr_genes": lambda x: sc.pl.highest_expr_genes(x, n_top=20),
    "scrublet_score_distribution": lambda x: sc.pl.scrublet_score_distribution(x),
    "paga": lambda x: sc.pl.paga(x, color="leiden"),
    "paga_gene": lambda x: sc.pl.paga(x, color=["leiden", a]),
    "paga_compare": lambda x: sc.pl.paga_compare(x, basis="umap"),
    "paga_path": lambda x: (sc.pl.paga(x), sc.pl.paga_path(x, groups[:3], flat[:4], n_avg=20)),
    "dpt_groups_pseudotime": lambda x: sc.pl.dpt_groups_pseudotime(x),
    "dpt_timeseries": lambda x: sc.pl.dpt_timeseries(x[:, flat].copy()),
}
for name in chosen or verbs:
    plt.close("all")
    try:
        verbs[name](whole.copy())
        plt.savefig(f"{out}/{name}.png", dpi=160 if style == "scanpy" else 200, bbox_inches="tight")
    except Exception as e:
        print(f"scanpy: {name}: {type(e).__name__}: {e}")
