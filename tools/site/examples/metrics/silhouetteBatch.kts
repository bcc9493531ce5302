// data: harmonised
sc.metrics.silhouetteBatch(adata, "batch", "cell_type", useRep = "X_pca_harmony")
