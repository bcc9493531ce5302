// data: harmonised
sc.metrics.labelTransferAccuracy(adata, "cell_type", "batch", useRep = "X_pca_harmony")
