// data: harmonised
sc.metrics.datasetAlignment(adata, "batch", useRep = "X_pca_harmony")
