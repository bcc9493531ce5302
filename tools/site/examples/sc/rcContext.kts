// data: clustered
sc.rcContext(mapOf("figure.figsize" to listOf(3, 3))) { sc.pl.umap(adata, color = "leiden") }
