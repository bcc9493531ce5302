// data: harmonised
sc.metrics.bras(adata, "batch", "cell_type", useRep = "X_pca_harmony")
