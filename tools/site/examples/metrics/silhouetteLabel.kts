// data: harmonised
sc.metrics.silhouetteLabel(adata, "cell_type", useRep = "X_pca_harmony")
