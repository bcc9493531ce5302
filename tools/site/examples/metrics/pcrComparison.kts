// data: harmonised
sc.metrics.pcrComparison(adata, "batch", useRep = "X_pca_harmony")
