// data: harmonised
sc.metrics.kbetDf(adata, "batch", "cell_type", useRep = "X_pca_harmony")
