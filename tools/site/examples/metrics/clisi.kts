// data: harmonised
listOf("X_pca", "X_pca_harmony").associateWith { sc.metrics.clisi(adata, "cell_type", useRep = it) }
