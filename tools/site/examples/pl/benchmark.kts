// data: harmonised
val table = sc.metrics.benchmark(adata, "batch", "cell_type", embeddings = listOf("X_pca", "X_pca_harmony"))
sc.pl.benchmark(table)
