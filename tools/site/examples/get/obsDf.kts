// data: clustered
sc.get.obsDf(adata, keys = listOf("cell_type", adata.varNames[0]), obsmKeys = listOf("X_umap" to 0)).head()
