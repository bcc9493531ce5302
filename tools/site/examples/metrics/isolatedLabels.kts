// data: harmonised
sc.metrics.isolatedLabels(adata, "batch", "cell_type", useRep = "X_pca_harmony", maxBatches = 2)
