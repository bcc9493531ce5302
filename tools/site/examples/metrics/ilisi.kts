// data: harmonised
listOf("X_pca", "X_pca_harmony").associateWith { sc.metrics.ilisi(adata, "batch", useRep = it) }
