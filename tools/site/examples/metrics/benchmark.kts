// data: harmonised
sc.metrics.benchmark(adata, "batch", "cell_type", embeddings = listOf("X_pca", "X_pca_harmony"))
