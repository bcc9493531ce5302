// data: clustered
sc.tl.embeddingDensity(adata, basis = "umap", groupby = "cell_type")
sc.pl.embeddingDensity(adata, basis = "umap", key = "umap_density_cell_type", ncols = 2)
