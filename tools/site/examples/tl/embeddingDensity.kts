// data: clustered
sc.tl.embeddingDensity(adata, basis = "umap", groupby = "batch")
sc.pl.embeddingDensity(adata, basis = "umap", key = "umap_density_batch")
