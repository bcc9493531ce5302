// data: harmonised
sc.metrics.kbetPerLabel(adata, "batch", "cell_type", useRep = "X_pca_harmony")
