// data: harmonised
sc.metrics.lisi(adata, listOf("batch", "cell_type"), useRep = "X_pca_harmony").head()
