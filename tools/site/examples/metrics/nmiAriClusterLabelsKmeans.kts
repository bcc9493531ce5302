// data: harmonised
sc.metrics.nmiAriClusterLabelsKmeans(adata, "cell_type", useRep = "X_pca_harmony")
