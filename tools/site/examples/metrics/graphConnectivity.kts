// data: harmonised
sc.metrics.graphConnectivity(adata, "cell_type", useRep = "X_pca_harmony")
