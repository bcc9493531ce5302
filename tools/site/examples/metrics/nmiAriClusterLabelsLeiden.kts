// data: harmonised
sc.metrics.nmiAriClusterLabelsLeiden(adata, "cell_type", useRep = "X_pca_harmony")
