// data: clustered
adata.obsm["spatial"] = adata.obsm["X_umap"]!!
sc.pl.spatial(adata, color = "cell_type", spotSize = 0.4)
