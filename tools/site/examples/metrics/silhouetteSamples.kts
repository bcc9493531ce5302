// data: clustered
adata.obs["width"] = sc.metrics.silhouetteSamples(adata, "cell_type")
sc.pl.umap(adata, color = "width")
